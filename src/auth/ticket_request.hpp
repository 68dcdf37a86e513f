#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/address.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace usher::auth {

/// The body of `POST /tickets`: less than the caller has.
struct TicketRequest {
  std::optional<Ceiling> channels;  ///< for `narrow`
  std::string path;                 ///< empty: not bound
};

/// An empty body asks for everything that the caller has. The error's message names the member.
base::Result<TicketRequest> parse_ticket_request(std::string_view json);

/// The body of `POST /api/tickets`: a trusted back end says whom the ticket admits.
struct MintRequest {
  Grant grant;
  std::optional<base::Duration> ttl;  ///< at least a second; the store caps it
  std::optional<Address> address;
  std::string origin;  ///< normalised; empty: not bound
  std::string path;    ///< empty: not bound
};

/// `user` must be there and may be null. The error's message names the member.
base::Result<MintRequest> parse_mint_request(std::string_view json);

}  // namespace usher::auth
