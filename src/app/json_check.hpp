#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::app {

/// Where a text stops being JSON, and why.
struct JsonFault {
  std::uint32_t line = 1;    ///< from 1
  std::uint32_t column = 1;  ///< from 1, in bytes
  std::string message;
};

/// What members the value at the top may have for the text to be what is wanted.
enum class JsonKind : std::uint8_t {
  any,
  schema,  ///< an object or a boolean (JSON Schema, draft 07, section 4.3)
};

/// Nothing when the text is one JSON value (RFC 8259) of the kind. Numbers may be of any size.
std::optional<JsonFault> find_json_fault(std::string_view text, JsonKind kind);

}  // namespace usher::app
