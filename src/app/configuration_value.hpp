#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/problem.hpp"

namespace usher::app {

struct Member;

/// A value as it was written, with its place: what the configuration is before anybody knows what it means. Independent
/// of the file format, so that flags and environment variables become part of the same tree.
struct Value {
  enum class Kind : std::uint8_t { text, integer, real, boolean, date, list, table };

  Kind kind = Kind::table;
  Place place;
  std::string text;
  std::int64_t integer = 0;
  double real = 0;
  bool boolean = false;
  std::vector<Value> items;
  std::vector<Member> members;

  /// Of a flag or a variable, which have no types: the text as it was given. It counts where a text is wanted.
  std::optional<std::string> raw;

  const Member* find(std::string_view name) const;
};

/// A member of a table; `place` is that of its name.
struct Member {
  std::string name;
  Place place;
  Value value;
};

/// "a text", "a number" …: for messages.
std::string_view kind_name(Value::Kind kind);

/// The value as JSON text. Dates become strings.
std::string to_json(const Value& value);

/// Puts a value at a dotted path below a table, makes the tables on the way, and replaces what was there. The error
/// says why that path cannot be.
std::optional<std::string> put(Value& root, std::string_view path, Value value);

}  // namespace usher::app
