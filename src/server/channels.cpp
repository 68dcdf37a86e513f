#include "server/channels.hpp"

#include <string>
#include <utility>

namespace usher::server {
namespace {

broker::Token token_of(base::Handle handle) { return broker::Token{handle.generation} << 32 | handle.index; }

base::Handle handle_of(broker::Token token) {
  return {static_cast<std::uint32_t>(token), static_cast<std::uint32_t>(token >> 32)};
}

/// A publication that wants no ack needs nothing remembered: its token names the session itself, with a bit that no
/// index of a slab reaches.
constexpr broker::Token names_session = broker::Token{1} << 31;

}  // namespace

Channels::Channels(PublishListener& listener, WorkerMetrics& metrics, Clock clock, channel::FrameCompressor* compressor)
    : listener_(listener), metrics_(metrics), clock_(std::move(clock)), hub_(compressor) {}

Channels::~Channels() = default;

broker::Token Channels::ask(Question&& question) { return token_of(questions_.emplace(std::move(question))); }

Channels::Question Channels::take(broker::Token token) {
  Question* found = questions_.find(handle_of(token));
  ASSERT(found != nullptr);
  Question question = std::move(*found);
  questions_.erase(handle_of(token));
  return question;
}

void Channels::follow(std::string_view name, const ChannelPolicy& policy, const broker::Start& start, OnFollowed done) {
  const channel::ChannelId channel = hub_.open(name, {policy.rule.log_bytes_max, policy.index});
  metrics_.channels_open.set(hub_.channels());
  ++awaited_[channel.index];
  broker_->subscribe(name, policy.rule, channel, start, ask(Follow{channel, std::move(done)}), clock_());
}

void Channels::on_subscribed(broker::Token token, const broker::Subscribed& subscribed) {
  Question question = take(token);
  Follow& follow = *std::get_if<Follow>(&question);
  const bool active = subscribed.outcome == broker::SubscribeOutcome::active;
  if (active && subscribed.top) hub_.set_position(follow.channel, *subscribed.top);
  const bool used = follow.done(follow.channel, subscribed);
  const auto awaited = awaited_.find(follow.channel.index);
  if (--awaited->second == 0) awaited_.erase(awaited);
  if (active && !used) {
    if (const auto status = hub_.status(follow.channel)) broker_->unsubscribe(status->name, clock_());
  }
  close_if_unused(follow.channel);
}

void Channels::unfollow(channel::SubscriptionId subscription, channel::ChannelId channel) {
  hub_.unsubscribe(subscription);
  if (const auto status = hub_.status(channel)) broker_->unsubscribe(status->name, clock_());
  close_if_unused(channel);
}

void Channels::close_if_unused(channel::ChannelId channel) {
  const auto status = hub_.status(channel);
  if (!status || status->subscriptions > 0 || awaited_.contains(channel.index)) return;
  hub_.close(channel);
  metrics_.channels_open.set(hub_.channels());
}

std::optional<broker::Published> Channels::publish_at_once(channel::ChannelId channel, const ChannelPolicy& policy,
                                                           channel::PublicationDraft& draft) {
  const std::size_t bytes = draft.publication().memory_bytes();
  auto published = broker_->publish_at_once(channel, draft, clock_());
  if (published) note_taken_in(bytes);
  if (published) metrics_.channels[policy.index].publications.add();
  return published;
}

broker::Acceptance Channels::publish(channel::ChannelId channel, const ChannelPolicy& policy,
                                     channel::PublicationDraft& draft, base::Handle connection,
                                     std::optional<std::uint64_t> id) {
  const auto status = hub_.status(channel);
  ASSERT(status.has_value());
  if (id) return publish(status->name, policy, draft, SessionPublish{connection, id});
  note_taken_in(draft.publication().memory_bytes());
  const broker::Token token = token_of(connection) | names_session;
  const broker::Acceptance acceptance = broker_->publish(status->name, policy.rule, draft, token, clock_());
  if (acceptance == broker::Acceptance::taken) metrics_.channels[policy.index].publications.add();
  return acceptance;
}

broker::Acceptance Channels::publish(std::string_view name, const ChannelPolicy& policy,
                                     channel::PublicationDraft& draft, OnPublished done) {
  return publish(name, policy, draft, Question(std::move(done)));
}

broker::Acceptance Channels::publish(std::string_view name, const ChannelPolicy& policy,
                                     channel::PublicationDraft& draft, Question&& question) {
  note_taken_in(draft.publication().memory_bytes());
  const broker::Token token = ask(std::move(question));
  const broker::Acceptance acceptance = broker_->publish(name, policy.rule, draft, token, clock_());
  if (acceptance == broker::Acceptance::no_room) {
    take(token);
  } else {
    metrics_.channels[policy.index].publications.add();
  }
  return acceptance;
}

void Channels::history(std::string_view name, const ChannelPolicy& policy, const broker::HistoryRequest& request,
                       OnHistory done) {
  broker_->history(name, policy.rule, request, ask(std::move(done)), clock_());
}

void Channels::list(const base::Pattern& pattern, std::size_t limit, OnChannels done) {
  broker_->channels(pattern, limit, ask(std::move(done)), clock_());
}

void Channels::on_publication(channel::ChannelId channel, const channel::PublicationRef& publication) {
  hub_.append(channel, publication);
}

void Channels::on_gap(channel::ChannelId channel, const channel::Gap& gap) { hub_.append_gap(channel, gap); }

void Channels::on_published(broker::Token token, const broker::Published& published) {
  if ((token & names_session) != 0) {
    return listener_.on_session_published(handle_of(token & ~names_session), std::nullopt, published);
  }
  const Question question = take(token);
  if (const auto* session = std::get_if<SessionPublish>(&question)) {
    listener_.on_session_published(session->connection, session->id, published);
  } else {
    (*std::get_if<OnPublished>(&question))(published);
  }
}

void Channels::on_history(broker::Token token, const broker::HistoryAnswer& answer) {
  const Question question = take(token);
  (*std::get_if<OnHistory>(&question))(answer);
}

void Channels::on_channels(broker::Token token, const std::vector<broker::ChannelCount>& channels) {
  const Question question = take(token);
  (*std::get_if<OnChannels>(&question))(channels);
}

}  // namespace usher::server
