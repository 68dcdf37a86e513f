#include "io/timer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "io/loop.hpp"
#include "io/simulated_kernel.hpp"

namespace usher::io {
namespace {

using namespace std::chrono_literals;

static_assert(sizeof(Timer) <= 40);

constexpr base::Instant start = base::Instant::from_nanoseconds(5'000'000'000);

/// Writes down when it fired.
struct Probe {
  explicit Probe(std::vector<int>& order_of_firing, int number) : order(order_of_firing), id(number) {}
  void fire() { order.push_back(id); }

  std::vector<int>& order;
  int id;
  Timer timer = Timer::to<&Probe::fire>(this);
};

TEST(Timer, FiresInOrderNeverEarly) {
  TimerWheel wheel(start);
  std::vector<int> order;
  Probe late(order, 3), early(order, 1), middle(order, 2), same(order, 4);
  wheel.arm(late.timer, start + 5s);
  wheel.arm(early.timer, start + 1ms);
  wheel.arm(middle.timer, start + 70ms);
  wheel.arm(same.timer, start + 5s);

  wheel.fire(start + 999us);
  EXPECT_TRUE(order.empty());
  wheel.fire(start + 1ms);
  EXPECT_EQ(order, (std::vector{1}));
  wheel.fire(start + 1h);
  EXPECT_EQ(order, (std::vector{1, 2, 3, 4}));
  EXPECT_TRUE(wheel.next().is_never());
}

TEST(Timer, PartsOfAMillisecondAreRoundedUp) {
  TimerWheel wheel(start);
  std::vector<int> order;
  Probe probe(order, 1);
  wheel.arm(probe.timer, start + 1'000'001ns);
  wheel.fire(start + 1'500'000ns);
  EXPECT_TRUE(order.empty());
  wheel.fire(start + 2ms);
  EXPECT_EQ(order.size(), 1U);
}

TEST(Timer, CancelAndRearm) {
  TimerWheel wheel(start);
  std::vector<int> order;
  Probe probe(order, 1);
  wheel.arm(probe.timer, start + 5ms);
  probe.timer.cancel();
  EXPECT_FALSE(probe.timer.armed());
  EXPECT_TRUE(wheel.next().is_never());
  wheel.arm(probe.timer, start + 5ms);
  wheel.arm(probe.timer, start + 10ms);
  wheel.fire(start + 9ms);
  EXPECT_TRUE(order.empty());
  wheel.arm(probe.timer, base::Instant::never());
  EXPECT_FALSE(probe.timer.armed());
  wheel.arm(probe.timer, start - 10s);
  EXPECT_LE(wheel.next(), start);
  wheel.fire(start + 9ms);
  EXPECT_EQ(order.size(), 1U);
}

TEST(Timer, DestructionCancels) {
  TimerWheel wheel(start);
  std::vector<int> order;
  {
    Probe probe(order, 1);
    wheel.arm(probe.timer, start + 5ms);
  }
  wheel.fire(start + 1s);
  EXPECT_TRUE(order.empty());
}

TEST(Timer, HandlersMayCancelDestroyAndRearm) {
  struct Owner {
    void cancel_others() {
      other->timer.cancel();
      destroyed.reset();
      wheel.arm(timer, start);
      ++fired;
    }
    TimerWheel& wheel;
    Probe* other;
    std::unique_ptr<Probe> destroyed;
    int fired = 0;
    Timer timer = Timer::to<&Owner::cancel_others>(this);
  };
  TimerWheel wheel(start);
  std::vector<int> order;
  Probe other(order, 1);
  Owner owner{wheel, &other, std::make_unique<Probe>(order, 2)};
  wheel.arm(owner.timer, start + 1ms);
  wheel.arm(other.timer, start + 1ms);
  wheel.arm(owner.destroyed->timer, start + 2ms);
  wheel.fire(start + 5ms);
  EXPECT_TRUE(order.empty());
  EXPECT_EQ(owner.fired, 1) << "a timer that arms itself for the past waits for the next call";
  wheel.fire(start + 5ms);
  EXPECT_EQ(owner.fired, 2);
}

TEST(Timer, AgreesWithASortedListOverAllSpans) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  TimerWheel wheel(start);
  std::vector<int> order;
  std::vector<std::unique_ptr<Probe>> probes;
  std::vector<std::pair<base::Instant, int>> expected;
  for (int i = 0; i < 2000; ++i) {
    // Up to 2^52 ns is 52 days.
    const base::Instant at = start + base::Duration(static_cast<std::int64_t>(random() >> (12 + random() % 40)));
    probes.push_back(std::make_unique<Probe>(order, i));
    wheel.arm(probes.back()->timer, at);
    if (i % 3 == 0) {
      probes.back()->timer.cancel();
    } else {
      expected.emplace_back(at, i);
    }
  }
  base::Instant now = start;
  std::size_t turns = 0;
  for (base::Instant next = wheel.next(); !next.is_never(); next = wheel.next()) {
    ASSERT_GE(next, now);
    const std::size_t before = order.size();
    now = std::max(now, next);
    wheel.fire(now);
    ++turns;
    for (std::size_t i = before; i < order.size(); ++i) {
      const auto armed = std::find_if(expected.begin(), expected.end(), [&](auto& e) { return e.second == order[i]; });
      ASSERT_NE(armed, expected.end());
      ASSERT_LE(armed->first, now) << "early";
      ASSERT_LT(now - armed->first, base::Duration(1ms)) << "late";
      expected.erase(armed);
    }
  }
  EXPECT_TRUE(expected.empty());
  EXPECT_LT(turns, 8 * probes.size());
}

TEST(Timer, VirtualTimeMovesToTheNextTimer) {
  SimulatedKernel kernel;
  Loop loop(kernel);
  std::vector<int> order;
  Probe second(order, 2), first(order, 1);
  const base::Instant begin = loop.now();
  second.timer.arm(loop, begin + 10min);
  first.timer.arm(loop, begin + 3s);
  int turns = 0;
  while (order.size() < 2 && turns < 20) {
    loop.run_turn(1h);
    ++turns;
    if (order.size() == 1) {
      EXPECT_LT(loop.now() - begin, base::Duration(10min));
    }
  }
  EXPECT_EQ(order, (std::vector{1, 2}));
  EXPECT_EQ(loop.now() - begin, base::Duration(10min));
  EXPECT_LT(turns, 12);
}

}  // namespace
}  // namespace usher::io
