#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "io/address.hpp"
#include "server/settings.hpp"

namespace usher::server {

/// What `serve` is told besides the settings.
struct ServeOptions {
  std::string version;
  /// Called once when every listener is bound: with the addresses as bound, in the configured order.
  std::function<void(const std::vector<io::Address>& listening)> on_ready;
};

/// Runs a node until SIGTERM or SIGINT has drained it, or a second one has ended it at once. Blocks. The error says
/// what could not be started, and how to help.
///
/// In a demo the page's own origins (loopback names with the first listener's port) are added to the settings, since
/// the port is known only once it is bound.
base::Result<void> serve(const Settings& settings, const ServeOptions& options);

}  // namespace usher::server
