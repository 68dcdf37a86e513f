#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/command_line.hpp"
#include "app/http_exchange.hpp"

namespace usher::app {

/// A server's HTTP API, with the key that opens it.
struct ApiAccess {
  Url url;
  std::string key;
};

/// From the flags and the environment; otherwise says on standard error what is missing.
std::optional<ApiAccess> api_access(const ApiOptions& options);

HttpRequest api_request(const ApiAccess& access, std::string_view path, std::string body);

/// What is wrong with an answer of the API, in words and with what to do about it; nothing when it is well. Problem
/// bodies (RFC 9457) and `{"error":{"code","message"}}` are understood.
std::optional<std::string> api_failure(const HttpAnswer& answer);

/// The text of a string member at the top of a JSON object; nothing when there is none.
std::optional<std::string> json_member(std::string_view json, std::string_view name);

/// The body of POST /api/tickets.
struct TicketWish {
  std::optional<std::string> user;  ///< nothing: a guest
  std::string channels;             ///< a JSON object; empty: not restricted
  std::optional<std::int64_t> ttl_seconds;
  std::string ip;
  std::string origin;
};
std::string ticket_body(const TicketWish& wish);

/// `room.*=subscribe,publish` twice becomes one JSON object. The error says how to write it.
base::Result<std::string> channels_json(const std::vector<std::string>& grants);

}  // namespace usher::app
