#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/slab.hpp"
#include "broker/broker.hpp"
#include "broker/memory/home.hpp"
#include "broker/memory/mail.hpp"
#include "broker/memory/outbox.hpp"

namespace usher::broker {

struct MemoryBrokerOptions {
  WorkerIndex worker = 0;
  WorkerIndex workers = 1;
  HomeLimits limits;
};

/// The broker of one node. Each channel has a home worker, found by the hash of its name, which orders it and keeps
/// its history; another worker with subscriptions is a cursor in the home's log. So each object is two things: what
/// its worker follows, and the home of a share of the channels.
///
/// It talks to its siblings through a WorkerPost only: their mail comes in by `receive`.
class MemoryBroker final : public Broker, private HomeEvents {
 public:
  /// `post` and `events` outlive the broker. `make_epoch` gives a fresh random epoch each time.
  MemoryBroker(const MemoryBrokerOptions& options, WorkerPost& post, BrokerEvents& events, EpochSource make_epoch);

  void subscribe(std::string_view name, const ChannelRule& rule, channel::ChannelId id, const Start& start, Token token,
                 Moment now) override;
  void unsubscribe(std::string_view name, Moment now) override;
  Acceptance publish(std::string_view name, const ChannelRule& rule, channel::PublicationDraft& draft, Token token,
                     Moment now) override;
  /// Where this worker is the channel's home.
  std::optional<Published> publish_at_once(channel::ChannelId id, channel::PublicationDraft& draft,
                                           Moment now) override;
  void history(std::string_view name, const ChannelRule& rule, const HistoryRequest& request, Token token,
               Moment now) override;
  void channels(const base::Pattern& pattern, std::size_t limit, Token token, Moment now) override;
  void flush(Moment now) override;
  base::Instant deadline() const override { return home_.deadline(); }
  void on_deadline(Moment now) override;

  /// A sibling's mail.
  void receive(BrokerMail&& mail, Moment now);
  /// A sibling's mailbox has room again.
  void on_room(WorkerIndex worker, Moment now);

  /// The worker that orders a channel: the same answer on all of them.
  WorkerIndex home_of(std::string_view name) const;
  /// Memory of the publications that are kept here as home.
  std::size_t home_bytes() const { return home_.bytes(); }

 private:
  /// A channel that this worker has subscriptions in, or waits to have.
  struct Follow {
    std::string name;
    channel::ChannelId id;
    WorkerIndex home = 0;
    base::Handle home_channel{};                  ///< at this worker's own home, while there are subscriptions
    std::size_t active = 0;                       ///< subscriptions
    std::size_t waiting = 0;                      ///< not yet answered
    std::optional<channel::Position> position{};  ///< how far this worker has come; nothing without history
  };
  /// A question to all workers about their channels.
  struct ChannelsQuestion {
    Token token = 0;
    std::size_t limit = 0;
    WorkerIndex unanswered = 0;
    std::unordered_map<std::string, std::size_t> counts;
  };

  void on_home_publication(base::Handle follow, const channel::PublicationRef& publication) override;
  std::uint64_t on_home_due(WorkerIndex worker, base::Handle channel, base::Handle follow) override;
  void on_home_settle(WorkerIndex worker, std::uint64_t due) override;

  base::Handle follow_named(std::string_view name, channel::ChannelId id);
  void set_id(base::Handle follow, channel::ChannelId id);
  void drop_if_unused(base::Handle follow, Moment now);
  void deliver(Follow& follow, const channel::PublicationRef& publication);
  void take_followed(base::Handle follow, Token token, const Subscribed& subscribed, Moment now);
  std::vector<ChannelCount> matching(const base::Pattern& pattern, std::size_t limit);
  void take_channels(Token question, const std::vector<ChannelCount>& channels);

  void handle(FollowMail& mail, Moment now);
  void handle(UnfollowMail& mail, Moment now);
  void handle(PublishMail& mail, Moment now);
  void handle(HistoryMail& mail, Moment now);
  void handle(ChannelsMail& mail, Moment now);
  void handle(PublicationsMail& mail, Moment now);
  void handle(FollowedMail& mail, Moment now);
  void handle(PublishedMail& mail, Moment now);
  void handle(HistoryAnswerMail& mail, Moment now);
  void handle(ChannelsAnswerMail& mail, Moment now);

  MemoryBrokerOptions options_;
  BrokerEvents& events_;
  Home home_;
  std::deque<Outbox> outboxes_;  ///< by worker; one's own stays empty
  base::Slab<Follow> follows_;
  std::unordered_map<std::string_view, base::Handle> follow_by_name_;  ///< the keys are the follows' own names
  std::vector<base::Handle> follow_by_id_;                             ///< by the index of the worker's id
  std::unordered_map<Token, ChannelsQuestion> questions_;
  Token next_question_ = 0;
};

}  // namespace usher::broker
