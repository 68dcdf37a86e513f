#include "auth/credential.hpp"

#include <algorithm>

#include "auth/ticket.hpp"
#include "base/base64.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"

namespace usher::auth {
namespace {

using Choice = base::Result<Credential, CredentialError>;

/// What was put into the request on purpose, and the ambient Basic, if there is one.
struct Shown {
  std::size_t explicit_count = 0;
  std::optional<ShownTicket> ticket;  ///< not yet checked
  std::optional<std::string_view> api_key;
  std::optional<std::string_view> basic;  ///< what follows the scheme
};

/// RFC 9110, section 11.6.2: a scheme, spaces, and the rest.
void read_authorization(std::string_view value, Shown& shown) {
  const std::size_t scheme_size = std::min(value.find(' '), value.size());
  const std::string_view scheme = value.substr(0, scheme_size);
  const std::string_view rest = base::trim(value.substr(scheme_size));
  if (base::equals_ignoring_case(scheme, "Basic")) {
    shown.basic = rest;
    return;
  }
  ++shown.explicit_count;
  if (base::equals_ignoring_case(scheme, "Ticket")) {
    shown.ticket = ShownTicket{rest, TicketPlace::header};
  } else if (base::equals_ignoring_case(scheme, "apikey")) {
    shown.api_key = rest;
  }
}

Shown read_all(const ShownCredentials& request) {
  Shown shown;
  for (const std::string_view value : request.authorization) read_authorization(value, shown);
  for (const std::string_view key : request.api_key) {
    ++shown.explicit_count;
    shown.api_key = key;
  }
  for (const std::string_view protocol : request.protocols) {
    if (!protocol.starts_with(ticket_protocol_prefix)) continue;
    ++shown.explicit_count;
    shown.ticket = ShownTicket{protocol.substr(ticket_protocol_prefix.size()), TicketPlace::protocol};
  }
  for (const std::string_view text : request.query_tickets) {
    ++shown.explicit_count;
    shown.ticket = ShownTicket{text, TicketPlace::query};
  }
  return shown;
}

bool takes(const CredentialPolicy& policy, CredentialKind kind) {
  return std::ranges::find(policy.kinds, kind) != policy.kinds.end();
}

Choice checked_ticket(const ShownTicket& ticket) {
  if (!well_formed_ticket(ticket.text)) return CredentialError::malformed_ticket;
  return Credential(ticket);
}

Choice explicit_credential(const Shown& shown, const CredentialPolicy& policy) {
  if (shown.ticket) {
    const bool taken = takes(policy, CredentialKind::ticket) && policy.places.has(shown.ticket->place);
    return taken ? checked_ticket(*shown.ticket) : CredentialError::not_accepted;
  }
  if (shown.api_key && takes(policy, CredentialKind::api_key)) {
    if (shown.api_key->empty()) return CredentialError::malformed;
    return Credential(ShownApiKey{*shown.api_key});
  }
  return CredentialError::not_accepted;
}

/// RFC 7617, section 2: user, colon, password. The user has no colon; the password may.
Choice read_basic(std::string_view encoded) {
  std::optional<std::string> pair = base::base64_decode(encoded);
  if (!pair) return CredentialError::malformed;
  ShownBasic basic;
  const std::size_t colon = pair->find(':');
  if (colon != std::string::npos) {
    basic.user = pair->substr(0, colon);
    basic.password = Secret(std::string_view(*pair).substr(colon + 1));
  }
  wipe_memory(pair->data(), pair->size());
  if (!base::valid_user_name(basic.user)) return CredentialError::malformed;
  return Credential(std::move(basic));
}

}  // namespace

std::string_view credential_kind_name(CredentialKind kind) {
  switch (kind) {
    case CredentialKind::ticket:
      return "ticket";
    case CredentialKind::basic:
      return "basic";
    case CredentialKind::api_key:
      return "api_key";
    case CredentialKind::anonymous:
      return "anonymous";
  }
  return "";
}

std::string_view ticket_place_name(TicketPlace place) {
  switch (place) {
    case TicketPlace::protocol:
      return "protocol";
    case TicketPlace::header:
      return "header";
    case TicketPlace::cookie:
      return "cookie";
    case TicketPlace::query:
      return "query";
  }
  return "";
}

std::optional<TicketPlace> parse_ticket_place(std::string_view word) {
  for (const TicketPlace place :
       {TicketPlace::protocol, TicketPlace::header, TicketPlace::cookie, TicketPlace::query}) {
    if (ticket_place_name(place) == word) return place;
  }
  return std::nullopt;
}

Choice choose_credential(const ShownCredentials& request, const CredentialPolicy& policy) {
  if (request.authorization.size() > 1) return CredentialError::several;
  const Shown shown = read_all(request);
  if (shown.explicit_count > 1) return CredentialError::several;
  if (shown.explicit_count == 1) return explicit_credential(shown, policy);

  const std::optional<std::string_view> cookie =
      request.ticket_host_cookie ? request.ticket_host_cookie : request.ticket_cookie;
  for (const CredentialKind kind : policy.kinds) {
    if (kind == CredentialKind::ticket && cookie && policy.places.has(TicketPlace::cookie)) {
      return checked_ticket({*cookie, TicketPlace::cookie});
    }
    if (kind == CredentialKind::basic && shown.basic) return read_basic(*shown.basic);
  }
  if (takes(policy, CredentialKind::anonymous)) return Credential(Anonymous{});
  return CredentialError::missing;
}

}  // namespace usher::auth
