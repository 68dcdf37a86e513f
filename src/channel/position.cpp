#include "channel/position.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace usher::channel {
namespace {

bool is_base64url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

std::optional<Epoch> Epoch::parse(std::string_view text) {
  if (text.empty() || text.size() > size_max || !std::all_of(text.begin(), text.end(), is_base64url)) {
    return std::nullopt;
  }
  Epoch epoch;
  std::copy(text.begin(), text.end(), epoch.characters_.begin());
  epoch.size_ = static_cast<std::uint8_t>(text.size());
  return epoch;
}

std::optional<Position> parse_position(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  const auto offset = base::parse_decimal(text.substr(0, colon));
  if (!offset) return std::nullopt;
  return Position{*offset, Epoch::parse(text.substr(colon + 1)).value_or(Epoch())};
}

std::string format_position(const Position& position) {
  std::string text = std::to_string(position.offset);
  text += ':';
  text += position.epoch.text();
  return text;
}

}  // namespace usher::channel
