#pragma once

#include <cstddef>
#include <cstdint>

namespace usher::dialect {

/// The shapes in which a publication goes over the wire. Deflated forms are named by the window that the peer can
/// hold, in bits (RFC 7692, section 7.1.2).
enum class Form : std::uint8_t {
  raw,
  json,
  raw_deflate_9,
  raw_deflate_10,
  raw_deflate_11,
  raw_deflate_12,
  json_deflate_9,
  json_deflate_10,
  json_deflate_11,
  json_deflate_12,
};

inline constexpr std::size_t form_count = 10;
inline constexpr int window_bits_min = 9;
inline constexpr int window_bits_max = 12;

constexpr bool is_deflated(Form form) { return form >= Form::raw_deflate_9; }
constexpr bool is_json(Form form) { return form == Form::json || form >= Form::json_deflate_9; }

/// Only for deflated forms: 9 to 12.
constexpr int window_bits(Form form) {
  const auto first = is_json(form) ? Form::json_deflate_9 : Form::raw_deflate_9;
  return window_bits_min + static_cast<int>(form) - static_cast<int>(first);
}

/// `plain` is `raw` or `json`; `bits` is 9 to 12. Larger windows share the form of 12 bits.
constexpr Form deflated(Form plain, int bits) {
  const auto first = is_json(plain) ? Form::json_deflate_9 : Form::raw_deflate_9;
  const int step = (bits < window_bits_max ? bits : window_bits_max) - window_bits_min;
  return static_cast<Form>(static_cast<int>(first) + step);
}

}  // namespace usher::dialect
