#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "http/chunked_decoder.hpp"
#include "http/message_error.hpp"
#include "http/message_event.hpp"

namespace usher::http {

enum class BodyFraming { none, length, chunked, until_close };

/// Reads the body of one message, however it is framed, up to a limit.
class BodyReader {
 public:
  /// Of a message without a body.
  BodyReader() = default;
  BodyReader(BodyFraming framing, std::uint64_t length);

  /// The most bytes of content; more fails with body_too_large, an announced length at once. 0 until set.
  void set_limit(std::uint64_t bytes) { limit_ = bytes; }

  /// Consumes up to and including the next event; returns how many bytes.
  std::size_t receive(std::string_view bytes);
  /// The connection has ended: completes a body that only this ends.
  void receive_end();

  MessageEvent event() const { return event_; }
  std::string_view data() const { return data_; }
  MessageError error() const { return error_; }
  /// No byte was consumed yet.
  bool untouched() const { return untouched_; }

 private:
  std::size_t receive_length(std::string_view bytes);
  std::size_t receive_until_close(std::string_view bytes);
  std::size_t receive_chunked(std::string_view bytes);
  void give(std::string_view data);
  void fail(MessageError error);

  BodyFraming framing_ = BodyFraming::none;
  bool untouched_ = true;
  MessageEvent event_ = MessageEvent::none;
  MessageError error_ = MessageError::none;
  std::uint64_t left_ = 0;  ///< of an announced length
  std::uint64_t limit_ = 0;
  std::uint64_t received_ = 0;
  std::string_view data_;
  std::unique_ptr<ChunkedDecoder> chunked_;
};

}  // namespace usher::http
