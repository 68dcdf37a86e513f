#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "auth/rights.hpp"
#include "http/request.hpp"
#include "server/rules.hpp"

namespace usher::server {

/// Which listener a connection came in by.
enum class Surface : std::uint8_t { open, manage };

/// What is at a path.
enum class RouteKind : std::uint8_t {
  channel,  ///< `/channels/{channel}` and `[[route]]`
  tickets,
  api_tickets,
  api_publish,
  api_broadcast,
  api_history,
  api_channels,
  api_info,
  metrics,
  health_live,
  health_ready,
  asyncapi,
  docs,
  docs_style,
  client_script,
  demo_events,
  static_file,
};

/// What a request must bring.
enum class Access : std::uint8_t {
  open,          ///< nothing
  connect,       ///< for a WebSocket what `auth.connect_with` takes; for a POST also an API key, Basic, a ticket
  issue,         ///< what `tickets.issue_to` takes
  api_key,       ///< an API key with the route's right
  operator_,     ///< an API key with the right `read`, or a local listener without a proxy (interfaces, section 9)
  documentation  ///< by `docs.access`
};

enum class CrossOrigin : std::uint8_t {
  shared,   ///< allowed origins may read the answer (CORS)
  ignored,  ///< a page, a document: the same for everyone
  refused,  ///< a request with Origin is 403: no browser has business here
};

/// Which limit bounds the body.
enum class BodyKind : std::uint8_t { none, publication, ticket_request, api_command };

/// One row per route: transport × credential × right.
struct RouteRow {
  RouteKind kind;
  std::string_view path;     ///< exact; empty for kinds that have many paths
  std::string_view methods;  ///< for `Allow` and preflights
  Access access;
  auth::ApiRight right;  ///< of an API key, where one is shown
  CrossOrigin cross_origin;
  BodyKind body;
  bool managed;  ///< moves to `server.manage` where that is set
};

std::span<const RouteRow> route_rows();

/// Where a request goes.
struct Route {
  const RouteRow* row = nullptr;
  std::optional<ChannelTarget> target;  ///< with kind channel
};

/// The route of a path, or nothing (404). Knows `server.manage`: what moved away is not found on the open surface, and
/// nothing else on the other.
std::optional<Route> find_route(const Rules& rules, std::string_view path, Surface surface);

bool method_allowed(const RouteRow& row, std::string_view method);

}  // namespace usher::server
