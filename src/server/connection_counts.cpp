#include "server/connection_counts.hpp"

#include "base/assert.hpp"

namespace usher::server {

ConnectionCounts::Verdict ConnectionCounts::take(const std::optional<auth::Address>& address) {
  const std::scoped_lock lock(mutex_);
  if (in_all_ >= in_all_max_) return Verdict::node_full;
  if (address) {
    std::size_t& count = per_address_[address->limit_key()];
    if (count >= per_address_max_) return Verdict::address_full;
    ++count;
  }
  ++in_all_;
  return Verdict::admitted;
}

void ConnectionCounts::give_back(const std::optional<auth::Address>& address) {
  const std::scoped_lock lock(mutex_);
  ASSERT(in_all_ > 0);
  --in_all_;
  if (!address) return;
  const auto found = per_address_.find(address->limit_key());
  ASSERT(found != per_address_.end());
  if (--found->second == 0) per_address_.erase(found);
}

}  // namespace usher::server
