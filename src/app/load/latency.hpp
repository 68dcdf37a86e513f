#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.hpp"

namespace usher::app {

/// Counts latencies in buckets of which each is at most 1/64 wider than its lower end, from one nanosecond up. 30 KiB,
/// whatever is recorded.
class LatencyHistogram {
 public:
  /// A negative latency counts as none.
  void record(base::Duration latency);

  std::uint64_t count() const { return count_; }
  /// At most this long took `fraction` (0 to 1) of what was recorded: the upper end of the bucket, or `max()` where
  /// that is less. Zero when nothing was recorded.
  base::Duration percentile(double fraction) const;
  base::Duration max() const { return base::Duration(static_cast<std::int64_t>(max_)); }

 private:
  static constexpr unsigned halvings = 6;  ///< a power of two is cut into so many halves of halves
  static constexpr std::size_t per_power = std::size_t{1} << halvings;

  static std::size_t bucket_of(std::uint64_t nanoseconds);
  static std::uint64_t upper_end(std::size_t bucket);

  std::array<std::uint64_t, (64 - halvings) * per_power> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace usher::app
