#pragma once

#include <optional>
#include <string_view>

#include "auth/ticket_store.hpp"

namespace usher::auth {

/// How tickets are bound: `tickets.bind_address`, `bind_origin`, `require`.
struct TicketBinding {
  AddressBinding address = AddressBinding::exact;
  bool origin = true;
  bool require_address = false;  ///< records without an address are refused
  bool require_origin = false;   ///< records without an Origin are refused
};

/// The request that showed the ticket.
struct TicketUse {
  std::optional<Address> address;          ///< of the client; absent on a unix socket
  std::optional<std::string_view> origin;  ///< as `normalise_origin` writes it; absent when there is no header
  std::string_view path;                   ///< of the request target
};

/// What comes after the redemption, in this order: address, Origin, expiry, path. Nothing: the ticket admits. The
/// ticket is spent either way. What is bound to an address needs one; an absent Origin fits, since only pages are told
/// apart by it.
std::optional<TicketRefusal> check_ticket(const Redemption& redemption, const TicketUse& use,
                                          const TicketBinding& binding, base::WallTime now);

}  // namespace usher::auth
