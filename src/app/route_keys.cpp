#include <array>

#include "app/keys.hpp"

namespace usher::app {
namespace {

/// The paths of usher's own routes (interfaces of the server): a further route there would never be reached.
constexpr std::array<std::string_view, 12> own_paths = {"/channels/",    "/tickets", "/api/",          "/metrics",
                                                        "/health/",      "/admin",   "/asyncapi.json", "/asyncapi.yaml",
                                                        "/openapi.json", "/docs",    "/usher.js",      "/connection/"};

server::RouteSettings& route(Reading& reading) { return reading.settings().routes.back(); }

void read_path(Reading& reading, const Value& value, const Key&) {
  reading.routes.back().name = value.place;
  auto pattern = read_pattern(reading, value, base::Pattern::path_separators);
  if (!pattern) return;
  if (!pattern->text().starts_with('/')) return reading.fail_key(value.place, "a path begins with '/'");
  for (const std::string_view own : own_paths) {
    if (pattern->text().starts_with(own)) {
      return reading.fail_key(value.place, "\"" + std::string(own) + "\" is usher's own");
    }
  }
  route(reading).path = std::move(*pattern);
  reading.routes.back().path_read = true;
}

void read_channel(Reading& reading, const Value& value, const Key&) {
  reading.routes.back().content = value.place;
  auto pattern = read_pattern(reading, value, base::Pattern::channel_separators);
  if (!pattern) return;
  route(reading).channel = std::move(*pattern);
  reading.routes.back().content_read = true;
}

void read_route_connect_with(Reading& reading, const Value& value, const Key&) {
  if (auto kinds = read_kinds(reading, value)) route(reading).connect_with = std::move(*kinds);
}

void read_route_refuse(Reading& reading, const Value& value, const Key&) {
  if (const auto how = read_refuse(reading, value)) route(reading).refuse = *how;
}

constexpr std::array keys = {
    Key{"route.path", read_path, "the further path"},
    Key{"route.channel", read_channel, "the channel that it leads to"},
    Key{"route.connect_with", read_route_connect_with, "what a WebSocket may bring there"},
    Key{"route.refuse", read_route_refuse, "refuse by HTTP, or accept and close"},
};

}  // namespace

std::span<const Key> route_keys() { return keys; }

void begin_route(Reading& reading, const Value& table) {
  reading.settings().routes.push_back({.path = base::Pattern::parse("/", base::Pattern::path_separators).value(),
                                       .channel = base::Pattern::parse("*").value(),
                                       .connect_with = {},
                                       .refuse = {}});
  reading.routes.push_back({table.place, {}, {}});
}

void end_route(Reading& reading, const Value&) {
  const Reading::DraftPlaces& places = reading.routes.back();
  if (!places.name.given()) reading.fail(places.table, "[[route]] needs a path, as in path = \"/ws/chat/{room}/\"");
  if (!places.content.given()) reading.fail(places.table, "[[route]] needs a channel, as in channel = \"room.{room}\"");
}

}  // namespace usher::app
