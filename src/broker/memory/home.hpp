#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/slab.hpp"
#include "broker/broker.hpp"
#include "broker/memory/home_channel.hpp"
#include "broker/memory/mail.hpp"

namespace usher::broker {

/// Gives a fresh random epoch each time.
using EpochSource = std::function<channel::Epoch()>;

/// Bounds of what one home keeps for channels that nobody follows: beyond either the one that was unused for the
/// longest time is forgotten, with its position. Followed channels are bounded by sessions.
struct HomeLimits {
  std::size_t channels_max = 100000;
  std::size_t history_bytes_max = 256 * 1024 * 1024;
};

/// What a home tells the broker that it is part of.
class HomeEvents {
 public:
  virtual ~HomeEvents() = default;
  /// For the follower on the home's own worker, at once.
  virtual void on_home_publication(base::Handle follow, const channel::PublicationRef& publication) = 0;
  /// A follower on another worker has publications to collect, for the first time since it did. The answer is kept as
  /// its `due`.
  virtual std::uint64_t on_home_due(WorkerIndex worker, base::Handle channel, base::Handle follow) = 0;
  /// What follows must stay behind what is due until now: it is to be collected at once.
  virtual void on_home_settle(WorkerIndex worker, std::uint64_t due) = 0;
};

/// The home of a share of the channels: gives offsets, keeps history, knows which workers follow.
class Home {
 public:
  Home(WorkerIndex self, const HomeLimits& limits, HomeEvents& events, EpochSource make_epoch);

  /// Orders the publication, keeps it, and tells the followers.
  Published publish(std::string_view name, const ChannelRule& rule, channel::PublicationDraft&& draft, Moment now);
  /// The same for a channel that somebody follows.
  Published publish(base::Handle channel, channel::PublicationDraft&& draft, Moment now);
  /// The channel that somebody follows: good until the last follower leaves.
  base::Handle find(std::string_view name) const;
  /// The worker follows from the answer's top on, if it did not already.
  Subscribed follow(std::string_view name, const ChannelRule& rule, WorkerIndex worker, base::Handle follow,
                    const Start& start, Moment now);
  void unfollow(std::string_view name, WorkerIndex worker, base::Handle follow, Moment now);
  HistoryAnswer history(std::string_view name, const ChannelRule& rule, const HistoryRequest& request, Moment now);

  /// What the follower on another worker has not been given yet. Nothing when it is gone or has everything.
  std::optional<PublicationsMail> collect(base::Handle channel, WorkerIndex worker, base::Handle follow);

  /// When the oldest publication or an unused channel may have run out.
  base::Instant deadline() const { return deadlines_.empty() ? base::Instant::never() : deadlines_.begin()->at; }
  void on_deadline(Moment now);

  std::size_t channels() const { return channels_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Deadline {
    base::Instant at;
    base::Handle channel;
    friend bool operator<(const Deadline& a, const Deadline& b) {
      return a.at != b.at ? a.at < b.at : a.channel.index < b.channel.index;
    }
  };

  HomeChannel* find(std::string_view name, base::Handle& handle);
  Published publish(HomeChannel& channel, base::Handle handle, channel::PublicationDraft&& draft, Moment now);
  HomeChannel& find_or_make(std::string_view name, const ChannelRule& rule, base::Handle& handle, Moment now);
  void use(HomeChannel& channel, base::Handle handle, Moment now);
  void count_bytes(HomeChannel& channel);
  void schedule(HomeChannel& channel, base::Handle handle, Moment now);
  void make_room(std::size_t channels_max);
  void forget(base::Handle handle);

  WorkerIndex self_;
  HomeLimits limits_;
  HomeEvents& events_;
  EpochSource make_epoch_;
  base::Slab<HomeChannel> channels_;
  std::unordered_map<std::string_view, base::Handle> by_name_;  ///< the keys are the channels' own names
  std::list<base::Handle> unused_;                              ///< nobody follows; the longest unused first
  std::set<Deadline> deadlines_;                                ///< at most one per channel
  std::size_t bytes_ = 0;
};

}  // namespace usher::broker
