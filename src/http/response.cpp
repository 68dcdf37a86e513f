#include "http/response.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace usher::http {
namespace {

struct Reason {
  int status;
  std::string_view phrase;
};

constexpr std::array<Reason, 38> reasons{{
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

bool is_field_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; });
}

/// Framing and the connection are told by the serialiser alone.
bool is_own_business(std::string_view name) {
  for (const std::string_view own : {"content-length", "transfer-encoding", "connection", "date"}) {
    if (base::equals_ignoring_case(name, own)) return true;
  }
  return false;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  if (!base::is_token(name) || !is_field_value(value)) return;
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_status_line(std::string& out, int status) {
  // RFC 9110, section 2.5: the version is the server's own, also towards HTTP/1.0.
  out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason_phrase(status)).append("\r\n");
}

enum class Connection { keep_alive, close, silent };

Connection connection_of(const ResponseContext& context) {
  if (!context.keep_alive) return Connection::close;
  return context.http10 ? Connection::keep_alive : Connection::silent;
}

/// The answer's own options, as the Upgrade of a 426 needs one, and then ours.
void append_connection(std::string& out, const Response& response, Connection connection) {
  std::string options;
  for (const Header& header : response.headers) {
    if (!base::equals_ignoring_case(header.name, "connection")) continue;
    if (!options.empty()) options += ", ";
    options += header.value;
  }
  if (connection != Connection::silent) {
    if (!options.empty()) options += ", ";
    options += connection == Connection::close ? "close" : "keep-alive";
  }
  if (!options.empty()) append_header(out, "Connection", options);
}

void append_own_headers(std::string& out, const Response& response, const ResponseContext& context) {
  for (const Header& header : response.headers) {
    if (!is_own_business(header.name)) append_header(out, header.name, header.value);
  }
  if (!context.date.empty()) append_header(out, "Date", context.date);
}

}  // namespace

std::string_view reason_phrase(int status) {
  for (const Reason& each : reasons) {
    if (each.status == status) return each.phrase;
  }
  return "Unknown";
}

std::string serialize(const Response& response, const ResponseContext& context) {
  std::string out;
  out.reserve(256 + response.body.size());
  append_status_line(out, response.status);
  if (response.status < 200) {
    for (const Header& header : response.headers) append_header(out, header.name, header.value);
    out += "\r\n";
    return out;
  }
  append_own_headers(out, response, context);
  // RFC 9110, section 8.6: none in a 204; in a 304 it would have to be that of the 200, which is not known here.
  const bool has_content = response.status != 204 && response.status != 304;
  if (has_content) append_header(out, "Content-Length", std::to_string(response.body.size()));
  append_connection(out, response, connection_of(context));
  out += "\r\n";
  if (has_content && !context.head_request) out += response.body;
  return out;
}

std::string serialize_stream_head(const Response& response, const ResponseContext& context) {
  std::string out;
  append_status_line(out, response.status);
  append_own_headers(out, response, context);
  if (!context.http10) append_header(out, "Transfer-Encoding", "chunked");
  append_connection(out, response, context.http10 ? Connection::close : connection_of(context));
  out += "\r\n";
  return out;
}

void append_chunk(std::string& out, std::string_view piece) {
  if (piece.empty()) return;
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
  out.append(size.data(), end).append("\r\n").append(piece).append("\r\n");
}

}  // namespace usher::http
