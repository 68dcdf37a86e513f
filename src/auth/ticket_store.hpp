#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "auth/ticket.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace usher::auth {

/// Why a ticket was not accepted. Clients see one answer for all of these but `unavailable`; log and metrics tell them
/// apart.
enum class TicketRefusal : std::uint8_t {
  unknown,
  expired,
  replayed,
  address,
  origin,
  path,
  malformed,    ///< the text is no ticket, or the record in the store cannot be read
  unavailable,  ///< not the ticket's fault: the store cannot answer (503)
};

/// The label in `usher_tickets_refused_total{reason}` and in the log.
std::string_view ticket_refusal_name(TicketRefusal refusal);

/// A ticket that is spent from now on.
struct Redemption {
  TicketRecord record;
  base::Duration remaining{};  ///< by the store's own clock; zero or less: it had run out
};

enum class PutOutcome : std::uint8_t {
  stored,
  full,         ///< as many are unspent as the store takes (503)
  unavailable,  ///< the store cannot answer (503)
};

/// Where tickets wait to be spent. A port: memory here, Redis and SQLite elsewhere, one contract for all.
///
/// A completion is called exactly once, possibly before the call returns, on the worker that asked.
class TicketStore {
 public:
  using Put = std::function<void(PutOutcome)>;
  using Redeem = std::function<void(base::Result<Redemption, TicketRefusal>)>;

  virtual ~TicketStore() = default;

  /// Keeps the record for `ttl`, but for no longer than the store's `ttl_max`. The caller has set `expires_at`
  /// accordingly.
  virtual void put(const TicketHash& hash, TicketRecord record, base::Duration ttl, base::Instant now, Put done) = 0;

  /// Takes the record out, in one atomic step: of any number of calls with one hash exactly one gets the record, and
  /// later ones `replayed` for as long as the ticket would have lived. Only `unknown`, `expired`, `replayed`,
  /// `malformed` and `unavailable` come from here; `check_ticket` finds the rest.
  virtual void redeem(const TicketHash& hash, base::Instant now, Redeem done) = 0;

 protected:
  TicketStore() = default;
  TicketStore(const TicketStore&) = default;
  TicketStore& operator=(const TicketStore&) = default;
};

}  // namespace usher::auth
