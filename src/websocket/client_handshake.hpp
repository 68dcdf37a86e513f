#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "websocket/extension.hpp"
#include "websocket/handshake.hpp"
#include "websocket/version.hpp"

namespace usher::websocket {

/// How to ask a server for a WebSocket. The values must already be fit for a request head (no line breaks).
struct ClientRequest {
  Version version = Version::rfc6455;
  std::string target = "/";
  std::string host;
  std::string key;     ///< base64 of 16 random bytes: the caller's, for there is no randomness here
  std::string origin;  ///< empty: none. Version 7 and 8 send it as Sec-WebSocket-Origin
  std::vector<std::string> protocols;
  bool offer_deflate = false;                                ///< only version 13
  std::vector<std::pair<std::string, std::string>> headers;  ///< further ones: Authorization, Cookie
};

/// The whole head of the request (RFC 6455, section 4.1).
std::string client_request(const ClientRequest& request);

/// What the client looks at in the answer.
struct ServerResponse {
  int status = 0;
  HeaderLines upgrade;
  HeaderLines connection;
  HeaderLines accept;      ///< Sec-WebSocket-Accept
  HeaderLines protocol;    ///< Sec-WebSocket-Protocol
  HeaderLines extensions;  ///< Sec-WebSocket-Extensions
};

enum class ResponseError : std::uint8_t {
  status,
  upgrade,
  connection,
  accept,
  protocol_not_offered,
  extension_not_offered,
};

/// One sentence without a full stop.
std::string_view describe(ResponseError error);

struct ClientAccepted {
  std::string protocol;  ///< empty: none
  std::optional<DeflateParameters> deflate;
};

/// The checks of section 4.1, last list, items 1 to 6.
base::Result<ClientAccepted, ResponseError> check_server_response(const ServerResponse& response,
                                                                  const ClientRequest& request);

}  // namespace usher::websocket
