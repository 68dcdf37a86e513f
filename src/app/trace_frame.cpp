#include "app/trace_frame.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace usher::app {

using websocket::FrameError;
using websocket::ParsedHeader;

FrameTracer::FrameTracer(Direction direction, bool minimal_lengths) {
  rules_.masked = direction == Direction::sent;
  rules_.minimal_lengths = minimal_lengths;
}

std::vector<TracedFrame> FrameTracer::receive(std::string_view bytes) {
  std::vector<TracedFrame> frames;
  while (fault_ == FrameError::none) {
    if (!in_payload_ && !read_header(bytes)) break;
    const std::size_t here = static_cast<std::size_t>(std::min<std::uint64_t>(missing_, bytes.size()));
    const std::size_t room = traced_payload_bytes_max - frame_.payload.size();
    frame_.payload.append(bytes.substr(0, std::min(here, room)));
    bytes.remove_prefix(here);
    missing_ -= here;
    if (missing_ > 0) break;
    in_payload_ = false;
    frames.push_back(std::exchange(frame_, {}));
  }
  return frames;
}

bool FrameTracer::read_header(std::string_view& bytes) {
  const std::size_t before = frame_.header_bytes.size();
  const std::size_t added = std::min(bytes.size(), websocket::frame_header_bytes_max - before);
  frame_.header_bytes.append(bytes.substr(0, added));
  const ParsedHeader parsed = websocket::parse_frame_header(frame_.header_bytes, rules_);
  if (parsed.status == ParsedHeader::Status::needs_more) return false;
  if (parsed.status == ParsedHeader::Status::error) {
    fault_ = parsed.error;
    return false;
  }
  frame_.header_bytes.resize(parsed.size);
  bytes.remove_prefix(parsed.size - before);
  frame_.header = parsed.header;
  missing_ = parsed.header.length;
  in_payload_ = true;
  if (!websocket::is_control(parsed.header.opcode)) rules_.inside_message = !parsed.header.fin;
  return true;
}

std::string unmasked_payload(const TracedFrame& frame) {
  std::string payload = frame.payload;
  if (frame.header.masked) websocket::unmask(std::span<char>(payload), frame.header.key);
  return payload;
}

}  // namespace usher::app
