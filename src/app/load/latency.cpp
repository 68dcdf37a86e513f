#include "app/load/latency.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace usher::app {

// Small values have a bucket each; above, the leading halvings + 1 bits of a value choose its bucket.
std::size_t LatencyHistogram::bucket_of(std::uint64_t nanoseconds) {
  const auto width = static_cast<unsigned>(std::bit_width(nanoseconds));
  const unsigned shift = width > halvings + 1 ? width - halvings - 1 : 0;
  return shift * per_power + (nanoseconds >> shift);
}

std::uint64_t LatencyHistogram::upper_end(std::size_t bucket) {
  if (bucket < 2 * per_power) return bucket;
  const std::size_t shift = bucket / per_power - 1;
  const std::uint64_t leading = bucket - shift * per_power;
  return ((leading + 1) << shift) - 1;
}

void LatencyHistogram::record(base::Duration latency) {
  const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, latency.count()));
  ++buckets_[bucket_of(nanoseconds)];
  ++count_;
  max_ = std::max(max_, nanoseconds);
}

base::Duration LatencyHistogram::percentile(double fraction) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen > 0 && seen >= wanted) {
      return base::Duration(static_cast<std::int64_t>(std::min(max_, upper_end(bucket))));
    }
  }
  return {};
}

}  // namespace usher::app
