#include "io/loop.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "io/real_kernel.hpp"
#include "io/signals.hpp"
#include "io/simulated_kernel.hpp"

namespace usher::io {
namespace {

using namespace std::chrono_literals;

/// Writes down the parts of a turn in the order in which they come.
struct Parts final : Watcher, MailSource, FlushHook {
  explicit Parts(Loop& of) : loop(of) {
    loop.add_mail_source(*this);
    loop.set_flush_hook(this);
  }
  ~Parts() {
    loop.set_flush_hook(nullptr);
    loop.remove_mail_source(*this);
  }
  void on_ready(std::uint32_t) override {
    order += "read ";
    loop.defer(work);
    timer.arm(loop, loop.now());
  }
  bool deliver() override {
    order += "mail ";
    return std::exchange(mail_left, false);
  }
  bool flush() override {
    order += "flush ";
    return std::exchange(flush_left, false);
  }
  void fire() { order += "timer "; }
  void reap() {
    order += "reap ";
    if (std::exchange(defer_again, false)) loop.defer(work);
  }

  Loop& loop;
  std::string order;
  bool mail_left = false;
  bool flush_left = false;
  bool defer_again = false;
  Timer timer = Timer::to<&Parts::fire>(this);
  Deferred work = Deferred::to<&Parts::reap>(this);
};

struct LoopTest : testing::Test {
  SimulatedKernel kernel;
  Loop loop{kernel};
};

TEST_F(LoopTest, TurnHasAnOrder) {
  Parts parts(loop);
  int fd = -1;
  SimulatedPeer peer = kernel.make_pair(fd);
  const Descriptor owned(kernel, fd);
  ASSERT_EQ(loop.watch(fd, EPOLLIN, parts), 0);
  peer.write("x");
  loop.run_turn(1s);
  EXPECT_EQ(parts.order, "read mail timer flush reap ");
  loop.unwatch(fd);
}

TEST_F(LoopTest, WorkThatIsLeftIsDoneAtOnce) {
  Parts parts(loop);
  const base::Instant begin = kernel.now();
  parts.flush_left = true;
  loop.run_turn(0s);
  loop.run_turn(1s);
  EXPECT_EQ(kernel.now(), begin);
  parts.mail_left = true;
  loop.run_turn(1s);
  EXPECT_EQ(kernel.now(), begin + 1s);
  loop.run_turn(1s);
  EXPECT_EQ(kernel.now(), begin + 1s);
  parts.defer_again = true;
  loop.defer(parts.work);
  loop.run_turn(0s);
  EXPECT_TRUE(parts.work.pending());
  loop.run_turn(1s);
  EXPECT_EQ(kernel.now(), begin + 1s);
  EXPECT_FALSE(parts.work.pending());
}

TEST_F(LoopTest, WakingWritesOnlyToALoopThatSleeps) {
  const base::Instant begin = kernel.now();
  loop.wake();
  loop.wake();
  loop.run_turn(1s);
  EXPECT_EQ(kernel.now(), begin) << "somebody had woken it";
  EXPECT_EQ(kernel.calls(SimulatedKernel::Call::event_signal), 0U);
  loop.run_turn(1s);
  EXPECT_EQ(kernel.now(), begin + 1s);
}

TEST_F(LoopTest, InterruptedPollIsAnEmptyTurn) {
  Parts parts(loop);
  kernel.script(SimulatedKernel::Call::epoll_wait, {SimulatedKernel::Step::fail(EINTR)});
  loop.run_turn(1s);
  EXPECT_EQ(parts.order, "mail flush ");
}

TEST_F(LoopTest, ForgottenWatcherIsNotCalled) {
  struct Killer final : Watcher {
    void on_ready(std::uint32_t) override {
      loop.forget(*victim);
      ++calls;
    }
    explicit Killer(Loop& of) : loop(of) {}
    Loop& loop;
    Watcher* victim = nullptr;
    int calls = 0;
  };
  Killer a(loop), b(loop);
  a.victim = &b;
  b.victim = &a;
  int fds[2];
  SimulatedPeer peers[2] = {kernel.make_pair(fds[0]), kernel.make_pair(fds[1])};
  ASSERT_EQ(loop.watch(fds[0], EPOLLIN, a), 0);
  ASSERT_EQ(loop.watch(fds[1], EPOLLIN, b), 0);
  for (auto& peer : peers) peer.write("x");
  loop.run_turn(0s);
  EXPECT_EQ(a.calls + b.calls, 1);
  for (const int fd : fds) kernel.close(fd);
}

TEST_F(LoopTest, DestroyedDeferredWorkIsNotRun) {
  {
    Parts parts(loop);
    loop.defer(parts.work);
  }
  loop.run_turn(0s);
}

TEST_F(LoopTest, SignalsArriveAsCalls) {
  std::vector<int> arrived;
  Signals signals(loop, [&](int signal) { arrived.push_back(signal); });
  ASSERT_TRUE(signals.open({SIGTERM, SIGHUP}).ok());
  kernel.raise_signal(SIGHUP);
  kernel.raise_signal(SIGTERM);
  loop.run_turn(0s);
  EXPECT_EQ(arrived, (std::vector{SIGHUP, SIGTERM}));
}

TEST_F(LoopTest, SignalsWithoutDescriptorsSaySo) {
  kernel.limit_descriptors(kernel.open_descriptors());
  Signals signals(loop, [](int) {});
  EXPECT_NE(signals.open({SIGTERM}).error().message.find("cannot receive signals"), std::string::npos);
}

TEST(Loop, ThrowsWhenItCannotStart) {
  SimulatedKernel kernel;
  for (std::size_t room : {0U, 1U}) {
    kernel.limit_descriptors(room);
    EXPECT_THROW(Loop{kernel}, std::runtime_error);
    EXPECT_EQ(kernel.open_descriptors(), 0U);
  }
  kernel.limit_descriptors(2);
  kernel.fail_call(SimulatedKernel::Call::epoll_control, 1, ENOMEM);
  EXPECT_THROW(Loop{kernel}, std::runtime_error);
  EXPECT_EQ(kernel.open_descriptors(), 0U);
}

TEST(Loop, StopsFromAnotherThread) {
  RealKernel kernel;
  for (int round = 0; round < 100; ++round) {
    Loop loop(kernel);
    std::thread stopper([&] { loop.stop(); });
    loop.run();
    stopper.join();
  }
}

TEST(Loop, RealSignals) {
  RealKernel kernel;
  Loop loop(kernel);
  int arrived = 0;
  Signals signals(loop, [&](int signal) {
    arrived = signal;
    loop.stop();
  });
  ASSERT_TRUE(signals.open({SIGUSR1}).ok());
  // To this thread, which blocks it: the process may have others that do not.
  pthread_kill(pthread_self(), SIGUSR1);
  loop.run();
  EXPECT_EQ(arrived, SIGUSR1);
}

TEST(Loop, RealClocksAndEntropy) {
  RealKernel kernel;
  const base::Instant first = kernel.now();
  EXPECT_GE(kernel.now(), first);
  EXPECT_GT(kernel.wall_now().seconds(), 1'600'000'000);
  std::array<std::uint8_t, 64> a{}, b{};
  EXPECT_EQ(kernel.random(a), 0);
  EXPECT_EQ(kernel.random(b), 0);
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace usher::io
