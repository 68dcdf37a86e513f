#include "app/toml_document.hpp"

#include <toml++/toml.h>

#include <sstream>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace usher::app {
namespace {

constexpr int depth_max = 64;

/// Turns toml++'s tree into ours.
class Converter {
 public:
  explicit Converter(std::string_view source) : source_(source) {}

  Value convert(const toml::node& node, int depth) {
    Value value;
    value.place = place(node.source());
    switch (node.type()) {
      case toml::node_type::string:
        value.kind = Value::Kind::text;
        value.text = node.as_string()->get();
        break;
      case toml::node_type::integer:
        value.kind = Value::Kind::integer;
        value.integer = node.as_integer()->get();
        break;
      case toml::node_type::floating_point:
        value.kind = Value::Kind::real;
        value.real = node.as_floating_point()->get();
        break;
      case toml::node_type::boolean:
        value.kind = Value::Kind::boolean;
        value.boolean = node.as_boolean()->get();
        break;
      case toml::node_type::array:
        value.kind = Value::Kind::list;
        if (enter(value, depth)) add_items(value, *node.as_array(), depth);
        break;
      case toml::node_type::table:
        if (enter(value, depth)) add_members(value, *node.as_table(), depth);
        break;
      default:
        value.kind = Value::Kind::date;
        value.text = date_text(node);
    }
    return value;
  }

  const std::optional<Problem>& problem() const { return problem_; }

 private:
  bool enter(const Value& value, int depth) {
    if (depth < depth_max) return true;
    if (!problem_) problem_ = Problem{value.place, "nested too deeply"};
    return false;
  }

  void add_items(Value& value, const toml::array& array, int depth) {
    for (const toml::node& item : array) value.items.push_back(convert(item, depth + 1));
    // A list made by [[name]] has no place of its own.
    if (value.place.line == 0 && !value.items.empty()) value.place = value.items.front().place;
  }

  void add_members(Value& value, const toml::table& table, int depth) {
    for (const auto& [key, node] : table) {
      value.members.push_back({std::string(key.str()), place(key.source()), convert(node, depth + 1)});
    }
  }

  Place place(const toml::source_region& region) const { return {source_, region.begin.line, region.begin.column}; }

  static std::string date_text(const toml::node& node) {
    std::ostringstream text;
    if (const auto* date = node.as_date()) text << date->get();
    if (const auto* time = node.as_time()) text << time->get();
    if (const auto* both = node.as_date_time()) text << both->get();
    return text.str();
  }

  std::string source_;
  std::optional<Problem> problem_;
};

void set_place(Value& value, const Place& place) {
  value.place = place;
  for (Value& item : value.items) set_place(item, place);
  for (Member& member : value.members) {
    member.place = place;
    set_place(member.value, place);
  }
}

std::string sentence(std::string_view message) {
  while (!message.empty() && message.back() == '.') message.remove_suffix(1);
  return "not TOML: " + std::string(message);
}

}  // namespace

base::Result<Value, Problem> parse_toml(std::string_view text, std::string_view source) {
  const std::string name(source);
  if (text.size() > configuration_bytes_max) return Problem{{name, 1, 1}, "larger than 1 MiB"};
  if (!base::valid_utf8(text)) return Problem{{name, 1, 1}, "not UTF-8"};
  try {
    const toml::table table = toml::parse(text, name);
    Converter converter(source);
    Value root = converter.convert(table, 0);
    if (converter.problem()) return *converter.problem();
    return root;
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return Problem{{name, at.line, at.column}, sentence(error.description())};
  }
}

Value parse_loose_value(std::string_view text, const Place& place) {
  Value value;
  value.kind = Value::Kind::text;
  value.text = std::string(text);
  // A line break would let one value bring further keys with it.
  if (text.find_first_of("\r\n") == std::string_view::npos) {
    auto parsed = parse_toml("value = " + std::string(text), place.source);
    if (parsed.ok() && parsed->members.size() == 1 && parsed->members.front().name == "value") {
      value = std::move(parsed->members.front().value);
    }
  }
  if (value.kind != Value::Kind::text) value.raw = std::string(text);
  set_place(value, place);
  return value;
}

}  // namespace usher::app
