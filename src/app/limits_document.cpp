#include "app/documents.hpp"
#include "app/duration.hpp"
#include "base/limits.hpp"

namespace usher::app {
namespace {

std::string duration_of(std::uint64_t seconds) {
  return duration_text(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

std::string row_text(const base::LimitRow& row, const base::Limits& defaults) {
  std::string value;
  std::string range;
  if (const auto* count = std::get_if<std::uint64_t base::Limits::*>(&row.member)) {
    value = std::to_string(defaults.**count) + " " + std::string(row.unit);
    range = std::to_string(row.minimum) + " – " + std::to_string(row.maximum);
  } else {
    value = "`\"" + duration_text(defaults.*std::get<base::Duration base::Limits::*>(row.member)) + "\"`";
    range = duration_of(row.minimum) + " – " + duration_of(row.maximum);
  }
  return "| `" + std::string(row.name) + "` | " + value + " | " + range + " | " + std::string(row.meaning) + " | " +
         std::string(row.beyond) + " |\n";
}

}  // namespace

std::string limits_document() {
  std::string text =
      "# Limits\n"
      "\n"
      "Every queue, buffer, head, message, count and timeout has a limit. They stand in `[limits]` of the "
      "configuration;\n"
      "`--set limits.message_bytes=1000000` and `USHER_LIMITS__MESSAGE_BYTES=1000000` do the same. Durations are "
      "written\n"
      "with a unit: `\"500ms\"`, `\"10s\"`, `\"5m\"`.\n"
      "\n"
      "This file is made from the table in `src/base/limits.cpp` by `usher print-limits`.\n"
      "\n"
      "| limit | default | range | what it bounds | who goes beyond |\n"
      "|---|---|---|---|---|\n";
  const base::Limits defaults;
  for (const base::LimitRow& row : base::limit_rows()) text += row_text(row, defaults);
  return text;
}

}  // namespace usher::app
