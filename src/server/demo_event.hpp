#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace usher::server {

/// What the server saw of a handshake or a ticket request of one browser: told to that browser's own demo page.
struct DemoEvent {
  std::string browser;  ///< the id that the page made for itself
  base::WallTime time;
  std::string method;
  std::string path;  ///< without the query
  int status = 0;
  std::string reason;  ///< "redeemed", "replayed", "issued" …
  std::string user;    ///< empty when unknown
};

/// One event of the stream, as JSON.
std::string demo_event_json(const DemoEvent& event);

}  // namespace usher::server
