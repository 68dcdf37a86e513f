#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "channel/position.hpp"
#include "dialect/json.hpp"

namespace usher::server {

/// A position as the json dialect writes it; the view lives as long as the position.
std::optional<dialect::PositionView> view_of(const std::optional<channel::Position>& position);

/// One whole text frame of a server.
std::string text_frame(std::string_view text);

}  // namespace usher::server
