#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/message_error.hpp"
#include "http/message_event.hpp"

namespace usher::http {

/// Takes the chunked coding (RFC 9112, section 7.1) off a body. Strict: lines end with CR LF; extensions and trailers
/// are checked, bounded and dropped. llhttp is not used here, as it bounds neither and accepts folded trailers.
class ChunkedDecoder {
 public:
  static constexpr std::size_t size_line_bytes_max = 256;   ///< one chunk's size with its extensions
  static constexpr std::size_t extension_bytes_max = 4096;  ///< of a whole body
  static constexpr std::size_t trailer_bytes_max = 4096;    ///< of a whole body

  /// Consumes up to and including the next event; returns how many bytes. Nothing after `end` or `failed`.
  std::size_t receive(std::string_view bytes);

  /// Of the last `receive`: none, body, end or failed.
  MessageEvent event() const { return event_; }
  /// With `body`: a view into the bytes that were received last.
  std::string_view data() const { return data_; }
  MessageError error() const { return error_; }

  /// What is still to come of the chunk at hand: known, and not 0, from the end of its size line to its last byte.
  std::uint64_t chunk_bytes_left() const { return chunk_bytes_left_; }

 private:
  enum class Place { size, extension, size_lf, data, data_cr, data_lf, trailer, trailer_lf, done };

  MessageError step(char byte);
  MessageError size_byte(char byte);
  MessageError extension_byte(char byte);
  MessageError size_line_byte(Place next);
  MessageError expect(char byte, char expected, Place next);
  MessageError trailer_byte(char byte);
  void end_size_line();
  MessageError end_trailer_line();

  std::uint64_t chunk_bytes_left_ = 0;
  std::uint64_t size_ = 0;
  std::size_t line_bytes_ = 0;
  std::size_t extension_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string trailer_line_;
  std::string_view data_;
  Place place_ = Place::size;
  MessageEvent event_ = MessageEvent::none;
  MessageError error_ = MessageError::none;
};

}  // namespace usher::http
