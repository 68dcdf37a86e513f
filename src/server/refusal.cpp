#include "server/refusal.hpp"

#include <array>

#include "base/assert.hpp"

namespace usher::server {
namespace {

using enum Refusal;

constexpr std::array rows = {
    RefusalRow{bad_request, 400, "bad_request", "The request is not well-formed HTTP/1.1.",
               "The bytes break RFC 9112 or RFC 6455. The server's log names the rule."},
    RefusalRow{request_timeout, 408, "request_timeout", "The request was not complete in time.",
               "See `limits.request_head_timeout` and `limits.request_body_timeout`."},
    RefusalRow{uri_too_long, 414, "uri_too_long", "The request line is too long.", "See `limits.request_line_bytes`."},
    RefusalRow{header_too_large, 431, "header_too_large", "The header is too large.",
               "See `limits.header_bytes` and `limits.headers`; large cookies are the usual cause."},
    RefusalRow{body_too_large, 413, "body_too_large", "The body is too large.",
               "See `limits.message_bytes` for publications, `limits.ticket_body_bytes` and `limits.api_body_bytes`."},
    RefusalRow{expectation_failed, 417, "expectation_failed", "Only the expectation 100-continue is known.",
               "Leave the `Expect` header out."},
    RefusalRow{not_implemented, 501, "not_implemented", "This transfer coding or expectation is not supported.",
               "usher takes bodies with Content-Length or as `chunked`, nothing else. `Idempotency-Key` is not "
               "available yet."},
    RefusalRow{version_not_supported, 505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here.",
               "Let the proxy in front speak HTTP/1.1 to usher."},
    RefusalRow{host_not_allowed, 421, "host_not_allowed",
               "This demo answers only to loopback names. Start it with --demo-public to allow others.",
               "The demo guards against DNS rebinding: `Host` must be 127.0.0.1, localhost or [::1] with its port. "
               "`usher serve --demo-public` lifts that; a configuration of your own never has it."},
    RefusalRow{not_found, 404, "not_found", "There is nothing at this path.",
               "Check the path; further paths for channels are `[[route]]` in the configuration."},
    RefusalRow{unknown_channel, 404, "unknown_channel", "No channel of that name is configured.",
               "The name matches no `[[channel]]` pattern, or is not a valid name (1 to 255 bytes of visible ASCII "
               "without `/ * { } \" \\`)."},
    RefusalRow{method_not_allowed, 405, "method_not_allowed", "This method is not allowed here.",
               "The `Allow` header lists what is."},
    RefusalRow{upgrade_required, 426, "upgrade_required", "This is a WebSocket: open it with an upgrade.",
               "A plain GET came to a channel. A proxy that drops `Upgrade` and `Connection` is the usual cause; see "
               "`docs/configuration.md`, behind nginx."},
    RefusalRow{websocket_version, 426, "websocket_version", "This version of the WebSocket protocol is not spoken.",
               "usher speaks versions 13, 8 and 7; the answer's `Sec-WebSocket-Version` says so."},
    RefusalRow{websocket_key, 400, "websocket_key", "Sec-WebSocket-Key must be 16 bytes in base64.",
               "The client does not follow RFC 6455, section 4.1."},
    RefusalRow{bad_query, 400, "bad_query", "The query is not understood.",
               "`since=<offset>:<epoch>` or `history=<n>`, not both, and only on channels with history."},
    RefusalRow{draining, 503, "draining", "This node is shutting down.",
               "Try again; a load balancer sends you to another node. A ticket that was shown is unspent."},
    RefusalRow{too_many_connections, 503, "too_many_connections", "The node is full.",
               "See `limits.connections` and the descriptor limit of the process."},
    RefusalRow{too_many_from_address, 429, "too_many_from_address", "Too many connections from this address.",
               "See `limits.connections_per_address`. Behind a proxy, `[proxies] trusted` lets usher see the clients."},
    RefusalRow{origin, 403, "origin", "This origin is not allowed.",
               "Pages may connect only from `[origins] allow`; add the page's scheme, host and port there."},
    RefusalRow{origin_required, 403, "origin_required",
               "This credential needs an Origin header: add `Origin: https://your.site` with an allowed origin.",
               "Browsers attach Basic and cookies by themselves, so usher takes them only together with an allowed "
               "`Origin`. Browsers send it; with curl add `-H 'Origin: http://127.0.0.1:8080'`."},
    RefusalRow{broker_unavailable, 503, "broker_unavailable", "The message reached nobody: the broker is away.",
               "Nothing was published. Try again later."},
    RefusalRow{tickets_unavailable, 503, "tickets_unavailable", "Tickets cannot be checked at the moment.",
               "The ticket store does not answer, so nobody gets in. Look at /health/ready."},
    RefusalRow{several_credentials, 400, "several_credentials", "Show one credential, not several.",
               "Two tickets, or a ticket beside a bearer token or API key. A ticket in a cookie counts only when no "
               "other is shown."},
    RefusalRow{subprotocol_needed, 400, "subprotocol_needed",
               "Offer a subprotocol beside the ticket: new WebSocket(url, [\"usher.json.v1\", \"usher.ticket.\" + "
               "ticket]).",
               "Browsers demand that one of several offered subprotocols is answered, and the ticket never is."},
    RefusalRow{ticket_refused, 401, "ticket_refused", "The ticket was not accepted.",
               "The answer never says why; `usher_tickets_refused_total{reason}` and the log line with this "
               "`Usher-Request-Id` do: unknown, expired, replayed, address, origin, path, malformed. Ask for a fresh "
               "ticket for each connection."},
    RefusalRow{credential_needed, 401, "credential_needed", "Show a credential.",
               "See docs/tickets.md for what this route takes."},
    RefusalRow{credential_refused, 401, "credential_refused", "The credential was not accepted.",
               "Wrong password or key, or a kind that this route does not take."},
    RefusalRow{forbidden, 403, "forbidden", "The credential does not allow this.",
               "The channel's `allow_*` rule and the credential's grant must both allow it; see docs/tickets.md."},
    RefusalRow{busy, 503, "busy", "Too many passwords are being checked; try again.",
               "See `limits.password_checks`. `Retry-After` says when."},
    RefusalRow{too_many_tickets, 503, "too_many_tickets", "Too many tickets are unspent.",
               "See `tickets.outstanding`; tickets that are never used run out after `tickets.ttl`."},
    RefusalRow{too_many_channels, 503, "too_many_channels", "Too many channels are followed here.",
               "See `limits.channels`. A ticket that was shown is spent."},
    RefusalRow{bad_body, 400, "bad_body", "The body is not understood.",
               "The detail names the member and what is expected."},
    RefusalRow{invalid_utf8, 400, "invalid_utf8", "Text must be UTF-8; send other bytes as application/octet-stream.",
               "A publication without `Content-Type: application/octet-stream` is text."},
    RefusalRow{publish_unknown, 504, "publish_unknown", "It is not known whether the message was published.",
               "The connection to the broker was lost after the message was sent; it may have been delivered."},
    RefusalRow{internal_error, 500, "internal_error", "usher failed.",
               "A bug; the log has more under this request's id."},
};

}  // namespace

std::span<const RefusalRow> refusals() { return rows; }

const RefusalRow& row(Refusal refusal) {
  const RefusalRow& found = rows[static_cast<std::size_t>(refusal)];
  ASSERT(found.refusal == refusal);
  return found;
}

}  // namespace usher::server
