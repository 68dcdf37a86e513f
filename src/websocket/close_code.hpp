#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "websocket/version.hpp"

namespace usher::websocket {

/// RFC 6455, section 7.4.1, and IANA's registry. Codes from 3000 to 4999 are values of this type without a name.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  too_large = 1004,  ///< drafts 07 and 08 only: what became 1009
  no_status = 1005,  ///< never on the wire: the peer's Close had no code
  abnormal = 1006,   ///< never on the wire: the transport ended without a Close
  invalid_payload = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
  mandatory_extension = 1010,
  internal_error = 1011,
  service_restart = 1012,
  try_again_later = 1013,
  bad_gateway = 1014,
  tls_handshake = 1015,  ///< never on the wire
};

/// Which versions know a code as one that may be on the wire.
enum class KnownBy : std::uint8_t { none, drafts_only, all, since_8, since_13 };

/// One row per code below 3000 that has a meaning in any version.
struct CloseCodeRow {
  CloseCode code;
  std::string_view name;  ///< lower case with underscores; stable: logs and metrics use it
  KnownBy known_by;       ///< from a peer of another version the code is a protocol error
  CloseCode sent_to_7;    ///< what says the same to a peer of version 7; no_status: the code is never sent
  CloseCode sent_to_8;
  CloseCode sent_to_13;
};

/// The whole table, in the order of the codes.
std::span<const CloseCodeRow> close_codes();

/// "normal", "registered" (3000–3999), "private" (4000–4999), or "unknown".
std::string_view close_code_name(CloseCode code);

/// Whether a peer of this version may send the code in a Close frame (section 7.4.2); otherwise it is a protocol error.
bool valid_received(std::uint16_t code, Version version);

/// The code that says the same to a peer of this version. The code must be one that may be sent (not 1004–1006, 1015,
/// 1016–2999, nor outside 1000–4999).
CloseCode code_for(CloseCode code, Version version);

}  // namespace usher::websocket
