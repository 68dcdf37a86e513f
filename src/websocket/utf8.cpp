#include "websocket/utf8.hpp"

#include <cstring>

#include "base/text.hpp"

namespace usher::websocket {
namespace {

/// What the first byte of a code point says about the rest (RFC 3629, section 4).
struct Lead {
  unsigned char first;
  unsigned char last;
  std::uint8_t continuations;
  std::uint8_t lowest;  ///< bounds of the second byte; the later ones are 80–BF
  std::uint8_t highest;
};

constexpr Lead leads[] = {
    {0x00, 0x7F, 0, 0x80, 0xBF},  // ASCII
    {0xC2, 0xDF, 1, 0x80, 0xBF},  // C0 and C1 would be overlong
    {0xE0, 0xE0, 2, 0xA0, 0xBF},  // below A0: overlong
    {0xE1, 0xEC, 2, 0x80, 0xBF},  //
    {0xED, 0xED, 2, 0x80, 0x9F},  // above 9F: surrogates
    {0xEE, 0xEF, 2, 0x80, 0xBF},  //
    {0xF0, 0xF0, 3, 0x90, 0xBF},  // below 90: overlong
    {0xF1, 0xF3, 3, 0x80, 0xBF},  //
    {0xF4, 0xF4, 3, 0x80, 0x8F},  // above 8F: beyond U+10FFFF
};

const Lead* find_lead(unsigned char byte) {
  for (const Lead& lead : leads) {
    if (byte >= lead.first && byte <= lead.last) return &lead;
  }
  return nullptr;
}

constexpr bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

/// The size of the longest front of `bytes` that does not end inside a code point. Looks at the last three bytes only.
std::size_t whole_code_points(std::string_view bytes) {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
    if (is_continuation(byte)) continue;
    const Lead* lead = find_lead(byte);
    const bool is_cut = lead != nullptr && lead->continuations >= back;
    return is_cut ? bytes.size() - back : bytes.size();
  }
  return bytes.size();
}

constexpr std::size_t word_bytes = sizeof(std::uint64_t);

bool begins_with_ascii_word(std::string_view bytes) {
  if (bytes.size() < word_bytes) return false;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), word_bytes);
  return (word & 0x8080808080808080U) == 0;
}

// From here on a call of the vectorised check is cheaper than steps.
constexpr std::size_t bulk_bytes_min = 32;

}  // namespace

bool Utf8Validator::append(std::string_view bytes) {
  while (missing_ > 0 && !bytes.empty()) {
    if (!step(static_cast<unsigned char>(bytes.front()))) return false;
    bytes.remove_prefix(1);
  }
  if (bytes.size() >= bulk_bytes_min) {
    const std::size_t whole = whole_code_points(bytes);
    if (!base::valid_utf8(bytes.substr(0, whole))) return false;
    bytes.remove_prefix(whole);
  }
  while (!bytes.empty()) {
    if (missing_ == 0 && begins_with_ascii_word(bytes)) {
      bytes.remove_prefix(word_bytes);
      continue;
    }
    if (!step(static_cast<unsigned char>(bytes.front()))) return false;
    bytes.remove_prefix(1);
  }
  return true;
}

bool Utf8Validator::step(unsigned char byte) {
  if (missing_ > 0) {
    if (byte < lowest_ || byte > highest_) return false;
    --missing_;
    lowest_ = 0x80;
    highest_ = 0xBF;
    return true;
  }
  const Lead* lead = find_lead(byte);
  if (lead == nullptr) return false;
  missing_ = lead->continuations;
  lowest_ = lead->lowest;
  highest_ = lead->highest;
  return true;
}

}  // namespace usher::websocket
