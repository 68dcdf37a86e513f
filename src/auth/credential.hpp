#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "auth/rights.hpp"
#include "auth/secret.hpp"
#include "base/result.hpp"

namespace usher::auth {

/// The kinds of credential that a route may accept.
enum class CredentialKind : std::uint8_t { ticket, basic, api_key, anonymous };

std::string_view credential_kind_name(CredentialKind kind);

/// Where a ticket may stand: `tickets.accept_in`.
enum class TicketPlace : std::uint8_t { protocol, header, cookie, query };
using TicketPlaces = RightSet<TicketPlace>;

std::string_view ticket_place_name(TicketPlace place);
std::optional<TicketPlace> parse_ticket_place(std::string_view word);

constexpr std::string_view ticket_protocol_prefix = "usher.ticket.";
constexpr std::string_view ticket_host_cookie = "__Host-usher_ticket";
constexpr std::string_view ticket_cookie = "usher_ticket";

/// All places of a request where a credential can be. Views into the request.
struct ShownCredentials {
  std::span<const std::string_view> authorization;     ///< values of each Authorization header
  std::span<const std::string_view> api_key;           ///< values of each X-API-Key header
  std::span<const std::string_view> protocols;         ///< each offered subprotocol
  std::span<const std::string_view> query_tickets;     ///< decoded values of each `ticket` in the query
  std::optional<std::string_view> ticket_host_cookie;  ///< the first cookie `__Host-usher_ticket`
  std::optional<std::string_view> ticket_cookie;       ///< the first cookie `usher_ticket`
};

/// What a route takes.
struct CredentialPolicy {
  std::span<const CredentialKind> kinds;  ///< in the configured order
  TicketPlaces places;                    ///< none on routes that take no ticket
};

struct ShownTicket {
  std::string_view text;  ///< well-formed; a view into the request
  TicketPlace place = TicketPlace::protocol;
};
struct ShownBasic {
  std::string user;
  Secret password;
};
struct ShownApiKey {
  std::string_view key;  ///< a view into the request
};
/// Nothing was shown, and the route is open to strangers.
struct Anonymous {};

using Credential = std::variant<ShownTicket, ShownBasic, ShownApiKey, Anonymous>;

enum class CredentialError : std::uint8_t {
  several,           ///< 400 `several_credentials`
  malformed_ticket,  ///< 401; counts as TicketRefusal::malformed
  malformed,         ///< 401: a Basic or an API key that cannot be read
  not_accepted,      ///< 401: shown, but of a kind, or in a place, that this route does not take
  missing,           ///< 401: nothing that counts was shown
};

/// Which one credential a request shows. It is only read, not verified. What was shown outside of cookies and Basic
/// counts alone, and never falls back to anonymous; cookies and Basic, which browsers add by themselves, count only
/// where nothing else is shown and the route takes them, and then the first kind in the configured order is the one.
base::Result<Credential, CredentialError> choose_credential(const ShownCredentials& shown,
                                                            const CredentialPolicy& policy);

}  // namespace usher::auth
