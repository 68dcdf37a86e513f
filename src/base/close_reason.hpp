#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace usher::base {

/// Every way in which a session ends. The table behind it is the only list: the close codes on the wire, the metric
/// `usher_sessions_closed_total{reason}`, the log and docs/close-codes.md all come from it.
enum class CloseReason : std::uint8_t {
  client_closed,       ///< the client sent a Close
  client_lost,         ///< the connection ended without a Close
  drain,               ///< this node goes away
  protocol_error,      ///< RFC 6455 was broken
  unsupported_data,    ///< a kind of message that the dialect does not take
  invalid_utf8,        ///< text that is not UTF-8
  message_too_big,     ///< above limits.message_bytes
  internal_error,      ///< usher failed
  broker_unavailable,  ///< a publication of a dialect without answers was refused or is unknown
  bad_message,         ///< could not be read by the dialect, or broke its schema
  credential_ended,    ///< no credential, or it ran out
  forbidden,           ///< the credential does not allow it
  position_gone,       ///< the position asked for is not in the history
  ping_timeout,        ///< no sign of life
  close_timeout,       ///< the closing handshake was not finished
  slow,                ///< would have lost messages
  disconnected,        ///< by the back end
  too_fast,            ///< above a rate limit
};

enum class Return : std::uint8_t { no, yes, later, with_new_credential, without_position, with_position };

struct CloseReasonRow {
  CloseReason reason;
  std::uint16_t code;        ///< on the wire; 0: nothing is sent
  std::string_view label;    ///< metric and log
  std::string_view text;     ///< the reason in the Close frame, at most 123 bytes with what is added
  Return come_back;          ///< what a client should do
  std::string_view meaning;  ///< for docs/close-codes.md
};

/// All rows, in the order of the enumeration.
std::span<const CloseReasonRow> close_reasons();

const CloseReasonRow& row(CloseReason reason);

/// "yes, with `since`" and the like.
std::string_view describe(Return come_back);

}  // namespace usher::base
