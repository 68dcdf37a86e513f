#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/address.hpp"
#include "auth/digest.hpp"
#include "auth/entropy.hpp"
#include "auth/grant.hpp"
#include "auth/secret.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace usher::auth {

/// A ticket is `ust_` and 43 characters of base64url, which are 256 random bits. Whoever has the text has the ticket;
/// usher keeps only its SHA-256.
constexpr std::string_view ticket_prefix = "ust_";
constexpr std::size_t ticket_bytes = 47;

/// Strict: the prefix, the length, the alphabet, and no unused bits set, so each ticket has one text.
bool well_formed_ticket(std::string_view text);

/// A fresh ticket.
Secret draw_ticket(EntropyBlock& entropy);

/// What a ticket is looked up by: the SHA-256 of the whole text, prefix included.
using TicketHash = Digest;
TicketHash ticket_hash(std::string_view ticket);

/// What a ticket admits, and what it is bound to. Absent members are not checked.
struct TicketRecord {
  Grant grant;
  std::optional<base::WallTime> issued_at;
  std::optional<base::WallTime> expires_at;  ///< valid before, no longer valid at this time
  std::optional<Address> address;
  std::string origin;  ///< as `normalise_origin` writes it; empty: not bound
  std::string path;    ///< of the request target; empty: not bound
  std::string issuer;  ///< the name of the API key, or the kind of credential, that minted it; never shown to clients
};

/// The record as it stands in Redis: one line of JSON with every member. Times are whole seconds; the expiry is rounded
/// up, so that the text never ends a ticket early.
std::string ticket_record_json(const TicketRecord& record);

/// Reads a record that any back end may have written: `v` must be 1 and `user` must be there (null is a guest), the
/// rest may be absent or null. Anything else, an unknown member too, is an error that names the member.
base::Result<TicketRecord> parse_ticket_record(std::string_view json);

}  // namespace usher::auth
