#pragma once

#include <llhttp.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "http/header_fields.hpp"
#include "http/message_error.hpp"

namespace usher::http {

/// Bounds of a message head, line ends included.
struct HeadLimits {
  std::size_t start_line_bytes = 8192;  ///< above: uri_too_long
  std::size_t header_bytes = 16384;     ///< of all header lines together; above: header_too_large
  std::size_t header_count = 100;       ///< above: header_too_large
};

enum class MessageKind { request, response };

/// Reads the head of one message, strictly: llhttp in strict mode, and before it our own look at each byte for what
/// llhttp lets pass: lines that do not end with CR LF, folded headers (RFC 9112, section 5.2), empty names, control
/// bytes, sizes and counts. Each byte is looked at once, whatever pieces it comes in, and the outcome does not depend
/// on the pieces.
class HeadReader {
 public:
  enum class State { reading, complete, failed };

  HeadReader(MessageKind kind, const HeadLimits& limits);

  /// Consumes bytes up to the end of the head or to the first that is wrong; returns how many. Consumes nothing unless
  /// `reading`.
  std::size_t receive(std::string_view bytes);

  State state() const { return state_; }
  MessageError error() const { return error_; }

  /// No byte was consumed yet.
  bool untouched() const { return untouched_; }

  /// Gives the complete head away.
  HeaderFields take_fields() { return std::move(fields_); }

 private:
  /// Where in the head the next byte is.
  enum class Place { before, before_lf, line_start, line, line_lf, end_lf, complete };

  struct Callbacks;

  std::size_t skip_empty_line(std::string_view bytes);
  std::size_t scan(std::string_view bytes, MessageError& error);
  MessageError step(char byte);
  MessageError begin_line(char byte);
  MessageError count_byte();
  MessageError feed(std::string_view bytes);
  MessageError finish_start_line();
  MessageError bad_byte() const { return in_start_line_ ? MessageError::bad_start_line : MessageError::bad_header; }
  void fail(MessageError error);

  HeadLimits limits_;
  llhttp_t parser_;
  HeaderFields fields_;
  std::size_t part_bytes_ = 0;  ///< of the start line, then of the header lines
  std::size_t header_count_ = 0;
  MessageKind kind_;
  State state_ = State::reading;
  Place place_ = Place::before;
  MessageError error_ = MessageError::none;
  bool untouched_ = true;
  bool empty_line_allowed_;
  bool in_start_line_ = true;
  bool in_name_ = false;
  bool headers_complete_ = false;  ///< by llhttp's account
};

}  // namespace usher::http
