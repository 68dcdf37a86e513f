#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

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
/// A spent or expired ticket stays as a mark until `ttl_max` after its expiry, so that a late comer can be told apart
/// from a stranger; when marks alone are more than `outstanding`, the oldest go first (they are refused as unknown
/// then). Memory: at most twice `outstanding` entries of about 100 bytes, and the records of unspent tickets. Each
/// call removes what has run out; the work is constant per ticket.
class MemoryTicketStore final : public TicketStore {
 public:
  explicit MemoryTicketStore(MemoryTicketLimits limits);
  MemoryTicketStore(const MemoryTicketStore&) = delete;
  MemoryTicketStore& operator=(const MemoryTicketStore&) = delete;
  ~MemoryTicketStore() override;

  void put(const TicketHash& hash, TicketRecord record, base::Duration ttl, base::Instant now, Put done) override;
  void redeem(const TicketHash& hash, base::Instant now, Redeem done) override;

  /// Removes what has run out; for a worker that has nothing else to do with tickets.
  void sweep(base::Instant now);

  /// Tickets that could still be spent, as of the last call.
  std::size_t unspent() const { return unspent_; }
  /// All entries: unspent tickets and marks.
  std::size_t entries() const { return entries_.size(); }

 private:
  enum class State : std::uint8_t { unspent, expired, spent };
  struct Entry;
  struct Chain {
    Entry* first = nullptr;
    Entry* last = nullptr;
  };
  struct FirstBytes {
    std::size_t operator()(const TicketHash& hash) const;
  };
  using Entries = std::unordered_map<TicketHash, std::unique_ptr<Entry>, FirstBytes>;

  MemoryTicketLimits limits_;
  Entries entries_;
  std::size_t unspent_ = 0;
};

}  // namespace usher::auth
