// What the loop costs. The two echoes are to be compared: the same system calls, once with nothing around them (the
// floor) and once through Loop and Stream. Only the server's part is timed.

#include <benchmark/benchmark.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "io/connector.hpp"
#include "io/listener.hpp"
#include "io/mailbox.hpp"
#include "io/real_kernel.hpp"
#include "io/stream.hpp"

namespace usher::io {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t message_bytes = 64;

/// Keeps accepted sockets as they are.
struct Collector final : AcceptHandler, ConnectHandler {
  void on_accept(Descriptor socket, const Address&) override { accepted.push_back(std::move(socket)); }
  void on_connected(base::Result<Descriptor> socket) override { connected.push_back(std::move(*socket)); }
  std::vector<Descriptor> accepted;
  std::vector<Descriptor> connected;
};

/// So many connected TCP pairs over loopback.
struct Pairs {
  Pairs(Kernel& kernel, std::size_t count) : loop(kernel), listener(loop, ends), connector(loop, ends) {
    if (!listener.open(*Address::parse("127.0.0.1:0"))) std::abort();
    while (ends.connected.size() < count) {
      connector.start(listener.address());
      const std::size_t before = ends.connected.size();
      while (ends.connected.size() == before || ends.accepted.size() == before) loop.run_turn(1s);
    }
  }
  Loop loop;
  Collector ends;
  Listener listener;
  Connector connector;
};

void send_to_all(Collector& ends) {
  const std::array<char, message_bytes> message{};
  for (const Descriptor& client : ends.connected) {
    if (::send(client.get(), message.data(), message.size(), 0) < 0) std::abort();
  }
}

void read_from_all(Collector& ends) {
  std::array<char, message_bytes> message;
  for (const Descriptor& client : ends.connected) {
    if (::recv(client.get(), message.data(), message.size(), MSG_WAITALL) <= 0) std::abort();
  }
}

/// Of this thread: what other programs do meanwhile does not count.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

template <typename Turn>
void run_rounds(benchmark::State& state, Collector& ends, Turn&& turn) {
  for (auto round : state) {
    send_to_all(ends);
    const double begin = cpu_seconds();
    turn();
    const double end = cpu_seconds();
    read_from_all(ends);
    state.SetIterationTime(end - begin);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ends.connected.size()));
}

void echo_floor(benchmark::State& state) {
  RealKernel kernel;
  Pairs pairs(kernel, static_cast<std::size_t>(state.range(0)));
  const Descriptor epoll(kernel, ::epoll_create1(0));
  for (const Descriptor& socket : pairs.ends.accepted) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket.get();
    ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, socket.get(), &event);
  }
  std::vector<epoll_event> events(256);
  std::vector<char> buffer(Loop::receive_buffer_bytes);
  run_rounds(state, pairs.ends, [&] {
    for (std::size_t echoed = 0; echoed < pairs.ends.accepted.size();) {
      const int found = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < found; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        const ssize_t received = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (received <= 0) std::abort();
        if (::send(fd, buffer.data(), static_cast<std::size_t>(received), MSG_NOSIGNAL) != received) std::abort();
        ++echoed;
      }
    }
  });
}
BENCHMARK(echo_floor)->Arg(1)->Arg(200)->UseManualTime();

struct Echo final : StreamHandler {
  explicit Echo(std::size_t& counter) : echoed(counter) {}
  void on_bytes(std::span<char> bytes) override {
    const base::Slice slice{bytes.data(), bytes.size(), nullptr};
    stream.write({&slice, 1});
    ++echoed;
  }
  void on_closed(StreamEnd) override {}
  std::size_t& echoed;
  Stream stream{*this};
};

void echo_stream(benchmark::State& state) {
  RealKernel kernel;
  Pairs pairs(kernel, static_cast<std::size_t>(state.range(0)));
  Loop loop(kernel);
  std::size_t echoed = 0;
  std::vector<std::unique_ptr<Echo>> echoes;
  for (Descriptor& socket : pairs.ends.accepted) {
    echoes.push_back(std::make_unique<Echo>(echoed));
    if (!echoes.back()->stream.open(loop, std::move(socket))) std::abort();
  }
  run_rounds(state, pairs.ends, [&] {
    for (echoed = 0; echoed < echoes.size();) loop.run_turn(1s);
  });
}
BENCHMARK(echo_stream)->Arg(1)->Arg(200)->UseManualTime();

void empty_turn(benchmark::State& state) {
  RealKernel kernel;
  Loop loop(kernel);
  for (auto round : state) loop.run_turn(0s);
}
BENCHMARK(empty_turn);

void timer_arm_among_many(benchmark::State& state) {
  TimerWheel wheel(base::Instant::from_nanoseconds(0));
  std::mt19937 random(1);
  std::vector<std::unique_ptr<Timer>> timers;
  for (int i = 0; i < 10'000; ++i) timers.push_back(std::make_unique<Timer>([](void*) {}, nullptr));
  std::size_t next = 0;
  for (auto round : state) {
    wheel.arm(*timers[next], base::Instant::from_nanoseconds(static_cast<std::int64_t>(random()) * 100));
    next = (next + 1) % timers.size();
  }
}
BENCHMARK(timer_arm_among_many);

void mailbox_post_and_drain(benchmark::State& state) {
  RealKernel kernel;
  Loop loop(kernel);
  std::uint64_t sum = 0;
  Mailbox<std::uint64_t> box(loop, 1024, [](std::uint64_t&&) {});
  for (auto round : state) {
    box.try_post(1);
    box.drain([&](std::uint64_t&& value) { sum += value; });
  }
  benchmark::DoNotOptimize(sum);
}
BENCHMARK(mailbox_post_and_drain);

}  // namespace
}  // namespace usher::io
