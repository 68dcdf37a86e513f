#include <array>

#include "app/keys.hpp"

namespace usher::app {
namespace {

bool is_off(const Value& value, std::string_view also) {
  switch (value.kind) {
    case Value::Kind::text:
      return value.text.empty() || value.text == "off" || (!also.empty() && value.text == also);
    case Value::Kind::boolean:
      return !value.boolean;
    case Value::Kind::list:
      return value.items.empty();
    case Value::Kind::table:
      return value.members.empty();
    default:
      return false;
  }
}

/// Of keys that are announced: they may be written down in the form that switches them off.
void read_later(Reading& reading, const Value& value, const Key& key) {
  if (!is_off(value, key.off)) reading.fail_later(value.place, "this");
}

constexpr std::array keys = {
    Key{"websocket.first_message", read_later, "the ticket may come as the first message"},
    Key{"tls.certificate", read_later, "PEM, full chain"},
    Key{"tls.key", read_later, "PEM"},
    Key{"tls.client_ca", read_later, "mTLS"},
    Key{"tls.minimum", read_later, "the least version", "1.2"},
    Key{"proxies.trusted", read_later, "whose forwarding headers count"},
    Key{"proxies.header", read_later, "which header", "x-forwarded-for"},
    Key{"proxies.proxy_protocol", read_later, "PROXY protocol"},
    Key{"tickets.redis", read_later, "the tickets' own Redis"},
    Key{"auth.cookie.name", read_later, "the application's cookie"},
    Key{"auth.cookie.check_url", read_later, "who judges the cookie"},
    Key{"auth.cookie.signing_key", read_later, "usher's own signed cookie"},
    Key{"auth.cookie.recheck", read_later, "how often live sessions are judged again", "5m"},
    Key{"auth.jwt.keys", read_later, "keys of JSON Web Tokens"},
    Key{"auth.jwt.jwks", read_later, "file or URL of the keys"},
    Key{"auth.jwt.issuer", read_later, "who must have signed"},
    Key{"auth.jwt.audience", read_later, "whom it must be for"},
    Key{"broker.kind", read_later, "how nodes share channels", "memory"},
    Key{"redis.url", read_later, "the Redis server"},
    Key{"redis.prefix", read_later, "what usher's keys begin with", "usher:"},
    Key{"redis.durable", read_later, "Redis never goes back in time"},
    Key{"channel.presence", read_later, "who is there is known"},
    Key{"channel.join_leave", read_later, "coming and going is told"},
    Key{"channel.validate", read_later, "messages are held against their schema"},
    Key{"route.first_message", read_later, "the ticket may come as the first message"},
    Key{"bridge", read_later, "foreign Redis formats"},
};

}  // namespace

std::span<const Key> later_keys() { return keys; }

}  // namespace usher::app
