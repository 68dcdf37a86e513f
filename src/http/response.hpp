#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/header_fields.hpp"

namespace usher::http {

/// The phrase of RFC 9110, section 15, for a status; "Unknown" for others.
std::string_view reason_phrase(int status);

/// An answer. Framing is not its business: Content-Length, Transfer-Encoding and Date among its headers are dropped
/// when it is serialised.
struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;

  Response& add(std::string_view name, std::string_view value) {
    headers.push_back({std::string(name), std::string(value)});
    return *this;
  }
};

/// What an answer must know of its request and of the connection.
struct ResponseContext {
  bool head_request = false;  ///< answered without a body, its length is told
  bool keep_alive = true;
  bool http10 = false;         ///< the request was HTTP/1.0
  std::string_view date = {};  ///< for the Date header, see format_date; none when empty
};

/// The bytes of the answer: status line, its headers, Date, Content-Length, Connection, body. An informational answer
/// (1xx) has its own headers and nothing else; 204 and 304 have no body and no length. A header whose name is not a
/// token, or whose value has a control byte, is left out as a whole, so that no input can split an answer.
std::string serialize(const Response& response, const ResponseContext& context);

/// The head of an answer whose body follows piece by piece: chunked, or for HTTP/1.0 ended by the end of the
/// connection. The body of `response` is not looked at.
std::string serialize_stream_head(const Response& response, const ResponseContext& context);

/// One piece of a chunked body. Nothing for an empty piece, which would end the body.
void append_chunk(std::string& out, std::string_view piece);

/// Ends a chunked body.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// What a client that waits before it sends its body is told.
inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace usher::http
