#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "broker/broker.hpp"

namespace usher::broker {

/// A worker's number, from 0.
using WorkerIndex = std::uint32_t;

/// To a channel's home: this worker has one more subscription.
struct FollowMail {
  std::string name{};
  ChannelRule rule;
  WorkerIndex from = 0;
  base::Handle follow{};  ///< what the worker keeps about the channel; the answers and publications name it
  Start start;
  Token token = 0;
};

/// To a channel's home: this worker has no subscription left.
struct UnfollowMail {
  std::string name{};
  WorkerIndex from = 0;
  base::Handle follow{};
};

/// To a channel's home.
struct PublishMail {
  std::string name{};
  ChannelRule rule;
  WorkerIndex from = 0;
  Token token = 0;
  channel::PublicationDraft draft{};
};

/// To a channel's home.
struct HistoryMail {
  std::string name{};
  ChannelRule rule;
  WorkerIndex from = 0;
  Token token = 0;
  HistoryRequest request;
};

/// To every worker: which channels have subscriptions there?
struct ChannelsMail {
  base::Pattern pattern;
  std::size_t limit = 0;
  WorkerIndex from = 0;
  Token token = 0;
};

/// From a home: the next publications of a channel, behind what is missing, if anything is.
struct PublicationsMail {
  base::Handle follow{};
  std::optional<channel::Gap> gap{};
  std::vector<channel::PublicationRef> publications{};
};

/// From a home.
struct FollowedMail {
  base::Handle follow{};
  Token token = 0;
  Subscribed subscribed;
};

/// From a home: the outcomes of a turn's publications.
struct PublishedMail {
  std::vector<std::pair<Token, Published>> outcomes{};
};

/// From a home.
struct HistoryAnswerMail {
  Token token = 0;
  HistoryAnswer answer;
};

/// From a worker that was asked.
struct ChannelsAnswerMail {
  Token token = 0;
  std::vector<ChannelCount> channels{};
};

/// What the memory brokers of one node send each other.
using BrokerMail = std::variant<FollowMail, UnfollowMail, PublishMail, HistoryMail, ChannelsMail, PublicationsMail,
                                FollowedMail, PublishedMail, HistoryAnswerMail, ChannelsAnswerMail>;

/// The way to the other workers: bounded mailboxes, in order for each pair of workers.
class WorkerPost {
 public:
  virtual ~WorkerPost() = default;
  /// False when the worker's mailbox is full: the mail is as it was, and `MemoryBroker::on_room` is owed once there is
  /// room.
  virtual bool try_post(WorkerIndex worker, BrokerMail& mail) = 0;
};

}  // namespace usher::broker
