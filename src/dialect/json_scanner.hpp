#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::dialect {

/// Arrays and objects inside each other, at most.
inline constexpr std::size_t json_depth_max = 512;

/// Why a text is not JSON.
enum class JsonFault : std::uint8_t {
  none,
  unexpected_end,
  unexpected_character,
  bad_number,
  bad_escape,
  control_character,
  too_deep,
};

/// A short phrase for the peer, such as "the text ends too early".
const char* describe(JsonFault fault);

/// Where a scan ended: behind the value, or at the byte that is wrong.
struct JsonScan {
  std::size_t end = 0;
  JsonFault fault = JsonFault::none;
};

/// Behind the spaces, tabs, line feeds and carriage returns that begin at `at`.
std::size_t skip_json_space(std::string_view text, std::size_t at);

/// Checks the one JSON value (RFC 8259) that begins exactly at `begin`, and finds its end. It converts nothing, so
/// numbers of any size are well; it does not check UTF-8, which whoever received the text has done. Linear, without
/// recursion or allocation. Escapes of lone surrogates are well: the grammar allows them.
JsonScan scan_json_value(std::string_view text, std::size_t begin);

/// True for exactly one JSON value with nothing but white space around it.
bool is_json_value(std::string_view text);

/// What a JSON string says. `quoted` is one well-formed string with its quotes. Nothing when it holds an escape of a
/// lone surrogate, which has no UTF-8 form.
std::optional<std::string> unquote_json_string(std::string_view quoted);

}  // namespace usher::dialect
