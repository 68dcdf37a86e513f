#include "app/duration.hpp"

#include <array>

#include "base/text.hpp"

namespace usher::app {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t milliseconds;
};

// The largest first.
constexpr std::array units = {Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1000},
                              Unit{"ms", 1}};
constexpr std::int64_t milliseconds_max = std::int64_t{10'000} * 86'400'000;

}  // namespace

std::optional<base::Duration> parse_duration(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint64_t> number = base::parse_decimal(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const Unit& unit : units) {
    if (text.substr(digits) != unit.suffix) continue;
    if (*number > static_cast<std::uint64_t>(milliseconds_max / unit.milliseconds)) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(*number) * unit.milliseconds);
  }
  return std::nullopt;
}

std::string duration_text(base::Duration duration) {
  const std::int64_t milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  if (milliseconds == 0) return "0s";
  for (const Unit& unit : units) {
    if (milliseconds % unit.milliseconds == 0) {
      return std::to_string(milliseconds / unit.milliseconds) + std::string(unit.suffix);
    }
  }
  return std::to_string(milliseconds) + "ms";
}

}  // namespace usher::app
