#include "http/chunked_decoder.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace usher::http {
namespace {

constexpr bool is_control(char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; }

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Fields that frame or route a message must not come after it (RFC 9110, section 6.5.1). Other trailers are dropped.
bool is_refused_trailer(std::string_view name) {
  for (const std::string_view refused : {"content-length", "transfer-encoding", "host"}) {
    if (base::equals_ignoring_case(name, refused)) return true;
  }
  return false;
}

}  // namespace

std::size_t ChunkedDecoder::receive(std::string_view bytes) {
  data_ = {};
  if (event_ == MessageEvent::failed || place_ == Place::done) return 0;
  event_ = MessageEvent::none;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (place_ == Place::data) {
      data_ = bytes.substr(i, static_cast<std::size_t>(std::min<std::uint64_t>(chunk_bytes_left_, bytes.size() - i)));
      chunk_bytes_left_ -= data_.size();
      if (chunk_bytes_left_ == 0) place_ = Place::data_cr;
      event_ = MessageEvent::body;
      return i + data_.size();
    }
    error_ = step(bytes[i]);
    if (error_ != MessageError::none) {
      event_ = MessageEvent::failed;
      return i;
    }
    if (place_ == Place::done) {
      event_ = MessageEvent::end;
      return i + 1;
    }
  }
  return bytes.size();
}

MessageError ChunkedDecoder::step(char byte) {
  switch (place_) {
    case Place::size:
      return size_byte(byte);
    case Place::extension:
      return extension_byte(byte);
    case Place::size_lf:
      if (byte != '\n') return MessageError::bad_chunk;
      end_size_line();
      return MessageError::none;
    case Place::data_cr:
      return expect(byte, '\r', Place::data_lf);
    case Place::data_lf:
      return expect(byte, '\n', Place::size);
    case Place::trailer:
      return trailer_byte(byte);
    case Place::trailer_lf:
      return byte == '\n' ? end_trailer_line() : MessageError::bad_chunk;
    case Place::data:
    case Place::done:
      break;
  }
  return MessageError::bad_chunk;
}

MessageError ChunkedDecoder::size_byte(char byte) {
  const int digit = hex_value(byte);
  if (digit >= 0) {
    if (size_ > (UINT64_MAX >> 4)) return MessageError::bad_chunk;
    size_ = size_ * 16 + static_cast<std::uint64_t>(digit);
    return size_line_byte(Place::size);
  }
  if (line_bytes_ == 0) return MessageError::bad_chunk;
  if (byte == '\r') return size_line_byte(Place::size_lf);
  if (byte == ';') return size_line_byte(Place::extension);
  return MessageError::bad_chunk;
}

MessageError ChunkedDecoder::extension_byte(char byte) {
  if (byte == '\r') return size_line_byte(Place::size_lf);
  if (is_control(byte)) return MessageError::bad_chunk;
  if (++extension_bytes_ > extension_bytes_max) return MessageError::header_too_large;
  return size_line_byte(Place::extension);
}

MessageError ChunkedDecoder::size_line_byte(Place next) {
  if (++line_bytes_ > size_line_bytes_max) return MessageError::header_too_large;
  place_ = next;
  return MessageError::none;
}

void ChunkedDecoder::end_size_line() {
  place_ = size_ == 0 ? Place::trailer : Place::data;
  chunk_bytes_left_ = size_;
  size_ = 0;
  line_bytes_ = 0;
}

MessageError ChunkedDecoder::expect(char byte, char expected, Place next) {
  if (byte != expected) return MessageError::bad_chunk;
  place_ = next;
  return MessageError::none;
}

MessageError ChunkedDecoder::trailer_byte(char byte) {
  if (byte == '\r') {
    place_ = Place::trailer_lf;
    return MessageError::none;
  }
  if (is_control(byte)) return MessageError::bad_chunk;
  if (++trailer_bytes_ > trailer_bytes_max) return MessageError::header_too_large;
  trailer_line_ += byte;
  return MessageError::none;
}

MessageError ChunkedDecoder::end_trailer_line() {
  if (trailer_line_.empty()) {
    place_ = Place::done;
    return MessageError::none;
  }
  const std::size_t colon = trailer_line_.find(':');
  const std::string_view name = std::string_view(trailer_line_).substr(0, colon);
  if (colon == std::string::npos || !base::is_token(name) || is_refused_trailer(name)) return MessageError::bad_chunk;
  trailer_line_.clear();
  place_ = Place::trailer;
  return MessageError::none;
}

}  // namespace usher::http
