#include "server/node.hpp"

#include <sys/resource.h>
#include <csignal>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/base64.hpp"
#include "base/log.hpp"
#include "io/real_kernel.hpp"
#include "io/signals.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

constexpr std::size_t pool_threads = 2;
constexpr std::size_t pool_queue = 1024;

/// Descriptors that are not connections: files, epoll, events, the log.
std::size_t connections_allowed(const base::Limits& limits) {
  if (limits.connections > 0) return limits.connections;
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur == RLIM_INFINITY) return 1'000'000;
  return static_cast<std::size_t>(descriptors.rlim_cur) / 10 * 9;
}

void raise_descriptor_limit() {
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return;
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
}

std::uint32_t worker_count(const Settings& settings) {
  if (settings.server.workers > 0) return settings.server.workers;
  return std::max(1u, std::thread::hardware_concurrency());
}

std::string random_name(io::Kernel& kernel) {
  std::array<std::uint8_t, 6> bytes{};
  ASSERT(kernel.random(bytes) == 0);
  return base::base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// The life of one node: start, signals, drain, end.
class Node {
 public:
  Node(const Settings& settings, const ServeOptions& options)
      : settings_(std::make_shared<Settings>(settings)),
        options_(options),
        loop_(kernel_),
        signals_(loop_, [this](int signal) { on_signal(signal); }),
        step_timer_(io::Timer::to<&Node::next_step>(this)) {}

  base::Result<void> run();

 private:
  enum class Step { serving, delaying, draining, ended };

  base::Result<void> start();
  base::Result<void> bind(Surface surface, const std::vector<io::Address>& addresses);
  void add_demo_origins();
  void on_signal(int signal);
  void next_step();
  void stop_workers();
  void send_to_all(const std::function<Mail()>& make);
  void watch_drain();

  io::RealKernel kernel_;
  std::shared_ptr<Settings> settings_;
  ServeOptions options_;
  io::Loop loop_;
  io::Signals signals_;
  io::Timer step_timer_;
  NodeParts parts_;
  std::vector<io::Address> listening_;
  std::vector<std::thread> threads_;
  base::Instant drain_end_;
  Step step_ = Step::serving;
};

base::Result<void> Node::run() {
  auto started = start();
  if (!started.ok()) return started;
  for (const auto& worker : parts_.workers) {
    threads_.emplace_back([loop = &worker->loop()] { loop->run(); });
  }
  if (options_.on_ready) options_.on_ready(listening_);
  loop_.run();
  for (std::thread& thread : threads_) thread.join();
  parts_.pool.reset();
  return {};
}

base::Result<void> Node::start() {
  raise_descriptor_limit();
  auto opened = signals_.open({SIGTERM, SIGINT, SIGHUP});
  if (!opened.ok()) return opened;
  std::signal(SIGPIPE, SIG_IGN);
  auto files = StaticFiles::load(*settings_);
  if (!files.ok()) return files.error();
  parts_.files = std::make_unique<StaticFiles>(std::move(*files));
  parts_.name = random_name(kernel_);
  parts_.version = options_.version;
  parts_.started = loop_.now();
  const base::Limits& limits = settings_->limits;
  parts_.connections = std::make_unique<ConnectionCounts>(connections_allowed(limits), limits.connections_per_address);
  parts_.passwords = std::make_unique<PasswordChecks>(
      settings_->auth.passwords, auth::PasswordQueueLimits{limits.password_checks, limits.password_checks_per_address});
  parts_.pool = std::make_unique<io::BlockingPool>(pool_threads, pool_queue);
  parts_.rules = std::make_shared<const Rules>(settings_);

  parts_.worker_count = worker_count(*settings_);
  for (std::uint32_t i = 0; i < parts_.worker_count; ++i)
    parts_.workers.push_back(std::make_unique<Worker>(parts_, kernel_, i));
  for (const auto& worker : parts_.workers) worker->connect_to_siblings();
  auto bound = bind(Surface::open, settings_->server.listen);
  if (bound.ok()) bound = bind(Surface::manage, settings_->server.manage);
  if (!bound.ok()) return bound;
  parts_.first_address = listening_.front().text();
  if (settings_->demo) add_demo_origins();
  return {};
}

base::Result<void> Node::bind(Surface surface, const std::vector<io::Address>& addresses) {
  for (const io::Address& configured : addresses) {
    io::Address address = configured;
    for (std::size_t i = 0; i < parts_.workers.size(); ++i) {
      Worker& first = *parts_.workers.front();
      const bool local = address.family() == io::Family::local;
      const io::Listener* shared = local && i > 0 ? first.listeners().back().get() : nullptr;
      const bool several = parts_.workers.size() > 1 && !local;
      const io::PortUse use = !several ? io::PortUse::alone
                              : i == 0 ? io::PortUse::first_of_several
                                       : io::PortUse::next_of_several;
      auto bound = parts_.workers[i]->listen(address, surface, use, shared);
      if (!bound.ok()) return bound;
      if (i == 0) address = first.listeners().back()->address();
    }
    listening_.push_back(address);
  }
  return {};
}

/// No worker runs yet, so the settings may still change.
void Node::add_demo_origins() {
  for (const io::Address& address : listening_) {
    for (const std::string_view host : {"127.0.0.1", "localhost", "[::1]"}) {
      const auto added = settings_->origins.add("http://" + std::string(host) + ":" + std::to_string(address.port()));
      ASSERT(added.ok());
    }
  }
}

void Node::on_signal(int signal) {
  if (signal == SIGHUP) {
    base::log(base::LogLevel::warning, "reload is not available yet: restart usher to read its configuration again");
    return;
  }
  if (step_ != Step::serving) return stop_workers();
  base::log(base::LogLevel::info, "draining", {{"signal", signal}});
  parts_.draining = true;
  step_ = Step::delaying;
  step_timer_.arm(loop_, loop_.now() + settings_->server.drain_delay);
}

void Node::next_step() {
  if (step_ == Step::delaying) {
    step_ = Step::draining;
    drain_end_ = loop_.now() + settings_->server.drain;
    send_to_all([this] { return Mail(DrainMail{settings_->server.drain}); });
  }
  watch_drain();
}

/// Ends when every connection is closed, at the latest when the time is over.
void Node::watch_drain() {
  std::uint64_t open = 0;
  for (const auto& worker : parts_.workers) open += worker->metrics().connections_open.value();
  if (open == 0 || loop_.now() >= drain_end_) return stop_workers();
  step_timer_.arm(loop_, loop_.now() + std::chrono::milliseconds(20));
}

void Node::stop_workers() {
  if (step_ == Step::ended) return;
  step_ = Step::ended;
  parts_.stopping = true;
  for (const auto& worker : parts_.workers) worker->loop().stop();
  loop_.stop();
}

void Node::send_to_all(const std::function<Mail()>& make) {
  for (const auto& worker : parts_.workers) {
    Mail mail = make();
    while (!worker->mailbox().try_post(std::move(mail))) std::this_thread::yield();
  }
}

}  // namespace

base::Result<void> serve(const Settings& settings, const ServeOptions& options) {
  return Node(settings, options).run();
}

}  // namespace usher::server
