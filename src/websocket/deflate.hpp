#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace usher::websocket {

/// Inflates whole messages (RFC 7692, section 7.2.2), each on its own. One per worker serves all of its connections,
/// one message at a time: a connection owns no inflater. zlib's state is made at the first use.
class Inflater {
 public:
  enum class Outcome : std::uint8_t { whole, too_big, corrupt };

  struct Message {
    Outcome outcome;
    std::string_view bytes;  ///< only when whole; dies at the next call
  };

  static constexpr std::size_t step_bytes = 16 * 1024;

  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// `compressed` is the message as it came, without the tail 00 00 ff ff that its sender took off. Output is made in
  /// steps of `step_bytes` and stops as soon as the total exceeds `bytes_max`: memory never follows what the compressed
  /// form could become.
  Message inflate(std::string_view compressed, std::size_t bytes_max);

 private:
  bool begin();
  Outcome run(std::string_view input, std::size_t bytes_max);
  std::size_t total() const { return spilled_.size() + used_; }

  struct Free {
    void operator()(z_stream_s* stream) const;
  };
  std::unique_ptr<z_stream_s, Free> stream_;
  bool stream_ended_ = false;  ///< the last thing read was a block with BFINAL
  std::size_t used_ = 0;       ///< bytes in step_
  std::string spilled_;        ///< earlier steps of a message that is larger than one
  std::array<char, step_bytes> step_;
};

/// Deflates whole messages (RFC 7692, section 7.2.1) without context takeover. One per worker and window size.
class Deflater {
 public:
  /// A window of 9 to 15 bits. What is made is valid for every peer whose window is at least that.
  explicit Deflater(int window_bits);
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  /// Appends the payload of a frame with RSV1. An empty message becomes one zero byte (section 7.2.3.6).
  void deflate(std::string_view payload, std::string& out);

 private:
  struct Free {
    void operator()(z_stream_s* stream) const;
  };
  std::unique_ptr<z_stream_s, Free> stream_;
};

}  // namespace usher::websocket
