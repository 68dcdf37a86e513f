#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "websocket/masking.hpp"

namespace usher::websocket {

/// RFC 6455, section 5.2. The values 3–7 and 11–15 are reserved.
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// Control frames have the top bit of the opcode set (section 5.5).
constexpr bool is_control(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 8; }

/// RSV1 of a first data frame says that the message is deflated (RFC 7692, section 6).
enum class Rsv1 : std::uint8_t { clear, set };

constexpr std::size_t control_payload_bytes_max = 125;
constexpr std::size_t frame_header_bytes_max = 14;

struct FrameHeader {
  bool fin = true;
  bool rsv1 = false;
  bool rsv2 = false;
  bool rsv3 = false;
  Opcode opcode = Opcode::continuation;
  bool masked = false;
  std::uint64_t length = 0;  ///< of the payload
  MaskKey key{};             ///< zero when not masked
};

/// Why a frame must not be accepted.
enum class FrameError : std::uint8_t {
  none,
  reserved_bits,                 ///< section 5.2: RSV1–3 without a meaning here
  reserved_opcode,               ///< section 5.2
  continuation_without_message,  ///< section 5.4
  message_inside_message,        ///< section 5.4
  control_fragmented,            ///< section 5.5
  control_too_long,              ///< section 5.5
  not_masked,                    ///< section 5.1, from a client
  masked,                        ///< section 5.1, from a server
  length_not_minimal,            ///< section 5.2
  length_high_bit,               ///< section 5.2: the top bit of a 64-bit length
};

/// A short sentence without a full stop, fit for a Close reason.
std::string_view describe(FrameError error);

/// What the receiver knows and the bytes of one frame do not tell.
struct FrameRules {
  bool masked = true;           ///< clients mask, servers do not (section 5.1)
  bool minimal_lengths = true;  ///< required since draft 14
  bool rsv1_allowed = false;    ///< permessage-deflate was agreed
  bool inside_message = false;  ///< a fragmented message is open (section 5.4)
};

struct ParsedHeader {
  enum class Status : std::uint8_t { needs_more, header, error };
  Status status = Status::needs_more;
  FrameError error = FrameError::none;
  std::uint8_t size = 0;  ///< bytes of the header, when there is one
  FrameHeader header;
};

/// Reads one header from the front of `bytes`. An error is reported at the first byte that shows it, also when the rest
/// of the header has not arrived.
ParsedHeader parse_frame_header(std::string_view bytes, const FrameRules& rules);

/// The header that almost every message of a client begins with, and nothing of which has to be kept.
struct WholeMessageHeader {
  std::uint8_t size = 0;  ///< 0: the bytes begin with something else
  Opcode opcode = Opcode::text;
  std::uint16_t length = 0;  ///< of the payload
};

/// Reads a header with FIN, opcode text or binary, no reserved bit, a mask, and a length of 7 or 16 bits in its
/// shortest form. Whatever else there is, legal or not, is for `parse_frame_header`.
constexpr WholeMessageHeader parse_whole_message_header(std::string_view bytes) {
  constexpr std::size_t key_bytes = 4;
  if (bytes.size() < 2 + key_bytes) return {};
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (at(0) != 0x81U && at(0) != 0x82U) return {};
  const auto opcode = static_cast<Opcode>(at(0) & 0x0FU);
  const unsigned second = at(1);
  if (second >= 0x80U && second < 0x80U + 126U) {
    return {2 + key_bytes, opcode, static_cast<std::uint16_t>(second & 0x7FU)};
  }
  if (second != 0x80U + 126U || bytes.size() < 4 + key_bytes) return {};
  const auto length = static_cast<std::uint16_t>(at(2) << 8 | at(3));
  if (length < 126) return {};
  return {4 + key_bytes, opcode, length};
}

/// Writes the header in its shortest form and returns its size. `out` has room for frame_header_bytes_max. Checks
/// nothing: any header can be written, for tests and tools.
std::size_t write_frame_header(char* out, const FrameHeader& header);

/// The header of a whole, unmasked frame, as servers send it: at most 10 bytes.
constexpr std::size_t write_server_header(char* out, Opcode opcode, Rsv1 rsv1, std::uint64_t length) {
  const unsigned first = 0x80U | (rsv1 == Rsv1::set ? 0x40U : 0U) | static_cast<unsigned>(opcode);
  out[0] = static_cast<char>(first);
  std::size_t length_bytes = 0;
  if (length <= 125) {
    out[1] = static_cast<char>(length);
  } else if (length <= 0xFFFF) {
    out[1] = 126;
    length_bytes = 2;
  } else {
    out[1] = 127;
    length_bytes = 8;
  }
  for (std::size_t i = 0; i < length_bytes; ++i) {
    out[2 + i] = static_cast<char>((length >> (8 * (length_bytes - 1 - i))) & 0xFFU);
  }
  return 2 + length_bytes;
}

/// Appends one whole frame without a mask: the server's way to send.
void append_frame(std::string& out, Opcode opcode, Rsv1 rsv1, std::string_view payload);

/// Appends one whole masked frame: the client's way to send. The key must be fresh and unpredictable for each frame
/// (section 5.3); it is the caller's, for there is no randomness here.
void append_masked_frame(std::string& out, Opcode opcode, Rsv1 rsv1, std::string_view payload, MaskKey key);

}  // namespace usher::websocket
