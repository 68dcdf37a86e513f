#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "websocket/connection.hpp"
#include "websocket/feeding.hpp"

/// Frames for the tests of the connection, legal and not.
namespace usher::websocket {

inline constexpr MaskKey test_key_value = {0x37, 0xfa, 0x21, 0x3d};
inline MaskKey test_key() { return test_key_value; }

struct FrameBits {
  unsigned opcode = 1;
  bool fin = true;
  unsigned rsv = 0;  ///< RSV1 is 4, RSV2 is 2, RSV3 is 1
  bool masked = true;
};

inline std::string frame(const FrameBits& bits, std::string payload) {
  const FrameHeader header{.fin = bits.fin,
                           .rsv1 = (bits.rsv & 4U) != 0,
                           .rsv2 = (bits.rsv & 2U) != 0,
                           .rsv3 = (bits.rsv & 1U) != 0,
                           .opcode = static_cast<Opcode>(bits.opcode),
                           .masked = bits.masked,
                           .length = payload.size(),
                           .key = test_key_value};
  std::array<char, frame_header_bytes_max> bytes{};
  const std::size_t size = write_frame_header(bytes.data(), header);
  if (bits.masked) unmask(payload, test_key_value);
  return std::string(bytes.data(), size) + payload;
}

inline std::string text(std::string payload, bool fin = true) {
  return frame({.opcode = 1, .fin = fin}, std::move(payload));
}
inline std::string more(std::string payload, bool fin) { return frame({.opcode = 0, .fin = fin}, std::move(payload)); }
inline std::string binary(std::string payload) { return frame({.opcode = 2}, std::move(payload)); }
inline std::string ping(std::string payload) { return frame({.opcode = 9}, std::move(payload)); }
inline std::string pong(std::string payload) { return frame({.opcode = 10}, std::move(payload)); }

/// An unmasked Close, as a server sends it.
inline std::string close_frame(std::uint16_t code, std::string_view reason) {
  std::string body{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  body += reason;
  std::string bytes;
  append_frame(bytes, Opcode::close, Rsv1::clear, body);
  return bytes;
}

/// The same from a client.
inline std::string masked_close(std::uint16_t code, std::string_view reason) {
  return frame({.opcode = 8}, close_frame(code, reason).substr(2));
}

using Lines = std::vector<std::string>;

/// Feeds the bytes whole, by single bytes and split at every place; all must come out alike.
inline Outcome feed_every_way(const ConnectionSettings& settings, const std::string& bytes) {
  ConnectionResources resources;
  resources.draw_mask_key = &test_key;
  Outcome whole = feed_whole(settings, resources, bytes);
  EXPECT_EQ(feed_in_pieces(settings, resources, bytes, 1), whole) << "byte by byte";
  for (std::size_t split = 1; split < bytes.size(); ++split) {
    EXPECT_EQ(feed_split(settings, resources, bytes, split), whole) << "split at " << split;
  }
  return whole;
}

}  // namespace usher::websocket
