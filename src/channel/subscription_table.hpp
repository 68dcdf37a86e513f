#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/slab.hpp"
#include "channel/log.hpp"
#include "dialect/form.hpp"

namespace usher::channel {

/// What happens to a subscription that would lose publications.
enum class OnLoss : std::uint8_t {
  tell_gap,       ///< on with the oldest that the log still has; the subscriber is told
  tell_latest,    ///< on with the newest; the subscriber is told
  silent_latest,  ///< on with the newest, as if nothing had happened
  disconnect,     ///< nothing more is delivered; `Hub::take_lost` names it
};

/// A session that follows a channel: a cursor. 28 bytes, because a hundred thousand of them are idle at a time.
struct Subscription {
  base::Handle session;
  std::uint32_t generation = 1;
  std::uint32_t channel = 0;     ///< index of its channel in the hub; next free place when unused
  std::uint32_t member = 0;      ///< its place among the channel's members
  std::uint32_t cursor_low = 0;  ///< a sequence of 48 bits in two parts: no padding
  std::uint16_t cursor_high = 0;
  dialect::Form form = dialect::Form::raw;
  OnLoss on_loss : 2 = OnLoss::tell_gap;
  bool used : 1 = false;
  bool blocked : 1 = false;
  bool queued : 1 = false;   ///< in the hub's list of single ready subscriptions
  bool offered : 1 = false;  ///< given out as ready, and not looked at since
  bool lost : 1 = false;     ///< no longer counted in the log

  Sequence cursor() const { return Sequence{cursor_high} << 32 | cursor_low; }
  void set_cursor(Sequence sequence) {
    cursor_low = static_cast<std::uint32_t>(sequence);
    cursor_high = static_cast<std::uint16_t>(sequence >> 32);
  }
};

static_assert(sizeof(Subscription) == 28);

/// Owns the subscriptions of one worker, in blocks that never move. A slab whose generations live in the objects.
class SubscriptionTable {
 public:
  std::uint32_t add();
  void remove(std::uint32_t index);

  Subscription& operator[](std::uint32_t index) { return blocks_[index / block_size][index % block_size]; }
  base::Handle handle(std::uint32_t index) { return {index, (*this)[index].generation}; }
  /// Null when it is gone.
  Subscription* find(base::Handle handle) {
    if (handle.index >= blocks_.size() * block_size) return nullptr;
    Subscription& place = (*this)[handle.index];
    return place.used && place.generation == handle.generation ? &place : nullptr;
  }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t block_size = 256;
  static constexpr std::uint32_t none = UINT32_MAX;

  std::vector<std::unique_ptr<Subscription[]>> blocks_;
  std::uint32_t free_ = none;
  std::size_t size_ = 0;
};

}  // namespace usher::channel
