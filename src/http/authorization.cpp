#include "http/authorization.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace usher::http {

std::optional<Authorization> parse_authorization(std::string_view value) {
  value = base::trim(value);
  const std::size_t end = std::min(value.find(' '), value.size());
  const Authorization result{value.substr(0, end), base::trim(value.substr(end))};
  if (!base::is_token(result.scheme)) return std::nullopt;
  return result;
}

std::optional<BasicCredentials> decode_basic(std::string_view credentials) {
  const std::optional<std::string> text = base::base64_decode(credentials);
  if (!text) return std::nullopt;
  // RFC 7617, section 2: neither part may have control characters; the user-id has no colon, a password may.
  const bool controls =
      std::any_of(text->begin(), text->end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
  const std::size_t colon = text->find(':');
  if (controls || colon == std::string::npos) return std::nullopt;
  return BasicCredentials{text->substr(0, colon), text->substr(colon + 1)};
}

}  // namespace usher::http
