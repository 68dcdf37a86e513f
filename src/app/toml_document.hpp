#pragma once

#include <optional>
#include <string_view>

#include "app/configuration_value.hpp"
#include "base/result.hpp"

namespace usher::app {

constexpr std::size_t configuration_bytes_max = std::size_t{1} << 20;

/// Reads a TOML file (1.0). `source` becomes part of each place. The problem is the first error of the grammar: what
/// follows it cannot be read.
base::Result<Value, Problem> parse_toml(std::string_view text, std::string_view source);

/// Reads what may stand behind a `=` in TOML, as flags and environment variables have it; whatever is no TOML value is
/// a text. Each place is `place`.
Value parse_loose_value(std::string_view text, const Place& place);

}  // namespace usher::app
