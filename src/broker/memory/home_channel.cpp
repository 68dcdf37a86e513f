#include "broker/memory/home_channel.hpp"

#include <algorithm>
#include <utility>

namespace usher::broker {

Follower* HomeChannel::find(WorkerIndex worker, base::Handle follow) {
  const auto found = std::find_if(followers_.begin(), followers_.end(),
                                  [&](const Follower& each) { return each.worker == worker && each.follow == follow; });
  return found == followers_.end() ? nullptr : &*found;
}

std::optional<channel::Position> HomeChannel::position() const {
  if (!keeps_history()) return std::nullopt;
  return channel::Position{top_, epoch_};
}

channel::PublicationRef HomeChannel::append(channel::PublicationDraft&& draft, Moment now) {
  ++top_;
  if (keeps_history()) draft.set_offset(top_);
  draft.set_time(now.wall);
  auto publication = std::move(draft).seal();

  const bool elsewhere = std::any_of(followers_.begin(), followers_.end(),
                                     [](const Follower& each) { return each.cursor != Follower::at_home; });
  if (!keeps_history() && !elsewhere) {
    history_first_ = top_ + 1;
    return publication;
  }
  bytes_ += publication->memory_bytes() + sizeof(Entry);
  log_.emplace_back(publication, now.instant);
  while (bytes_ > rule_.log_bytes_max && log_.size() > 1) drop_first();
  expire(now.instant);
  return publication;
}

void HomeChannel::expire(base::Instant now) {
  if (!keeps_history()) {
    history_first_ = top_ + 1;
  } else {
    const HistoryRule& history = *rule_.history;
    if (top_ - history_first_ + 1 > history.size) history_first_ = top_ + 1 - history.size;
    history_first_ = std::max(history_first_, first());
    while (history_first_ <= top_ && entry(history_first_).at + history.ttl <= now) ++history_first_;
  }
  trim();
}

void HomeChannel::drop_first() {
  bytes_ -= log_.front().publication->memory_bytes() + sizeof(Entry);
  log_.pop_front();
}

void HomeChannel::trim() {
  std::uint64_t needed_from = history_first_;
  for (const Follower& follower : followers_) needed_from = std::min(needed_from, follower.cursor);
  while (!log_.empty() && first() < needed_from) drop_first();
}

bool HomeChannel::reaches(const channel::Position& since) const {
  if (!(since.epoch == epoch_) || since.offset > top_) return false;
  return since.offset == top_ || since.offset + 1 >= history_first_;
}

void HomeChannel::copy(std::uint64_t begin, std::uint64_t end, std::vector<channel::PublicationRef>& out) const {
  out.reserve(static_cast<std::size_t>(end - begin));
  for (std::uint64_t number = begin; number < end; ++number) out.push_back(entry(number).publication);
}

Subscribed HomeChannel::begin(const Start& start) const {
  Subscribed subscribed{.top = position(), .start_offset = top_};
  if (!keeps_history()) return subscribed;
  std::uint64_t begin = top_ + 1;
  if (start.since) {
    if (!reaches(*start.since)) return {.outcome = SubscribeOutcome::position_gone};
    begin = start.since->offset + 1;
  } else if (start.newest > 0) {
    begin = top_ + 1 - std::min<std::uint64_t>(start.newest, top_ + 1 - history_first_);
  }
  subscribed.start_offset = begin - 1;
  copy(begin, top_ + 1, subscribed.backlog);
  return subscribed;
}

HistoryAnswer HomeChannel::history(const HistoryRequest& request) const {
  HistoryAnswer answer{.top = position()};
  if (!keeps_history()) return answer;
  std::uint64_t begin = history_first_;
  std::uint64_t end = top_ + 1;
  if (request.since) {
    const auto& since = *request.since;
    const bool known = since.epoch == epoch_ && since.offset <= top_;
    if (!known || (!request.reverse && !reaches(since))) {
      answer.outcome = SubscribeOutcome::position_gone;
      return answer;
    }
    if (request.reverse) {
      end = std::max(begin, since.offset);
    } else {
      begin = since.offset + 1;
    }
  }
  const std::uint64_t count = std::min<std::uint64_t>(request.limit, end - begin);
  if (request.reverse) {
    copy(end - count, end, answer.publications);
    std::reverse(answer.publications.begin(), answer.publications.end());
  } else {
    copy(begin, begin + count, answer.publications);
  }
  return answer;
}

std::optional<PublicationsMail> HomeChannel::collect(Follower& follower) {
  follower.due.reset();
  const std::uint64_t cursor = std::exchange(follower.cursor, top_ + 1);
  if (cursor > top_) return std::nullopt;
  PublicationsMail mail{.follow = follower.follow, .gap = std::nullopt, .publications = {}};
  const std::uint64_t begin = std::max(cursor, first());
  if (begin > cursor) {
    mail.gap = channel::Gap{.missed = begin - cursor, .position = std::nullopt};
    if (keeps_history()) mail.gap->position = channel::Position{begin - 1, epoch_};
  }
  copy(begin, top_ + 1, mail.publications);
  trim();
  return mail;
}

base::Instant HomeChannel::runs_out_at() const {
  if (!keeps_history()) return base::Instant::never();
  const HistoryRule& history = *rule_.history;
  if (history_first_ <= top_) return entry(history_first_).at + history.ttl;
  return followers_.empty() ? last_use + history.position_ttl : base::Instant::never();
}

bool HomeChannel::forgettable(base::Instant now) const {
  if (!followers_.empty()) return false;
  if (!keeps_history()) return true;
  return history_first_ > top_ && last_use + rule_.history->position_ttl <= now;
}

}  // namespace usher::broker
