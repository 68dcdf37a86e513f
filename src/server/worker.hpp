#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/entropy.hpp"
#include "base/slab.hpp"
#include "broker/memory/memory_broker.hpp"
#include "io/listener.hpp"
#include "io/loop.hpp"
#include "io/mailbox.hpp"
#include "server/admission.hpp"
#include "server/channels.hpp"
#include "server/connection.hpp"
#include "server/demo_feed.hpp"
#include "server/mail.hpp"
#include "server/node_parts.hpp"
#include "server/ticket_desk.hpp"
#include "server/turned_away.hpp"
#include "websocket/connection.hpp"

namespace usher::server {

/// One thread with one event loop: accepts, serves and closes its connections, keeps its share of the channels and
/// tickets, and talks to the other workers by mail. Everything here belongs to that thread, but for `mailbox` and
/// `metrics`.
class Worker final : private io::FlushHook, private PublishListener, private broker::WorkerPost {
 public:
  Worker(NodeParts& node, io::Kernel& kernel, std::uint32_t index);
  ~Worker() override;

  /// Once all workers exist.
  void connect_to_siblings();
  /// A socket to accept from; before the loop runs.
  base::Result<void> listen(const io::Address& address, Surface surface, io::PortUse port_use,
                            const io::Listener* shared);
  const std::vector<std::unique_ptr<io::Listener>>& listeners() const { return listeners_; }

  io::Loop& loop() { return loop_; }
  io::Mailbox<Mail>& mailbox() { return mailbox_; }
  WorkerMetrics& metrics() { return metrics_; }
  std::uint32_t index() const { return index_; }
  NodeParts& node() { return node_; }
  const Rules& rules() const { return *node_.rules; }
  const Settings& settings() const { return node_.rules->settings(); }
  base::Instant now() const { return loop_.now(); }
  base::WallTime wall_now() { return loop_.wall_now(); }
  /// As of this turn: the calendar clock is read once.
  broker::Moment moment();
  bool draining() const { return node_.draining.load(std::memory_order_relaxed); }

  Channels& channels() { return channels_; }
  Admission& admission() { return admission_; }
  auth::TicketStore& tickets() { return tickets_; }
  auth::EntropyBlock& entropy() { return entropy_; }
  DemoFeed& demo_feed() { return demo_feed_; }
  websocket::ConnectionResources& websocket() { return websocket_; }
  std::array<base::Slice, 1024>& slices() { return slices_; }

  /// `host` is the request's: in a public demo, which gives up the guard against DNS rebinding, a page may also come
  /// from where it is served.
  bool origin_allowed(std::string_view origin, std::string_view host) const;
  auth::OriginVerdict judge_origins(std::span<const std::string_view> origins, std::string_view host) const;

  Connection* find_connection(base::Handle handle) { return connections_.find(handle); }
  /// Null when the connection is gone, or the request is answered.
  HttpConnection* find_request(RequestHandle request);
  std::size_t connection_count() const { return connections_.size(); }

  std::string draw_request_id();
  std::string draw_session_id();

  /// Writes to sessions before the end of the turn when the turn has taken in so much that logs would overflow:
  /// otherwise sessions that are not slow would lose publications. Called between two messages.
  void relieve();
  /// The worker calls `flush_tail` in this turn's flush.
  void queue_tail(base::Handle connection) { tails_.push_back(connection); }
  /// The worker calls `on_room` when a publication may find room again.
  void wait_for_room(base::Handle connection) { waiting_for_room_.push_back(connection); }
  /// Like that, for what is not a session.
  void call_at_room(std::function<void()> retry) { retries_.push_back(std::move(retry)); }
  /// The worker calls `Connection::go_on` at the end of this turn.
  void go_on_later(base::Handle connection, std::string unread) { opened_.push_back({connection, std::move(unread)}); }
  /// From the connection's own on_closed: erases it.
  void on_connection_closed(Connection& connection);

  /// Never refused: kept here while the sibling's mailbox is full.
  void post(std::uint32_t worker, Mail&& mail);
  void post_to_all(const DemoEvent& event);

 private:
  struct Opened {
    base::Handle connection;
    std::string unread;
  };
  struct Sibling {
    std::deque<Mail> unsent;
    std::unique_ptr<io::RoomWaiter> waiter;
  };
  /// A listener's surface: which handler a socket came by.
  struct Door final : io::AcceptHandler {
    Door(Worker& owner, Surface its_surface) : worker(owner), surface(its_surface) {}
    void on_accept(io::Descriptor socket, const io::Address& peer) override {
      worker.accept(std::move(socket), peer, surface);
    }
    Worker& worker;
    Surface surface;
  };

  void accept(io::Descriptor socket, const io::Address& peer, Surface surface);
  void turn_away(io::Descriptor socket, Refusal refusal);
  bool flush() override;
  void deliver_opened();
  bool flush_ready();
  void close_lost();
  void flush_tails();
  void on_session_published(base::Handle connection, std::optional<std::uint64_t> id,
                            const broker::Published& published) override;
  void on_publish_room() override;
  bool try_post(broker::WorkerIndex worker, broker::BrokerMail& mail) override;
  void on_room(std::uint32_t worker);
  void send_unsent(std::uint32_t worker);
  void receive(Mail&& mail);
  void drain(base::Duration over);
  void drain_some();
  void on_tick();
  void on_broker_deadline();

  NodeParts& node_;
  const std::uint32_t index_;
  io::Loop loop_;
  WorkerMetrics metrics_;
  io::Mailbox<Mail> mailbox_;
  std::vector<Sibling> siblings_;
  auth::EntropyBlock entropy_;
  std::unique_ptr<channel::FrameCompressor> compressor_;
  Channels channels_;
  broker::MemoryBroker* broker_ = nullptr;  ///< owned by channels_
  TicketDesk tickets_;
  PasswordDesk passwords_;
  Admission admission_;
  websocket::ConnectionResources websocket_;
  std::array<base::Slice, 1024> slices_{};
  DemoFeed demo_feed_;
  TurnedAway turned_away_;
  Door open_door_;
  Door manage_door_;
  std::vector<std::unique_ptr<io::Listener>> listeners_;
  base::Slab<Connection> connections_;

  std::vector<Opened> opened_;
  std::vector<base::Handle> tails_;
  std::vector<base::Handle> waiting_for_room_;
  std::vector<std::function<void()>> retries_;
  std::vector<channel::ReadySubscription> ready_;
  std::vector<base::Handle> to_drain_;  ///< in the order in which they are closed
  base::Instant drain_start_;
  base::Duration drain_over_{};
  std::size_t drained_ = 0;
  io::Timer drain_timer_;
  io::Timer tick_timer_;
  io::Timer broker_timer_;
  broker::Moment moment_;
  std::uint64_t request_counter_ = 0;
  std::uint64_t request_prefix_ = 0;
};

}  // namespace usher::server
