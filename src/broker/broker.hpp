#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern.hpp"
#include "base/time.hpp"
#include "channel/hub.hpp"
#include "channel/position.hpp"
#include "channel/publication.hpp"

namespace usher::broker {

/// The caller's own name of a question; the answer brings it back.
using Token = std::uint64_t;

/// What time it is, on both clocks.
struct Moment {
  base::Instant instant{};
  base::WallTime wall{};
};

/// What may be asked for later, and how long.
struct HistoryRule {
  std::uint32_t size = 0;         ///< publications
  base::Duration ttl{};           ///< their age
  base::Duration position_ttl{};  ///< offset and epoch outlive the last use by it
};

/// How a channel is kept. Every worker and node has the same rule for a name.
struct ChannelRule {
  std::optional<HistoryRule> history{};  ///< nothing: no history and no positions
  std::size_t log_bytes_max = 4 * 1024 * 1024;
};

/// From where on a subscriber wants to follow. At most one is asked for; neither: from now on.
struct Start {
  std::optional<channel::Position> since{};
  std::uint32_t newest = 0;
};

enum class SubscribeOutcome : std::uint8_t {
  active,
  position_gone,  ///< the history does not reach it, it is above the top, or of another epoch; nothing is followed
  unavailable,    ///< the broker is away; nothing is followed
};

struct Subscribed {
  SubscribeOutcome outcome = SubscribeOutcome::active;
  std::optional<channel::Position> top{};          ///< nothing without history
  std::uint64_t start_offset = 0;                  ///< where this stream goes on from, as hello says it
  std::vector<channel::PublicationRef> backlog{};  ///< what was asked for, oldest first, up to the top
};

enum class PublishOutcome : std::uint8_t {
  accepted,
  refused,  ///< it reached nobody
  unknown,  ///< it may have been delivered
};

struct Published {
  PublishOutcome outcome = PublishOutcome::accepted;
  std::optional<channel::Position> position{};  ///< of the publication; nothing without history
};

struct HistoryRequest {
  std::uint32_t limit = 0;  ///< 0: the position only
  bool reverse = false;     ///< newest first
  std::optional<channel::Position> since{};
};

struct HistoryAnswer {
  SubscribeOutcome outcome = SubscribeOutcome::active;
  std::optional<channel::Position> top{};  ///< nothing without history
  std::vector<channel::PublicationRef> publications{};
};

struct ChannelCount {
  std::string name{};
  std::size_t subscriptions = 0;
};

/// What a broker tells its worker. Calls may come from inside any call of the broker, which has then done all that it
/// has to do with its own state: whoever hears them may call the broker again. Sessions are written at the end of the
/// turn.
class BrokerEvents {
 public:
  virtual ~BrokerEvents() = default;
  virtual void on_publication(channel::ChannelId channel, const channel::PublicationRef& publication) = 0;
  /// Publications are missing here. With a position, the next one has the offset behind it, in that epoch.
  virtual void on_gap(channel::ChannelId channel, const channel::Gap& gap) = 0;
  /// Whoever wants everything behind `top` begins to follow during this call.
  virtual void on_subscribed(Token token, const Subscribed& subscribed) = 0;
  virtual void on_published(Token token, const Published& published) = 0;
  virtual void on_history(Token token, const HistoryAnswer& answer) = 0;
  virtual void on_channels(Token token, const std::vector<ChannelCount>& channels) = 0;
  /// A publish that found no room may be tried again.
  virtual void on_room() = 0;
};

/// Whether a publication was taken on.
enum class Acceptance : std::uint8_t {
  taken,    ///< `on_published` will come, or has come during the call
  no_room,  ///< the draft is still the caller's: pause the publisher, try again after `on_room`
};

/// How workers and nodes share channels. One object per worker, used on that worker only.
///
/// Promises, whatever is behind it:
/// - Publications of one channel arrive everywhere in one order, each at most once.
/// - After `on_subscribed` (active) the worker gets every publication behind `top`, without a seam. Before it, a
///   worker that did not follow the channel gets none.
/// - One's own publication comes before its `on_published`, or before `publish_at_once` returns.
/// - Every question with a token is answered once, also when its asker is gone by then.
/// - What is lost is told by `on_gap`, in its place.
class Broker {
 public:
  virtual ~Broker() = default;

  /// One more subscription of this worker in the channel. `id` is how the worker's events name it: the same id for
  /// the same name as long as the worker follows it. An outcome other than active counts for nothing.
  virtual void subscribe(std::string_view name, const ChannelRule& rule, channel::ChannelId id, const Start& start,
                         Token token, Moment now) = 0;
  /// Gives back one active subscription. After the last one no event names the channel any more.
  virtual void unsubscribe(std::string_view name, Moment now) = 0;
  /// The draft is taken only when the answer is `taken`.
  virtual Acceptance publish(std::string_view name, const ChannelRule& rule, channel::PublicationDraft& draft,
                             Token token, Moment now) = 0;
  /// The short way for a channel that this worker follows: publishes and returns the outcome, if it can be known at
  /// once. No `on_published` comes. Nothing: the draft is still the caller's, who goes the other way.
  virtual std::optional<Published> publish_at_once(channel::ChannelId id, channel::PublicationDraft& draft,
                                                   Moment now) = 0;
  virtual void history(std::string_view name, const ChannelRule& rule, const HistoryRequest& request, Token token,
                       Moment now) = 0;
  /// The channels that have subscriptions and match, at most `limit` of them.
  virtual void channels(const base::Pattern& pattern, std::size_t limit, Token token, Moment now) = 0;

  /// Sends off what the turn has produced for elsewhere. To be called once after everything was acted on, before the
  /// sessions are flushed.
  virtual void flush(Moment now) = 0;
  /// When `on_deadline` wants to be called.
  virtual base::Instant deadline() const = 0;
  virtual void on_deadline(Moment now) = 0;
};

}  // namespace usher::broker
