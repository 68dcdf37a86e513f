#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/counted.hpp"
#include "channel/publication.hpp"
#include "dialect/form.hpp"

namespace usher::channel {

/// The longest header of an unmasked frame (RFC 6455, section 5.2).
inline constexpr std::size_t frame_header_bytes_max = 10;

/// Bytes of the header of an unmasked frame with so long a payload: 2, 4 or 10.
constexpr std::size_t frame_header_bytes(std::size_t payload_bytes) {
  if (payload_bytes <= 125) return 2;
  return payload_bytes <= UINT16_MAX ? 4 : frame_header_bytes_max;
}

/// Writes FIN, the opcode of the kind and the length to `out`, which has room for `frame_header_bytes(payload_bytes)`.
void write_frame_header(char* out, dialect::PayloadKind kind, std::size_t payload_bytes);

/// One publication's whole WebSocket frame in one form. Immutable, made by one worker for its own sessions.
class WireForm final : public base::Counted {
 public:
  /// Copies `frame`.
  static base::Shared<const WireForm> make(std::string_view frame);

  std::string_view frame() const { return {reinterpret_cast<const char*>(this + 1), size_}; }
  std::size_t memory_bytes() const { return sizeof(WireForm) + size_; }

 private:
  explicit WireForm(std::size_t size) : size_(size) {}
  ~WireForm() override = default;
  void destroy() const override;

  std::size_t size_;
};

using WireFormRef = base::Shared<const WireForm>;

/// Makes compressed frames. `channel` knows nothing of deflate; whoever composes the worker brings it.
class FrameCompressor {
 public:
  virtual ~FrameCompressor() = default;
  /// Appends one whole frame with RSV1 (RFC 7692, section 6.1) to `frame`, made with a window of so many bits (9 to
  /// 12) and no context. False, with `frame` as it was, when it should rather go uncompressed.
  virtual bool compress(dialect::PayloadKind kind, std::string_view payload, int window_bits, std::string& frame) = 0;
};

/// Makes wire forms. One per worker: it keeps a buffer to write in.
class Encoder {
 public:
  /// `compressor` may be null, then deflated forms are the plain ones; it outlives the encoder.
  explicit Encoder(FrameCompressor* compressor) : compressor_(compressor) {}

  /// The frame of the publication in a form other than `raw`.
  WireFormRef encode(const Publication& publication, dialect::Form form);

 private:
  void write_json(const Publication& publication);

  FrameCompressor* compressor_;
  std::string text_;   ///< the header's room and the json text
  std::string frame_;  ///< the compressed frame
};

}  // namespace usher::channel
