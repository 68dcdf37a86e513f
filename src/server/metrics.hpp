#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/ticket_store.hpp"
#include "base/close_reason.hpp"
#include "base/counter.hpp"
#include "base/time.hpp"
#include "server/refusal.hpp"

namespace usher::server {

enum class SessionDialect : std::uint8_t { raw, json };
std::string_view name_of(SessionDialect dialect);

/// What happened in the channels of one pattern on one worker.
struct ChannelCounters {
  base::Counter publications;  ///< counted where they entered usher
  base::Counter deliveries;    ///< frames handed to the kernel
  base::Counter gap_missed;    ///< publications that a slow session did not get
};

/// How long loop turns took. The bounds are powers of four, from 16 microseconds on.
class TurnHistogram {
 public:
  static constexpr std::size_t bound_count = 10;
  static std::int64_t bound_nanoseconds(std::size_t index) { return std::int64_t{16000} << (2 * index); }

  void add(base::Duration turn);
  std::uint64_t at_most(std::size_t index) const;
  std::uint64_t count() const;
  double sum_seconds() const { return static_cast<double>(sum_nanoseconds_.value()) * 1e-9; }

 private:
  std::array<base::Counter, bound_count + 1> buckets_;
  base::Counter sum_nanoseconds_;
};

/// All that one worker counts. Written by that worker alone, read by any.
struct WorkerMetrics {
  explicit WorkerMetrics(std::size_t pattern_count)
      : channels(std::make_unique<ChannelCounters[]>(pattern_count)), channel_count(pattern_count) {}

  base::Counter connections_accepted;
  base::Counter connections_open;
  std::array<base::Counter, 2> sessions;           ///< by SessionDialect
  std::array<base::Counter, 64> refused;           ///< by Refusal: handshakes
  std::array<base::Counter, 64> requests_refused;  ///< by Refusal: other requests
  std::array<base::Counter, 32> closed;            ///< by base::CloseReason
  std::array<base::Counter, 16> tickets_refused;   ///< by auth::TicketRefusal
  base::Counter tickets_issued;
  base::Counter tickets_redeemed;
  base::Counter tickets_unbound;
  base::Counter tickets_unspent;
  base::Counter channels_open;
  base::Counter accepts_paused;
  std::unique_ptr<ChannelCounters[]> channels;  ///< by the pattern's place in the configuration
  std::size_t channel_count;
  TurnHistogram turns;
};

/// The Prometheus text format, version 0.0.4: the sum over the workers. `patterns` are the label values of `channels`.
std::string metrics_text(std::span<const WorkerMetrics* const> workers, std::span<const std::string> patterns);

}  // namespace usher::server
