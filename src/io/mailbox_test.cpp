#include "io/mailbox.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "io/blocking_pool.hpp"
#include "io/real_kernel.hpp"
#include "io/simulated_kernel.hpp"

namespace usher::io {
namespace {

using namespace std::chrono_literals;

TEST(Mailbox, KeepsOrderAndRefusesWhenFull) {
  SimulatedKernel kernel;
  Loop loop(kernel);
  std::vector<std::string> received;
  Mailbox<std::string> box(loop, 3, [&](std::string&& value) { received.push_back(std::move(value)); });
  EXPECT_EQ(box.capacity(), 4U);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(box.try_post("value number " + std::to_string(i)));
  std::string refused = "value number 4";
  EXPECT_FALSE(box.try_post(std::move(refused)));
  EXPECT_EQ(refused, "value number 4") << "untouched";
  const base::Instant begin = kernel.now();
  loop.run_turn(1s);
  EXPECT_EQ(kernel.now(), begin) << "the post woke the loop";
  ASSERT_EQ(received.size(), 4U);
  EXPECT_EQ(received.front(), "value number 0");
  EXPECT_TRUE(box.try_post(std::move(refused)));
  loop.run_turn(1s);
  EXPECT_EQ(received.back(), "value number 4");
}

TEST(Mailbox, DestroysWhatWasNotTaken) {
  SimulatedKernel kernel;
  Loop loop(kernel);
  const auto tracked = std::make_shared<int>(1);
  {
    Mailbox<std::shared_ptr<int>> box(loop, 8, [](std::shared_ptr<int>&&) {});
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(box.try_post(std::shared_ptr<int>(tracked)));
    EXPECT_EQ(tracked.use_count(), 6);
  }
  EXPECT_EQ(tracked.use_count(), 1);
}

TEST(Mailbox, ReceiverThatPostsToItselfDoesNotHoldTheLoop) {
  SimulatedKernel kernel;
  Loop loop(kernel);
  int received = 0;
  Mailbox<int>* self = nullptr;
  Mailbox<int> box(loop, 4, [&](int&& value) {
    ++received;
    self->try_post(std::move(value));
  });
  self = &box;
  box.try_post(1);
  loop.run_turn(1s);
  EXPECT_EQ(received, 4) << "one capacity per turn";
  loop.run_turn(1s);
  EXPECT_EQ(received, 8);
}

TEST(Mailbox, RefusedSendersHearOfRoomOnce) {
  SimulatedKernel kernel;
  Loop owner(kernel), sender(kernel);
  std::string order;
  Mailbox<int> box(owner, 2, [](int&&) {});
  RoomWaiter first(sender, [&] { order += "first "; });
  RoomWaiter second(sender, [&] { order += "second "; });
  while (box.try_post(1)) {
  }
  box.wait_for_room(second);
  box.wait_for_room(first);
  box.wait_for_room(second);
  EXPECT_TRUE(first.waiting());
  sender.run_turn(0s);
  EXPECT_EQ(order, "");
  owner.run_turn(1s);
  const base::Instant begin = kernel.now();
  sender.run_turn(1s);
  EXPECT_EQ(kernel.now(), begin) << "the drain woke the sender";
  EXPECT_NE(order.find("first"), std::string::npos);
  EXPECT_NE(order.find("second"), std::string::npos);
  EXPECT_FALSE(first.waiting());
  const std::string told = order;
  owner.run_turn(0s);
  sender.run_turn(0s);
  EXPECT_EQ(order, told) << "once each";
}

TEST(Mailbox, WaitingAfterTheDrainIsNotLost) {
  SimulatedKernel kernel;
  Loop owner(kernel), sender(kernel);
  bool told = false;
  Mailbox<int> box(owner, 2, [](int&&) {});
  RoomWaiter waiter(sender, [&] { told = true; });
  while (box.try_post(1)) {
  }
  owner.run_turn(0s);
  box.wait_for_room(waiter);
  owner.run_turn(0s);
  sender.run_turn(0s);
  EXPECT_TRUE(told);
}

/// A sending worker: posts its numbers in order, and when refused waits for room.
class Sender {
 public:
  Sender(Kernel& kernel, Mailbox<std::pair<int, int>>& box, int id, int count)
      : loop_(kernel), box_(box), id_(id), count_(count), waiter_(loop_, [this] { send(); }) {}

  void run() {
    send();
    if (next_ < count_) loop_.run();
  }

 private:
  void send() {
    while (next_ < count_) {
      if (!box_.try_post({id_, next_})) {
        box_.wait_for_room(waiter_);
        return;
      }
      ++next_;
    }
    loop_.stop();
  }

  Loop loop_;
  Mailbox<std::pair<int, int>>& box_;
  const int id_;
  const int count_;
  int next_ = 0;
  RoomWaiter waiter_;
};

TEST(Mailbox, ManySendersOneOwner) {
  constexpr int senders = 3;
  constexpr int count = 20'000;
  RealKernel kernel;
  Loop owner(kernel);
  std::vector<int> next(senders, 0);
  int received = 0;
  bool in_order = true;
  Mailbox<std::pair<int, int>> box(owner, 64, [&](std::pair<int, int>&& value) {
    in_order = in_order && next[static_cast<std::size_t>(value.first)]++ == value.second;
    if (++received == senders * count) owner.stop();
  });
  std::vector<std::unique_ptr<Sender>> all;
  std::vector<std::thread> threads;
  for (int i = 0; i < senders; ++i) {
    all.push_back(std::make_unique<Sender>(kernel, box, i, count));
    threads.emplace_back([sender = all.back().get()] { sender->run(); });
  }
  owner.run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(in_order);
  EXPECT_EQ(received, senders * count);
}

TEST(Mailbox, TwoLoopsPlayPingPong) {
  constexpr int rounds = 5'000;
  RealKernel kernel;
  Loop here(kernel), there(kernel);
  std::optional<Mailbox<int>> to_there;
  Mailbox<int> to_here(here, 2, [&](int&& round) {
    if (round == rounds) {
      there.stop();
      here.stop();
    } else {
      to_there->try_post(round + 1);
    }
  });
  to_there.emplace(there, 2, [&](int&& round) { to_here.try_post(std::move(round)); });
  to_there->try_post(1);
  std::thread other([&] { there.run(); });
  here.run();
  other.join();
}

TEST(BlockingPool, RunsJobsAndRefusesAboveItsBound) {
  std::atomic<int> done{0};
  std::atomic<bool> started{false}, release{false};
  {
    BlockingPool pool(1, 2);
    ASSERT_TRUE(pool.submit([&] {
      started = true;
      started.notify_all();
      release.wait(false);
      ++done;
    }));
    started.wait(false);
    EXPECT_TRUE(pool.submit([&] { ++done; }));
    EXPECT_TRUE(pool.submit([&] { ++done; }));
    EXPECT_FALSE(pool.submit([&] { ++done; }));
    release = true;
    release.notify_all();
  }
  EXPECT_GE(done, 1) << "the job that ran was finished";
  EXPECT_LE(done, 3);
}

TEST(BlockingPool, AnswersByMailbox) {
  constexpr int jobs = 200;
  RealKernel kernel;
  Loop loop(kernel);
  int sum = 0;
  int answers = 0;
  Mailbox<int> box(loop, jobs, [&](int&& value) {
    sum += value;
    if (++answers == jobs) loop.stop();
  });
  BlockingPool pool(3, jobs);
  for (int i = 0; i < jobs; ++i) {
    EXPECT_TRUE(pool.submit([&box, i] { box.try_post(i + 0); }));
  }
  loop.run();
  EXPECT_EQ(sum, jobs * (jobs - 1) / 2);
}

}  // namespace
}  // namespace usher::io
