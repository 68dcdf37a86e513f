#include <algorithm>
#include <string>

#include "app/duration.hpp"
#include "app/keys.hpp"

namespace usher::app {
namespace {

bool is_public(const std::vector<io::Address>& addresses) {
  return std::any_of(addresses.begin(), addresses.end(), [](const io::Address& a) { return !a.is_loopback(); });
}

void check_listeners(Reading& reading) {
  server::ListenSettings& server = reading.settings().server;
  const Place* place = reading.place_of("server.listen");
  if (place == nullptr) {
    auto address = io::Address::parse("127.0.0.1:8080");
    ASSERT(address.ok());
    server.listen = {std::move(address).value()};
    return;
  }
  if (is_public(server.listen) && server.manage.empty()) {
    reading.warn(*place,
                 "server.listen: this address can be reached from other machines and server.manage is empty: /metrics, "
                 "/admin and the details of /health then need an API key; manage = [\"127.0.0.1:9080\"] moves them");
  }
}

void check_tickets(Reading& reading) {
  const server::TicketSettings& tickets = reading.settings().tickets;
  if (tickets.ttl <= tickets.ttl_max) return;
  const Place* place = reading.place_of("tickets.ttl");
  if (place == nullptr) place = reading.place_of("tickets.ttl_max");
  // Nothing was given, or only something that was wrong by itself.
  if (place == nullptr) return;
  reading.fail(*place, "tickets.ttl: " + duration_text(tickets.ttl) + " is above tickets.ttl_max, which is " +
                           duration_text(tickets.ttl_max));
}

void check_credentials(Reading& reading) {
  const server::AuthSettings& auth = reading.settings().auth;
  const bool has_passwords = reading.place_of("auth.basic.file") != nullptr;
  const auto check = [&](const char* key, const std::vector<auth::CredentialKind>& kinds) {
    const Place* place = reading.place_of(key);
    if (place == nullptr || has_passwords) return;
    if (std::find(kinds.begin(), kinds.end(), auth::CredentialKind::basic) == kinds.end()) return;
    reading.warn(*place, std::string(key) + ": \"basic\" admits nobody without auth.basic.file");
  };
  check("tickets.issue_to", reading.settings().tickets.issue_to);
  check("auth.connect_with", auth.connect_with);
}

void check_channels(Reading& reading) {
  const auto& channels = reading.settings().channels;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (!reading.channels[i].content.given()) continue;
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      if (!reading.channels[earlier].content.given()) continue;
      if (!channels[earlier].pattern.contains(channels[i].pattern)) continue;
      const Place& place = reading.channels[i].name;
      const std::string what = "channel.name: \"" + channels[i].pattern.text() + "\"";
      const std::string other =
          "\"" + channels[earlier].pattern.text() + "\" (" + reading.channels[earlier].name.text() + ")";
      if (channels[i].pattern.contains(channels[earlier].pattern)) {
        reading.fail(place, what + " matches the same channels as " + other);
      } else {
        reading.warn(place, what + " is never reached: " + other + " comes first and matches all of it");
      }
      break;
    }
  }
  if (channels.empty() && reading.sources().file) {
    reading.warn({reading.sources().file->name, 1, 1}, "there is no [[channel]]: every channel is refused");
  }
}

void check_route_variables(Reading& reading, std::size_t index) {
  const server::RouteSettings& route = reading.settings().routes[index];
  const Place& place = reading.routes[index].content;
  const std::vector<std::string> offered = route.path.variable_names();
  if (route.channel.text().ends_with('*')) {
    reading.fail(place, "route.channel: a path cannot say what '*' stands for");
  }
  for (const std::string& wanted : route.channel.variable_names()) {
    if (std::find(offered.begin(), offered.end(), wanted) != offered.end()) continue;
    reading.fail(place, "route.channel: the path has no {" + wanted + "}");
  }
}

void check_routes(Reading& reading) {
  const auto& routes = reading.settings().routes;
  const auto& channels = reading.settings().channels;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const Reading::DraftPlaces& places = reading.routes[i];
    if (places.path_read && places.content_read) check_route_variables(reading, i);
    const auto rules = [&](const server::ChannelSettings& c) { return c.pattern.contains(routes[i].channel); };
    if (places.content_read && std::none_of(channels.begin(), channels.end(), rules)) {
      reading.fail(places.content, "route.channel: no [[channel]] matches all of \"" + routes[i].channel.text() + "\"");
    }
    for (std::size_t earlier = 0; places.path_read && earlier < i; ++earlier) {
      if (!reading.routes[earlier].path_read || !routes[earlier].path.contains(routes[i].path)) continue;
      reading.fail(places.name, "route.path: never reached: \"" + routes[earlier].path.text() + "\" (" +
                                    reading.routes[earlier].name.text() + ") comes first and matches all of it");
      break;
    }
  }
}

}  // namespace

void check_together(Reading& reading) {
  reading.settings().auth.api_keys = auth::ApiKeys(std::move(reading.api_key_drafts));
  check_listeners(reading);
  check_tickets(reading);
  check_credentials(reading);
  check_channels(reading);
  check_routes(reading);
}

}  // namespace usher::app
