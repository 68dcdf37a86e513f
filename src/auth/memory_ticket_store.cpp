#include "auth/memory_ticket_store.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.hpp"

namespace usher::auth {
namespace {

std::uint64_t eight_bytes(const TicketHash& hash, std::size_t from) {
  std::uint64_t value = 0;
  std::memcpy(&value, hash.data() + from, sizeof(value));
  return value;
}

}  // namespace

std::size_t shard_of(const TicketHash& hash, std::size_t workers) {
  ASSERT(workers > 0);
  // Not the bytes that the shard's own map goes by, which would leave most of its buckets empty.
  return static_cast<std::size_t>(eight_bytes(hash, 8) % workers);
}

std::size_t MemoryTicketStore::FirstBytes::operator()(const TicketHash& hash) const {
  return static_cast<std::size_t>(eight_bytes(hash, 0));
}

MemoryTicketStore::MemoryTicketStore(MemoryTicketLimits limits)
    : limits_(limits), tick_(limits.ttl_max / ticks_per_life) {
  ASSERT(limits_.ttl_max >= std::chrono::milliseconds(1));
}

void MemoryTicketStore::put(const TicketHash& hash, TicketRecord record, base::Duration ttl, base::Instant now,
                            Put done) {
  sweep(now);
  if (unspent_ >= limits_.outstanding) return done(PutOutcome::full);

  const base::Instant expires = now + std::clamp(ttl, base::Duration::zero(), limits_.ttl_max);
  const auto [place, added] = places_.try_emplace(hash);
  ASSERT(added);  // 256 random bits came twice: the source of entropy is broken
  Entries& slot = slot_of(tick_of(expires));
  slot.push_back({&place->first, expires, {}, std::make_unique<TicketRecord>(std::move(record)), State::unspent});
  place->second = std::prev(slot.end());
  ++unspent_;
  done(PutOutcome::stored);
}

void MemoryTicketStore::redeem(const TicketHash& hash, base::Instant now, Redeem done) {
  sweep(now);
  const auto place = places_.find(hash);
  if (place == places_.end()) return done(TicketRefusal::unknown);
  Entry& entry = *place->second;
  if (entry.state == State::spent) return done(TicketRefusal::replayed);

  Redemption redemption{std::move(*entry.record), entry.expires - now};
  entry.record.reset();
  if (entry.state == State::unspent) {
    mark(place->second, State::spent, now);
  } else {
    entry.state = State::spent;
  }
  // The completion comes last: it may call the store again.
  done(std::move(redemption));
}

void MemoryTicketStore::sweep(base::Instant now) {
  const std::int64_t tick = tick_of(now);
  // After a long silence one round of the wheel empties everything.
  swept_tick_ = std::max(swept_tick_, tick - static_cast<std::int64_t>(wheel_slots));
  for (; swept_tick_ < tick; ++swept_tick_) {
    Entries& slot = slot_of(swept_tick_);
    while (!slot.empty()) mark(slot.begin(), State::expired, slot.front().expires);
  }
  while (!marks_.empty() && now - marks_.front().marked >= 2 * limits_.ttl_max) forget_oldest_mark();
}

void MemoryTicketStore::mark(Entries::iterator entry, State state, base::Instant when) {
  entry->state = state;
  entry->marked = when;
  marks_.splice(marks_.end(), slot_of(tick_of(entry->expires)), entry);
  --unspent_;
  if (marks_.size() > limits_.outstanding) forget_oldest_mark();
}

void MemoryTicketStore::forget_oldest_mark() {
  places_.erase(places_.find(*marks_.front().hash));
  marks_.pop_front();
}

}  // namespace usher::auth
