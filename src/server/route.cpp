#include "server/route.hpp"

#include <array>

#include "base/text.hpp"
#include "http/static_file.hpp"

namespace usher::server {
namespace {

using enum RouteKind;
using auth::ApiRight;

constexpr std::array rows = {
    RouteRow{channel, "", "GET, POST, OPTIONS", Access::connect, ApiRight::publish, CrossOrigin::shared,
             BodyKind::publication, false},
    RouteRow{tickets, "/tickets", "POST, OPTIONS", Access::issue, ApiRight::tickets, CrossOrigin::shared,
             BodyKind::ticket_request, false},
    RouteRow{api_tickets, "/api/tickets", "POST", Access::api_key, ApiRight::tickets, CrossOrigin::refused,
             BodyKind::ticket_request, true},
    RouteRow{api_publish, "/api/publish", "POST", Access::api_key, ApiRight::publish, CrossOrigin::refused,
             BodyKind::api_command, true},
    RouteRow{api_broadcast, "/api/broadcast", "POST", Access::api_key, ApiRight::publish, CrossOrigin::refused,
             BodyKind::api_command, true},
    RouteRow{api_history, "/api/history", "POST", Access::api_key, ApiRight::read, CrossOrigin::refused,
             BodyKind::api_command, true},
    RouteRow{api_channels, "/api/channels", "POST", Access::api_key, ApiRight::read, CrossOrigin::refused,
             BodyKind::api_command, true},
    RouteRow{api_info, "/api/info", "POST", Access::api_key, ApiRight::read, CrossOrigin::refused,
             BodyKind::api_command, true},
    RouteRow{metrics, "/metrics", "GET, HEAD", Access::operator_, ApiRight::read, CrossOrigin::refused, BodyKind::none,
             false},
    RouteRow{health_live, "/health/live", "GET, HEAD", Access::open, ApiRight::read, CrossOrigin::ignored,
             BodyKind::none, false},
    RouteRow{health_ready, "/health/ready", "GET, HEAD", Access::open, ApiRight::read, CrossOrigin::ignored,
             BodyKind::none, false},
    RouteRow{asyncapi, "/asyncapi.json", "GET, HEAD", Access::documentation, ApiRight::read, CrossOrigin::ignored,
             BodyKind::none, false},
    RouteRow{docs, "/docs", "GET, HEAD", Access::documentation, ApiRight::read, CrossOrigin::ignored, BodyKind::none,
             false},
    RouteRow{docs_style, "/docs/style.css", "GET, HEAD", Access::open, ApiRight::read, CrossOrigin::ignored,
             BodyKind::none, false},
    RouteRow{client_script, "/usher.js", "GET, HEAD", Access::open, ApiRight::read, CrossOrigin::shared, BodyKind::none,
             false},
    RouteRow{demo_events, "/demo/events", "GET", Access::open, ApiRight::read, CrossOrigin::ignored, BodyKind::none,
             false},
    RouteRow{static_file, "", "GET, HEAD", Access::open, ApiRight::read, CrossOrigin::ignored, BodyKind::none, false},
};

const RouteRow& row_of(RouteKind kind) { return rows[static_cast<std::size_t>(kind)]; }

bool is_here(const RouteRow& row, const Rules& rules, Surface surface) {
  const bool managed_elsewhere = !rules.settings().server.manage.empty();
  if (surface == Surface::manage) {
    return row.managed || row.kind == metrics || row.kind == health_live || row.kind == health_ready;
  }
  return !(row.managed && managed_elsewhere);
}

bool exists(const RouteRow& row, const Settings& settings) {
  switch (row.kind) {
    case client_script:
      return !settings.client_script.empty();
    case demo_events:
      return settings.demo.has_value();
    case asyncapi:
    case docs:
      return settings.docs != DocsAccess::off;
    default:
      return true;
  }
}

}  // namespace

std::span<const RouteRow> route_rows() { return rows; }

std::optional<Route> find_route(const Rules& rules, std::string_view path, Surface surface) {
  for (const RouteRow& row : rows) {
    if (row.path.empty() || row.path != path) continue;
    if (!is_here(row, rules, surface) || !exists(row, rules.settings())) return std::nullopt;
    return Route{&row, std::nullopt};
  }
  if (surface == Surface::manage) return std::nullopt;
  if (auto target = rules.target_of(path)) return Route{&row_of(channel), std::move(target)};
  if (rules.settings().demo && http::static_file_path(path)) return Route{&row_of(static_file), std::nullopt};
  return std::nullopt;
}

bool method_allowed(const RouteRow& row, std::string_view method) {
  std::string_view rest = row.methods;
  std::string_view element;
  while (base::next_element(rest, ',', element)) {
    if (element == method) return true;
  }
  return false;
}

}  // namespace usher::server
