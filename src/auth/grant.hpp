#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/rights.hpp"
#include "base/pattern.hpp"
#include "base/result.hpp"

namespace usher::auth {

/// Rights in the channels of a pattern.
struct ChannelRights {
  base::Pattern pattern;
  Rights rights;
};

/// All that a credential may touch, whatever the channel rules say. A channel's rights are those of all patterns that
/// match it.
using Ceiling = std::vector<ChannelRights>;

/// The part of a grant that most sessions do not have.
struct GrantDetails {
  std::optional<Ceiling> channels;     ///< absent: the channel rules alone decide; empty: nothing is allowed
  bool only_narrowed = false;          ///< the ceiling was asked for by its holder: it limits, but grants nothing
  std::vector<std::string> subscribe;  ///< server-side subscriptions of a dialect with many channels
  std::string info;                    ///< JSON text, shown to others in presence; empty: none
  std::string meta;                    ///< JSON text, private; empty: none
  std::optional<std::chrono::seconds> session_ttl;
};

/// What a credential allows and whom it is. One value per session; 48 bytes where there is nothing but a user.
class Grant {
 public:
  /// A guest, for whom the channel rules alone decide.
  Grant() = default;
  explicit Grant(std::optional<std::string> name) : user(std::move(name)) {}
  Grant(const Grant& other);
  Grant(Grant&&) noexcept = default;
  Grant& operator=(const Grant& other);
  Grant& operator=(Grant&&) noexcept = default;
  ~Grant() = default;

  std::optional<std::string> user;  ///< absent: a guest

  const GrantDetails& details() const;
  /// Makes the details where there are none.
  GrantDetails& change_details();

 private:
  std::unique_ptr<GrantDetails> details_;
};

/// What a grant may cost.
constexpr std::size_t grant_json_bytes_max = 16384;
constexpr std::size_t grant_patterns_max = 256;
constexpr std::size_t grant_subscribe_max = 256;
constexpr std::size_t narrow_proofs_max = 128;  ///< comparisons of a requested pattern with a granted one
constexpr std::chrono::seconds session_ttl_max{std::chrono::hours(24 * 366)};

/// Reads `{user, channels, subscribe, info, meta, session_ttl}`; each may be absent or null. Types are strict, members
/// that are not known or come twice are errors; the message names the member. `info` and `meta` may be any JSON value.
base::Result<Grant> parse_grant(std::string_view json);

/// One line of JSON with only the members that are set, and `user`.
std::string grant_json(const Grant& grant);

/// The grant of a ticket for whom asks for less: the requested ceiling in place of the granted one. Each requested
/// pattern must be contained in granted ones, right by right; the error names the first that is not, or that could not
/// be proven within `narrow_proofs_max`. Server-side subscriptions that the new ceiling does not allow are dropped.
/// Where there was no ceiling, the new one only narrows: whom no credential names stays a stranger to `granted`.
base::Result<Grant> narrow(const Grant& granted, Ceiling requested);

/// What a channel asks of whom wants to do something in it: `allow_subscribe` and its kin.
enum class Allow : std::uint8_t {
  anyone,
  user,     ///< a grant with a user
  granted,  ///< a grant whose ceiling names the channel with this right
  owner,    ///< the channel's `{user}` is the grant's user
  nobody,
};

std::optional<Allow> parse_allow(std::string_view word);

/// A right that someone wants to use in a channel.
struct Wanted {
  Right right;
  std::string_view channel;       ///< the whole name
  std::string_view user_segment;  ///< what `{user}` of the channel's pattern took; empty when it has no such variable
};

/// The one policy of every transport: whether the grant, under the channel's rule for this right, allows it. A ceiling
/// must allow it as well as the rule, even where the rule says `anyone`.
bool allows(const Grant& grant, Allow rule, const Wanted& wanted);

}  // namespace usher::auth
