#pragma once

#include <cstdint>
#include <optional>

#include "http/header_fields.hpp"
#include "http/message_error.hpp"

namespace usher::http {

/// What the headers of a message say about its end and about the connection after it.
struct MessageFraming {
  bool chunked = false;
  std::optional<std::uint64_t> content_length;
  bool keep_alive = false;
  bool upgrade = false;  ///< Upgrade, named by Connection, in HTTP/1.1 (RFC 9110, section 7.8)

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

/// Reads the framing headers as RFC 9112, section 6, wants a server to that fears smuggling: Transfer-Encoding is one
/// line that says "chunked", never in HTTP/1.0 and never beside Content-Length; Content-Length is one line of digits.
MessageError read_framing(const HeaderFields& fields, int minor_version, MessageFraming& result);

}  // namespace usher::http
