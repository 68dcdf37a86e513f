#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::base {

/// ASCII only; other bytes stay as they are.
std::string to_lower(std::string_view text);

/// Compares without regard to ASCII case.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without leading and trailing spaces and tabs (OWS of RFC 9110, section 5.6.3).
std::string_view trim(std::string_view text);

/// Takes the next element of a list off the front of `rest`, trimmed: "a, b" gives "a", then "b". Elements may be
/// empty. False when nothing is left.
bool next_element(std::string_view& rest, char separator, std::string_view& element);

/// Digits only, no sign, no space, no overflow.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// A token of RFC 9110, section 5.6.2: at least one tchar and nothing else.
bool is_token(std::string_view text);

/// Well-formed UTF-8 (RFC 3629) as a whole.
bool valid_utf8(std::string_view text);

}  // namespace usher::base
