#include "app/documents.hpp"

namespace usher::app {
namespace {

constexpr std::string_view before_key =
    R"(# usher's configuration. Whatever stands behind a # is a default or an example. `usher check --config FILE` says
# what is wrong; every key can also be given as --set tickets.ttl=10s or USHER_TICKETS__TTL=10s.

[server]
listen = ["127.0.0.1:8080"]       # host:port, [v6]:port or unix:/run/usher.sock
# manage = ["127.0.0.1:9080"]     # where /api, /metrics, /health and /admin are, away from the public
# public_url = "ws://ws.example.com"
# workers = 0                     # 0: one per core
# drain = "25s"                   # how long sessions are sent away after SIGTERM

[log]
# format = "text"                 # or "json"
# level = "info"                  # debug, info, warning, error

[websocket]
# compression = false
# ping = "25s"
# refuse = "http"                 # or "close": accept, then close with 4401 or 4403, so that a page can read why

[origins]
# The pages that browsers may come from; usher's own address too, if pages are served from there.
allow = []                        # ["https://app.example.com", "https://*.example.com"]

[tickets]
# ttl = "30s"
# ttl_max = "60s"
# bind_address = "exact"          # "prefix", "off"
# bind_origin = true
issue_to = []                     # who may POST /tickets by themselves: "basic", "api_key", "anonymous"

[auth]
connect_with = ["ticket"]         # what a WebSocket may bring: also "basic", "anonymous"

# [auth.basic]
# file = "users.htpasswd"         # htpasswd -B -c users.htpasswd NAME

# What your back end shows as X-API-Key. The key itself was printed once, on standard error.
[[auth.api_key]]
name = "backend"
sha256 = ")";

constexpr std::string_view after_key = R"("
rights = ["publish", "tickets", "read", "disconnect"]
# channels = ["room.*"]           # default: all

[limits]
# message_bytes = 65536           # docs/limits.md has them all

# The first pattern that matches a channel counts; a channel that matches none is refused.
[[channel]]
name = "room.{room}"              # {x}: one segment, without '.' and ':'; a * at the end: the rest
summary = "A room"
allow_subscribe = "user"          # "anyone", "user", "granted", "owner", "nobody"
allow_publish = "user"
allow_history = "user"
history = { size = 100, ttl = "10m" }

[[channel]]
name = "user.{user}"
summary = "What one user alone is told"
allow_subscribe = "owner"
allow_publish = "nobody"          # back ends publish with their API key

# A further path, so that a front end keeps its URL.
# [[route]]
# path = "/ws/chat/{room}/"
# channel = "room.{room}"
)";

}  // namespace

std::string initial_configuration(std::string_view key_digest) {
  return std::string(before_key) + std::string(key_digest) + std::string(after_key);
}

}  // namespace usher::app
