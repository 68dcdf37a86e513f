#include "http/head_reader.hpp"

#include "http/start_line.hpp"

namespace usher::http {
namespace {

constexpr bool is_control(char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }

/// llhttp has one error for a version that is not spoken and for a byte that does not belong there.
bool names_other_version(const llhttp_t& parser) { return parser.http_major != 1 || parser.http_minor > 1; }

MessageError error_of(const llhttp_t& parser, MessageError otherwise) {
  switch (llhttp_get_errno(&parser)) {
    case HPE_INVALID_URL:
      return MessageError::bad_target;
    case HPE_INVALID_VERSION:
      return names_other_version(parser) ? MessageError::version_not_supported : otherwise;
    case HPE_UNEXPECTED_CONTENT_LENGTH:
    case HPE_INVALID_CONTENT_LENGTH:
    case HPE_INVALID_TRANSFER_ENCODING:
      return MessageError::bad_framing;
    default:
      return otherwise;
  }
}

}  // namespace

/// llhttp reports parts of names and values as pieces of what it was given; as the head lies in one buffer, the pieces
/// of one part touch each other.
struct HeadReader::Callbacks {
  static HeadReader& reader(llhttp_t* parser) { return *static_cast<HeadReader*>(parser->data); }

  static HeadSpan span(const HeadReader& self, const char* at, std::size_t size) {
    return self.fields_.span_of(std::string_view(at, size));
  }

  static int on_name(llhttp_t* parser, const char* at, std::size_t size) {
    HeadReader& self = reader(parser);
    if (self.in_name_) {
      self.fields_.fields_.back().name.size += static_cast<std::uint32_t>(size);
    } else {
      self.fields_.fields_.push_back({span(self, at, size), {}});
      self.in_name_ = true;
    }
    return 0;
  }

  static int on_name_complete(llhttp_t* parser) {
    reader(parser).in_name_ = false;
    return 0;
  }

  static int on_value(llhttp_t* parser, const char* at, std::size_t size) {
    HeadReader& self = reader(parser);
    HeadSpan& value = self.fields_.fields_.back().value;
    if (value.size == 0) {
      value = span(self, at, size);
    } else {
      value.size += static_cast<std::uint32_t>(size);
    }
    return 0;
  }

  static int on_headers_complete(llhttp_t* parser) {
    reader(parser).headers_complete_ = true;
    return 0;
  }

  static const llhttp_settings_t& settings() {
    static const llhttp_settings_t all = [] {
      llhttp_settings_t result;
      llhttp_settings_init(&result);
      result.on_header_field = on_name;
      result.on_header_field_complete = on_name_complete;
      result.on_header_value = on_value;
      result.on_headers_complete = on_headers_complete;
      return result;
    }();
    return all;
  }
};

HeadReader::HeadReader(MessageKind kind, const HeadLimits& limits)
    // RFC 9112, section 2.2: a server should ignore an empty line before the request line.
    : limits_(limits), kind_(kind), empty_line_allowed_(kind == MessageKind::request) {
  llhttp_init(&parser_, kind == MessageKind::request ? HTTP_REQUEST : HTTP_RESPONSE, &Callbacks::settings());
}

std::size_t HeadReader::receive(std::string_view bytes) {
  if (state_ != State::reading || bytes.empty()) return 0;
  untouched_ = false;
  std::size_t consumed = skip_empty_line(bytes);
  while (state_ == State::reading && consumed < bytes.size()) {
    MessageError found = MessageError::none;
    const std::string_view good = bytes.substr(consumed, scan(bytes.substr(consumed), found));
    consumed += good.size();
    // What llhttp finds lies before the byte that the scan stopped at, so it is the answer whatever the pieces are.
    MessageError error = feed(good);
    if (error == MessageError::none) error = found;
    if (error == MessageError::none && in_start_line_ && place_ == Place::line_start) error = finish_start_line();
    if (error != MessageError::none) {
      fail(error);
    } else if (place_ == Place::complete) {
      state_ = State::complete;
    }
  }
  return consumed;
}

std::size_t HeadReader::skip_empty_line(std::string_view bytes) {
  std::size_t skipped = 0;
  if (place_ == Place::before && empty_line_allowed_ && bytes[0] == '\r') {
    place_ = Place::before_lf;
    empty_line_allowed_ = false;
    ++skipped;
  }
  if (place_ == Place::before_lf && skipped < bytes.size()) {
    if (bytes[skipped] != '\n') {
      fail(MessageError::bad_line_end);
      return skipped;
    }
    place_ = Place::before;
    ++skipped;
  }
  return skipped;
}

/// How many of the bytes are good for llhttp: up to the end of the start line, the end of the head, or the first byte
/// that is wrong, which sets `error`.
std::size_t HeadReader::scan(std::string_view bytes, MessageError& error) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    error = step(bytes[i]);
    if (error != MessageError::none) return i;
    if (place_ == Place::complete || (in_start_line_ && place_ == Place::line_start)) return i + 1;
  }
  return bytes.size();
}

MessageError HeadReader::step(char byte) {
  const MessageError error = count_byte();
  if (error != MessageError::none) return error;
  switch (place_) {
    case Place::before:
      if (is_control(byte)) return MessageError::bad_start_line;
      place_ = Place::line;
      return MessageError::none;
    case Place::line_start:
      return begin_line(byte);
    case Place::line:
      if (byte == '\r') {
        place_ = Place::line_lf;
        return MessageError::none;
      }
      if (byte == '\n') return MessageError::bad_line_end;
      if (is_control(byte) && (byte != '\t' || in_start_line_)) return bad_byte();
      return MessageError::none;
    case Place::line_lf:
    case Place::end_lf:
      if (byte != '\n') return MessageError::bad_line_end;
      place_ = place_ == Place::line_lf ? Place::line_start : Place::complete;
      return MessageError::none;
    case Place::before_lf:
    case Place::complete:
      break;
  }
  return MessageError::bad_line_end;
}

MessageError HeadReader::begin_line(char byte) {
  if (byte == '\r') {
    place_ = Place::end_lf;
    return MessageError::none;
  }
  if (byte == '\n') return MessageError::bad_line_end;
  // RFC 9112, sections 2.2 and 5.2: blanks here would continue the line before, or hide a header behind the start line.
  if (byte == ' ' || byte == '\t') return MessageError::folded_header;
  if (byte == ':' || is_control(byte)) return MessageError::bad_header;
  if (++header_count_ > limits_.header_count) return MessageError::header_too_large;
  place_ = Place::line;
  return MessageError::none;
}

MessageError HeadReader::count_byte() {
  const std::size_t limit = in_start_line_ ? limits_.start_line_bytes : limits_.header_bytes;
  if (++part_bytes_ <= limit) return MessageError::none;
  return in_start_line_ ? MessageError::uri_too_long : MessageError::header_too_large;
}

MessageError HeadReader::feed(std::string_view bytes) {
  if (bytes.empty()) return MessageError::none;
  const std::size_t offset = fields_.bytes_.size();
  fields_.bytes_.append(bytes);
  parser_.data = this;  // set each time, so that the reader can be moved
  const llhttp_errno_t result = llhttp_execute(&parser_, fields_.bytes_.data() + offset, bytes.size());
  const bool paused = result == HPE_PAUSED_UPGRADE || result == HPE_PAUSED_H2_UPGRADE;
  if (result != HPE_OK && !(paused && headers_complete_)) return error_of(parser_, bad_byte());
  // Both must see the end of the head at the same byte.
  return headers_complete_ == (place_ == Place::complete) ? MessageError::none : MessageError::bad_line_end;
}

MessageError HeadReader::finish_start_line() {
  const std::string_view line = std::string_view(fields_.bytes_).substr(0, fields_.bytes_.size() - 2);
  in_start_line_ = false;
  part_bytes_ = 0;
  if (kind_ == MessageKind::request) {
    RequestLine parts;
    return parse_request_line(line, parts);
  }
  StatusLine parts;
  return parse_status_line(line, parts);
}

void HeadReader::fail(MessageError error) {
  state_ = State::failed;
  error_ = error;
  fields_ = HeaderFields();
}

}  // namespace usher::http
