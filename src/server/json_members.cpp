#include "server/json_members.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dialect/json_scanner.hpp"

namespace usher::server {
namespace {

constexpr std::size_t members_max = 64;
constexpr std::size_t elements_max = 10000;

/// Steps through a text that was checked as a whole.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) { skip(); }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void step() {
    ++at_;
    skip();
  }
  std::string_view value() {
    const std::size_t begin = at_;
    at_ = dialect::scan_json_value(text_, at_).end;
    const std::string_view found = text_.substr(begin, at_ - begin);
    skip();
    return found;
  }

 private:
  void skip() { at_ = dialect::skip_json_space(text_, at_); }

  std::string_view text_;
  std::size_t at_ = 0;
};

base::Error wrong(std::string_view name, std::string_view expected) {
  return base::Error{"\"" + std::string(name) + "\" must be " + std::string(expected)};
}

bool absent(const std::optional<std::string_view>& value) { return !value || *value == "null"; }

}  // namespace

base::Result<JsonMembers> JsonMembers::parse(std::string_view text) {
  if (!base::valid_utf8(text) || !dialect::is_json_value(text)) return base::Error{"The body must be JSON."};
  Cursor cursor(text);
  if (cursor.peek() != '{') return base::Error{"The body must be a JSON object."};
  JsonMembers members;
  cursor.step();
  while (cursor.peek() != '}') {
    const auto name = dialect::unquote_json_string(cursor.value());
    cursor.step();
    const std::string_view value = cursor.value();
    if (cursor.peek() == ',') cursor.step();
    if (!name || members.raw(*name)) return base::Error{"A member comes twice, or its name is no text."};
    if (members.members_.size() == members_max) return base::Error{"The object has too many members."};
    members.members_.push_back({*name, value});
  }
  return members;
}

std::optional<std::string_view> JsonMembers::raw(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.name == name) return member.value;
  }
  return std::nullopt;
}

base::Result<std::string> JsonMembers::string(std::string_view name) const {
  const auto value = raw(name);
  if (!value || !value->starts_with('"')) return wrong(name, "a string");
  auto text = dialect::unquote_json_string(*value);
  if (!text) return wrong(name, "a string of Unicode characters");
  return std::move(*text);
}

base::Result<std::uint64_t> JsonMembers::number(std::string_view name, std::uint64_t fallback) const {
  const auto value = raw(name);
  if (absent(value)) return fallback;
  const auto number = base::parse_decimal(*value);
  if (!number) return wrong(name, "a whole number from 0 on");
  return *number;
}

base::Result<bool> JsonMembers::boolean(std::string_view name) const {
  const auto value = raw(name);
  if (absent(value) || *value == "false") return false;
  if (*value != "true") return wrong(name, "true or false");
  return true;
}

base::Result<std::vector<std::string>> JsonMembers::strings(std::string_view name) const {
  const auto value = raw(name);
  if (!value || !value->starts_with('[')) return wrong(name, "an array of strings");
  Cursor cursor(*value);
  std::vector<std::string> found;
  cursor.step();
  while (cursor.peek() != ']') {
    const std::string_view element = cursor.value();
    auto text = element.starts_with('"') ? dialect::unquote_json_string(element) : std::nullopt;
    if (!text || found.size() == elements_max) return wrong(name, "an array of at most 10000 strings");
    found.push_back(std::move(*text));
    if (cursor.peek() == ',') cursor.step();
  }
  return found;
}

bool JsonMembers::all_strings() const {
  return std::all_of(members_.begin(), members_.end(),
                     [](const Member& member) { return member.value.starts_with('"'); });
}

std::optional<std::string> JsonMembers::other_than(std::initializer_list<std::string_view> known) const {
  for (const Member& member : members_) {
    if (std::find(known.begin(), known.end(), member.name) == known.end()) return member.name;
  }
  return std::nullopt;
}

}  // namespace usher::server
