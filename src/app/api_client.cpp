#include "app/api_client.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/process.hpp"
#include "auth/rights.hpp"
#include "base/json.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"

namespace usher::app {
namespace {

using nlohmann::json;

json parse_quietly(std::string_view text) { return json::parse(text, nullptr, false); }

std::string text_of(const json& object, const char* name) {
  if (!object.is_object()) return "";
  const auto found = object.find(name);
  if (found == object.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string_view status_advice(int status) {
  switch (status) {
    case 401:
      return "; is the API key the one whose SHA-256 stands in [[auth.api_key]]?";
    case 403:
      return "; does the key have that right, and the channel?";
    case 404:
    case 405:
      return "; is this usher, and is its API on this listener (server.manage)?";
    default:
      return "";
  }
}

}  // namespace

std::optional<ApiAccess> api_access(const ApiOptions& options) {
  auto url = parse_url(options.url);
  if (!url.ok()) {
    std::fprintf(stderr, "usher: --url: %s\n", url.error().message.c_str());
    return std::nullopt;
  }
  std::string key = options.api_key.empty() ? environment_variable("USHER_API_KEY").value_or("") : options.api_key;
  if (key.empty()) {
    std::fputs("usher: this needs an API key: --api-key KEY or USHER_API_KEY; `usher init` makes one\n", stderr);
    return std::nullopt;
  }
  return ApiAccess{std::move(url).value(), std::move(key)};
}

HttpRequest api_request(const ApiAccess& access, std::string_view path, std::string body) {
  std::string folder = access.url.target;
  while (folder.ends_with('/')) folder.pop_back();
  HttpRequest request;
  request.target = folder + std::string(path);
  request.host = access.url.authority;
  request.headers = {{"X-API-Key", access.key}, {"Content-Type", "application/json"}};
  request.body = std::move(body);
  return request;
}

std::optional<std::string> api_failure(const HttpAnswer& answer) {
  const json body = parse_quietly(answer.body);
  if (answer.status >= 200 && answer.status < 300) {
    if (!body.is_object()) return "the answer is not JSON: is this usher?";
    const auto error = body.find("error");
    if (error == body.end()) return std::nullopt;
    return "the server refused: " + text_of(*error, "code") + " " + text_of(*error, "message");
  }
  std::string message = "the server refused: " + std::to_string(answer.status);
  for (const char* member : {"code", "detail"}) {
    if (const std::string text = text_of(body, member); !text.empty()) message += " " + text;
  }
  return message + std::string(status_advice(answer.status));
}

std::optional<std::string> json_member(std::string_view text, std::string_view name) {
  const json body = parse_quietly(text);
  if (!body.is_object()) return std::nullopt;
  const auto found = body.find(std::string(name));
  if (found == body.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::string ticket_body(const TicketWish& wish) {
  std::string body = "{\"user\":" + (wish.user ? base::json_string(*wish.user) : "null");
  if (!wish.channels.empty()) body += ",\"channels\":" + wish.channels;
  if (wish.ttl_seconds) body += ",\"ttl\":" + std::to_string(*wish.ttl_seconds);
  if (!wish.ip.empty()) body += ",\"ip\":" + base::json_string(wish.ip);
  if (!wish.origin.empty()) body += ",\"origin\":" + base::json_string(wish.origin);
  return body + "}";
}

base::Result<std::string> channels_json(const std::vector<std::string>& grants) {
  json object = json::object();
  for (const std::string& grant : grants) {
    const std::size_t equals = grant.rfind('=');
    if (equals == std::string::npos)
      return base::Error{"\"" + grant + "\": write PATTERN=RIGHTS, as in room.*=subscribe"};
    const auto pattern = base::Pattern::parse(grant.substr(0, equals));
    if (!pattern.ok()) return base::Error{"\"" + grant + "\": " + pattern.error().message};
    json& rights = object[pattern->text()] = json::array();
    std::string_view rest = std::string_view(grant).substr(equals + 1);
    std::string_view right;
    while (base::next_element(rest, ',', right)) {
      if (!auth::parse_right(right)) {
        return base::Error{"\"" + std::string(right) + "\" is no right: subscribe, publish, presence, history"};
      }
      rights.push_back(std::string(right));
    }
  }
  return object.empty() ? std::string() : object.dump();
}

}  // namespace usher::app
