#include "server/session_text.hpp"

#include "websocket/frame_header.hpp"

namespace usher::server {

std::optional<dialect::PositionView> view_of(const std::optional<channel::Position>& position) {
  if (!position) return std::nullopt;
  return dialect::PositionView{position->offset, position->epoch.text()};
}

std::string text_frame(std::string_view text) {
  std::string frame;
  websocket::append_frame(frame, websocket::Opcode::text, websocket::Rsv1::clear, text);
  return frame;
}

}  // namespace usher::server
