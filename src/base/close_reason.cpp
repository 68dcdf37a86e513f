#include "base/close_reason.hpp"

#include <array>

#include "base/assert.hpp"

namespace usher::base {
namespace {

using enum CloseReason;

constexpr std::array rows = {
    CloseReasonRow{client_closed, 1000, "client_closed", "", Return::no, "The client closed; its code is echoed."},
    CloseReasonRow{client_lost, 0, "client_lost", "", Return::yes, "The connection broke; nothing could be sent."},
    CloseReasonRow{drain, 1001, "drain", "retry=", Return::later,
                   "The node is going away. The reason is `retry=<ms>`: come back after that time."},
    CloseReasonRow{protocol_error, 1002, "protocol_error", "protocol error", Return::no,
                   "A rule of RFC 6455 was broken."},
    CloseReasonRow{unsupported_data, 1003, "unsupported_data", "this kind of message is not taken here", Return::no,
                   "A binary message where the dialect takes text."},
    CloseReasonRow{invalid_utf8, 1007, "invalid_utf8", "text is not UTF-8", Return::no,
                   "A text message that is not UTF-8, or a compressed one that does not inflate."},
    CloseReasonRow{message_too_big, 1009, "message_too_big", "message too big", Return::no,
                   "A message above `limits.message_bytes` (1004 to drafts 7 and 8)."},
    CloseReasonRow{internal_error, 1011, "internal_error", "internal error", Return::yes, "usher failed; see its log."},
    CloseReasonRow{broker_unavailable, 1013, "broker_unavailable", "the message could not be published", Return::yes,
                   "The broker is away and the dialect has no other answer."},
    CloseReasonRow{bad_message, 4400, "bad_message", "bad message", Return::no,
                   "The message could not be read; the reason says where."},
    CloseReasonRow{credential_ended, 4401, "credential_ended", "credential ended", Return::with_new_credential,
                   "The credential, or the session that it allowed, ran out."},
    CloseReasonRow{forbidden, 4403, "forbidden", "not allowed", Return::no,
                   "The session may not do that, for example publish in this channel."},
    CloseReasonRow{position_gone, 4404, "position_gone", "position gone", Return::without_position,
                   "The history does not reach the position, or it is of another epoch."},
    CloseReasonRow{ping_timeout, 4408, "ping_timeout", "no answer to ping", Return::yes,
                   "No sign of life within `websocket.ping` + 10 s."},
    CloseReasonRow{close_timeout, 4408, "close_timeout", "", Return::yes,
                   "The closing handshake was not finished in time; the connection was reset."},
    CloseReasonRow{slow, 4409, "slow", "too slow", Return::with_position,
                   "The session would have lost messages because it read too slowly."},
    CloseReasonRow{disconnected, 4410, "disconnected", "disconnected", Return::no, "Ended by the back end."},
    CloseReasonRow{too_fast, 4429, "too_fast", "too fast", Return::later, "Above a rate limit."},
};

}  // namespace

std::span<const CloseReasonRow> close_reasons() { return rows; }

const CloseReasonRow& row(CloseReason reason) {
  const CloseReasonRow& found = rows[static_cast<std::size_t>(reason)];
  ASSERT(found.reason == reason);
  return found;
}

std::string_view describe(Return come_back) {
  switch (come_back) {
    case Return::no:
      return "no";
    case Return::yes:
      return "yes";
    case Return::later:
      return "yes, later";
    case Return::with_new_credential:
      return "with a new credential";
    case Return::without_position:
      return "yes, without `since`";
    case Return::with_position:
      return "yes, with `since`";
  }
  return "";
}

}  // namespace usher::base
