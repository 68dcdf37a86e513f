#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/json_value.hpp"
#include "base/result.hpp"

namespace usher::auth {

/// Reads the members of one JSON object, each by its name and type, and keeps the first error. A member that is null
/// counts as absent. What nobody asked for is an error in the end, so a misspelt restriction is never ignored.
class MemberReader {
 public:
  /// The text must be one object of at most `bytes_max` bytes.
  static base::Result<MemberReader> open(std::string_view json, std::size_t bytes_max);

  /// The member, or null when it is absent or null. The pointer dies with the reader.
  const JsonValue* take(std::string_view name);
  /// Empty when absent; a text that is there has 1 to `bytes_max` bytes.
  std::string text(std::string_view name, std::size_t bytes_max);
  std::optional<std::int64_t> whole_number(std::string_view name, std::int64_t least, std::int64_t most);
  /// The value's JSON text; empty when absent.
  std::string json(std::string_view name);
  /// Makes it an error that the member is not there; null is enough.
  void require_present(std::string_view name);

  /// Keeps the message, unless there is an earlier one.
  void fail(std::string message);
  /// The first error, or success.
  base::Result<void> finish() const;

 private:
  explicit MemberReader(JsonValue object) : object_(std::move(object)), taken_(object_.items.size()) {}

  JsonValue object_;
  std::vector<bool> taken_;
  std::string error_;
};

}  // namespace usher::auth
