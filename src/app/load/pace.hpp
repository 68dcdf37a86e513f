#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace usher::app {

/// When each message of a load is due, or nothing of the kind: then each follows as soon as the one before is answered.
///
/// With a rate, latency is counted from when a message was due, not from when it was sent at last. A server that stops
/// for a second so shows as a second for all that should have been sent meanwhile, not as one slow message
/// ("coordinated omission").
class Pace {
 public:
  /// `rate` in messages a second; 0: none.
  Pace(base::Instant start, double rate) : start_(start), interval_(rate > 0 ? 1e9 / rate : 0) {}

  bool open_loop() const { return interval_ > 0; }
  /// Of the message with this number, from 0.
  base::Instant due(std::uint64_t number) const {
    return start_ + base::Duration(static_cast<std::int64_t>(static_cast<double>(number) * interval_));
  }

 private:
  base::Instant start_;
  double interval_;  ///< nanoseconds
};

}  // namespace usher::app
