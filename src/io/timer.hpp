#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/time.hpp"
#include "io/intrusive_list.hpp"

namespace usher::io {

class Loop;

/// One deadline of its owner, embedded in it: 40 bytes, nothing is allocated. Fires once, at the first loop turn at or
/// after its instant, never before; granularity is a millisecond. Lives on the thread of its loop, does not move while
/// armed, and may be cancelled, armed again or destroyed at any time, also inside its own handler.
class Timer : private Link {
 public:
  using Handler = void (*)(void* context);

  Timer(Handler handler, void* context) : handler_(handler), context_(context) {}

  /// A timer that calls a member function: `Timer::to<&Session::on_deadline>(this)`.
  template <auto member, typename Owner>
  static Timer to(Owner* owner) {
    return Timer([](void* context) { (static_cast<Owner*>(context)->*member)(); }, owner);
  }

  /// Replaces what it was armed for. An instant in the past fires in this turn's or the next turn's timers; `never`
  /// cancels.
  void arm(Loop& loop, base::Instant at);
  void cancel() { unlink(); }
  bool armed() const { return linked(); }

 private:
  friend class TimerWheel;
  friend class IntrusiveList<Timer>;

  std::uint64_t tick_ = 0;
  Handler handler_;
  void* context_;
};

/// A hierarchical wheel: eight levels of 64 slots, of 1 ms, 64 ms, 4 s … each. Arming and cancelling are O(1); a timer
/// moves down at most seven times before it fires. Timers fire in the order of their milliseconds, within one
/// millisecond in the order they were armed.
class TimerWheel {
 public:
  explicit TimerWheel(base::Instant now);

  void arm(Timer& timer, base::Instant at);
  /// When fire() should be called next, or never. May be earlier than any timer: then fire() only moves timers down.
  base::Instant next();
  /// Fires what is due. Timers that handlers arm for the past fire in the next call.
  void fire(base::Instant now);

 private:
  static constexpr unsigned level_count = 8;
  static constexpr unsigned slot_count = 64;

  struct Level {
    /// A bit may be set for a slot whose timers were all cancelled; it is cleared when looked at.
    std::uint64_t occupied = 0;
    std::array<IntrusiveList<Timer>, slot_count> slots;
  };
  struct Place {
    unsigned level;
    unsigned slot;
    std::uint64_t tick;  ///< when the slot begins
  };

  void insert(Timer& timer);
  bool first_occupied(Place& place);

  std::array<Level, level_count> levels_;
  IntrusiveList<Timer> due_;
  std::uint64_t elapsed_;  ///< every timer in the wheel has a later tick
};

}  // namespace usher::io
