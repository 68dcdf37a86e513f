#include "server/refusal_response.hpp"

#include "http/problem.hpp"
#include "websocket/handshake.hpp"

namespace usher::server {

http::Response refusal_response(Refusal refusal, std::string_view detail, const RouteRow* route) {
  const RefusalRow& row = server::row(refusal);
  http::Response response = http::problem(row.status, row.code, detail.empty() ? row.detail : detail);
  switch (refusal) {
    case Refusal::method_not_allowed:
      response.add("Allow", route != nullptr ? route->methods : "GET");
      break;
    case Refusal::websocket_version:
      response.add("Sec-WebSocket-Version", websocket::supported_versions);
      [[fallthrough]];
    case Refusal::upgrade_required:
      response.add("Upgrade", "websocket").add("Connection", "upgrade");
      break;
    case Refusal::busy:
    case Refusal::draining:
    case Refusal::too_many_connections:
    case Refusal::too_many_from_address:
    case Refusal::too_many_tickets:
    case Refusal::too_many_channels:
    case Refusal::tickets_unavailable:
    case Refusal::broker_unavailable:
      response.add("Retry-After", "1");
      break;
    default:
      break;
  }
  return response;
}

Refusal refusal_for(http::MessageError error) {
  switch (http::info(error).status) {
    case 413:
      return Refusal::body_too_large;
    case 414:
      return Refusal::uri_too_long;
    case 431:
      return Refusal::header_too_large;
    case 417:
      return Refusal::expectation_failed;
    case 501:
      return Refusal::not_implemented;
    case 505:
      return Refusal::version_not_supported;
    default:
      return Refusal::bad_request;
  }
}

}  // namespace usher::server
