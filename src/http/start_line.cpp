#include "http/start_line.hpp"

#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace usher::http {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// HTTP-version is "HTTP/" DIGIT "." DIGIT, in upper case (RFC 9112, section 2.3).
MessageError parse_version(std::string_view version, int& minor_version) {
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7])) {
    return MessageError::bad_start_line;
  }
  if (version[5] != '1' || version[7] > '1') return MessageError::version_not_supported;
  minor_version = version[7] - '0';
  return MessageError::none;
}

}  // namespace

MessageError parse_request_line(std::string_view line, RequestLine& result) {
  const std::size_t method_end = line.find(' ');
  if (method_end == std::string_view::npos) return MessageError::bad_start_line;
  const std::size_t target_end = line.find(' ', method_end + 1);
  if (target_end == std::string_view::npos) return MessageError::bad_start_line;

  result.method = line.substr(0, method_end);
  result.target = line.substr(method_end + 1, target_end - method_end - 1);
  if (!base::is_token(result.method) || result.target.empty()) return MessageError::bad_start_line;
  const MessageError error = parse_version(line.substr(target_end + 1), result.minor_version);
  if (error != MessageError::none) return error;
  return result.method == "CONNECT" ? MessageError::method_unknown : MessageError::none;
}

MessageError parse_status_line(std::string_view line, StatusLine& result) {
  if (line.size() < 12 || line[8] != ' ') return MessageError::bad_start_line;
  const MessageError error = parse_version(line.substr(0, 8), result.minor_version);
  if (error != MessageError::none) return error;
  const std::optional<std::uint64_t> status = base::parse_decimal(line.substr(9, 3));
  // The space before an empty reason phrase is often left out, which RFC 9112, section 4, lets a client accept.
  if (!status || *status < 100 || (line.size() > 12 && line[12] != ' ')) return MessageError::bad_start_line;
  result.status = static_cast<int>(*status);
  return MessageError::none;
}

}  // namespace usher::http
