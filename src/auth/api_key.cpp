#include "auth/api_key.hpp"

#include <algorithm>

namespace usher::auth {

bool ApiKey::reaches(std::string_view channel) const {
  return channels.empty() ||
         std::ranges::any_of(channels, [&](const base::Pattern& pattern) { return pattern.matches(channel); });
}

bool ApiKey::reaches_all(const base::Pattern& pattern) const {
  return channels.empty() ||
         std::ranges::any_of(channels, [&](const base::Pattern& granted) { return granted.contains(pattern); });
}

const ApiKey* ApiKeys::find(std::string_view shown) const {
  const Digest digest = sha256(shown);
  const ApiKey* found = nullptr;
  for (const ApiKey& key : keys_) {
    if (digests_equal(digest, key.sha256)) found = &key;
  }
  return found;
}

Secret draw_api_key(EntropyBlock& entropy) { return entropy.draw(api_key_prefix); }

}  // namespace usher::auth
