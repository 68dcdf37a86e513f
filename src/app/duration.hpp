#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace usher::app {

/// A whole number and its unit: `500ms`, `25s`, `10m`, `24h`, `7d`. Nothing else: no sign, no blank, no bare number,
/// and at most 10 000 days.
std::optional<base::Duration> parse_duration(std::string_view text);

/// What `parse_duration` reads, in the largest unit that is exact: `10m`.
std::string duration_text(base::Duration duration);

}  // namespace usher::app
