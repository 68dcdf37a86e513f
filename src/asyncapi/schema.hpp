#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace usher::asyncapi {

/// Members keep the order in which they were written.
using Json = nlohmann::ordered_json;

/// Nothing when the text is empty or not JSON.
std::optional<Json> parse_json(std::string_view text);

/// A schema of the configuration, made fit to stand at `pointer` (`#/components/schemas/x`) of the document: references
/// into itself go on to lead there, and `$id` and `$schema`, which would lead away from the document, are gone. A
/// reference that leads elsewhere is replaced by a schema that takes any value and names the reference.
Json embed_schema(const Json& schema, const std::string& pointer);

}  // namespace usher::asyncapi
