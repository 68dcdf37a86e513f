#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace usher::websocket {

using MaskKey = std::array<unsigned char, 4>;

/// Masks or unmasks in place (RFC 6455, section 5.3): octet i is combined with key[(i + offset) mod 4]. `offset` is the
/// place of the first byte in its frame's payload. Touches no byte outside of `bytes`; any alignment. Returns whether
/// all of them came out as ASCII, which costs nothing more to see here.
bool unmask(std::span<char> bytes, MaskKey key, std::uint64_t offset = 0);

}  // namespace usher::websocket
