#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/slab.hpp"
#include "broker/broker.hpp"
#include "channel/hub.hpp"
#include "server/metrics.hpp"
#include "server/rules.hpp"

namespace usher::server {

/// What a session's publication came to.
class PublishListener {
 public:
  /// `id` is what the session gave with it.
  virtual void on_session_published(base::Handle connection, std::optional<std::uint64_t> id,
                                    const broker::Published& published) = 0;
  /// A publication that found no room may be tried again.
  virtual void on_publish_room() = 0;

 protected:
  ~PublishListener() = default;
};

/// The channels of one worker: its hub, and the broker that joins it to the others. Turns the broker's answers back
/// into calls to whoever asked.
class Channels final : public broker::BrokerEvents {
 public:
  /// True when a subscription was made in the hub; false gives the broker's one back.
  using OnFollowed = std::function<bool(channel::ChannelId, const broker::Subscribed&)>;
  using OnPublished = std::function<void(const broker::Published&)>;
  using OnHistory = std::function<void(const broker::HistoryAnswer&)>;
  using OnChannels = std::function<void(const std::vector<broker::ChannelCount>&)>;
  using Clock = std::function<broker::Moment()>;

  Channels(PublishListener& listener, WorkerMetrics& metrics, Clock clock, channel::FrameCompressor* compressor);
  ~Channels() override;

  /// Before anything else.
  void set_broker(std::unique_ptr<broker::Broker> broker) { broker_ = std::move(broker); }
  broker::Broker& broker() { return *broker_; }
  channel::Hub& hub() { return hub_; }

  /// A publication of so many bytes was taken in, by whatever way.
  void note_taken_in(std::size_t bytes) { taken_in_ += bytes; }
  /// Whether a log may be close to its limit: more than `bytes_max` came since the last flush, or one is half full.
  bool wants_flush(std::size_t bytes_max) const { return taken_in_ > bytes_max || hub_.wants_flush(); }
  /// Sends to the other workers what was published for them.
  void flush() {
    taken_in_ = 0;
    broker_->flush(clock_());
  }

  /// Whether the worker follows the channel already, or may follow one more.
  bool has_room_for(std::string_view name, std::size_t channels_max) const {
    return hub_.channels() < channels_max || hub_.find(name).has_value();
  }
  /// Asks the broker for the channel; `done` may be called before this returns.
  void follow(std::string_view name, const ChannelPolicy& policy, const broker::Start& start, OnFollowed done);
  /// Ends a subscription that `follow` led to.
  void unfollow(channel::SubscriptionId subscription, channel::ChannelId channel);

  /// For a session whose channel this worker orders itself. Nothing: the draft is untouched, and `publish` is the way.
  std::optional<broker::Published> publish_at_once(channel::ChannelId channel, const ChannelPolicy& policy,
                                                   channel::PublicationDraft& draft);
  /// For a session; the listener hears the outcome.
  broker::Acceptance publish(channel::ChannelId channel, const ChannelPolicy& policy, channel::PublicationDraft& draft,
                             base::Handle connection, std::optional<std::uint64_t> id);
  /// For everyone else. `done` is called once unless the answer is `no_room`.
  broker::Acceptance publish(std::string_view name, const ChannelPolicy& policy, channel::PublicationDraft& draft,
                             OnPublished done);
  void history(std::string_view name, const ChannelPolicy& policy, const broker::HistoryRequest& request,
               OnHistory done);
  void list(const base::Pattern& pattern, std::size_t limit, OnChannels done);

  void on_publication(channel::ChannelId channel, const channel::PublicationRef& publication) override;
  void on_gap(channel::ChannelId channel, const channel::Gap& gap) override;
  void on_subscribed(broker::Token token, const broker::Subscribed& subscribed) override;
  void on_published(broker::Token token, const broker::Published& published) override;
  void on_history(broker::Token token, const broker::HistoryAnswer& answer) override;
  void on_channels(broker::Token token, const std::vector<broker::ChannelCount>& channels) override;
  void on_room() override { listener_.on_publish_room(); }

 private:
  struct Follow {
    channel::ChannelId channel;
    OnFollowed done;
  };
  struct SessionPublish {
    base::Handle connection;
    std::optional<std::uint64_t> id;
  };
  using Question = std::variant<SessionPublish, Follow, OnPublished, OnHistory, OnChannels>;

  broker::Token ask(Question&& question);
  Question take(broker::Token token);
  broker::Acceptance publish(std::string_view name, const ChannelPolicy& policy, channel::PublicationDraft& draft,
                             Question&& question);
  void close_if_unused(channel::ChannelId channel);

  PublishListener& listener_;
  WorkerMetrics& metrics_;
  Clock clock_;
  channel::Hub hub_;
  std::unique_ptr<broker::Broker> broker_;
  base::Slab<Question> questions_;
  std::size_t taken_in_ = 0;                                ///< bytes, since the last flush
  std::unordered_map<std::uint32_t, std::size_t> awaited_;  ///< follows not yet answered, by index of the channel
};

}  // namespace usher::server
