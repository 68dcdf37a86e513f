#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::auth {

/// A SHA-256. What is compared, stored and looked up in place of a secret.
using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);

/// Compares in a time that does not depend on where two digests differ.
bool digests_equal(const Digest& a, const Digest& b);

/// 64 lower-case hex digits.
std::string digest_text(const Digest& digest);
/// Exactly 64 hex digits of either case.
std::optional<Digest> parse_digest(std::string_view hex);

}  // namespace usher::auth
