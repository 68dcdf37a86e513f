#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace usher::server {

/// Every way in which a request is refused. The one list behind the problem+json `code`, the metric
/// `usher_handshakes_refused_total{reason}`, the log and docs/errors.md.
enum class Refusal : std::uint8_t {
  bad_request,
  request_timeout,
  uri_too_long,
  header_too_large,
  body_too_large,
  expectation_failed,
  not_implemented,
  version_not_supported,
  host_not_allowed,
  not_found,
  unknown_channel,
  method_not_allowed,
  upgrade_required,
  websocket_version,
  websocket_key,
  bad_query,
  draining,
  too_many_connections,
  too_many_from_address,
  origin,
  origin_required,
  broker_unavailable,
  tickets_unavailable,
  several_credentials,
  subprotocol_needed,
  ticket_refused,
  credential_needed,
  credential_refused,
  forbidden,
  busy,
  too_many_tickets,
  too_many_channels,
  bad_body,
  invalid_utf8,
  publish_unknown,
  internal_error,
};

struct RefusalRow {
  Refusal refusal;
  std::uint16_t status;
  std::string_view code;    ///< stable: clients and tests hold on to it
  std::string_view detail;  ///< for the caller: what is wrong, in one sentence
  std::string_view advice;  ///< for docs/errors.md: the cause, and what to do
};

/// All rows, in the order of the enumeration.
std::span<const RefusalRow> refusals();

const RefusalRow& row(Refusal refusal);

}  // namespace usher::server
