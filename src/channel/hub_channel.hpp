#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "channel/hub.hpp"

namespace usher::channel {

/// One channel of a hub: its log, who is in it, and where it stands. Part of Hub, not for others.
struct Hub::Channel {
  std::string name;
  ChannelOptions options;
  ChannelId id;
  Log log;
  std::vector<std::uint32_t> members;

  /// With history: where one stands who has read everything before the log's first entry.
  std::unique_ptr<Position> before_first;
  std::uint32_t gaps = 0;       ///< entries of the log that are gaps
  Sequence unknown_before = 0;  ///< who stood before this when it went missed an unknown number

  std::uint32_t lagging = 0;        ///< cursors that the log's tail has passed; they are counted at its first entry
  std::uint32_t disconnecting = 0;  ///< members with OnLoss::disconnect that have lost nothing yet
  Sequence none_lost_before = 0;    ///< no cursor of theirs stands before this

  bool dirty = false;
  std::size_t visit_next = 0;  ///< members are visited from here downwards, around the end
  std::size_t visits_left = 0;

  std::uint64_t delivered = 0;
  std::uint64_t missed = 0;

  bool is_gap(Sequence sequence) const { return gaps > 0 && sequence != log.end() && log.at(sequence).gap != nullptr; }
  bool has_lagged(const Subscription& subscription) const { return subscription.cursor() < log.first(); }

  /// Drops the log's first entry, and remembers where that leaves the next.
  void drop_first();
  /// Drops what no cursor needs.
  void trim() {
    while (!log.empty() && log.at(log.first()).waiting == 0) drop_first();
  }
  /// Where one stands who has read everything before this sequence of [first, end]. Only with history.
  Position position_before(Sequence sequence) const;
  /// Where a cursor stands, even if the tail has passed it. Nothing without history, or when it cannot be known.
  std::optional<Position> position_of(Sequence cursor) const;
  /// Behind the last gap in the log, or its first entry.
  Sequence behind_gaps() const;
};

}  // namespace usher::channel
