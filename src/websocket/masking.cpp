#include "websocket/masking.hpp"

#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace usher::websocket {
namespace {

/// The key, twice over in memory order, as it applies to the byte at `offset` and those after it.
std::uint64_t key_word(MaskKey key, std::uint64_t offset) {
  const auto half = std::bit_cast<std::uint32_t>(key);
  const int bits = 8 * static_cast<int>(offset % key.size());
  const std::uint64_t turned =
      std::endian::native == std::endian::little ? std::rotr(half, bits) : std::rotl(half, bits);
  return turned << 32 | turned;
}

/// Combines eight bytes with the key, twice over, and returns them. memcpy is how unaligned words are read without
/// touching a neighbour.
std::uint64_t mask_word(char* bytes, std::uint64_t key) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  word ^= key;
  std::memcpy(bytes, &word, sizeof word);
  return word;
}

constexpr std::uint64_t high_bits = 0x8080808080808080U;

}  // namespace

bool unmask(std::span<char> bytes, MaskKey key, std::uint64_t offset) {
  const std::uint64_t word = key_word(key, offset);
  char* next = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t seen = 0;
#if defined(__SSE2__)
  // Every step is a multiple of four bytes, so the key never needs to be turned again.
  const __m128i wide = _mm_set1_epi64x(static_cast<long long>(word));
  __m128i wide_seen = _mm_setzero_si128();
  for (; left >= sizeof wide; next += sizeof wide, left -= sizeof wide) {
    auto* place = reinterpret_cast<__m128i*>(next);
    const __m128i clear = _mm_xor_si128(_mm_loadu_si128(place), wide);
    _mm_storeu_si128(place, clear);
    wide_seen = _mm_or_si128(wide_seen, clear);
  }
  if (_mm_movemask_epi8(wide_seen) != 0) seen = high_bits;
#endif
  for (; left >= sizeof word; next += sizeof word, left -= sizeof word) seen |= mask_word(next, word);
  const auto last = std::bit_cast<std::array<unsigned char, sizeof word>>(word);
  for (std::size_t i = 0; i < left; ++i) {
    const unsigned clear = static_cast<unsigned char>(next[i]) ^ last[i];
    next[i] = static_cast<char>(clear);
    seen |= clear;
  }
  return (seen & high_bits) == 0;
}

}  // namespace usher::websocket
