#pragma once

#include <string_view>

#include "http/message_error.hpp"

namespace usher::http {

/// The parts of a request line (RFC 9112, section 3). Views into it.
struct RequestLine {
  std::string_view method;
  std::string_view target;
  int minor_version = 1;
};

/// Reads a request line without its line end, strictly: single spaces, HTTP/1.0 or HTTP/1.1. The target is not looked
/// into. CONNECT is refused here, as usher is no proxy.
MessageError parse_request_line(std::string_view line, RequestLine& result);

/// The parts of a status line (RFC 9112, section 4) that mean something.
struct StatusLine {
  int status = 0;
  int minor_version = 1;
};

/// Reads a status line without its line end.
MessageError parse_status_line(std::string_view line, StatusLine& result);

}  // namespace usher::http
