#include "websocket/client_handshake.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace usher::websocket {
namespace {

void add_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

bool lists(const HeaderLines& lines, std::string_view wanted) {
  for (std::string_view rest : lines) {
    std::string_view element;
    while (base::next_element(rest, ',', element)) {
      if (base::equals_ignoring_case(element, wanted)) return true;
    }
  }
  return false;
}

bool is_only(const HeaderLines& lines, std::string_view wanted) { return lines.size() == 1 && lines.front() == wanted; }

}  // namespace

std::string client_request(const ClientRequest& request) {
  std::string head = "GET " + request.target + " HTTP/1.1\r\n";
  add_header(head, "Host", request.host);
  add_header(head, "Upgrade", "websocket");
  add_header(head, "Connection", "Upgrade");
  add_header(head, "Sec-WebSocket-Key", request.key);
  add_header(head, "Sec-WebSocket-Version", std::to_string(static_cast<int>(request.version)));
  if (!request.origin.empty()) {
    add_header(head, request.version == Version::rfc6455 ? "Origin" : "Sec-WebSocket-Origin", request.origin);
  }
  std::string protocols;
  for (const std::string& protocol : request.protocols) protocols += (protocols.empty() ? "" : ", ") + protocol;
  if (!protocols.empty()) add_header(head, "Sec-WebSocket-Protocol", protocols);
  if (request.offer_deflate && request.version == Version::rfc6455) {
    add_header(head, "Sec-WebSocket-Extensions", deflate_offer);
  }
  for (const auto& [name, value] : request.headers) add_header(head, name, value);
  head += "\r\n";
  return head;
}

base::Result<ClientAccepted, ResponseError> check_server_response(const ServerResponse& response,
                                                                  const ClientRequest& request) {
  if (response.status != 101) return ResponseError::status;
  if (response.upgrade.size() != 1 || !base::equals_ignoring_case(response.upgrade.front(), "websocket")) {
    return ResponseError::upgrade;
  }
  if (!lists(response.connection, "upgrade")) return ResponseError::connection;
  if (!is_only(response.accept, accept_value(request.key))) return ResponseError::accept;

  ClientAccepted accepted;
  if (!response.extensions.empty()) {
    const auto answer = parse_extensions(response.extensions, request.version);
    if (!answer || !request.offer_deflate || request.version != Version::rfc6455) {
      return ResponseError::extension_not_offered;
    }
    accepted.deflate = accept_deflate_response(*answer);
    if (!accepted.deflate) return ResponseError::extension_not_offered;
  }
  if (!response.protocol.empty()) {
    const auto offered =
        std::find_if(request.protocols.begin(), request.protocols.end(),
                     [&](const std::string& protocol) { return is_only(response.protocol, protocol); });
    if (offered == request.protocols.end()) return ResponseError::protocol_not_offered;
    accepted.protocol = *offered;
  }
  return accepted;
}

std::string_view describe(ResponseError error) {
  switch (error) {
    case ResponseError::status:
      return "the server did not answer 101";
    case ResponseError::upgrade:
      return "the answer's Upgrade header is not websocket";
    case ResponseError::connection:
      return "the answer's Connection header does not name upgrade";
    case ResponseError::accept:
      return "Sec-WebSocket-Accept does not fit the key";
    case ResponseError::protocol_not_offered:
      return "the server chose a subprotocol that was not offered";
    case ResponseError::extension_not_offered:
      return "the server chose an extension that was not offered";
  }
  return "";
}

}  // namespace usher::websocket
