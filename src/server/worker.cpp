#include "server/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "http/response.hpp"
#include "server/compressor.hpp"
#include "server/handlers.hpp"
#include "server/refusal_response.hpp"

namespace usher::server {
namespace {

/// Sessions that are written before the loop looks at its sockets again: a big fan-out does not stop the others.
constexpr std::size_t flush_slice = 2048;

constexpr base::Duration tick = std::chrono::seconds(1);

std::optional<auth::Address> client_address(const io::Address& peer) {
  if (peer.family() != io::Family::ipv4 && peer.family() != io::Family::ipv6) return std::nullopt;
  return auth::Address::from_v6(peer.ip().bytes());
}

auth::MemoryTicketLimits ticket_limits(const Settings& settings, std::size_t workers) {
  return {std::max<std::size_t>(1, settings.tickets.outstanding / workers), settings.tickets.ttl_max};
}

/// A signal may interrupt it. A system that has no entropy at all is one where nothing can be promised.
void fill_random(io::Kernel& kernel, std::span<std::uint8_t> bytes) {
  constexpr int tries_max = 100;
  int tries = 1;
  while (kernel.random(bytes) != 0) ASSERT(tries++ < tries_max);
}

std::uint64_t random_number(io::Kernel& kernel) {
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  fill_random(kernel, bytes);
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), bytes.size());
  return number;
}

std::string random_text(io::Kernel& kernel) {
  std::array<char, 9> bytes{};
  fill_random(kernel, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return base::base64url_encode({bytes.data(), bytes.size()});
}

}  // namespace

Worker::Worker(NodeParts& node, io::Kernel& kernel, std::uint32_t index)
    : node_(node),
      index_(index),
      loop_(kernel),
      metrics_(node.rules->settings().channels.size()),
      mailbox_(loop_, node.rules->settings().limits.mailbox_messages,
               [this](Mail&& mail) { receive(std::move(mail)); }),
      entropy_([&kernel](std::span<std::uint8_t> bytes) { fill_random(kernel, bytes); }),
      compressor_(std::make_unique<SharedCompressor>()),
      channels_(
          *this, metrics_, [this] { return moment(); }, compressor_.get()),
      tickets_(index, node.worker_count, ticket_limits(node.rules->settings(), node.worker_count),
               [this](std::uint32_t worker, Mail&& mail) { post(worker, std::move(mail)); }),
      passwords_(*node.passwords, *node.pool,
                 [this](base::Handle question, bool right) {
                   Mail mail = PasswordAnswer{question, right};
                   while (!mailbox_.try_post(std::move(mail)) && !node_.stopping) std::this_thread::yield();
                 }),
      admission_(*node.rules, tickets_, passwords_, metrics_, [this] { return moment(); }),
      turned_away_(loop_),
      open_door_(*this, Surface::open),
      manage_door_(*this, Surface::manage),
      drain_timer_(io::Timer::to<&Worker::drain_some>(this)),
      tick_timer_(io::Timer::to<&Worker::on_tick>(this)),
      broker_timer_(io::Timer::to<&Worker::on_broker_deadline>(this)),
      request_prefix_(random_number(kernel)) {
  loop_.set_flush_hook(this);
  tick_timer_.arm(loop_, loop_.now() + tick);
}

Worker::~Worker() {
  loop_.set_flush_hook(nullptr);
  listeners_.clear();
}

void Worker::connect_to_siblings() {
  const auto workers = static_cast<std::uint32_t>(node_.workers.size());
  siblings_.resize(workers);
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    siblings_[worker].waiter = std::make_unique<io::RoomWaiter>(loop_, [this, worker] { on_room(worker); });
  }
  const base::Limits& limits = settings().limits;
  broker::MemoryBrokerOptions options;
  options.worker = index_;
  options.workers = workers;
  options.limits.channels_max = limits.channels;
  auto broker =
      std::make_unique<broker::MemoryBroker>(options, static_cast<broker::WorkerPost&>(*this), channels_,
                                             [this] { return *channel::Epoch::parse(random_text(loop_.kernel())); });
  broker_ = broker.get();
  channels_.set_broker(std::move(broker));
}

base::Result<void> Worker::listen(const io::Address& address, Surface surface, io::PortUse port_use,
                                  const io::Listener* shared) {
  auto listener = std::make_unique<io::Listener>(loop_, surface == Surface::open ? open_door_ : manage_door_);
  io::ListenOptions options;
  options.port_use = port_use;
  options.not_sent_low_water = static_cast<int>(settings().limits.unsent_bytes);
  auto opened = shared != nullptr ? listener->share(*shared) : listener->open(address, options);
  if (opened.ok()) listeners_.push_back(std::move(listener));
  return opened;
}

bool Worker::origin_allowed(std::string_view origin, std::string_view host) const {
  const auto& demo = settings().demo;
  const bool own = demo && demo->is_public && base::equals_ignoring_case(origin, "http://" + std::string(host));
  return own || settings().origins.allows(origin);
}

auth::OriginVerdict Worker::judge_origins(std::span<const std::string_view> origins, std::string_view host) const {
  if (origins.empty()) return auth::OriginVerdict::absent;
  const bool allowed = origins.size() == 1 && origin_allowed(origins.front(), host);
  return allowed ? auth::OriginVerdict::allowed : auth::OriginVerdict::refused;
}

HttpConnection* Worker::find_request(RequestHandle request) {
  Connection* connection = connections_.find(request.connection);
  if (connection == nullptr || connection->http() == nullptr || connection->session() != nullptr) return nullptr;
  return connection->http()->waits(request.number) ? connection->http() : nullptr;
}

broker::Moment Worker::moment() {
  if (moment_.instant != loop_.now()) moment_ = {loop_.now(), loop_.wall_now()};
  return moment_;
}

std::string Worker::draw_request_id() {
  return fmt::format("{:08x}{:08x}", static_cast<std::uint32_t>(request_prefix_) ^ (index_ << 24),
                     static_cast<std::uint32_t>(request_counter_++));
}

std::string Worker::draw_session_id() { return random_text(loop_.kernel()); }

// Connections.

void Worker::accept(io::Descriptor socket, const io::Address& peer, Surface surface) {
  const std::optional<auth::Address> address = client_address(peer);
  metrics_.connections_accepted.add();
  switch (node_.connections->take(address)) {
    case ConnectionCounts::Verdict::admitted:
      break;
    case ConnectionCounts::Verdict::node_full:
      return turn_away(std::move(socket), Refusal::too_many_connections);
    case ConnectionCounts::Verdict::address_full:
      return turn_away(std::move(socket), Refusal::too_many_from_address);
  }
  metrics_.connections_open.add();
  const base::Handle handle = connections_.emplace(*this, address, surface);
  Connection& connection = *connections_.find(handle);
  if (!connection.start(handle, std::move(socket))) on_connection_closed(connection);
}

/// Says why; the peer's request is not read.
void Worker::turn_away(io::Descriptor socket, Refusal refusal) {
  metrics_.requests_refused[static_cast<std::size_t>(refusal)].add();
  http::ResponseContext context;
  context.keep_alive = false;
  http::Response response = refusal_response(refusal, {}, nullptr);
  response.add("Usher-Request-Id", draw_request_id());
  const std::string answer = http::serialize(response, context);
  turned_away_.say(std::move(socket), answer);
}

void Worker::on_connection_closed(Connection& connection) {
  if (connection.http() != nullptr && connection.http()->streaming()) demo_feed_.close(connection.handle());
  node_.connections->give_back(connection.address());
  metrics_.connections_open.subtract();
  connections_.erase(connection.handle());
}

// The end of a turn.

bool Worker::flush() {
  deliver_opened();
  channels_.flush();
  bool left = flush_ready();
  close_lost();
  flush_tails();
  left = left || !opened_.empty() || !tails_.empty();
  broker_timer_.arm(loop_, channels_.broker().deadline());
  metrics_.turns.add(loop_.kernel().now() - loop_.now());
  return left;
}

void Worker::relieve() {
  if (!channels_.wants_flush(settings().limits.channel_log_bytes / 2)) return;
  channels_.flush();
  flush_ready();
}

void Worker::deliver_opened() {
  for (Opened& opened : std::exchange(opened_, {})) {
    Connection* connection = connections_.find(opened.connection);
    if (connection == nullptr) continue;
    connection->go_on(std::move(opened.unread));
    if (connection->session() != nullptr && drain_over_ > base::Duration()) to_drain_.push_back(opened.connection);
  }
}

bool Worker::flush_ready() {
  ready_.clear();
  channels_.hub().take_ready(ready_, flush_slice);
  for (const channel::ReadySubscription& ready : ready_) {
    Connection* connection = connections_.find(ready.session);
    if (connection != nullptr && connection->session() != nullptr) connection->session()->flush_log();
  }
  return ready_.size() == flush_slice;
}

void Worker::close_lost() {
  ready_.clear();
  channels_.hub().take_lost(ready_);
  for (const channel::ReadySubscription& lost : ready_) {
    Connection* connection = connections_.find(lost.session);
    if (connection != nullptr && connection->session() != nullptr) {
      connection->session()->close(base::CloseReason::slow);
    }
  }
}

void Worker::flush_tails() {
  for (const base::Handle handle : std::exchange(tails_, {})) {
    Connection* connection = connections_.find(handle);
    if (connection != nullptr && connection->session() != nullptr) connection->session()->flush_tail();
  }
}

void Worker::on_broker_deadline() { channels_.broker().on_deadline(moment()); }

void Worker::on_tick() {
  tickets_.sweep(now());
  if (!retries_.empty()) on_publish_room();
  metrics_.tickets_unspent.set(tickets_.unspent());
  std::uint64_t paused = 0;
  for (const auto& listener : listeners_) paused += listener->counts().exhausted;
  metrics_.accepts_paused.set(paused);
  tick_timer_.arm(loop_, now() + tick);
}

// Publications.

void Worker::on_session_published(base::Handle handle, std::optional<std::uint64_t> id,
                                  const broker::Published& published) {
  Connection* connection = connections_.find(handle);
  if (connection != nullptr && connection->session() != nullptr) connection->session()->on_published(id, published);
}

void Worker::on_publish_room() {
  for (const base::Handle handle : std::exchange(waiting_for_room_, {})) {
    Connection* connection = connections_.find(handle);
    if (connection != nullptr && connection->session() != nullptr) connection->session()->on_room();
  }
  for (const std::function<void()>& retry : std::exchange(retries_, {})) retry();
}

// Mail.

bool Worker::try_post(broker::WorkerIndex worker, broker::BrokerMail& mail) {
  io::Mailbox<Mail>& target = node_.workers[worker]->mailbox();
  Sibling& sibling = siblings_[worker];
  if (sibling.unsent.empty()) {
    Mail wrapped(std::move(mail));
    if (target.try_post(std::move(wrapped))) return true;
    mail = std::move(*std::get_if<broker::BrokerMail>(&wrapped));
  }
  target.wait_for_room(*sibling.waiter);
  return false;
}

void Worker::post(std::uint32_t worker, Mail&& mail) {
  Sibling& sibling = siblings_[worker];
  io::Mailbox<Mail>& target = node_.workers[worker]->mailbox();
  if (sibling.unsent.empty() && target.try_post(std::move(mail))) return;
  sibling.unsent.push_back(std::move(mail));
  target.wait_for_room(*sibling.waiter);
}

void Worker::post_to_all(const DemoEvent& event) {
  for (std::uint32_t worker = 0; worker < siblings_.size(); ++worker) post(worker, Mail(event));
}

void Worker::on_room(std::uint32_t worker) {
  Sibling& sibling = siblings_[worker];
  io::Mailbox<Mail>& target = node_.workers[worker]->mailbox();
  while (!sibling.unsent.empty() && target.try_post(std::move(sibling.unsent.front()))) sibling.unsent.pop_front();
  if (!sibling.unsent.empty()) return target.wait_for_room(*sibling.waiter);
  broker_->on_room(worker, moment());
}

void Worker::receive(Mail&& mail) {
  struct Receiver {
    Worker& worker;
    void operator()(broker::BrokerMail& it) {
      if (const auto* publish = std::get_if<broker::PublishMail>(&it)) {
        worker.channels_.note_taken_in(publish->draft.publication().memory_bytes());
      }
      worker.broker_->receive(std::move(it), worker.moment());
      worker.relieve();
    }
    void operator()(TicketPutMail& it) { worker.tickets_.receive(std::move(it), worker.now()); }
    void operator()(TicketRedeemMail& it) { worker.tickets_.receive(std::move(it), worker.now()); }
    void operator()(TicketPutAnswer& it) { worker.tickets_.receive(std::move(it)); }
    void operator()(TicketRedeemAnswer& it) { worker.tickets_.receive(std::move(it)); }
    void operator()(PasswordAnswer& it) { worker.passwords_.receive(it.question, it.right); }
    void operator()(DrainMail& it) { worker.drain(it.over); }
    void operator()(DemoEvent& it) { worker.demo_feed_.tell(worker, it); }
  };
  std::visit(Receiver{*this}, mail);
}

// Drain.

/// Sessions are closed in random order, evenly over the time; HTTP connections that are idle at once.
void Worker::drain(base::Duration over) {
  for (const auto& listener : listeners_) listener->drain_and_close();
  std::vector<base::Handle> idle;
  connections_.for_each([&](base::Handle handle, Connection& connection) {
    if (connection.session() != nullptr) {
      to_drain_.push_back(handle);
    } else {
      idle.push_back(handle);
    }
  });
  for (const base::Handle handle : idle) {
    Connection* connection = connections_.find(handle);
    if (connection->http()->idle_between_requests()) connection->stream().finish();
  }
  for (std::size_t i = to_drain_.size(); i > 1; --i) {
    std::swap(to_drain_[i - 1], to_drain_[random_number(loop_.kernel()) % i]);
  }
  drain_start_ = now();
  drain_over_ = over;
  drain_some();
}

void Worker::drain_some() {
  constexpr base::Duration step = std::chrono::milliseconds(20);
  const base::Duration span = drain_over_ * 8 / 10;
  const base::Duration passed = now() - drain_start_ + step;
  const std::size_t due = passed >= span ? to_drain_.size()
                                         : to_drain_.size() * static_cast<std::size_t>(passed.count()) /
                                               static_cast<std::size_t>(std::max<std::int64_t>(1, span.count()));
  const auto retry_max = static_cast<std::uint64_t>(drain_over_ / std::chrono::milliseconds(1)) + 1;
  for (; drained_ < due; ++drained_) {
    Connection* connection = connections_.find(to_drain_[drained_]);
    if (connection == nullptr) continue;
    const std::uint64_t retry = random_number(loop_.kernel()) % retry_max;
    connection->session()->close(base::CloseReason::drain, "retry=" + std::to_string(retry));
  }
  // Goes on although all are closed: a handshake that was under way may still become a session.
  drain_timer_.arm(loop_, now() + step);
}

}  // namespace usher::server
