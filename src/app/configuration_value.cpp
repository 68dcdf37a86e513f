#include "app/configuration_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/json.hpp"

namespace usher::app {
namespace {

std::string real_text(double number) {
  // JSON has no infinity and no NaN.
  if (!std::isfinite(number)) return "null";
  std::array<char, 32> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return std::string(digits.data(), result.ptr);
}

}  // namespace

const Member* Value::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name == name; });
  return found == members.end() ? nullptr : &*found;
}

std::string_view kind_name(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::text:
      return "a text";
    case Value::Kind::integer:
    case Value::Kind::real:
      return "a number";
    case Value::Kind::boolean:
      return "true or false";
    case Value::Kind::date:
      return "a date or time";
    case Value::Kind::list:
      return "a list";
    case Value::Kind::table:
      break;
  }
  return "a table";
}

std::string to_json(const Value& value) {
  std::string out;
  switch (value.kind) {
    case Value::Kind::text:
    case Value::Kind::date:
      return base::json_string(value.text);
    case Value::Kind::integer:
      return std::to_string(value.integer);
    case Value::Kind::real:
      return real_text(value.real);
    case Value::Kind::boolean:
      return value.boolean ? "true" : "false";
    case Value::Kind::list:
      for (const Value& item : value.items) out += (out.empty() ? "" : ",") + to_json(item);
      return "[" + out + "]";
    case Value::Kind::table:
      break;
  }
  for (const Member& member : value.members) {
    out += (out.empty() ? "" : ",") + base::json_string(member.name) + ":" + to_json(member.value);
  }
  return "{" + out + "}";
}

std::optional<std::string> put(Value& root, std::string_view path, Value value) {
  Value* at = &root;
  while (true) {
    const std::size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    if (name.empty()) return "a key is names with dots between them, as in tickets.ttl";
    Member* member = nullptr;
    for (Member& candidate : at->members) {
      if (candidate.name == name) member = &candidate;
    }
    if (member == nullptr) {
      at->members.push_back({name, value.place, {}});
      member = &at->members.back();
      member->value.place = value.place;
    }
    if (dot == std::string_view::npos) {
      member->place = value.place;
      member->value = std::move(value);
      return std::nullopt;
    }
    if (member->value.kind != Value::Kind::table) {
      return "'" + name + "' is " + std::string(kind_name(member->value.kind)) +
             " and has no keys of its own: give it as a whole";
    }
    at = &member->value;
    path.remove_prefix(dot + 1);
  }
}

}  // namespace usher::app
