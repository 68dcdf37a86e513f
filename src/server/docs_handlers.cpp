#include <algorithm>

#include "asyncapi/document.hpp"
#include "base/close_reason.hpp"
#include "server/handlers.hpp"
#include "server/local_access.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

constexpr std::string_view docs_policy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view name_of(auth::Allow allow) {
  switch (allow) {
    case auth::Allow::anyone:
      return "anyone";
    case auth::Allow::user:
      return "user";
    case auth::Allow::granted:
      return "granted";
    case auth::Allow::owner:
      return "owner";
    case auth::Allow::nobody:
      return "nobody";
  }
  return "";
}

std::string_view name_of(OnSlow on_slow) {
  switch (on_slow) {
    case OnSlow::gap:
      return "gap";
    case OnSlow::latest:
      return "latest";
    case OnSlow::disconnect:
      return "disconnect";
  }
  return "";
}

std::vector<std::string> names_of(std::span<const auth::CredentialKind> kinds) {
  std::vector<std::string> names;
  for (const auth::CredentialKind kind : kinds) names.emplace_back(auth::credential_kind_name(kind));
  return names;
}

/// Whether the reader may learn of the channel: all where the documents are open to anyone, and to an API key that
/// reaches it; else what the grant may subscribe to, a stranger what anyone may.
bool may_see(DocsAccess access, const Request& request, const ChannelSettings& channel) {
  if (access == DocsAccess::anyone) return true;
  if (!request.admitted) return channel.allow_subscribe == auth::Allow::anyone;
  if (request.admitted->api_key != nullptr) return request.admitted->api_key->reaches_all(channel.pattern);
  const auto& ceiling = request.admitted->grant.details().channels;
  const auto overlaps = [&channel](const auth::ChannelRights& one) {
    return one.rights.has(auth::Right::subscribe) &&
           (one.pattern.contains(channel.pattern) || channel.pattern.contains(one.pattern));
  };
  if (ceiling) return std::any_of(ceiling->begin(), ceiling->end(), overlaps);
  return channel.allow_subscribe != auth::Allow::granted && channel.allow_subscribe != auth::Allow::nobody;
}

/// One description for the paths that take the same credentials: mostly one, and one for each route that takes others.
std::vector<asyncapi::ChannelDescription> describe(const Rules& rules, const ChannelSettings& channel) {
  asyncapi::ChannelDescription description;
  description.pattern = channel.pattern.text();
  description.summary = channel.summary;
  description.paths.push_back("/channels/" + channel.pattern.text());
  description.connect_with = names_of(rules.settings().auth.connect_with);
  description.protocols = channel.protocols;
  description.may_publish = channel.allow_publish != auth::Allow::nobody;
  description.has_history = channel.history.has_value();
  description.allow_subscribe = name_of(channel.allow_subscribe);
  description.allow_publish = name_of(channel.allow_publish);
  description.allow_history = name_of(channel.allow_history);
  description.on_slow = name_of(channel.on_slow);
  for (const MessageSettings& message : channel.messages) {
    description.messages.push_back({message.name, message.summary, message.schema, message.example});
  }
  std::vector<asyncapi::ChannelDescription> descriptions = {description};
  for (const RouteSettings& route : rules.settings().routes) {
    if (!channel.pattern.contains(route.channel)) continue;
    if (!route.connect_with) {
      descriptions.front().paths.push_back(route.path.text());
      continue;
    }
    description.paths = {route.path.text()};
    description.connect_with = names_of(*route.connect_with);
    descriptions.push_back(description);
  }
  return descriptions;
}

std::vector<asyncapi::CloseCodeDescription> close_codes() {
  std::vector<asyncapi::CloseCodeDescription> codes;
  for (const base::CloseReasonRow& row : base::close_reasons()) {
    if (row.code == 0) continue;
    codes.push_back({row.code, std::string(row.label), std::string(row.meaning), std::string(describe(row.come_back))});
  }
  return codes;
}

/// Where clients reach this node: `server.public_url`, else the first listener as bound; never the request's Host.
void describe_host(Worker& worker, asyncapi::Description& description) {
  const std::string_view url = worker.settings().server.public_url;
  const std::size_t separator = url.find("://");
  description.scheme = separator == std::string_view::npos ? "ws" : url.substr(0, separator);
  if (description.scheme == "http") description.scheme = "ws";
  if (description.scheme == "https") description.scheme = "wss";
  description.host = separator == std::string_view::npos ? worker.node().first_address : url.substr(separator + 3);
  while (description.host.ends_with('/')) description.host.pop_back();
}

asyncapi::Description describe(Worker& worker, DocsAccess access, const Request& request) {
  const Settings& settings = worker.settings();
  asyncapi::Description description;
  description.version = worker.node().version;
  describe_host(worker, description);
  description.issue_to = names_of(settings.tickets.issue_to);
  for (const auth::TicketPlace place :
       {auth::TicketPlace::protocol, auth::TicketPlace::header, auth::TicketPlace::cookie, auth::TicketPlace::query}) {
    if (settings.tickets.accept_in.has(place)) description.accept_in.emplace_back(auth::ticket_place_name(place));
  }
  description.ticket_ttl_seconds = std::chrono::duration_cast<std::chrono::seconds>(settings.tickets.ttl).count();
  description.message_bytes_max = settings.limits.message_bytes;
  description.ping_seconds = std::chrono::duration_cast<std::chrono::seconds>(settings.websocket.ping).count();
  description.compression = settings.websocket.compression;
  for (const ChannelSettings& channel : settings.channels) {
    if (!may_see(access, request, channel)) continue;
    for (auto& described : describe(worker.rules(), channel)) description.channels.push_back(std::move(described));
  }
  description.close_codes = close_codes();
  return description;
}

/// What differs by reader must not be kept by a cache in between.
http::Response document_response(DocsAccess access, std::string_view content_type) {
  http::Response response;
  response.add("Content-Type", content_type);
  response.add("Cache-Control", access == DocsAccess::anyone ? "no-cache" : "no-store");
  http::add_security_headers(response, docs_policy);
  return response;
}

}  // namespace

void serve_asyncapi(Worker& worker, HttpConnection& http, Request& request) {
  const DocsAccess access = docs_access(worker.rules(), http.head());
  http::Response response = document_response(access, "application/json");
  response.body = asyncapi::document(describe(worker, access, request));
  http.answer(std::move(response));
}

void serve_docs(Worker& worker, HttpConnection& http, Request& request) {
  const DocsAccess access = docs_access(worker.rules(), http.head());
  http::Response response = document_response(access, "text/html; charset=utf-8");
  response.body = asyncapi::page(describe(worker, access, request));
  http.answer(std::move(response));
}

void serve_docs_style(HttpConnection& http) {
  http::Response response = document_response(DocsAccess::anyone, "text/css; charset=utf-8");
  response.body = asyncapi::page_style();
  http.answer(std::move(response));
}

}  // namespace usher::server
