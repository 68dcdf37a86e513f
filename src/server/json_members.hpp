#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace usher::server {

/// The members of one JSON object, each value as the text that it is: numbers keep their digits. Views into the text.
class JsonMembers {
 public:
  /// `text` must be UTF-8 and exactly one object, in which no member comes twice; the error says what is wrong.
  static base::Result<JsonMembers> parse(std::string_view text);

  /// The text of the value; nothing when the member is absent.
  std::optional<std::string_view> raw(std::string_view name) const;
  /// A string's content; an error when the member is absent or no string.
  base::Result<std::string> string(std::string_view name) const;
  /// A whole number from 0 on; the fallback when the member is absent or null.
  base::Result<std::uint64_t> number(std::string_view name, std::uint64_t fallback) const;
  /// true or false; false when the member is absent or null.
  base::Result<bool> boolean(std::string_view name) const;
  /// An array of strings.
  base::Result<std::vector<std::string>> strings(std::string_view name) const;

  /// Whether every value is a string.
  bool all_strings() const;

  /// The name of a member that is none of these; nothing when there is none.
  std::optional<std::string> other_than(std::initializer_list<std::string_view> known) const;

 private:
  struct Member {
    std::string name;
    std::string_view value;
  };
  std::vector<Member> members_;
};

}  // namespace usher::server
