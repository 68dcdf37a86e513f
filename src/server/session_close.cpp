#include "server/session_close.hpp"

#include <algorithm>
#include <array>

namespace usher::server {
namespace {

constexpr std::size_t reason_bytes_max = 123;
constexpr std::array<std::uint16_t, 6> resumable = {1001, 1012, 1013, 4401, 4408, 4409};

/// Not in the middle of a code point.
std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

std::string close_frame_text(base::CloseReason reason, std::string_view detail,
                             const std::optional<channel::Position>& position) {
  const base::CloseReasonRow& row = base::row(reason);
  std::string since;
  if (position && std::find(resumable.begin(), resumable.end(), row.code) != resumable.end()) {
    since = " since=" + channel::format_position(*position);
  }
  std::string text(cut(detail.empty() ? row.text : detail, reason_bytes_max - since.size()));
  return text.empty() && !since.empty() ? since.substr(1) : text + since;
}

base::CloseReason reason_of_failure(websocket::CloseCode code) {
  switch (code) {
    case websocket::CloseCode::invalid_payload:
      return base::CloseReason::invalid_utf8;
    case websocket::CloseCode::too_large:
    case websocket::CloseCode::message_too_big:
      return base::CloseReason::message_too_big;
    case websocket::CloseCode::unsupported_data:
      return base::CloseReason::unsupported_data;
    default:
      return base::CloseReason::protocol_error;
  }
}

}  // namespace usher::server
