#pragma once

#include <string_view>

namespace usher::http {

/// What is wrong with a message that the peer sent. After any of these the connection is closed: where the next message
/// would begin is not known, or not to be trusted.
enum class MessageError {
  none,
  bad_start_line,
  bad_line_end,
  bad_header,
  folded_header,
  bad_target,
  bad_host,
  bad_framing,
  bad_chunk,
  upgrade_with_body,
  uri_too_long,
  header_too_large,
  body_too_large,
  expectation_failed,
  transfer_encoding_unknown,
  method_unknown,
  version_not_supported,
};

/// What follows from an error when the message was a request.
struct MessageErrorInfo {
  std::string_view name;    ///< for logs and metrics: the name in the enumeration
  int status;               ///< of the answer
  std::string_view code;    ///< of the answer's problem body; stable, coarser than `name`
  std::string_view detail;  ///< a sentence
};

const MessageErrorInfo& info(MessageError error);

}  // namespace usher::http
