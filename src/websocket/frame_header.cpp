#include "websocket/frame_header.hpp"

#include <array>
#include <cstring>

namespace usher::websocket {
namespace {

// The two first bytes of every frame (RFC 6455, section 5.2):
//
//   byte 0:  FIN RSV1 RSV2 RSV3 opcode(4)        byte 1:  MASK length(7)
//
// A length of 126 is followed by 16 bits, 127 by 64 bits, in network order; then comes the key if MASK is set.
constexpr unsigned fin_bit = 0x80;
constexpr unsigned rsv1_bit = 0x40;
constexpr unsigned rsv2_bit = 0x20;
constexpr unsigned rsv3_bit = 0x10;
constexpr unsigned opcode_bits = 0x0F;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7F;

constexpr unsigned byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

constexpr bool is_reserved(unsigned opcode) { return (opcode >= 3 && opcode <= 7) || opcode >= 11; }

FrameError check_first_byte(unsigned byte, const FrameRules& rules) {
  const unsigned number = byte & opcode_bits;
  const auto opcode = static_cast<Opcode>(number);
  const bool is_data = opcode == Opcode::text || opcode == Opcode::binary;
  // RFC 7692, section 6: only the first frame of a data message may have RSV1.
  const unsigned allowed = rules.rsv1_allowed && is_data ? rsv1_bit : 0U;
  if (((byte & (rsv1_bit | rsv2_bit | rsv3_bit)) & ~allowed) != 0) return FrameError::reserved_bits;
  if (is_reserved(number)) return FrameError::reserved_opcode;
  if (is_control(opcode)) return (byte & fin_bit) != 0 ? FrameError::none : FrameError::control_fragmented;
  if (is_data && rules.inside_message) return FrameError::message_inside_message;
  if (!is_data && !rules.inside_message) return FrameError::continuation_without_message;
  return FrameError::none;
}

FrameError check_second_byte(unsigned byte, Opcode opcode, const FrameRules& rules) {
  if (((byte & mask_bit) != 0) != rules.masked) return rules.masked ? FrameError::not_masked : FrameError::masked;
  if (is_control(opcode) && (byte & length_bits) > control_payload_bytes_max) return FrameError::control_too_long;
  return FrameError::none;
}

constexpr std::size_t length_bytes(unsigned short_length) {
  if (short_length < 126) return 0;
  return short_length == 126 ? 2 : 8;
}

/// The largest length that the next shorter form could have said.
constexpr std::uint64_t shorter_form_max(std::size_t bytes) { return bytes == 2 ? 125 : 0xFFFF; }

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value = value << 8 | byte_at(bytes, i);
  return value;
}

void read_first_byte(unsigned byte, FrameHeader& header) {
  header.fin = (byte & fin_bit) != 0;
  header.rsv1 = (byte & rsv1_bit) != 0;
  header.rsv2 = (byte & rsv2_bit) != 0;
  header.rsv3 = (byte & rsv3_bit) != 0;
  header.opcode = static_cast<Opcode>(byte & opcode_bits);
}

/// Fills in as much of the header as has arrived; its size only when it is whole.
FrameError read_header(std::string_view bytes, const FrameRules& rules, FrameHeader& header, std::uint8_t& whole_size) {
  if (bytes.empty()) return FrameError::none;
  const unsigned first = byte_at(bytes, 0);
  if (const FrameError error = check_first_byte(first, rules); error != FrameError::none) return error;
  read_first_byte(first, header);

  if (bytes.size() < 2) return FrameError::none;
  const unsigned second = byte_at(bytes, 1);
  if (const FrameError error = check_second_byte(second, header.opcode, rules); error != FrameError::none) return error;
  header.masked = (second & mask_bit) != 0;
  header.length = second & length_bits;

  std::size_t size = 2;
  if (const std::size_t extended = length_bytes(second & length_bits); extended > 0) {
    const bool high_bit = bytes.size() > size && (byte_at(bytes, size) & 0x80U) != 0;
    if (extended == 8 && high_bit) return FrameError::length_high_bit;
    if (bytes.size() < size + extended) return FrameError::none;
    header.length = read_big_endian(bytes.substr(size, extended));
    size += extended;
    const bool is_minimal = header.length > shorter_form_max(extended);
    if (!is_minimal && rules.minimal_lengths) return FrameError::length_not_minimal;
  }
  if (header.masked) {
    if (bytes.size() < size + header.key.size()) return FrameError::none;
    std::memcpy(header.key.data(), bytes.data() + size, header.key.size());
    size += header.key.size();
  }
  whole_size = static_cast<std::uint8_t>(size);
  return FrameError::none;
}

}  // namespace

ParsedHeader parse_frame_header(std::string_view bytes, const FrameRules& rules) {
  ParsedHeader parsed;
  parsed.error = read_header(bytes, rules, parsed.header, parsed.size);
  if (parsed.error != FrameError::none) {
    parsed.status = ParsedHeader::Status::error;
  } else if (parsed.size > 0) {
    parsed.status = ParsedHeader::Status::header;
  }
  return parsed;
}

std::size_t write_frame_header(char* out, const FrameHeader& header) {
  std::size_t size = write_server_header(out, header.opcode, header.rsv1 ? Rsv1::set : Rsv1::clear, header.length);
  unsigned first = static_cast<unsigned char>(out[0]);
  if (!header.fin) first &= ~fin_bit;
  if (header.rsv2) first |= rsv2_bit;
  if (header.rsv3) first |= rsv3_bit;
  out[0] = static_cast<char>(first);
  if (header.masked) {
    out[1] = static_cast<char>(static_cast<unsigned char>(out[1]) | mask_bit);
    for (const unsigned char byte : header.key) out[size++] = static_cast<char>(byte);
  }
  return size;
}

void append_frame(std::string& out, Opcode opcode, Rsv1 rsv1, std::string_view payload) {
  std::array<char, frame_header_bytes_max> header{};
  out.append(header.data(), write_server_header(header.data(), opcode, rsv1, payload.size()));
  out.append(payload);
}

void append_masked_frame(std::string& out, Opcode opcode, Rsv1 rsv1, std::string_view payload, MaskKey key) {
  FrameHeader frame;
  frame.opcode = opcode;
  frame.rsv1 = rsv1 == Rsv1::set;
  frame.masked = true;
  frame.length = payload.size();
  frame.key = key;
  std::array<char, frame_header_bytes_max> header{};
  out.append(header.data(), write_frame_header(header.data(), frame));
  const std::size_t begin = out.size();
  out.append(payload);
  unmask(std::span(out).subspan(begin), key);
}

std::string_view describe(FrameError error) {
  switch (error) {
    case FrameError::none:
      return "no error";
    case FrameError::reserved_bits:
      return "a reserved bit is set";
    case FrameError::reserved_opcode:
      return "the opcode is reserved";
    case FrameError::continuation_without_message:
      return "a continuation frame continues nothing";
    case FrameError::message_inside_message:
      return "a new message begins inside a fragmented one";
    case FrameError::control_fragmented:
      return "a control frame is fragmented";
    case FrameError::control_too_long:
      return "a control frame has more than 125 bytes";
    case FrameError::not_masked:
      return "a frame from a client is not masked";
    case FrameError::masked:
      return "a frame from a server is masked";
    case FrameError::length_not_minimal:
      return "the length is not in its shortest form";
    case FrameError::length_high_bit:
      return "the top bit of the length is set";
  }
  return "";
}

}  // namespace usher::websocket
