#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/digest.hpp"
#include "auth/entropy.hpp"
#include "auth/rights.hpp"
#include "auth/secret.hpp"
#include "base/pattern.hpp"

namespace usher::auth {

constexpr std::string_view api_key_prefix = "usk_";

/// One `[[auth.api_key]]`.
struct ApiKey {
  std::string name;
  Digest sha256{};
  ApiRights rights;
  std::vector<base::Pattern> channels;  ///< empty: all

  bool allows(ApiRight right) const { return rights.has(right); }
  /// Whether the key may act in a channel.
  bool reaches(std::string_view channel) const;
  /// Whether the key may act in each channel that the pattern matches.
  bool reaches_all(const base::Pattern& pattern) const;
};

/// The configured keys. Immutable; any thread.
class ApiKeys {
 public:
  ApiKeys() = default;
  explicit ApiKeys(std::vector<ApiKey> keys) : keys_(std::move(keys)) {}

  /// The key whose text was shown, or null. All keys are compared, each in constant time.
  const ApiKey* find(std::string_view shown) const;

  const std::vector<ApiKey>& all() const { return keys_; }

 private:
  std::vector<ApiKey> keys_;
};

/// A fresh key for `usher init`: `usk_` and 43 characters of base64url.
Secret draw_api_key(EntropyBlock& entropy);

}  // namespace usher::auth
