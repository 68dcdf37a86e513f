#include "auth/json_value.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.hpp"

namespace usher::auth {
namespace {

/// Builds the tree from nlohmann's events, which call it in the order of the text. Returning false stops the parser.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return add({JsonValue::Kind::null, {}, {}, {}}); }
  bool boolean(bool value) override { return add({JsonValue::Kind::boolean, {}, value ? "true" : "false", {}}); }
  bool number_integer(number_integer_t value) override { return add_number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add_number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& written) override { return add_number(written); }
  bool string(string_t& value) override { return add({JsonValue::Kind::string, {}, std::move(value), {}}); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(JsonValue::Kind::object); }
  bool start_array(std::size_t) override { return open(JsonValue::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const std::vector<JsonValue>& members = open_.back()->items;
    if (std::ranges::find(members, name, &JsonValue::name) != members.end()) {
      error_ = "a member comes twice: " + base::json_string(name);
      return false;
    }
    name_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    error_ = "this is not JSON (RFC 8259) from byte " + std::to_string(position) + " on";
    return false;
  }

  JsonValue take_root() { return std::move(root_); }
  const std::string& error() const { return error_; }

 private:
  bool add_number(std::string written) { return add({JsonValue::Kind::number, {}, std::move(written), {}}); }

  bool add(JsonValue value) {
    value.name = std::exchange(name_, {});
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back()->items.push_back(std::move(value));
    }
    return true;
  }

  bool open(JsonValue::Kind kind) {
    if (open_.size() >= json_depth_max) {
      error_ = "the JSON is nested deeper than " + std::to_string(json_depth_max);
      return false;
    }
    add({kind, {}, {}, {}});
    // The pointers stay good: a container's siblings are added only after it was closed.
    open_.push_back(open_.empty() ? &root_ : &open_.back()->items.back());
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  JsonValue root_;
  std::vector<JsonValue*> open_;
  std::string name_;
  std::string error_;
};

}  // namespace

base::Result<JsonValue> parse_json(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) return base::Error{"the JSON is longer than " + std::to_string(bytes_max) + " bytes"};
  TreeBuilder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return base::Error{builder.error()};
  return builder.take_root();
}

void append_json(std::string& out, const JsonValue& value) {
  const bool is_object = value.kind == JsonValue::Kind::object;
  switch (value.kind) {
    case JsonValue::Kind::null:
      out += "null";
      return;
    case JsonValue::Kind::boolean:
    case JsonValue::Kind::number:
      out += value.text;
      return;
    case JsonValue::Kind::string:
      base::append_json_string(out, value.text);
      return;
    case JsonValue::Kind::array:
    case JsonValue::Kind::object:
      break;
  }
  out += is_object ? '{' : '[';
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (i > 0) out += ',';
    if (is_object) {
      base::append_json_string(out, value.items[i].name);
      out += ':';
    }
    append_json(out, value.items[i]);
  }
  out += is_object ? '}' : ']';
}

}  // namespace usher::auth
