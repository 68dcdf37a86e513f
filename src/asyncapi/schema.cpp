#include "asyncapi/schema.hpp"

#include <array>
#include <utility>

namespace usher::asyncapi {
namespace {

/// Members whose value is data, in which `$ref` is nothing special.
bool holds_data(std::string_view member) {
  constexpr std::array<std::string_view, 4> members = {"const", "enum", "default", "examples"};
  for (const std::string_view one : members) {
    if (one == member) return true;
  }
  return false;
}

/// Members whose value is an object of schemas by names of the operator's choice.
bool holds_named_schemas(std::string_view member) {
  constexpr std::array<std::string_view, 4> members = {"properties", "patternProperties", "definitions",
                                                       "dependencies"};
  for (const std::string_view one : members) {
    if (one == member) return true;
  }
  return false;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

/// One schema with its root, and the place in the document where the root will stand.
class Embedding {
 public:
  Embedding(const Json& root, std::string pointer) : root_(root), pointer_(std::move(pointer)) {}

  Json schema(const Json& from) const {
    if (from.is_array()) return each(from);
    if (!from.is_object()) return from;
    if (const auto reference = from.find("$ref"); reference != from.end() && reference->is_string()) {
      return referred(reference->get<std::string>());
    }
    Json to = Json::object();
    for (const auto& [member, value] : from.items()) {
      if (member == "$id" || member == "$schema") continue;
      if (holds_data(member)) {
        to[member] = value;
      } else if (holds_named_schemas(member) && value.is_object()) {
        to[member] = named(value);
      } else {
        to[member] = schema(value);
      }
    }
    return to;
  }

 private:
  Json each(const Json& from) const {
    Json to = Json::array();
    for (const Json& one : from) to.push_back(schema(one));
    return to;
  }

  Json named(const Json& from) const {
    Json to = Json::object();
    for (const auto& [name, value] : from.items()) to[name] = schema(value);
    return to;
  }

  Json referred(const std::string& reference) const {
    Json to = Json::object();
    if (leads_into_root(reference)) {
      to["$ref"] = pointer_ + reference.substr(1);
    } else {
      to["description"] = "As " + reference + " describes it, which is not part of this document.";
    }
    return to;
  }

  bool leads_into_root(const std::string& reference) const {
    if (!reference.starts_with('#')) return false;
    const auto pointer = percent_decoded(std::string_view(reference).substr(1));
    if (!pointer) return false;
    try {
      return root_.contains(Json::json_pointer(*pointer));
    } catch (const Json::exception&) {
      return false;
    }
  }

  const Json& root_;
  std::string pointer_;
};

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

Json embed_schema(const Json& schema, const std::string& pointer) { return Embedding(schema, pointer).schema(schema); }

}  // namespace usher::asyncapi
