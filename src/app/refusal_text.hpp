#pragma once

#include <string>

#include "app/websocket_client.hpp"

namespace usher::app {

/// Why a WebSocket did not come to be, and what to do about it.
std::string refusal_text(const ClientEnd& end);

/// How an open WebSocket ended: one line with a line feed.
std::string ending_text(const ClientEnd& end);

}  // namespace usher::app
