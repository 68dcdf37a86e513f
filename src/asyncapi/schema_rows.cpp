#include "asyncapi/schema_rows.hpp"

#include <algorithm>
#include <utility>

namespace usher::asyncapi {
namespace {

/// How deep properties are shown; deeper ones, and schemas that contain themselves, are left to the schema itself.
constexpr int depth_max = 4;
constexpr int references_max = 8;

std::string dumped(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string text_of(const Json& schema, const char* member) {
  const auto found = schema.find(member);
  if (found == schema.end()) return "";
  return found->is_string() ? found->get<std::string>() : dumped(*found);
}

std::string alternatives(const Json& values) {
  std::string text;
  for (const Json& value : values) text += (text.empty() ? "`" : ", `") + dumped(value) + "`";
  return text;
}

/// "1 to 2000 characters", "at least 1", "at most 8 items".
std::string bounds(const Json& schema, const char* minimum, const char* maximum, std::string unit) {
  const std::string low = text_of(schema, minimum);
  const std::string high = text_of(schema, maximum);
  if ((high.empty() ? low : high) == "1" && unit.ends_with('s')) unit.pop_back();
  if (low.empty() && high.empty()) return "";
  if (high.empty()) return "at least " + low + unit;
  if (low.empty()) return "at most " + high + unit;
  return (low == high ? "exactly " + low : low + " to " + high) + unit;
}

void append_note(std::string& note, const std::string& sentence) {
  if (sentence.empty()) return;
  if (!note.empty()) note += note.ends_with('.') ? " " : ". ";
  note += sentence;
}

class Rows {
 public:
  explicit Rows(const Json& root) : root_(root) {}

  std::vector<SchemaRow> all() {
    const Json& schema = resolved(root_);
    add_properties(schema, "", 0);
    if (rows_.empty()) add_row("", root_, Presence::required);
    return std::move(rows_);
  }

 private:
  const Json& resolved(const Json& schema) const {
    const Json* at = &schema;
    for (int i = 0; i < references_max && at->is_object() && at->contains("$ref"); ++i) {
      const std::string reference = text_of(*at, "$ref");
      if (!reference.starts_with('#')) break;
      try {
        at = &root_.at(Json::json_pointer(reference.substr(1)));
      } catch (const Json::exception&) {
        break;
      }
    }
    return *at;
  }

  std::string form_of(const Json& unresolved, int depth = 0) const {
    const Json& schema = resolved(unresolved);
    if (schema.is_boolean()) return schema.get<bool>() ? "any value" : "nothing";
    if (!schema.is_object() || depth > depth_max) return "see the schema";
    if (schema.contains("$ref")) return "as `" + text_of(schema, "$ref") + "`";
    if (schema.contains("const")) return "always `" + dumped(schema["const"]) + "`";
    if (schema.contains("enum")) return "one of " + alternatives(schema["enum"]);
    for (const char* choice : {"oneOf", "anyOf"}) {
      if (schema.contains(choice) && !schema.contains("properties")) {
        return "one of " + std::to_string(schema[choice].size()) + " forms, see the schema";
      }
    }
    return type_of(schema, depth);
  }

  std::string type_of(const Json& schema, int depth) const {
    const auto type = schema.find("type");
    if (type == schema.end()) return schema.contains("properties") ? "object" : "any value";
    if (type->is_array()) {
      std::string text;
      for (const Json& one : *type)
        text += (text.empty() ? "" : " or ") + (one.is_string() ? one.get<std::string>() : "");
      return text;
    }
    const std::string name = text_of(schema, "type");
    if (name == "array" && schema.contains("items") && !schema["items"].is_array()) {
      return "array of " + form_of(schema["items"], depth + 1);
    }
    return name;
  }

  static std::string note_of(const Json& schema) {
    if (!schema.is_object()) return "";
    std::string note;
    append_note(note, text_of(schema, "description"));
    if (note.empty()) append_note(note, text_of(schema, "title"));
    std::string limits;
    for (const std::string& one :
         {bounds(schema, "minLength", "maxLength", " characters"), bounds(schema, "minimum", "maximum", ""),
          bounds(schema, "minItems", "maxItems", " items"), text_of(schema, "format")}) {
      if (!one.empty()) limits += (limits.empty() ? "" : ", ") + one;
    }
    if (const std::string pattern = text_of(schema, "pattern"); !pattern.empty()) {
      limits += (limits.empty() ? "like `" : ", like `") + pattern + "`";
    }
    if (!limits.empty() && limits.front() >= 'a' && limits.front() <= 'z') {
      limits.front() = static_cast<char>(limits.front() - 'a' + 'A');
    }
    append_note(note, limits.empty() ? limits : limits + ".");
    return note;
  }

  void add_row(const std::string& name, const Json& unresolved, Presence presence) {
    std::string note = note_of(resolved(unresolved));
    // Beside a reference only its own description is worth something.
    if (&resolved(unresolved) != &unresolved && note.empty()) note = note_of(unresolved);
    rows_.push_back({name, form_of(unresolved), presence, std::move(note)});
  }

  void add_properties(const Json& schema, const std::string& prefix, int depth) {
    if (!schema.is_object() || depth > depth_max) return;
    if (const auto all = schema.find("allOf"); all != schema.end() && all->is_array()) {
      for (const Json& part : *all) add_properties(resolved(part), prefix, depth + 1);
    }
    const auto properties = schema.find("properties");
    if (properties == schema.end() || !properties->is_object()) return;
    const Json required = schema.value("required", Json::array());
    for (const auto& [name, property] : properties->items()) {
      const bool needed = std::find(required.begin(), required.end(), Json(name)) != required.end();
      add_row(prefix + name, property, needed ? Presence::required : Presence::optional);
      const Json& inner = resolved(property);
      add_properties(inner, prefix + name + ".", depth + 1);
      if (inner.is_object() && inner.contains("items")) {
        add_properties(resolved(inner["items"]), prefix + name + "[].", depth + 1);
      }
    }
  }

  const Json& root_;
  std::vector<SchemaRow> rows_;
};

}  // namespace

std::vector<SchemaRow> schema_rows(const Json& schema) { return Rows(schema).all(); }

}  // namespace usher::asyncapi
