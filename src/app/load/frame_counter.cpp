#include "app/load/frame_counter.hpp"

#include <algorithm>
#include <utility>

namespace usher::app {
namespace {

/// Pongs are masked like every frame of a client; nothing here is worth a key that nobody can guess.
constexpr websocket::MaskKey pong_key = {1, 2, 3, 4};

}  // namespace

std::uint32_t FrameCounter::receive(std::string_view bytes) {
  std::uint32_t messages = 0;
  while (!ended_) {
    if (!in_payload_) {
      if (bytes.empty()) break;
      bytes.remove_prefix(begin_frame(bytes));
      if (!in_payload_) continue;
    }
    const std::size_t size = std::min<std::uint64_t>(missing_, bytes.size());
    if (websocket::is_control(frame_.opcode)) control_ += bytes.substr(0, size);
    bytes.remove_prefix(size);
    missing_ -= size;
    if (missing_ > 0) break;
    in_payload_ = false;
    if (finish_frame()) ++messages;
  }
  return messages;
}

/// Returns how many bytes belong to the header, or to its part that is here.
std::size_t FrameCounter::begin_frame(std::string_view bytes) {
  const std::size_t before = header_size_;
  std::string_view header = bytes;
  if (before > 0) {
    const std::size_t size = std::min(bytes.size(), header_.size() - before);
    std::copy_n(bytes.begin(), size, header_.begin() + before);
    header = {header_.data(), before + size};
  }
  const websocket::FrameRules rules{.masked = false, .rsv1_allowed = true, .inside_message = inside_message_};
  const websocket::ParsedHeader parsed = websocket::parse_frame_header(header, rules);
  if (parsed.status == websocket::ParsedHeader::Status::error) {
    ended_ = true;
    code_ = websocket::CloseCode::protocol_error;
    return bytes.size();
  }
  if (parsed.status == websocket::ParsedHeader::Status::needs_more) {
    if (before == 0) std::copy(bytes.begin(), bytes.end(), header_.begin());
    header_size_ = static_cast<std::uint8_t>(before + bytes.size());
    return bytes.size();
  }
  header_size_ = 0;
  frame_ = parsed.header;
  missing_ = frame_.length;
  in_payload_ = true;
  return parsed.size - before;
}

/// True when a message ends with this frame.
bool FrameCounter::finish_frame() {
  if (!websocket::is_control(frame_.opcode)) {
    inside_message_ = !frame_.fin;
    return frame_.fin;
  }
  const std::string payload = std::exchange(control_, {});
  if (frame_.opcode == websocket::Opcode::ping) {
    websocket::append_masked_frame(pongs_, websocket::Opcode::pong, websocket::Rsv1::clear, payload, pong_key);
  } else if (frame_.opcode == websocket::Opcode::close) {
    ended_ = true;
    if (payload.size() >= 2) {
      const auto high = static_cast<unsigned char>(payload[0]);
      const auto low = static_cast<unsigned char>(payload[1]);
      code_ = static_cast<websocket::CloseCode>(high << 8 | low);
    }
  }
  return false;
}

std::string FrameCounter::take_pongs() { return std::exchange(pongs_, {}); }

}  // namespace usher::app
