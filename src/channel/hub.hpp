#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/slab.hpp"
#include "channel/log.hpp"
#include "channel/subscription_table.hpp"

namespace usher::channel {

using ChannelId = base::Handle;
using SubscriptionId = base::Handle;

/// How one channel is kept on this worker.
struct ChannelOptions {
  std::size_t log_bytes_max = 4 * 1024 * 1024;  ///< beyond it the oldest goes, whoever waits for it
  std::uint32_t rule = 0;                       ///< the caller's own index of the channel's rule; kept, not read
};

/// A subscription that can be written, or that has to end.
struct ReadySubscription {
  SubscriptionId subscription;
  base::Handle session{};
};

/// What `Hub::gather` found.
struct Gathered {
  std::size_t frames = 0;
  std::size_t bytes = 0;
  bool gap = false;   ///< nothing was gathered because a gap comes first: `take_gap`
  bool more = false;  ///< something comes behind the frames: a gap, or what there was no room for
};

/// What is told about one channel.
struct ChannelStatus {
  std::string_view name{};
  std::uint32_t rule = 0;
  std::size_t subscriptions = 0;
  std::size_t log_bytes = 0;
  std::uint64_t delivered = 0;  ///< frames advanced over, all subscriptions together
  std::uint64_t missed = 0;     ///< publications that a subscription was not given, all together
};

/// The channels and subscriptions of one worker: each channel a log, each subscription a cursor into it.
///
/// A turn: `append` what arrives; then, until nothing is ready, `take_ready`, and for each session `take_gap`,
/// `gather`, write, `advance` over the frames that went out or are owned elsewhere, or `set_blocked`. Every call may
/// come between any two others, also inside a loop over what `take_ready` gave: ids of what is gone find nothing.
/// Nothing here calls back, reads a clock or does I/O. Not thread-safe.
class Hub {
 public:
  /// `compressor` may be null; it outlives the hub.
  explicit Hub(FrameCompressor* compressor = nullptr);
  ~Hub();

  /// Makes the channel, or finds it by its name; then the options stay as they were.
  ChannelId open(std::string_view name, const ChannelOptions& options);
  /// Nothing when no such channel is open.
  std::optional<ChannelId> find(std::string_view name) const;
  /// Forgets the channel and the subscriptions that it still has. No effect when it is gone.
  void close(ChannelId channel);

  /// Where a channel with history stands, as the broker says. No effect when the hub knows already: then what was
  /// appended counts.
  void set_position(ChannelId channel, const Position& top);
  /// The last publication appended, or what was set. Nothing without history.
  std::optional<Position> position(ChannelId channel) const;
  std::optional<ChannelStatus> status(ChannelId channel) const;

  /// Follows the channel from now on, or, with a backlog, from its first publication on. The backlog is in order and
  /// ends where the channel stands on this worker: what the log has is not kept twice, what it has not is put in
  /// front. If a gap stands between, the subscription begins behind the gap and has lost the rest.
  /// A default id when the channel is gone.
  SubscriptionId subscribe(ChannelId channel, base::Handle session, dialect::Form form, OnLoss on_loss,
                           std::span<const PublicationRef> backlog = {});
  /// Nothing is delivered any more. No effect when it is gone.
  void unsubscribe(SubscriptionId subscription);

  /// The next publication of the channel. No effect when the channel is gone.
  void append(ChannelId channel, PublicationRef publication);
  /// Publications are missing here. With a position: the next one has the offset behind it, in that epoch.
  void append_gap(ChannelId channel, const Gap& gap);
  /// True when some channel's log is more than half full. Then the turn should flush before it takes in more, or
  /// sessions that are not slow lose publications.
  bool wants_flush() const { return wants_flush_; }

  /// Adds at most `limit` subscriptions that have something to read and are not blocked. One is offered once for all
  /// that is there, and not again until it was gathered, advanced or blocked. Big channels take turns.
  void take_ready(std::vector<ReadySubscription>& out, std::size_t limit);
  /// Adds the subscriptions with OnLoss::disconnect that lost something. Each is named once and stays until
  /// `unsubscribe`, but is never ready again.
  void take_lost(std::vector<ReadySubscription>& out);

  /// The whole frames from the cursor on, as many as `out` has room for, up to the next gap. They are good until the
  /// subscription advances or ends, or something is appended to the channel.
  Gathered gather(SubscriptionId subscription, std::span<base::Slice> out);
  /// The cursor goes over so many of the frames that `gather` gave.
  void advance(SubscriptionId subscription, std::size_t frames);
  /// What the subscriber has to be told before what `gather` gives. Once.
  std::optional<Gap> take_gap(SubscriptionId subscription);

  /// A blocked subscription is not offered: its socket takes no more.
  void set_blocked(SubscriptionId subscription, bool blocked);
  /// Behind the last frame advanced over. Nothing without history, or when it can no longer be known.
  std::optional<Position> position_of(SubscriptionId subscription) const;
  /// True while the subscriber has not been given all that was appended.
  bool behind(SubscriptionId subscription) const;

  std::size_t subscriptions() const { return table_.size(); }
  std::size_t channels() const { return by_name_.size(); }
  /// Memory of all logs together.
  std::size_t log_bytes() const;

 private:
  struct Channel;

  Channel* channel(ChannelId id) const;
  Channel& channel_of(const Subscription& subscription) const { return *channels_[subscription.channel]; }

  bool is_ready(const Channel& channel, const Subscription& subscription) const;
  void queue(Subscription& subscription, std::uint32_t index);
  void mark_dirty(Channel& channel);
  void offer(std::uint32_t index, std::vector<ReadySubscription>& out);
  void visit_members(Channel& channel, std::vector<ReadySubscription>& out, std::size_t share);
  void remove_member(Channel& channel, const Subscription& subscription);

  Sequence place_backlog(Channel& channel, std::uint32_t index, std::span<const PublicationRef> backlog);
  void move_cursor(Channel& channel, std::uint32_t index, Sequence to);
  void settle(Channel& channel, std::uint32_t index);
  void land(Channel& channel, std::uint32_t index);
  void lose(Channel& channel, std::uint32_t index);
  void forget(std::uint32_t index);
  void note_missed(std::uint32_t index, std::optional<std::uint64_t> missed);
  void enforce_limit(Channel& channel);
  void find_lost(Channel& channel);

  Encoder encoder_;
  mutable SubscriptionTable table_;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<std::uint32_t> generations_;  ///< of the channels, by index
  std::vector<std::uint32_t> free_channels_;
  std::unordered_map<std::string_view, std::uint32_t> by_name_;  ///< the keys are the channels' own names
  std::deque<ChannelId> dirty_;                                  ///< something was appended since all were visited
  std::deque<SubscriptionId> single_;                            ///< ready for a reason of their own
  std::vector<SubscriptionId> lost_;
  std::unordered_map<std::uint32_t, std::optional<std::uint64_t>> missed_;  ///< lost, not yet told; by subscription
  std::unordered_map<std::uint32_t, Position> lost_at_;  ///< where subscriptions stood when they were lost
  bool wants_flush_ = false;
};

}  // namespace usher::channel
