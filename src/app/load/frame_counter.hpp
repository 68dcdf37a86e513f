#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "websocket/close_code.hpp"
#include "websocket/frame_header.hpp"

namespace usher::app {

/// Counts the messages in what a server sends, as cheaply as a load generator wants it: payloads are passed over, not
/// looked at, and of the rules of RFC 6455 only those of the frame header are checked (section 5.2).
class FrameCounter {
 public:
  /// How many messages end in `bytes`, which follow on the bytes given before.
  std::uint32_t receive(std::string_view bytes);

  /// A Close came, or what is no frame; nothing is counted from there on.
  bool ended() const { return ended_; }
  /// The code of the Close; no_status when it had none, protocol_error for what is no frame.
  websocket::CloseCode code() const { return code_; }
  /// The pongs that are due to pings, as whole masked frames; once. Mostly empty.
  std::string take_pongs();

 private:
  std::size_t begin_frame(std::string_view bytes);
  bool finish_frame();

  websocket::FrameHeader frame_;
  std::uint64_t missing_ = 0;  ///< of the payload
  bool in_payload_ = false;
  bool inside_message_ = false;
  bool ended_ = false;
  std::uint8_t header_size_ = 0;  ///< of a header that came in pieces
  std::array<char, websocket::frame_header_bytes_max> header_{};
  std::string control_;  ///< the payload of a control frame
  std::string pongs_;
  websocket::CloseCode code_ = websocket::CloseCode::no_status;
};

}  // namespace usher::app
