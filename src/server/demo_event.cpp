#include "server/demo_event.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace usher::server {

std::string demo_event_json(const DemoEvent& event) {
  return fmt::format(R"({{"time":{}.{:03},"method":{},"path":{},"status":{},"reason":{},"user":{}}})",
                     event.time.seconds(), event.time.milliseconds % 1000, base::json_string(event.method),
                     base::json_string(event.path), event.status, base::json_string(event.reason),
                     event.user.empty() ? std::string("null") : base::json_string(event.user));
}

}  // namespace usher::server
