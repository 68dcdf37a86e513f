#include "server/ticket_desk.hpp"

#include <utility>

#include "base/assert.hpp"

namespace usher::server {

TicketDesk::TicketDesk(std::uint32_t worker, std::uint32_t workers, auth::MemoryTicketLimits limits, Post post)
    : worker_(worker), workers_(workers), shard_(limits), post_(std::move(post)) {}

void TicketDesk::put(const auth::TicketHash& hash, auth::TicketRecord record, base::Duration ttl, base::Instant now,
                     Put done) {
  const auto home = static_cast<std::uint32_t>(auth::shard_of(hash, workers_));
  if (home == worker_) return shard_.put(hash, std::move(record), ttl, now, std::move(done));
  post_(home, TicketPutMail{hash, std::move(record), ttl, worker_, questions_.emplace(std::move(done))});
}

void TicketDesk::redeem(const auth::TicketHash& hash, base::Instant now, Redeem done) {
  const auto home = static_cast<std::uint32_t>(auth::shard_of(hash, workers_));
  if (home == worker_) return shard_.redeem(hash, now, std::move(done));
  post_(home, TicketRedeemMail{hash, worker_, questions_.emplace(std::move(done))});
}

void TicketDesk::receive(TicketPutMail&& mail, base::Instant now) {
  shard_.put(mail.hash, std::move(mail.record), mail.ttl, now,
             [&](auth::PutOutcome outcome) { post_(mail.from, TicketPutAnswer{mail.question, outcome}); });
}

void TicketDesk::receive(TicketRedeemMail&& mail, base::Instant now) {
  shard_.redeem(mail.hash, now, [&](base::Result<auth::Redemption, auth::TicketRefusal> result) {
    post_(mail.from, TicketRedeemAnswer{mail.question, std::move(result)});
  });
}

void TicketDesk::receive(TicketPutAnswer&& mail) { take<Put>(mail.question)(mail.outcome); }

void TicketDesk::receive(TicketRedeemAnswer&& mail) { take<Redeem>(mail.question)(std::move(mail.result)); }

template <typename Done>
Done TicketDesk::take(base::Handle question) {
  Question* found = questions_.find(question);
  ASSERT(found != nullptr && std::holds_alternative<Done>(*found));
  Done done = std::move(*std::get_if<Done>(found));
  questions_.erase(question);
  return done;
}

}  // namespace usher::server
