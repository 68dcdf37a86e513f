#include "http/message_error.hpp"

#include <array>
#include <cstddef>

#include "base/assert.hpp"

namespace usher::http {
namespace {

constexpr std::array<MessageErrorInfo, 17> table{{
    {"none", 200, "none", ""},
    {"bad_start_line", 400, "bad_request", "The first line of the message is malformed."},
    {"bad_line_end", 400, "bad_request", "A line of the head does not end with CR LF."},
    {"bad_header", 400, "bad_request", "A header is malformed."},
    {"folded_header", 400, "bad_request", "A header is continued on a second line."},
    {"bad_target", 400, "bad_request", "The request target is malformed."},
    {"bad_host", 400, "bad_request", "The request must name exactly one valid host."},
    {"bad_framing", 400, "bad_request", "The length of the body is told wrongly or more than once."},
    {"bad_chunk", 400, "bad_request", "The chunked body is malformed."},
    {"upgrade_with_body", 400, "bad_request", "A request for another protocol must not have a body."},
    {"uri_too_long", 414, "uri_too_long", "The request line is too long."},
    {"header_too_large", 431, "header_too_large", "The headers are too many or too long."},
    {"body_too_large", 413, "body_too_large", "The body is larger than this resource takes."},
    {"expectation_failed", 417, "expectation_failed", "The only expectation that can be met is 100-continue."},
    {"transfer_encoding_unknown", 501, "not_implemented", "The only transfer coding that is understood is chunked."},
    {"method_unknown", 501, "not_implemented", "This method is not implemented."},
    {"version_not_supported", 505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here."},
}};

static_assert(table.size() == static_cast<std::size_t>(MessageError::version_not_supported) + 1);

}  // namespace

const MessageErrorInfo& info(MessageError error) {
  const auto index = static_cast<std::size_t>(error);
  ASSERT(index < table.size());
  return table[index];
}

}  // namespace usher::http
