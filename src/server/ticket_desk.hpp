#pragma once

#include <functional>
#include <variant>

#include "auth/memory_ticket_store.hpp"
#include "auth/ticket_store.hpp"
#include "base/slab.hpp"
#include "server/mail.hpp"

namespace usher::server {

/// The ticket store `memory` of a node, as one worker sees it: its own shard, and the way to the others'. A ticket's
/// hash says which worker keeps it, so a redemption is one step on one thread.
class TicketDesk final : public auth::TicketStore {
 public:
  using Post = std::function<void(std::uint32_t worker, Mail&& mail)>;

  TicketDesk(std::uint32_t worker, std::uint32_t workers, auth::MemoryTicketLimits limits, Post post);

  void put(const auth::TicketHash& hash, auth::TicketRecord record, base::Duration ttl, base::Instant now,
           Put done) override;
  void redeem(const auth::TicketHash& hash, base::Instant now, Redeem done) override;

  /// A sibling's mail.
  void receive(TicketPutMail&& mail, base::Instant now);
  void receive(TicketRedeemMail&& mail, base::Instant now);
  void receive(TicketPutAnswer&& mail);
  void receive(TicketRedeemAnswer&& mail);

  /// Tickets of this worker's shard that can still be spent.
  std::size_t unspent() const { return shard_.unspent(); }
  void sweep(base::Instant now) { shard_.sweep(now); }

 private:
  using Question = std::variant<Put, Redeem>;

  template <typename Done>
  Done take(base::Handle question);

  std::uint32_t worker_;
  std::uint32_t workers_;
  auth::MemoryTicketStore shard_;
  Post post_;
  base::Slab<Question> questions_;
};

}  // namespace usher::server
