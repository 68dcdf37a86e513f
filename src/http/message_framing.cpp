#include "http/message_framing.hpp"

#include <string_view>

#include "base/text.hpp"

namespace usher::http {
namespace {

/// Transfer-Encoding that is not just "chunked". Where chunked comes last, and once, the end of the body is known and
/// only the other codings are not: 501. Otherwise the end is unknown: 400 (RFC 9112, sections 6.1 and 6.3).
MessageError other_transfer_encoding(std::string_view value) {
  int chunked = 0;
  bool chunked_last = false;
  std::string_view element;
  while (base::next_element(value, ',', element)) {
    chunked_last = base::equals_ignoring_case(element, "chunked");
    if (chunked_last) ++chunked;
  }
  return chunked == 1 && chunked_last ? MessageError::transfer_encoding_unknown : MessageError::bad_framing;
}

MessageError read_length(const HeaderFields& fields, int minor_version, MessageFraming& result) {
  const std::size_t encodings = fields.count("transfer-encoding");
  const std::size_t lengths = fields.count("content-length");
  if (encodings > 0) {
    if (encodings > 1 || lengths > 0 || minor_version == 0) return MessageError::bad_framing;
    const std::string_view value = fields.value("transfer-encoding");
    if (!base::equals_ignoring_case(value, "chunked")) return other_transfer_encoding(value);
    result.chunked = true;
    return MessageError::none;
  }
  if (lengths == 0) return MessageError::none;
  if (lengths > 1) return MessageError::bad_framing;
  result.content_length = base::parse_decimal(fields.value("content-length"));
  return result.content_length ? MessageError::none : MessageError::bad_framing;
}

}  // namespace

MessageError read_framing(const HeaderFields& fields, int minor_version, MessageFraming& result) {
  const bool closes = fields.list_contains("connection", "close");
  result.keep_alive = !closes && (minor_version == 1 || fields.list_contains("connection", "keep-alive"));
  // Another protocol than ours may be ignored (RFC 9110, section 7.8); but then nothing may hide behind the request.
  const bool asks = minor_version == 1 && fields.count("upgrade") > 0 && fields.list_contains("connection", "upgrade");
  result.upgrade = asks && fields.list_contains("upgrade", "websocket");
  if (asks) result.keep_alive = false;
  return read_length(fields, minor_version, result);
}

}  // namespace usher::http
