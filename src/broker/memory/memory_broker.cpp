#include "broker/memory/memory_broker.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/assert.hpp"

namespace usher::broker {

MemoryBroker::MemoryBroker(const MemoryBrokerOptions& options, WorkerPost& post, BrokerEvents& events,
                           EpochSource make_epoch)
    : options_(options), events_(events), home_(options.worker, options.limits, *this, std::move(make_epoch)) {
  for (WorkerIndex worker = 0; worker < options.workers; ++worker) {
    outboxes_.emplace_back(post, worker, [this, worker](const Outbox::Due& due) {
      return home_.collect(due.channel, worker, due.follow);
    });
  }
}

WorkerIndex MemoryBroker::home_of(std::string_view name) const {
  if (options_.workers == 1) return 0;
  return static_cast<WorkerIndex>(std::hash<std::string_view>()(name) % options_.workers);
}

void MemoryBroker::subscribe(std::string_view name, const ChannelRule& rule, channel::ChannelId id, const Start& start,
                             Token token, Moment now) {
  const base::Handle handle = follow_named(name, id);
  Follow& follow = *follows_.find(handle);
  const bool from_now_on = !start.since && start.newest == 0;
  if (follow.active > 0 && from_now_on) {
    ++follow.active;
    Subscribed subscribed{.top = follow.position};
    if (follow.position) subscribed.start_offset = follow.position->offset;
    events_.on_subscribed(token, subscribed);
    return;
  }
  ++follow.waiting;
  if (follow.home == options_.worker) {
    take_followed(handle, token, home_.follow(name, rule, options_.worker, handle, start, now), now);
  } else {
    outboxes_[follow.home].add(FollowMail{std::string(name), rule, options_.worker, handle, start, token});
  }
}

void MemoryBroker::unsubscribe(std::string_view name, Moment now) {
  const auto found = follow_by_name_.find(name);
  if (found == follow_by_name_.end()) return;
  Follow& follow = *follows_.find(found->second);
  if (follow.active > 0) --follow.active;
  drop_if_unused(found->second, now);
}

Acceptance MemoryBroker::publish(std::string_view name, const ChannelRule& rule, channel::PublicationDraft& draft,
                                 Token token, Moment now) {
  const WorkerIndex home = home_of(name);
  if (home == options_.worker) {
    const Published published = home_.publish(name, rule, std::move(draft), now);
    events_.on_published(token, published);
    return Acceptance::taken;
  }
  if (outboxes_[home].blocked()) return Acceptance::no_room;
  BrokerMail mail = PublishMail{std::string(name), rule, options_.worker, token, std::move(draft)};
  if (outboxes_[home].post_now(mail)) return Acceptance::taken;
  draft = std::move(std::get<PublishMail>(mail).draft);
  return Acceptance::no_room;
}

std::optional<Published> MemoryBroker::publish_at_once(channel::ChannelId id, channel::PublicationDraft& draft,
                                                       Moment now) {
  if (id.index >= follow_by_id_.size()) return std::nullopt;
  const Follow* follow = follows_.find(follow_by_id_[id.index]);
  if (follow == nullptr || follow->id != id || !follow->home_channel) return std::nullopt;
  return home_.publish(follow->home_channel, std::move(draft), now);
}

void MemoryBroker::history(std::string_view name, const ChannelRule& rule, const HistoryRequest& request, Token token,
                           Moment now) {
  const WorkerIndex home = home_of(name);
  if (home == options_.worker) {
    events_.on_history(token, home_.history(name, rule, request, now));
  } else {
    outboxes_[home].add(HistoryMail{std::string(name), rule, options_.worker, token, request});
  }
}

void MemoryBroker::channels(const base::Pattern& pattern, std::size_t limit, Token token, Moment) {
  const Token question = next_question_++;
  questions_[question] = {.token = token, .limit = limit, .unanswered = options_.workers, .counts = {}};
  for (WorkerIndex worker = 0; worker < options_.workers; ++worker) {
    if (worker == options_.worker) continue;
    outboxes_[worker].add(ChannelsMail{pattern, limit, options_.worker, question});
  }
  take_channels(question, matching(pattern, limit));
}

void MemoryBroker::flush(Moment) {
  for (Outbox& outbox : outboxes_) outbox.flush();
}

void MemoryBroker::on_deadline(Moment now) { home_.on_deadline(now); }

void MemoryBroker::on_room(WorkerIndex worker, Moment) {
  outboxes_[worker].unblock();
  outboxes_[worker].flush();
  if (!outboxes_[worker].blocked()) events_.on_room();
}

void MemoryBroker::receive(BrokerMail&& mail, Moment now) {
  std::visit([this, now](auto& each) { handle(each, now); }, mail);
}

base::Handle MemoryBroker::follow_named(std::string_view name, channel::ChannelId id) {
  if (const auto found = follow_by_name_.find(name); found != follow_by_name_.end()) {
    set_id(found->second, id);
    return found->second;
  }
  const base::Handle handle = follows_.emplace();
  Follow& follow = *follows_.find(handle);
  follow.name = name;
  follow.home = home_of(name);
  follow_by_name_.emplace(follow.name, handle);
  set_id(handle, id);
  return handle;
}

void MemoryBroker::set_id(base::Handle handle, channel::ChannelId id) {
  follows_.find(handle)->id = id;
  if (id.index >= follow_by_id_.size()) follow_by_id_.resize(std::size_t{id.index} + 1);
  follow_by_id_[id.index] = handle;
}

void MemoryBroker::drop_if_unused(base::Handle handle, Moment now) {
  Follow& follow = *follows_.find(handle);
  if (follow.active > 0 || follow.waiting > 0) return;
  if (follow.home == options_.worker) {
    home_.unfollow(follow.name, options_.worker, handle, now);
  } else {
    outboxes_[follow.home].add(UnfollowMail{follow.name, options_.worker, handle});
  }
  follow_by_name_.erase(follow.name);
  follows_.erase(handle);
}

void MemoryBroker::on_home_publication(base::Handle handle, const channel::PublicationRef& publication) {
  if (Follow* follow = follows_.find(handle)) deliver(*follow, publication);
}

std::uint64_t MemoryBroker::on_home_due(WorkerIndex worker, base::Handle channel, base::Handle follow) {
  return outboxes_[worker].add_due({channel, follow});
}

void MemoryBroker::on_home_settle(WorkerIndex worker, std::uint64_t due) { outboxes_[worker].settle(due); }

void MemoryBroker::deliver(Follow& follow, const channel::PublicationRef& publication) {
  if (follow.position) follow.position->offset = publication->offset();
  events_.on_publication(follow.id, publication);
}

void MemoryBroker::take_followed(base::Handle handle, Token token, const Subscribed& subscribed, Moment now) {
  Follow* follow = follows_.find(handle);
  ASSERT(follow != nullptr && follow->waiting > 0);
  --follow->waiting;
  if (subscribed.outcome == SubscribeOutcome::active) {
    ++follow->active;
    follow->position = subscribed.top;
    if (follow->home == options_.worker) follow->home_channel = home_.find(follow->name);
  } else {
    drop_if_unused(handle, now);
  }
  events_.on_subscribed(token, subscribed);
}

std::vector<ChannelCount> MemoryBroker::matching(const base::Pattern& pattern, std::size_t limit) {
  std::vector<ChannelCount> counts;
  follows_.for_each([&](base::Handle, const Follow& follow) {
    if (counts.size() >= limit || follow.active == 0 || !pattern.matches(follow.name)) return;
    counts.push_back({follow.name, follow.active});
  });
  return counts;
}

void MemoryBroker::take_channels(Token question, const std::vector<ChannelCount>& channels) {
  const auto found = questions_.find(question);
  if (found == questions_.end()) return;
  ChannelsQuestion& asked = found->second;
  for (const ChannelCount& each : channels) {
    if (asked.counts.size() < asked.limit || asked.counts.contains(each.name)) {
      asked.counts[each.name] += each.subscriptions;
    }
  }
  if (--asked.unanswered > 0) return;
  std::vector<ChannelCount> all;
  all.reserve(asked.counts.size());
  for (const auto& [name, subscriptions] : asked.counts) all.push_back({name, subscriptions});
  const Token token = asked.token;
  questions_.erase(found);
  events_.on_channels(token, all);
}

void MemoryBroker::handle(FollowMail& mail, Moment now) {
  Subscribed subscribed = home_.follow(mail.name, mail.rule, mail.from, mail.follow, mail.start, now);
  outboxes_[mail.from].add(FollowedMail{mail.follow, mail.token, std::move(subscribed)});
}

void MemoryBroker::handle(UnfollowMail& mail, Moment now) { home_.unfollow(mail.name, mail.from, mail.follow, now); }

void MemoryBroker::handle(PublishMail& mail, Moment now) {
  const Published published = home_.publish(mail.name, mail.rule, std::move(mail.draft), now);
  outboxes_[mail.from].add_outcome(mail.token, published);
}

void MemoryBroker::handle(HistoryMail& mail, Moment now) {
  HistoryAnswer answer = home_.history(mail.name, mail.rule, mail.request, now);
  outboxes_[mail.from].add(HistoryAnswerMail{mail.token, std::move(answer)});
}

void MemoryBroker::handle(ChannelsMail& mail, Moment) {
  outboxes_[mail.from].add(ChannelsAnswerMail{mail.token, matching(mail.pattern, mail.limit)});
}

void MemoryBroker::handle(PublicationsMail& mail, Moment) {
  Follow* follow = follows_.find(mail.follow);
  if (follow == nullptr) return;
  if (mail.gap) {
    if (follow->position) follow->position = mail.gap->position;
    events_.on_gap(follow->id, *mail.gap);
  }
  for (const auto& publication : mail.publications) deliver(*follow, publication);
}

void MemoryBroker::handle(FollowedMail& mail, Moment now) {
  take_followed(mail.follow, mail.token, mail.subscribed, now);
}

void MemoryBroker::handle(PublishedMail& mail, Moment) {
  for (const auto& [token, published] : mail.outcomes) events_.on_published(token, published);
}

void MemoryBroker::handle(HistoryAnswerMail& mail, Moment) { events_.on_history(mail.token, mail.answer); }

void MemoryBroker::handle(ChannelsAnswerMail& mail, Moment) { take_channels(mail.token, mail.channels); }

}  // namespace usher::broker
