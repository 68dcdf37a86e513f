#pragma once

#include <string_view>

#include "http/message_error.hpp"
#include "http/response.hpp"
#include "server/refusal.hpp"
#include "server/route.hpp"

namespace usher::server {

/// The answer that refuses, with the headers that belong to the refusal: Allow, Retry-After, Upgrade, the versions of
/// WebSocket. `detail` replaces the row's; `route` is null where none was found.
http::Response refusal_response(Refusal refusal, std::string_view detail, const RouteRow* route);

/// Which refusal a malformed or too large request is.
Refusal refusal_for(http::MessageError error);

}  // namespace usher::server
