#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/close_reason.hpp"
#include "channel/position.hpp"
#include "websocket/close_code.hpp"

namespace usher::server {

/// The reason of a Close frame: the row's text, or `detail` in its place; then, for a raw session in a channel with
/// history and an end after which it may come back, `since=<offset>:<epoch>` of the last publication it got whole. At
/// most 123 bytes (RFC 6455, section 5.5); it is the detail that is cut.
std::string close_frame_text(base::CloseReason reason, std::string_view detail,
                             const std::optional<channel::Position>& position);

/// What a protocol failure is counted as, by the code that it was answered with.
base::CloseReason reason_of_failure(websocket::CloseCode code);

}  // namespace usher::server
