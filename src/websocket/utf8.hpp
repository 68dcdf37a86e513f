#pragma once

#include <cstdint>
#include <string_view>

namespace usher::websocket {

/// Checks text that arrives in pieces (RFC 3629), failing at the first byte after which no continuation could be valid:
/// overlong forms, surrogates and values above U+10FFFF are refused at their second byte at the latest.
class Utf8Validator {
 public:
  /// False when the text so far cannot be the beginning of valid UTF-8; further calls are then meaningless.
  [[nodiscard]] bool append(std::string_view bytes);

  /// Whether the text so far is whole, that is, does not end inside a code point.
  bool complete() const { return missing_ == 0; }

 private:
  [[nodiscard]] bool step(unsigned char byte);

  std::uint8_t missing_ = 0;    ///< continuation bytes of the open code point
  std::uint8_t lowest_ = 0x80;  ///< bounds of the next continuation byte
  std::uint8_t highest_ = 0xBF;
};

}  // namespace usher::websocket
