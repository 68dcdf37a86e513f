#pragma once

#include <llhttp.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "http/header_fields.hpp"
#include "http/message_error.hpp"

namespace usher::http {

/// Bounds of a message head. All in bytes but the count.
struct HeadLimits {
  std::size_t start_line_bytes = 8192;  ///< above: uri_too_long
  std::size_t header_bytes = 16384;     ///< of all header lines with their line ends; above: header_too_large
  std::size_t header_count = 100;
};

enum class MessageKind { request, response };

/// What the framing headers say once a head is complete.
struct HeadFraming {
  bool chunked = false;
  bool has_content_length = false;
  bool keep_alive = false;
  bool upgrade = false;  ///< Upgrade, and Connection names it
  std::uint64_t content_length = 0;
  int status = 0;  ///< of a response
};

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
  const HeadFraming& framing() const { return framing_; }

  /// No byte was consumed yet.
  bool untouched() const { return untouched_; }

  /// Gives the complete head away.
  HeaderFields take_fields() { return std::move(fields_); }

 private:
  enum class Place { before, before_cr, line_start, line, line_cr, end_cr };

  struct Callbacks;

  /// How many of the bytes may be given to llhttp: up to the end of the start line, the end of the head, or the first
  /// byte that is wrong, which sets `pending_error_`.
  std::size_t scan(std::string_view bytes);
  MessageError step(char byte);
  MessageError count_byte();
  void feed(std::string_view bytes);
  void check_start_line();
  void fail(MessageError error);
  HeadSpan span_of(const char* at, std::size_t size) const;

  HeadLimits limits_;
  llhttp_t parser_;
  HeaderFields fields_;
  HeadFraming framing_;
  MessageKind kind_;
  State state_ = State::reading;
  Place place_ = Place::before;
  MessageError error_ = MessageError::none;
  bool untouched_ = true;
  bool empty_line_seen_ = false;
  bool in_start_line_ = true;
  bool in_name_ = false;
  bool headers_complete_ = false;
  std::uint32_t part_bytes_ = 0;  ///< of the start line, then of all header lines
};

}  // namespace usher::http
