#include "channel/hub.hpp"

#include <algorithm>
#include <utility>

#include "channel/hub_channel.hpp"

namespace usher::channel {

Hub::Hub(FrameCompressor* compressor) : encoder_(compressor) {}
Hub::~Hub() = default;

ChannelId Hub::open(std::string_view name, const ChannelOptions& options) {
  if (const auto found = by_name_.find(name); found != by_name_.end()) return channels_[found->second]->id;
  std::uint32_t index = 0;
  if (free_channels_.empty()) {
    index = static_cast<std::uint32_t>(channels_.size());
    channels_.emplace_back();
    generations_.push_back(1);
  } else {
    index = free_channels_.back();
    free_channels_.pop_back();
  }
  auto opened = std::make_unique<Channel>();
  opened->name = name;
  opened->options = options;
  opened->id = {index, generations_[index]};
  by_name_.emplace(opened->name, index);
  channels_[index] = std::move(opened);
  return channels_[index]->id;
}

std::optional<ChannelId> Hub::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return channels_[found->second]->id;
}

void Hub::close(ChannelId id) {
  Channel* closed = channel(id);
  if (closed == nullptr) return;
  for (const std::uint32_t index : closed->members) forget(index);
  by_name_.erase(closed->name);
  channels_[id.index].reset();
  ++generations_[id.index];
  free_channels_.push_back(id.index);
}

Hub::Channel* Hub::channel(ChannelId id) const {
  if (id.index >= channels_.size() || generations_[id.index] != id.generation) return nullptr;
  return channels_[id.index].get();
}

void Hub::set_position(ChannelId id, const Position& top) {
  Channel* found = channel(id);
  if (found == nullptr) return;
  const bool knows = found->before_first != nullptr && !found->members.empty();
  if (knows || !found->log.empty()) return;
  found->before_first = std::make_unique<Position>(top);
}

std::optional<Position> Hub::position(ChannelId id) const {
  const Channel* found = channel(id);
  if (found == nullptr || !found->before_first) return std::nullopt;
  return found->position_before(found->log.end());
}

std::optional<ChannelStatus> Hub::status(ChannelId id) const {
  const Channel* found = channel(id);
  if (found == nullptr) return std::nullopt;
  return ChannelStatus{.name = found->name,
                       .rule = found->options.rule,
                       .subscriptions = found->members.size(),
                       .log_bytes = found->log.bytes(),
                       .delivered = found->delivered,
                       .missed = found->missed};
}

std::size_t Hub::log_bytes() const {
  std::size_t bytes = 0;
  for (const auto& each : channels_) bytes += each ? each->log.bytes() : 0;
  return bytes;
}

SubscriptionId Hub::subscribe(ChannelId id, base::Handle session, dialect::Form form, OnLoss on_loss,
                              std::span<const PublicationRef> backlog) {
  Channel* found = channel(id);
  if (found == nullptr) return {};
  const std::uint32_t index = table_.add();
  Subscription& subscription = table_[index];
  subscription.session = session;
  subscription.channel = id.index;
  subscription.form = form;
  subscription.on_loss = on_loss;
  subscription.member = static_cast<std::uint32_t>(found->members.size());
  found->members.push_back(index);
  if (on_loss == OnLoss::disconnect) ++found->disconnecting;

  const Sequence cursor = place_backlog(*found, index, backlog);
  subscription.set_cursor(cursor);
  found->none_lost_before = std::min(found->none_lost_before, cursor);
  found->log.stand(cursor);
  if (missed_.contains(index)) {
    if (on_loss == OnLoss::silent_latest) missed_.erase(index);
    if (on_loss == OnLoss::disconnect) {
      lose(*found, index);
      lost_at_[index] = {backlog.front()->offset() - 1, found->position_before(found->log.end()).epoch};
    }
  }
  if (is_ready(*found, subscription)) queue(subscription, index);
  return table_.handle(index);
}

// Offsets are consecutive behind the last gap, so places are found by arithmetic there, and nowhere else.
Sequence Hub::place_backlog(Channel& channel, std::uint32_t index, std::span<const PublicationRef> backlog) {
  if (backlog.empty() || !channel.before_first) return channel.log.end();
  // Cursors that the tail has passed would find themselves inside the log again, and their count wrong.
  if (channel.lagging > 0) {
    for (const std::uint32_t member : channel.members) {
      if (member != index) settle(channel, member);
    }
  }
  const Sequence begin = channel.behind_gaps();
  const std::uint64_t known_from = channel.position_before(begin).offset + 1;
  const std::uint64_t wanted_from = backlog.front()->offset();
  if (wanted_from >= known_from) return std::min(channel.log.end(), begin + (wanted_from - known_from));
  if (channel.gaps != 0 || backlog.back()->offset() + 1 < known_from) {
    note_missed(index, known_from - wanted_from);
    return begin;
  }
  for (auto i = static_cast<std::size_t>(known_from - wanted_from); i-- > 0;) channel.log.prepend(backlog[i]);
  channel.before_first->offset = wanted_from - 1;
  return channel.log.first();
}

void Hub::unsubscribe(SubscriptionId id) {
  Subscription* subscription = table_.find(id);
  if (subscription == nullptr) return;
  Channel& left = channel_of(*subscription);
  if (!subscription->lost) {
    if (subscription->on_loss == OnLoss::disconnect) --left.disconnecting;
    if (left.has_lagged(*subscription)) --left.lagging;
    left.log.leave(std::max(subscription->cursor(), left.log.first()));
  }
  remove_member(left, *subscription);
  forget(id.index);
  left.trim();
}

// The last member takes the free place. It may come from the part that is still to be visited into the part that has
// been, so it is looked at on its own.
void Hub::remove_member(Channel& channel, const Subscription& subscription) {
  const std::uint32_t last = channel.members.back();
  channel.members[subscription.member] = last;
  channel.members.pop_back();
  channel.visit_next = std::min(channel.visit_next, channel.members.size());
  channel.visits_left = std::min(channel.visits_left, channel.members.size());
  Subscription& moved = table_[last];
  if (&moved == &subscription) return;
  moved.member = subscription.member;
  if (is_ready(channel, moved)) queue(moved, last);
}

void Hub::append(ChannelId id, PublicationRef publication) {
  Channel* found = channel(id);
  if (found == nullptr) return;
  if (found->members.empty()) {
    if (found->before_first) found->before_first->offset = publication->offset();
    return;
  }
  found->log.append(std::move(publication));
  enforce_limit(*found);
  found->trim();
  if (!found->log.empty()) mark_dirty(*found);
}

void Hub::append_gap(ChannelId id, const Gap& gap) {
  Channel* found = channel(id);
  if (found == nullptr) return;
  if (found->members.empty()) {
    if (found->before_first && gap.position) *found->before_first = *gap.position;
    return;
  }
  const Sequence at = found->log.end();
  found->log.append_gap(gap);
  ++found->gaps;
  enforce_limit(*found);
  for (const std::uint32_t index : found->members) {
    if (table_[index].cursor() == at) land(*found, index);
  }
  found->trim();
  if (!found->log.empty()) mark_dirty(*found);
}

bool Hub::behind(SubscriptionId id) const {
  const Subscription* subscription = table_.find(id);
  return subscription != nullptr && subscription->cursor() < channel_of(*subscription).log.end();
}

std::optional<Position> Hub::position_of(SubscriptionId id) const {
  const Subscription* subscription = table_.find(id);
  if (subscription == nullptr) return std::nullopt;
  if (!subscription->lost) return channel_of(*subscription).position_of(subscription->cursor());
  const auto found = lost_at_.find(id.index);
  return found == lost_at_.end() ? std::nullopt : std::optional(found->second);
}

void Hub::forget(std::uint32_t index) {
  missed_.erase(index);
  lost_at_.erase(index);
  table_.remove(index);
}

}  // namespace usher::channel
