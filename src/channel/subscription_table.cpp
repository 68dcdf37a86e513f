#include "channel/subscription_table.hpp"

namespace usher::channel {

std::uint32_t SubscriptionTable::add() {
  if (free_ == none) {
    const auto first = static_cast<std::uint32_t>(blocks_.size()) * block_size;
    blocks_.push_back(std::make_unique<Subscription[]>(block_size));
    for (std::uint32_t i = block_size; i-- > 0;) {
      (*this)[first + i].channel = free_;
      free_ = first + i;
    }
  }
  const std::uint32_t index = free_;
  Subscription& place = (*this)[index];
  free_ = place.channel;
  const std::uint32_t generation = place.generation;
  place = Subscription();
  place.generation = generation;
  place.used = true;
  ++size_;
  return index;
}

void SubscriptionTable::remove(std::uint32_t index) {
  Subscription& place = (*this)[index];
  ASSERT(place.used);
  place.used = false;
  ++place.generation;
  place.channel = free_;
  free_ = index;
  --size_;
}

}  // namespace usher::channel
