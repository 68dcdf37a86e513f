#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace usher::base {

using Duration = std::chrono::nanoseconds;

/// A point on the monotonic clock. Only differences mean anything. Sans-I/O code is given instants and never asks for
/// one, so tests run on virtual time.
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant from_nanoseconds(std::int64_t value) { return Instant(value); }
  static constexpr Instant never() { return Instant(INT64_MAX); }

  constexpr std::int64_t nanoseconds() const { return value_; }
  constexpr bool is_never() const { return value_ == INT64_MAX; }

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant a, Duration d) { return Instant(a.value_ + d.count()); }
  friend constexpr Instant operator-(Instant a, Duration d) { return Instant(a.value_ - d.count()); }
  friend constexpr Duration operator-(Instant a, Instant b) { return Duration(a.value_ - b.value_); }

 private:
  explicit constexpr Instant(std::int64_t value) : value_(value) {}
  std::int64_t value_ = 0;
};

/// A point on the calendar clock: milliseconds since 1970-01-01 UTC. For what leaves the process: expiry times in
/// ticket records, the times of publications, log lines.
struct WallTime {
  std::int64_t milliseconds = 0;

  constexpr std::int64_t seconds() const { return milliseconds / 1000; }
  friend constexpr auto operator<=>(WallTime, WallTime) = default;
  friend constexpr WallTime operator+(WallTime a, Duration d) {
    return {a.milliseconds + std::chrono::duration_cast<std::chrono::milliseconds>(d).count()};
  }
};

}  // namespace usher::base
