#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>

#include "auth/ticket_store.hpp"

namespace usher::auth {

struct MemoryTicketLimits {
  std::size_t outstanding = 100000;  ///< unspent tickets of this shard
  base::Duration ttl_max = std::chrono::seconds(60);
};

/// Which worker's shard holds a ticket. SHA-256 spreads them evenly.
std::size_t shard_of(const TicketHash& hash, std::size_t workers);

/// The tickets of one worker's shard. Completions run inside the call.
///
/// A ticket that was spent or has run out stays as a mark for twice `ttl_max`, so that a late comer can be told apart
/// from a stranger. When there are more marks than `outstanding`, the oldest go first; what they stood for is refused
/// as unknown then. Memory: at most twice `outstanding` entries of about 150 bytes, and the records of those that
/// nobody took. Each call removes what has run out, at constant cost per ticket; a ticket may count as unspent for up
/// to `ttl_max` / 64 after it ran out.
class MemoryTicketStore final : public TicketStore {
 public:
  /// `ttl_max` is at least a millisecond.
  explicit MemoryTicketStore(MemoryTicketLimits limits);
  MemoryTicketStore(const MemoryTicketStore&) = delete;
  MemoryTicketStore& operator=(const MemoryTicketStore&) = delete;

  void put(const TicketHash& hash, TicketRecord record, base::Duration ttl, base::Instant now, Put done) override;
  void redeem(const TicketHash& hash, base::Instant now, Redeem done) override;

  /// Removes what has run out; for a worker that has nothing else to do with tickets.
  void sweep(base::Instant now);

  /// Tickets that could still be spent, as of the last call.
  std::size_t unspent() const { return unspent_; }
  /// All entries: unspent tickets and marks.
  std::size_t entries() const { return places_.size(); }

 private:
  enum class State : std::uint8_t { unspent, expired, spent };
  struct Entry {
    const TicketHash* hash = nullptr;  ///< the key in `places_`
    base::Instant expires;
    base::Instant marked;                  ///< when it was spent or ran out
    std::unique_ptr<TicketRecord> record;  ///< null once spent
    State state = State::unspent;
  };
  using Entries = std::list<Entry>;
  struct FirstBytes {
    std::size_t operator()(const TicketHash& hash) const;
  };

  /// Lives are cut into `ticks_per_life` ticks, so all unspent tickets lie within that many ticks, and one, of now.
  static constexpr std::size_t ticks_per_life = 64;
  static constexpr std::size_t wheel_slots = 128;

  std::int64_t tick_of(base::Instant time) const { return time.nanoseconds() / tick_.count(); }
  Entries& slot_of(std::int64_t tick) { return wheel_[static_cast<std::size_t>(tick) % wheel_slots]; }
  /// Moves an unspent entry to the marks.
  void mark(Entries::iterator entry, State state, base::Instant when);
  void forget_oldest_mark();

  MemoryTicketLimits limits_;
  base::Duration tick_;
  std::int64_t swept_tick_ = 0;  ///< slots of earlier ticks are empty
  std::size_t unspent_ = 0;
  std::array<Entries, wheel_slots> wheel_;  ///< unspent tickets by the tick of their expiry
  Entries marks_;                           ///< the oldest first, to within a tick
  std::unordered_map<TicketHash, Entries::iterator, FirstBytes> places_;
};

}  // namespace usher::auth
