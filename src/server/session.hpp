#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "auth/grant.hpp"
#include "base/close_reason.hpp"
#include "broker/broker.hpp"
#include "channel/hub.hpp"
#include "dialect/form.hpp"
#include "io/stream.hpp"
#include "server/metrics.hpp"
#include "server/rules.hpp"
#include "websocket/connection.hpp"

namespace usher::server {

class Connection;
class Worker;

/// What an opening handshake came to: what a session is made of.
struct SessionStart {
  auth::Grant grant;
  const ChannelPolicy* policy = nullptr;
  SessionDialect dialect = SessionDialect::raw;
  websocket::Version version = websocket::Version::rfc6455;
  std::optional<websocket::DeflateParameters> deflate;
  bool may_publish = false;
};

/// A connection with an identity: a WebSocket that follows one channel in the dialect raw or json.
///
/// Reading acts at once; writing waits for the end of the turn, when everything that the turn made is written in one
/// gathered write: first what the log has, then acks and errors, last the Close. While a publication waits for room at
/// its home, the session is not read.
class Session {
 public:
  Session(Connection& connection, SessionStart&& start);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The subscription is active: hello is due, then what the channel has.
  void begin(channel::ChannelId channel, const broker::Subscribed& subscribed);

  void on_bytes(std::span<char> bytes);
  /// The peer has ended its direction.
  void on_end();
  void on_drained();
  void on_deadline();
  void on_closed(io::StreamEnd end);
  void on_published(std::optional<std::uint64_t> id, const broker::Published& published);
  /// A publication that found no room may be tried again.
  void on_room();

  /// Reads on after a pause, where nothing stands in the way.
  void go_on();

  /// Begins the closing handshake at the end of the turn; the first reason counts. `detail` replaces the row's text.
  void close(base::CloseReason reason, std::string_view detail = {});

  /// Writes what the log has for this session. Part of the flush.
  void flush_log();
  /// Writes what comes behind the log: acks, errors, the Close. Part of the flush, after the logs.
  void flush_tail();

  SessionDialect dialect() const { return dialect::is_json(form_) ? SessionDialect::json : SessionDialect::raw; }

  /// When `on_deadline` wants to be called next.
  base::Instant deadline() const;

 private:
  /// What most sessions never have, kept apart so that an idle one is small.
  struct Busy;

  void handle_events();
  void handle(const websocket::Event& event);
  void take_message(const websocket::Event& event);
  void take_json(std::string_view text);
  void publish(channel::PublicationParts& parts, std::optional<std::uint64_t> id);
  bool try_publish(channel::PublicationDraft& draft, std::optional<std::uint64_t> id);
  void say_outcome(std::optional<std::uint64_t> id, const broker::Published& published);
  void reject(std::optional<std::uint64_t> id, std::string_view code, std::string_view message);
  void say(std::string_view text, std::uint64_t after_offset);
  void keep_unread();
  bool may_go_on() const;
  void drop_held();
  void send_gap(const channel::Gap& gap);
  void release_due();
  void write_control();
  bool close_must_wait() const;
  void write_close();
  void end_subscription();
  void queue_tail();
  bool has_reason() const { return reason_ != base::CloseReason::client_lost; }
  std::string close_text() const;
  Busy& busy();
  Worker& worker() const;

  Connection& connection_;
  websocket::Connection protocol_;
  auth::Grant grant_;
  const ChannelPolicy* policy_;
  std::unique_ptr<Busy> busy_;
  channel::ChannelId channel_;
  channel::SubscriptionId subscription_;
  base::Instant last_seen_;
  base::Instant expires_ = base::Instant::never();
  std::uint32_t unanswered_ = 0;  ///< publications without an outcome yet
  base::CloseReason reason_ = base::CloseReason::client_lost;
  dialect::Form form_;
  bool may_publish_ : 1;
  bool close_due_ : 1 = false;     ///< a Close waits to be sent or answered
  bool close_sent_ : 1 = false;    ///< nothing may follow
  bool stop_waiting_ : 1 = false;  ///< the Close does not wait for publications any longer
  bool pinged_ : 1 = false;        ///< a ping is out since `last_seen_`
  bool in_tail_ : 1 = false;       ///< the worker will call flush_tail
};

}  // namespace usher::server
