#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/trace_frame.hpp"
#include "base/time.hpp"
#include "websocket/close_code.hpp"

namespace usher::app {

/// All texts below are lines that end with a line feed. Times are counted from the start of the connection attempt.
/// `→` is what this side sent, `←` what it received.

/// The head of the request or of the answer, line by line with every byte: `\r\n` and whatever is not visible ASCII are
/// written as escapes.
std::string format_head(Direction direction, base::Duration at, std::string_view bytes);

/// The names of the columns of `format_frame`.
std::string frame_columns();

/// Two lines: the fields of RFC 6455, section 5.2, then the bytes, parted as the fields part them.
std::string format_frame(Direction direction, base::Duration at, const TracedFrame& frame);

/// A frame whose header breaks a rule.
std::string format_fault(Direction direction, base::Duration at, websocket::FrameError fault);

/// One Close frame.
struct ClosePart {
  Direction direction = Direction::sent;
  base::Duration at{};
  websocket::CloseCode code = websocket::CloseCode::no_status;
  std::string reason;
};

enum class TransportEnd : std::uint8_t {
  server_ended,  ///< the server ended the TCP connection
  client_ended,  ///< we did
  broken,        ///< it was reset, or timed out
};

/// How a connection ended.
struct ClosingStory {
  std::optional<ClosePart> first;
  std::optional<ClosePart> second;
  TransportEnd end = TransportEnd::server_ended;
  base::Duration ended_at{};
};

/// The closing handshake, step by step with the sections of RFC 6455, and what it means.
std::string explain_closing(const ClosingStory& story);

/// What a close code says, and whether to come back; empty when nobody knows.
std::string close_code_meaning(websocket::CloseCode code);

}  // namespace usher::app
