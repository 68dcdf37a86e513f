// The second half of Hub: who is ready, what is read, and what happens to those who read too slowly.

#include <algorithm>

#include "base/assert.hpp"
#include "channel/hub.hpp"
#include "channel/hub_channel.hpp"

namespace usher::channel {
namespace {

/// So many subscriptions of one channel are offered before the next channel has its turn.
constexpr std::size_t share_max = 1024;

std::optional<std::uint64_t> sum(std::optional<std::uint64_t> a, std::optional<std::uint64_t> b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

}  // namespace

bool Hub::is_ready(const Channel& channel, const Subscription& subscription) const {
  return !subscription.blocked && !subscription.lost && !subscription.offered &&
         subscription.cursor() < channel.log.end();
}

void Hub::queue(Subscription& subscription, std::uint32_t index) {
  if (subscription.queued) return;
  subscription.queued = true;
  single_.push_back({index, subscription.generation});
}

void Hub::mark_dirty(Channel& channel) {
  channel.visits_left = channel.members.size();
  if (channel.log.bytes() > channel.options.log_bytes_max / 2) wants_flush_ = true;
  if (channel.dirty) return;
  channel.dirty = true;
  dirty_.push_back(channel.id);
}

void Hub::offer(std::uint32_t index, std::vector<ReadySubscription>& out) {
  Subscription& subscription = table_[index];
  subscription.offered = true;
  out.push_back({{index, subscription.generation}, subscription.session});
}

void Hub::take_ready(std::vector<ReadySubscription>& out, std::size_t limit) {
  const std::size_t full = out.size() + limit;
  while (!single_.empty() && out.size() < full) {
    const SubscriptionId id = single_.front();
    single_.pop_front();
    Subscription* subscription = table_.find(id);
    if (subscription == nullptr) continue;
    subscription->queued = false;
    if (is_ready(channel_of(*subscription), *subscription)) offer(id.index, out);
  }
  while (!dirty_.empty() && out.size() < full) {
    const ChannelId id = dirty_.front();
    dirty_.pop_front();
    Channel* visited = channel(id);
    if (visited == nullptr) continue;
    visit_members(*visited, out, std::min(share_max, full - out.size()));
    visited->dirty = visited->visits_left > 0;
    if (visited->dirty) dirty_.push_back(id);
  }
  if (single_.empty() && dirty_.empty()) wants_flush_ = false;
}

// Members are visited round and round, downwards, so that an append in the middle of a big round does not send it back
// to the start and starve the end.
void Hub::visit_members(Channel& channel, std::vector<ReadySubscription>& out, std::size_t share) {
  while (channel.visits_left > 0 && share > 0) {
    if (channel.visit_next == 0) channel.visit_next = channel.members.size();
    const std::uint32_t index = channel.members[--channel.visit_next];
    --channel.visits_left;
    if (!is_ready(channel, table_[index])) continue;
    offer(index, out);
    --share;
  }
}

void Hub::take_lost(std::vector<ReadySubscription>& out) {
  for (const SubscriptionId id : lost_) {
    const Subscription* subscription = table_.find(id);
    if (subscription != nullptr) out.push_back({id, subscription->session});
  }
  lost_.clear();
}

Gathered Hub::gather(SubscriptionId id, std::span<base::Slice> out) {
  Gathered gathered;
  Subscription* subscription = table_.find(id);
  if (subscription == nullptr) return gathered;
  subscription->offered = false;
  Channel& followed = channel_of(*subscription);
  if (followed.has_lagged(*subscription)) settle(followed, id.index);
  if (subscription->lost) return gathered;
  const Sequence cursor = subscription->cursor();
  if (followed.is_gap(cursor) || (!missed_.empty() && missed_.contains(id.index))) {
    gathered.gap = gathered.more = true;
    return gathered;
  }
  const Sequence end = cursor + std::min<Sequence>(followed.log.end() - cursor, out.size());
  Sequence at = cursor;
  for (; at != end && !followed.is_gap(at); ++at) {
    const base::Slice slice = followed.log.frame(at, subscription->form, encoder_);
    out[gathered.frames++] = slice;
    gathered.bytes += slice.size;
  }
  gathered.more = at != followed.log.end();
  return gathered;
}

void Hub::advance(SubscriptionId id, std::size_t frames) {
  Subscription* subscription = table_.find(id);
  if (subscription == nullptr) return;
  subscription->offered = false;
  if (subscription->lost) return;
  Channel& followed = channel_of(*subscription);
  const Sequence to = subscription->cursor() + frames;
  ASSERT(subscription->cursor() >= followed.log.first() && to <= followed.log.end());
  followed.delivered += frames;
  move_cursor(followed, id.index, to);
  if (is_ready(followed, *subscription)) queue(*subscription, id.index);
}

std::optional<Gap> Hub::take_gap(SubscriptionId id) {
  Subscription* subscription = table_.find(id);
  if (subscription == nullptr) return std::nullopt;
  Channel& followed = channel_of(*subscription);
  if (followed.has_lagged(*subscription)) settle(followed, id.index);
  if (subscription->lost) return std::nullopt;

  const auto noted = missed_.find(id.index);
  const bool told = noted != missed_.end();
  Gap gap{.missed = told ? noted->second : std::uint64_t{0}, .position = std::nullopt};
  if (told) missed_.erase(noted);
  const bool at_gap = followed.is_gap(subscription->cursor());
  if (!told && !at_gap) return std::nullopt;

  Sequence behind = subscription->cursor();
  for (; followed.is_gap(behind); ++behind) {
    const auto missed = followed.log.at(behind).gap->missed;
    gap.missed = sum(gap.missed, missed);
    followed.missed += missed.value_or(0);
  }
  if (followed.before_first) gap.position = followed.position_before(behind);
  if (at_gap) move_cursor(followed, id.index, behind);
  if (is_ready(followed, *subscription)) queue(*subscription, id.index);
  return gap;
}

void Hub::set_blocked(SubscriptionId id, bool blocked) {
  Subscription* subscription = table_.find(id);
  if (subscription == nullptr) return;
  subscription->blocked = blocked;
  subscription->offered = false;
  if (is_ready(channel_of(*subscription), *subscription)) queue(*subscription, id.index);
}

void Hub::move_cursor(Channel& channel, std::uint32_t index, Sequence to) {
  Subscription& subscription = table_[index];
  channel.log.leave(subscription.cursor());
  channel.log.stand(to);
  subscription.set_cursor(to);
  if (channel.gaps > 0) land(channel, index);
  channel.trim();
}

/// What a gap does to the cursor that has come to it.
void Hub::land(Channel& channel, std::uint32_t index) {
  Subscription& subscription = table_[index];
  if (!channel.is_gap(subscription.cursor()) || subscription.lost) return;
  if (subscription.on_loss == OnLoss::disconnect) lose(channel, index);
  if (subscription.on_loss != OnLoss::silent_latest) return;
  while (channel.is_gap(subscription.cursor())) {
    channel.missed += channel.log.at(subscription.cursor()).gap->missed.value_or(0);
    channel.log.leave(subscription.cursor());
    subscription.set_cursor(subscription.cursor() + 1);
    channel.log.stand(subscription.cursor());
  }
}

/// A cursor that the tail has passed jumps to where its policy says. Those that are to be disconnected stay.
void Hub::settle(Channel& channel, std::uint32_t index) {
  Subscription& subscription = table_[index];
  if (!channel.has_lagged(subscription) || subscription.lost || subscription.on_loss == OnLoss::disconnect) return;
  const Sequence first = channel.log.first();
  const Sequence to = subscription.on_loss == OnLoss::tell_gap ? first : channel.log.end() - 1;
  const bool unknown = subscription.cursor() < channel.unknown_before || (to != first && channel.gaps > 0);
  if (subscription.on_loss != OnLoss::silent_latest) {
    note_missed(index, unknown ? std::nullopt : std::optional(to - subscription.cursor()));
  }
  channel.missed += to - first;
  --channel.lagging;
  subscription.set_cursor(first);
  move_cursor(channel, index, to);
}

void Hub::note_missed(std::uint32_t index, std::optional<std::uint64_t> missed) {
  const auto [noted, fresh] = missed_.try_emplace(index, missed);
  if (!fresh) noted->second = sum(noted->second, missed);
}

void Hub::lose(Channel& channel, std::uint32_t index) {
  Subscription& subscription = table_[index];
  if (const auto position = channel.position_of(subscription.cursor())) lost_at_[index] = *position;
  if (channel.has_lagged(subscription)) --channel.lagging;
  channel.log.leave(std::max(subscription.cursor(), channel.log.first()));
  --channel.disconnecting;
  subscription.lost = true;
  missed_.erase(index);
  lost_.push_back({index, subscription.generation});
}

// The newest entry always stays: a single publication may be larger than the limit.
void Hub::enforce_limit(Channel& channel) {
  if (channel.log.bytes() <= channel.options.log_bytes_max && channel.lagging == 0) return;
  while (channel.log.bytes() > channel.options.log_bytes_max && channel.log.end() - channel.log.first() > 1) {
    const LogEntry& entry = channel.log.at(channel.log.first());
    channel.lagging = entry.waiting;
    if (!entry.gap) channel.missed += entry.waiting;
    channel.drop_first();
  }
  const bool may_have_lost = channel.lagging > 0 && channel.disconnecting > 0;
  if (may_have_lost && channel.log.first() > channel.none_lost_before) find_lost(channel);
}

// Looks at every member, so it also finds out until when that is not needed again.
void Hub::find_lost(Channel& channel) {
  Sequence lowest = channel.log.end();
  for (const std::uint32_t index : channel.members) {
    const Subscription& subscription = table_[index];
    if (subscription.on_loss != OnLoss::disconnect || subscription.lost) continue;
    if (channel.has_lagged(subscription)) {
      lose(channel, index);
    } else {
      lowest = std::min(lowest, subscription.cursor());
    }
  }
  channel.none_lost_before = lowest;
}

}  // namespace usher::channel
