#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace usher::auth {

/// A small JSON document as a tree that keeps what it was given: the order of members, and numbers as they were
/// written, whatever their size. For grants and ticket bodies, never for messages.
struct JsonValue {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  Kind kind = Kind::null;
  std::string name;              ///< in an object; unique there
  std::string text;              ///< string: decoded UTF-8; number and boolean: as it is written
  std::vector<JsonValue> items;  ///< of an array; of an object, with names
};

constexpr std::size_t json_depth_max = 32;

/// Strict RFC 8259. Too long, too deep, and a member that comes twice are errors; the message is a sentence about the
/// document that does not quote values.
base::Result<JsonValue> parse_json(std::string_view text, std::size_t bytes_max);

/// Appends the value without spaces, and without its own name.
void append_json(std::string& out, const JsonValue& value);

}  // namespace usher::auth
