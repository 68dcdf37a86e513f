#include <array>

#include "app/keys.hpp"
#include "http/uri.hpp"

namespace usher::app {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::vector<io::Address> read_addresses(Reading& reading, const Value& value) {
  std::vector<io::Address> addresses;
  for (const Value& item : reading.list(value).value_or(std::vector<Value>())) {
    const std::optional<std::string> text = reading.text(item);
    if (!text) continue;
    if (text->starts_with("tls://")) {
      reading.fail_later(item.place, "tls://");
      continue;
    }
    auto address = io::Address::parse(*text);
    if (address.ok()) {
      addresses.push_back(std::move(address).value());
    } else {
      reading.fail_key(item.place, "\"" + *text + "\": " + address.error().message);
    }
  }
  return addresses;
}

void read_listen(Reading& reading, const Value& value, const Key&) {
  if (value.kind == Value::Kind::list && value.items.empty()) {
    return reading.fail_key(value.place, "names no address; the default is [\"127.0.0.1:8080\"]");
  }
  reading.settings().server.listen = read_addresses(reading, value);
}

void read_manage(Reading& reading, const Value& value, const Key&) {
  reading.settings().server.manage = read_addresses(reading, value);
}

void read_public_url(Reading& reading, const Value& value, const Key&) {
  const std::optional<std::string> text = reading.text(value);
  if (!text) return;
  if (!text->empty()) {
    const std::size_t slashes = text->find("://");
    const std::string_view scheme = std::string_view(*text).substr(0, slashes);
    if (slashes == std::string::npos || (scheme != "ws" && scheme != "wss") ||
        !http::is_authority(std::string_view(*text).substr(slashes + 3))) {
      return reading.fail_key(value.place, "write scheme, host and port only, as in \"wss://ws.example.com\"");
    }
  }
  reading.settings().server.public_url = *text;
}

void read_workers(Reading& reading, const Value& value, const Key&) {
  const auto number = reading.number(value, 0, 1024);
  if (number) reading.settings().server.workers = static_cast<unsigned>(*number);
}

void read_drain(Reading& reading, const Value& value, const Key&) {
  if (const auto time = reading.duration(value, seconds(0), hours(24))) reading.settings().server.drain = *time;
}

void read_drain_delay(Reading& reading, const Value& value, const Key&) {
  if (const auto time = reading.duration(value, seconds(0), hours(1))) reading.settings().server.drain_delay = *time;
}

void read_log_format(Reading& reading, const Value& value, const Key&) {
  constexpr std::array<Word<base::LogFormat>, 2> words{
      {{"text", base::LogFormat::text}, {"json", base::LogFormat::json}}};
  if (const auto format = reading.word(value, words)) reading.settings().log.format = *format;
}

void read_log_level(Reading& reading, const Value& value, const Key&) {
  constexpr std::array<Word<base::LogLevel>, 4> words{{{"debug", base::LogLevel::debug},
                                                       {"info", base::LogLevel::info},
                                                       {"warning", base::LogLevel::warning},
                                                       {"error", base::LogLevel::error}}};
  if (const auto level = reading.word(value, words)) reading.settings().log.level = *level;
}

void read_compression(Reading& reading, const Value& value, const Key&) {
  if (const auto on = reading.flag(value)) reading.settings().websocket.compression = *on;
}

void read_ping(Reading& reading, const Value& value, const Key&) {
  if (const auto time = reading.duration(value, seconds(1), hours(24))) reading.settings().websocket.ping = *time;
}

void read_websocket_refuse(Reading& reading, const Value& value, const Key&) {
  if (const auto how = read_refuse(reading, value)) reading.settings().websocket.refuse = *how;
}

void read_origins(Reading& reading, const Value& value, const Key&) {
  for (const Value& item : reading.list(value).value_or(std::vector<Value>())) {
    const std::optional<std::string> text = reading.text(item);
    if (!text) continue;
    const auto added = reading.settings().origins.add(*text);
    if (!added.ok()) reading.fail_key(item.place, "\"" + *text + "\": " + added.error().message);
  }
}

void read_docs_access(Reading& reading, const Value& value, const Key&) {
  constexpr std::array<Word<server::DocsAccess>, 4> words{{{"anyone", server::DocsAccess::anyone},
                                                           {"user", server::DocsAccess::user},
                                                           {"api_key", server::DocsAccess::api_key},
                                                           {"off", server::DocsAccess::off}}};
  if (const auto access = reading.word(value, words)) reading.settings().docs = *access;
}

constexpr std::array keys = {
    Key{"server.listen", read_listen, "where usher listens"},
    Key{"server.manage", read_manage, "where /api, /metrics, /health and /admin listen"},
    Key{"server.public_url", read_public_url, "the name that documents give"},
    Key{"server.workers", read_workers, "threads; 0: one per core"},
    Key{"server.drain", read_drain, "how long sessions are sent away after SIGTERM"},
    Key{"server.drain_delay", read_drain_delay, "how long usher goes on accepting after SIGTERM"},
    Key{"log.format", read_log_format, "text or json"},
    Key{"log.level", read_log_level, "the least level that is written"},
    Key{"websocket.compression", read_compression, "whether permessage-deflate is offered"},
    Key{"websocket.ping", read_ping, "silence after which a session is pinged"},
    Key{"websocket.refuse", read_websocket_refuse, "refuse by HTTP, or accept and close"},
    Key{"origins.allow", read_origins, "the pages that browsers may come from"},
    Key{"docs.access", read_docs_access, "who sees /docs and the documents"},
};

}  // namespace

std::span<const Key> server_keys() { return keys; }

std::optional<server::RefuseWith> read_refuse(Reading& reading, const Value& value) {
  constexpr std::array<Word<server::RefuseWith>, 2> words{
      {{"http", server::RefuseWith::http}, {"close", server::RefuseWith::close}}};
  return reading.word(value, words);
}

}  // namespace usher::app
