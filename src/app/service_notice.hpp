#pragma once

#include <string_view>

namespace usher::app {

/// Tells systemd (sd_notify's protocol: one datagram to the socket that NOTIFY_SOCKET names). Does nothing where no
/// service manager waits; a failure is of no consequence.
void notify_service_manager(std::string_view state);

}  // namespace usher::app
