#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asyncapi/document.hpp"
#include "asyncapi/html.hpp"

namespace usher::asyncapi {

// The sections of the page, in its order. Each writes itself whole.

/// How one gets a ticket and opens a socket, with calls to copy.
void write_entry(Html& html, const Description& description);

/// `ids` are the anchors of the channels, in their order.
void write_channels(Html& html, const Description& description, const std::vector<std::string>& ids);

/// What goes over the wire around a payload.
void write_dialects(Html& html);

void write_ends(Html& html, const Description& description);

/// A picture of code with a caption above.
void write_example(Html& html, std::string_view caption, const Json& value);

/// What a message is made of, as a table.
void write_schema_table(Html& html, const Json& schema);

}  // namespace usher::asyncapi
