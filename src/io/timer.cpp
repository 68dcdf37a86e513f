#include "io/timer.hpp"

#include "io/loop.hpp"

namespace usher::io {
namespace {

constexpr std::int64_t tick_nanoseconds = 1'000'000;
constexpr unsigned slot_bits = 6;

std::uint64_t tick_at(base::Instant at) {
  return at.nanoseconds() <= 0 ? 0 : static_cast<std::uint64_t>(at.nanoseconds() / tick_nanoseconds);
}

/// Rounded up, so that nothing fires early.
std::uint64_t tick_from(base::Instant at) {
  const std::uint64_t tick = tick_at(at);
  return at.nanoseconds() > 0 && at.nanoseconds() % tick_nanoseconds != 0 ? tick + 1 : tick;
}

}  // namespace

void Timer::arm(Loop& loop, base::Instant at) { loop.arm(*this, at); }

TimerWheel::TimerWheel(base::Instant now) : elapsed_(tick_at(now)) {}

void TimerWheel::arm(Timer& timer, base::Instant at) {
  timer.unlink();
  if (at.is_never()) return;
  timer.tick_ = tick_from(at);
  // What is due already goes straight to the list that the next fire() empties.
  if (timer.tick_ <= elapsed_) {
    due_.push_back(timer);
  } else {
    insert(timer);
  }
}

void TimerWheel::insert(Timer& timer) {
  // The level is that of the highest group of bits in which the tick differs from now: the groups above say that the
  // timer is in this turn of the upper wheels.
  const auto highest_bit = static_cast<unsigned>(63 - std::countl_zero((timer.tick_ ^ elapsed_) | (slot_count - 1)));
  const unsigned level = highest_bit / slot_bits;
  const auto slot = static_cast<unsigned>((timer.tick_ >> (level * slot_bits)) % slot_count);
  levels_[level].slots[slot].push_back(timer);
  levels_[level].occupied |= std::uint64_t{1} << slot;
}

bool TimerWheel::first_occupied(Place& place) {
  for (unsigned number = 0; number < level_count; ++number) {
    Level& level = levels_[number];
    while (level.occupied != 0) {
      const auto slot = static_cast<unsigned>(std::countr_zero(level.occupied));
      if (level.slots[slot].empty()) {
        level.occupied &= level.occupied - 1;
        continue;
      }
      const unsigned shift = number * slot_bits;
      const std::uint64_t turn = elapsed_ >> (shift + slot_bits) << (shift + slot_bits);
      place = {number, slot, turn + (std::uint64_t{slot} << shift)};
      return true;
    }
  }
  return false;
}

base::Instant TimerWheel::next() {
  if (!due_.empty()) return base::Instant::from_nanoseconds(0);
  Place place{};
  if (!first_occupied(place)) return base::Instant::never();
  return base::Instant::from_nanoseconds(static_cast<std::int64_t>(place.tick) * tick_nanoseconds);
}

void TimerWheel::fire(base::Instant now) {
  const std::uint64_t tick = tick_at(now);
  Place place{};
  while (first_occupied(place) && place.tick <= tick) {
    elapsed_ = place.tick;
    IntrusiveList<Timer> slot;
    slot.take_all(levels_[place.level].slots[place.slot]);
    levels_[place.level].occupied &= ~(std::uint64_t{1} << place.slot);
    while (Timer* timer = slot.pop_front()) {
      if (timer->tick_ <= elapsed_) {
        due_.push_back(*timer);
      } else {
        insert(*timer);
      }
    }
  }
  if (tick > elapsed_) elapsed_ = tick;

  // Handlers may cancel and destroy other timers that are due: each leaves this list by itself. Those armed for the
  // past meanwhile wait for the next call, so that a timer that arms itself again cannot hold the loop.
  IntrusiveList<Timer> firing;
  firing.take_all(due_);
  while (Timer* timer = firing.pop_front()) timer->handler_(timer->context_);
}

}  // namespace usher::io
