#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "websocket/frame_header.hpp"

namespace usher::app {

enum class Direction : std::uint8_t { sent, received };

/// A frame as it was on the wire.
struct TracedFrame {
  websocket::FrameHeader header;
  std::string header_bytes;
  std::string payload;  ///< as it was on the wire, masked if it was masked; at most `traced_payload_bytes_max` of it
};

constexpr std::size_t traced_payload_bytes_max = 256;

/// Cuts the bytes of one direction into frames, only to show them: it neither joins messages nor judges texts. After
/// the first frame that breaks a rule of headers nothing more can be cut.
class FrameTracer {
 public:
  FrameTracer(Direction direction, bool minimal_lengths);

  /// The frames that these bytes completed.
  std::vector<TracedFrame> receive(std::string_view bytes);

  /// Which rule was broken, if one was.
  websocket::FrameError fault() const { return fault_; }

 private:
  bool read_header(std::string_view& bytes);

  websocket::FrameRules rules_;
  websocket::FrameError fault_ = websocket::FrameError::none;
  TracedFrame frame_;
  bool in_payload_ = false;
  std::uint64_t missing_ = 0;
};

/// The payload without its mask.
std::string unmasked_payload(const TracedFrame& frame);

}  // namespace usher::app
