#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace usher::base {

/// RFC 4648, section 4, with padding.
std::string base64_encode(std::string_view bytes);

/// Strict: padding where it belongs, no other characters, unused bits zero. Nothing otherwise.
std::optional<std::string> base64_decode(std::string_view text);

/// RFC 4648, section 5 (base64url), without padding.
std::string base64url_encode(std::string_view bytes);

/// Strict, without padding; unused bits must be zero, so each value has one form.
std::optional<std::string> base64url_decode(std::string_view text);

/// Lower case.
std::string hex_encode(std::string_view bytes);

}  // namespace usher::base
