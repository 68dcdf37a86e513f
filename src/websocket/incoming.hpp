#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "websocket/frame_header.hpp"
#include "websocket/utf8.hpp"

namespace usher::websocket {

/// What has arrived of a frame or a message that is not whole yet. A connection has one only while that is so.
struct Incoming {
  /// The beginning of a header whose end has not arrived.
  std::array<char, frame_header_bytes_max> header_bytes{};
  std::uint8_t header_size = 0;

  /// The frame whose payload is arriving, and how much of it is missing; 0: there is none.
  FrameHeader frame;
  std::uint64_t missing = 0;

  /// The payload of a control frame so far. Control frames may come between the frames of a message (RFC 6455,
  /// section 5.4), so they need a place of their own.
  std::array<char, control_payload_bytes_max> control{};
  std::uint8_t control_size = 0;

  /// The message that is being put together. It grows with what arrives.
  bool message_open = false;
  bool compressed = false;
  Opcode opcode = Opcode::continuation;
  std::uint32_t fragments = 0;
  std::string message;
  Utf8Validator text;

  bool idle() const { return header_size == 0 && missing == 0 && !message_open; }
};

}  // namespace usher::websocket
