#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace usher::http {

/// The two parts of an Authorization header (RFC 9110, section 11.4). Views into it.
struct Authorization {
  std::string_view scheme;       ///< compare without regard to case
  std::string_view credentials;  ///< may be empty
};

/// Nothing when the scheme is not a token.
std::optional<Authorization> parse_authorization(std::string_view value);

struct BasicCredentials {
  std::string user;
  std::string password;
};

/// Decodes the credentials of the scheme Basic (RFC 7617). Nothing when they are not base64, have no colon, or a
/// control byte is in them.
std::optional<BasicCredentials> decode_basic(std::string_view credentials);

}  // namespace usher::http
