#include "websocket/close_code.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace usher::websocket {
namespace {

using enum CloseCode;

// RFC 6455, section 7.4.1, IANA's WebSocket Close Code Number Registry, and section 7.4 of the drafts. 1009 was 1004 in
// the drafts; what they had no word for becomes the nearest word that they had.
constexpr CloseCode never = no_status;

// Columns: code, name, known by, sent to 7, sent to 8, sent to 13.
constexpr std::array<CloseCodeRow, 16> table = {{
    {normal, "normal", KnownBy::all, normal, normal, normal},
    {going_away, "going_away", KnownBy::all, going_away, going_away, going_away},
    {protocol_error, "protocol_error", KnownBy::all, protocol_error, protocol_error, protocol_error},
    {unsupported_data, "unsupported_data", KnownBy::all, unsupported_data, unsupported_data, unsupported_data},
    {too_large, "too_large", KnownBy::drafts_only, too_large, too_large, never},
    {no_status, "no_status", KnownBy::none, never, never, never},
    {abnormal, "abnormal", KnownBy::none, never, never, never},
    {invalid_payload, "invalid_payload", KnownBy::since_8, protocol_error, invalid_payload, invalid_payload},
    {policy_violation, "policy_violation", KnownBy::since_13, protocol_error, protocol_error, policy_violation},
    {message_too_big, "message_too_big", KnownBy::since_13, too_large, too_large, message_too_big},
    {mandatory_extension, "mandatory_extension", KnownBy::since_13, protocol_error, protocol_error,
     mandatory_extension},
    {internal_error, "internal_error", KnownBy::since_13, going_away, going_away, internal_error},
    {service_restart, "service_restart", KnownBy::since_13, going_away, going_away, service_restart},
    {try_again_later, "try_again_later", KnownBy::since_13, going_away, going_away, try_again_later},
    {bad_gateway, "bad_gateway", KnownBy::since_13, going_away, going_away, bad_gateway},
    {tls_handshake, "tls_handshake", KnownBy::none, never, never, never},
}};

const CloseCodeRow* find(CloseCode code) {
  const auto row = std::find_if(table.begin(), table.end(), [code](const CloseCodeRow& r) { return r.code == code; });
  return row == table.end() ? nullptr : &*row;
}

constexpr bool knows(KnownBy known_by, Version version) {
  switch (known_by) {
    case KnownBy::none:
      return false;
    case KnownBy::drafts_only:
      return version != Version::rfc6455;
    case KnownBy::all:
      return true;
    case KnownBy::since_8:
      return version != Version::hybi07;
    case KnownBy::since_13:
      return version == Version::rfc6455;
  }
  return false;
}

// Section 7.4.2: 3000–3999 are registered by libraries and applications, 4000–4999 are private. Both pass as they are.
constexpr bool is_for_applications(std::uint16_t code) { return code >= 3000 && code <= 4999; }

}  // namespace

std::span<const CloseCodeRow> close_codes() { return table; }

std::string_view close_code_name(CloseCode code) {
  if (const CloseCodeRow* row = find(code)) return row->name;
  const auto number = static_cast<std::uint16_t>(code);
  if (!is_for_applications(number)) return "unknown";
  return number < 4000 ? "registered" : "private";
}

bool valid_received(std::uint16_t code, Version version) {
  if (is_for_applications(code)) return true;
  const CloseCodeRow* row = find(CloseCode{code});
  return row != nullptr && knows(row->known_by, version);
}

CloseCode code_for(CloseCode code, Version version) {
  if (is_for_applications(static_cast<std::uint16_t>(code))) return code;
  const CloseCodeRow* row = find(code);
  ASSERT(row != nullptr);
  CloseCode translated = row->sent_to_13;
  if (version == Version::hybi07) translated = row->sent_to_7;
  if (version == Version::hybi08) translated = row->sent_to_8;
  ASSERT(translated != never);
  return translated;
}

}  // namespace usher::websocket
