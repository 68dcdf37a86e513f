#include "broker/memory/home.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace usher::broker {
namespace {

/// A busy channel's publications run out one by one; they are swept together.
constexpr base::Duration sweep_interval = std::chrono::seconds(1);

}  // namespace

Home::Home(WorkerIndex self, const HomeLimits& limits, HomeEvents& events, EpochSource make_epoch)
    : self_(self), limits_(limits), events_(events), make_epoch_(std::move(make_epoch)) {}

Published Home::publish(std::string_view name, const ChannelRule& rule, channel::PublicationDraft&& draft, Moment now) {
  base::Handle handle;
  HomeChannel* found = find(name, handle);
  if (found == nullptr && !rule.history) {
    // Nobody follows and nothing is kept: it has reached everyone there is.
    draft = channel::PublicationDraft();
    return {};
  }
  return publish(found != nullptr ? *found : find_or_make(name, rule, handle, now), handle, std::move(draft), now);
}

Published Home::publish(base::Handle handle, channel::PublicationDraft&& draft, Moment now) {
  HomeChannel* found = channels_.find(handle);
  ASSERT(found != nullptr);
  return publish(*found, handle, std::move(draft), now);
}

Published Home::publish(HomeChannel& channel, base::Handle handle, channel::PublicationDraft&& draft, Moment now) {
  const auto publication = channel.append(std::move(draft), now);
  for (Follower& follower : channel.followers()) {
    if (follower.worker == self_) {
      events_.on_home_publication(follower.follow, publication);
    } else if (!follower.due) {
      follower.due = events_.on_home_due(follower.worker, handle, follower.follow);
    }
  }
  const Published published{.outcome = PublishOutcome::accepted, .position = channel.position()};
  use(channel, handle, now);
  return published;
}

Subscribed Home::follow(std::string_view name, const ChannelRule& rule, WorkerIndex worker, base::Handle follow,
                        const Start& start, Moment now) {
  base::Handle handle;
  if (start.since && find(name, handle) == nullptr) return {.outcome = SubscribeOutcome::position_gone};
  HomeChannel& channel = find_or_make(name, rule, handle, now);
  channel.expire(now.instant);
  Follower* follower = channel.find(worker, follow);
  if (follower != nullptr && follower->due) events_.on_home_settle(worker, *follower->due);
  const Subscribed subscribed = channel.begin(start);
  if (subscribed.outcome == SubscribeOutcome::active && follower == nullptr) {
    const std::uint64_t cursor = worker == self_ ? Follower::at_home : channel.top() + 1;
    channel.followers().push_back({.worker = worker, .follow = follow, .cursor = cursor, .due = std::nullopt});
  }
  use(channel, handle, now);
  return subscribed;
}

void Home::unfollow(std::string_view name, WorkerIndex worker, base::Handle follow, Moment now) {
  base::Handle handle;
  HomeChannel* channel = find(name, handle);
  if (channel == nullptr) return;
  std::erase_if(channel->followers(),
                [&](const Follower& each) { return each.worker == worker && each.follow == follow; });
  channel->expire(now.instant);
  use(*channel, handle, now);
}

HistoryAnswer Home::history(std::string_view name, const ChannelRule& rule, const HistoryRequest& request, Moment now) {
  if (!rule.history) return {};
  base::Handle handle;
  HomeChannel& channel = find_or_make(name, rule, handle, now);
  channel.expire(now.instant);
  HistoryAnswer answer = channel.history(request);
  use(channel, handle, now);
  return answer;
}

std::optional<PublicationsMail> Home::collect(base::Handle handle, WorkerIndex worker, base::Handle follow) {
  HomeChannel* channel = channels_.find(handle);
  Follower* follower = channel != nullptr ? channel->find(worker, follow) : nullptr;
  if (follower == nullptr) return std::nullopt;
  auto mail = channel->collect(*follower);
  count_bytes(*channel);
  return mail;
}

base::Handle Home::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? base::Handle() : found->second;
}

HomeChannel* Home::find(std::string_view name, base::Handle& handle) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  handle = found->second;
  return channels_.find(handle);
}

HomeChannel& Home::find_or_make(std::string_view name, const ChannelRule& rule, base::Handle& handle, Moment now) {
  if (HomeChannel* found = find(name, handle)) return *found;
  make_room(limits_.channels_max - 1);
  handle = channels_.emplace(name, rule, rule.history ? make_epoch_() : channel::Epoch());
  HomeChannel& made = *channels_.find(handle);
  made.last_use = now.instant;
  by_name_.emplace(made.name(), handle);
  return made;
}

// What every use of a channel ends with. The channel may be gone afterwards.
void Home::use(HomeChannel& channel, base::Handle handle, Moment now) {
  channel.last_use = now.instant;
  const bool keeps_nothing = !channel.keeps_history() && channel.bytes() == 0 && channel.counted_bytes == 0;
  if (keeps_nothing && !channel.unused_place && !channel.followers().empty()) return;
  count_bytes(channel);
  if (channel.unused_place) unused_.erase(*channel.unused_place);
  channel.unused_place.reset();
  if (channel.followers().empty()) {
    if (channel.forgettable(now.instant)) return forget(handle);
    channel.unused_place = unused_.insert(unused_.end(), handle);
  }
  schedule(channel, handle, now);
  make_room(limits_.channels_max);
}

void Home::count_bytes(HomeChannel& channel) {
  bytes_ += channel.bytes();
  bytes_ -= std::exchange(channel.counted_bytes, channel.bytes());
}

void Home::schedule(HomeChannel& channel, base::Handle handle, Moment now) {
  const base::Instant at = channel.runs_out_at();
  if (at >= channel.scheduled) return;
  deadlines_.erase({channel.scheduled, handle});
  channel.scheduled = std::max(at, now.instant + sweep_interval);
  deadlines_.insert({channel.scheduled, handle});
}

void Home::on_deadline(Moment now) {
  while (deadline() <= now.instant) {
    const base::Handle handle = deadlines_.begin()->channel;
    deadlines_.erase(deadlines_.begin());
    HomeChannel& channel = *channels_.find(handle);
    channel.scheduled = base::Instant::never();
    channel.expire(now.instant);
    count_bytes(channel);
    if (channel.forgettable(now.instant)) {
      forget(handle);
    } else {
      schedule(channel, handle, now);
    }
  }
}

void Home::make_room(std::size_t channels_max) {
  while (!unused_.empty() && (channels_.size() > channels_max || bytes_ > limits_.history_bytes_max)) {
    forget(unused_.front());
  }
}

void Home::forget(base::Handle handle) {
  HomeChannel& channel = *channels_.find(handle);
  if (channel.unused_place) unused_.erase(*channel.unused_place);
  deadlines_.erase({channel.scheduled, handle});
  bytes_ -= channel.counted_bytes;
  by_name_.erase(channel.name());
  channels_.erase(handle);
}

}  // namespace usher::broker
