#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "base/slab.hpp"
#include "broker/broker.hpp"
#include "broker/memory/mail.hpp"
#include "channel/ring.hpp"

namespace usher::broker {

/// A worker that follows a channel: a cursor in its log at home.
struct Follower {
  /// The cursor of the home's own worker: it is given everything at once.
  static constexpr std::uint64_t at_home = UINT64_MAX;

  WorkerIndex worker = 0;
  base::Handle follow;
  std::uint64_t cursor = 0;  ///< the next publication to give
  std::optional<std::uint64_t> due{};
};

/// A channel at its home: the authoritative log with its offsets, of which the newest part is history.
///
/// Publications are counted from 1. In a channel with history the count is the offset; without, it stays inside.
class HomeChannel {
 public:
  HomeChannel(std::string_view name, const ChannelRule& rule, const channel::Epoch& epoch)
      : name_(name), rule_(rule), epoch_(epoch) {}

  const std::string& name() const { return name_; }
  const ChannelRule& rule() const { return rule_; }
  bool keeps_history() const { return rule_.history.has_value(); }
  std::vector<Follower>& followers() { return followers_; }
  Follower* find(WorkerIndex worker, base::Handle follow);

  std::uint64_t top() const { return top_; }
  /// Nothing without history.
  std::optional<channel::Position> position() const;
  std::size_t bytes() const { return bytes_; }

  /// Gives the publication its place and its time. Keeps it if history or a follower elsewhere needs it; then the
  /// oldest may have to go.
  channel::PublicationRef append(channel::PublicationDraft&& draft, Moment now);
  /// Drops what is older than the history's ttl and what no follower needs.
  void expire(base::Instant now);

  /// Answers `start`, without following. Nothing kept may be older than the ttl: call `expire` first.
  Subscribed begin(const Start& start) const;
  HistoryAnswer history(const HistoryRequest& request) const;
  /// Moves the follower's cursor to the top over what it is given.
  std::optional<PublicationsMail> collect(Follower& follower);

  /// When something will have run out, if nothing happens before.
  base::Instant runs_out_at() const;
  /// Nobody follows, and neither publications nor the position have to be kept.
  bool forgettable(base::Instant now) const;

  base::Instant last_use;
  base::Instant scheduled = base::Instant::never();
  std::optional<std::list<base::Handle>::iterator> unused_place;
  std::size_t counted_bytes = 0;  ///< of `bytes`, what is in the home's sum

 private:
  struct Entry {
    channel::PublicationRef publication;
    base::Instant at;
  };

  std::uint64_t first() const { return top_ + 1 - log_.size(); }
  const Entry& entry(std::uint64_t number) const { return log_[static_cast<std::size_t>(number - first())]; }
  bool reaches(const channel::Position& since) const;
  void drop_first();
  void trim();
  void copy(std::uint64_t begin, std::uint64_t end, std::vector<channel::PublicationRef>& out) const;

  std::string name_;
  ChannelRule rule_;
  channel::Epoch epoch_;
  channel::Ring<Entry> log_;  ///< numbers first() to top_
  std::uint64_t top_ = 0;
  std::uint64_t history_first_ = 1;  ///< the oldest that history still has; top_ + 1 when it has none
  std::size_t bytes_ = 0;
  std::vector<Follower> followers_;
};

}  // namespace usher::broker
