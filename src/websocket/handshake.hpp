#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "websocket/extension.hpp"
#include "websocket/version.hpp"

namespace usher::websocket {

/// All lines of one header, in order, as the request parser delivered them.
using HeaderLines = std::vector<std::string_view>;

/// What the opening handshake looks at in a request. Views into the request head.
struct UpgradeRequest {
  bool is_get = false;
  bool is_http_1_1 = false;
  bool has_body = false;  ///< Content-Length above zero, or Transfer-Encoding
  HeaderLines upgrade;
  HeaderLines connection;
  HeaderLines key;         ///< Sec-WebSocket-Key
  HeaderLines version;     ///< Sec-WebSocket-Version
  HeaderLines protocol;    ///< Sec-WebSocket-Protocol
  HeaderLines extensions;  ///< Sec-WebSocket-Extensions
  HeaderLines origin;
  HeaderLines sec_origin;  ///< Sec-WebSocket-Origin, of the drafts
};

/// Why a request is not a handshake that can be accepted; its row in a table has the consequence.
enum class HandshakeError : std::uint8_t {
  method,
  http_version,
  has_body,
  upgrade_missing,
  upgrade_other,
  connection_without_upgrade,
  list_malformed,
  version_repeated,
  key_repeated,
  origin_repeated,
  protocol_malformed,
  protocol_repeated,
  protocols_too_many,
  extensions_malformed,
  version_missing,
  version_unsupported,
  key_missing,
  key_malformed,
  origins_differ,
};

struct Refusal {
  int status;               ///< 400, 405 or 426
  std::string_view code;    ///< stable, for problem+json
  std::string_view detail;  ///< one sentence
  bool names_versions;      ///< the answer carries Sec-WebSocket-Version: supported_versions
};

/// The consequence of an error.
Refusal refusal_of(HandshakeError error);

/// The answer's list, as in RFC 6455, section 4.4.
constexpr std::string_view supported_versions = "13, 8, 7";
constexpr std::size_t protocols_max = 32;

/// What a well-formed request offers.
struct Offer {
  std::vector<std::string_view> protocols;  ///< unique tokens, in the client's order
  std::vector<Extension> extensions;
};

/// Who asks, in which version.
struct Opening {
  Version version = Version::rfc6455;
  std::string accept;                      ///< the value of Sec-WebSocket-Accept
  std::optional<std::string_view> origin;  ///< the one that counts in this version
};

struct Handshake {
  Opening opening;
  Offer offer;
};

/// The first check, before routing (RFC 6455, section 4.2.1): all that can be seen without knowing the version. Linear
/// in the size of the request.
base::Result<Offer, HandshakeError> check_well_formed(const UpgradeRequest& request);

/// The second check, after routing: version, key, and the Origin rule of that version. The request has passed the
/// first.
base::Result<Opening, HandshakeError> check_version_and_key(const UpgradeRequest& request);

/// Both checks, one after the other.
base::Result<Handshake, HandshakeError> check_upgrade(const UpgradeRequest& request);

/// Section 4.2.2, item 5.4. `key` is the header's value as it came.
std::string accept_value(std::string_view key);

/// What the server agrees to. Empty means: no such header.
struct Accepted {
  std::string_view accept;
  std::string_view extensions;
  std::string_view protocol;
};

/// The whole head of the 101, with nothing in it but the handshake.
std::string upgrade_response(const Accepted& accepted);

}  // namespace usher::websocket
