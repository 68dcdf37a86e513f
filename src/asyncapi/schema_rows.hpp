#pragma once

#include <string>
#include <vector>

#include "asyncapi/schema.hpp"

namespace usher::asyncapi {

enum class Presence : unsigned char { required, optional };

/// One line of a schema that is shown as a table.
struct SchemaRow {
  std::string name;  ///< `text`, `author.name`, `items[].id`; empty for the value as a whole
  std::string form;  ///< "string", "one of `begin`, `end`"; code between backticks
  Presence presence = Presence::required;
  std::string note;  ///< its limits and its description
};

/// The properties of the schema, those of inner objects behind their own. It is an aid to reading: what a table cannot
/// say is in the schema, which stands beside it.
std::vector<SchemaRow> schema_rows(const Json& schema);

}  // namespace usher::asyncapi
