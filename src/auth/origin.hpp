#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace usher::auth {

/// A web origin (RFC 6454) as a tuple. Hosts are lower case; names that are not ASCII stand in their `xn--` form, as
/// browsers send them.
struct Origin {
  std::string scheme;
  std::string host;        ///< IPv6 in brackets, canonical
  std::uint16_t port = 0;  ///< 0: the scheme has no default and none was given

  friend bool operator==(const Origin&, const Origin&) = default;
};

/// `scheme://host[:port]` and nothing else: no user, path, query, space, list, escape, trailing dot, or bytes beyond
/// ASCII. Upper case is folded. `null` is not a tuple: nothing.
std::optional<Origin> parse_origin(std::string_view text);

/// The one text of an origin (RFC 6454, section 6.2): default ports left out. `null` stays `null`; nothing when the
/// text is no origin.
std::optional<std::string> normalise_origin(std::string_view text);

/// What the Origin headers of a request say.
enum class OriginVerdict : std::uint8_t { absent, allowed, refused };

/// `origins.allow`: who may come from a browser. Empty at first, and then everyone is refused. Knows nothing of Host.
class OriginList {
 public:
  /// `https://app.example.com`, `https://*.example.com` (one label or more in place of the star, not none) or `null`.
  /// The error's message says what is wrong with the entry and how to write it.
  base::Result<void> add(std::string_view entry);

  bool allows(std::string_view header) const;

  /// The values of all Origin headers of a request. More than one header, or one that is no origin, is refused.
  OriginVerdict judge(std::span<const std::string_view> headers) const;

 private:
  std::vector<Origin> exact_;
  std::vector<Origin> below_;  ///< host: what follows the star, with its dot
  bool null_ = false;
};

}  // namespace usher::auth
