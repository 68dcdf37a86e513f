#include "server/connection_counts.hpp"

#include "base/assert.hpp"

namespace usher::server {

ConnectionCounts::Verdict ConnectionCounts::take(const auth::Address& address) {
  const std::scoped_lock lock(mutex_);
  if (in_all_ >= in_all_max_) return Verdict::node_full;
  std::size_t& count = per_address_[address.limit_key()];
  if (count >= per_address_max_) return Verdict::address_full;
  ++count;
  ++in_all_;
  return Verdict::admitted;
}

void ConnectionCounts::give_back(const auth::Address& address) {
  const std::scoped_lock lock(mutex_);
  const auto found = per_address_.find(address.limit_key());
  ASSERT(found != per_address_.end() && in_all_ > 0);
  --in_all_;
  if (--found->second == 0) per_address_.erase(found);
}

}  // namespace usher::server
