#include "broker/memory/memory_broker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "broker/memory/simulated_node.hpp"

namespace usher::broker {
namespace {

using testing::Contains;
using testing::ElementsAre;

HarnessKind kind(const std::string& name, std::size_t workers, std::size_t mailbox_size) {
  return {name, [=] { return std::make_unique<SimulatedNode>(workers, mailbox_size); }};
}

INSTANTIATE_TEST_SUITE_P(Memory, BrokerContract,
                         testing::Values(kind("OneWorker", 1, 1), kind("TwoWorkers", 2, 1000),
                                         kind("ThreeWorkers", 3, 1000)),
                         [](const auto& each) { return each.param.name; });

const ChannelRule with_history{
    .history = HistoryRule{.size = 100, .ttl = std::chrono::minutes(10), .position_ttl = std::chrono::hours(24)}};

Acceptance publish(SimulatedNode& node, std::size_t worker, const std::string& name, const ChannelRule& rule,
                   const std::string& payload, Token token = 0) {
  channel::PublicationDraft draft(channel::PublicationParts{.payload = payload});
  return node.broker(worker).publish(name, rule, draft, token, node.now());
}

TEST(MemoryBroker, PublishesAtOnceAtItsOwnHomeOnly) {
  SimulatedNode node(2, 1);
  for (std::uint32_t home = 0; home < 2; ++home) {
    const channel::ChannelId id{home, 1};
    node.broker(0).subscribe(node.name_at_home(home), with_history, id, {}, 1, node.now());
    node.settle();
    channel::PublicationDraft draft(channel::PublicationParts{.payload = "a"});
    EXPECT_EQ(node.broker(0).publish_at_once(id, draft, node.now()).has_value(), home == 0);
  }
}

TEST(MemoryBroker, PublisherWaitsForRoomAtTheHome) {
  SimulatedNode node(2, 1);
  const std::string name = node.name_at_home(1);
  channel::PublicationDraft draft(channel::PublicationParts{.payload = "b"});
  EXPECT_EQ(publish(node, 0, name, with_history, "a", 1), Acceptance::taken);
  EXPECT_EQ(node.broker(0).publish(name, with_history, draft, 2, node.now()), Acceptance::no_room);
  EXPECT_TRUE(draft) << "it is still the caller's";
  node.settle();
  EXPECT_THAT(node.recorder(0).take(), ElementsAre("room", "published 1 accepted 1"));
  EXPECT_EQ(node.broker(0).publish(name, with_history, draft, 2, node.now()), Acceptance::taken);
  node.settle();
  EXPECT_THAT(node.recorder(0).take(), ElementsAre("published 2 accepted 2"));
}

TEST(MemoryBroker, AFullMailboxDropsNothing) {
  SimulatedNode node(2, 1);
  const std::string name = node.name_at_home(0);
  node.broker(1).subscribe(name, with_history, {1, 1}, {}, 1, node.now());
  node.settle();
  node.recorder(1).take();
  for (int i = 1; i <= 50; ++i) {
    publish(node, 0, name, with_history, std::to_string(i));
    node.broker(0).flush(node.now());
  }
  node.settle();
  const auto lines = node.recorder(1).take();
  ASSERT_EQ(lines.size(), 50u);
  for (int i = 1; i <= 50; ++i) {
    const std::string number = std::to_string(i);
    EXPECT_EQ(lines[static_cast<std::size_t>(i) - 1], "1: " + number + "@" + number);
  }
}

TEST(MemoryBroker, AWorkerThatLagsBeyondTheLogIsToldOfTheGap) {
  for (const bool keeps_history : {true, false}) {
    SimulatedNode node(2, 1);
    ChannelRule rule{.log_bytes_max = 600};
    if (keeps_history) rule.history = with_history.history;
    const std::string name = node.name_at_home(0);
    node.broker(1).subscribe(name, rule, {1, 1}, {}, 1, node.now());
    node.settle();
    node.recorder(1).take();
    for (int i = 1; i <= 50; ++i) publish(node, 0, name, rule, std::to_string(i));
    EXPECT_LE(node.broker(0).home_bytes(), 600u);
    node.settle();
    auto lines = node.recorder(1).take();
    ASSERT_GT(lines.size(), 1u);
    const std::size_t missed = 51 - lines.size();
    EXPECT_EQ(lines.front(),
              "1: gap of " + std::to_string(missed) + " up to " + (keeps_history ? std::to_string(missed) : "none"));
    EXPECT_EQ(lines.back(), keeps_history ? "1: 50@50" : "1: 50@0");
  }
}

TEST(MemoryBroker, ASubscribersAnswerStaysInPlaceAmongThePublications) {
  SimulatedNode node(2, 1);
  const std::string name = node.name_at_home(0);
  const auto ask = [&](Token token) {
    node.broker(1).subscribe(name, with_history, {1, 1}, {.newest = 1}, token, node.now());
    node.broker(1).flush(node.now());
    node.deliver_one(0);
  };
  ask(1);
  node.settle();
  node.recorder(1).take();
  publish(node, 0, name, with_history, "a");
  ask(2);
  publish(node, 0, name, with_history, "b");
  ask(3);
  publish(node, 0, name, with_history, "c");
  node.settle();
  EXPECT_THAT(node.recorder(1).take(), ElementsAre("1: a@1", "subscribed 2 active top 1 start 0 [a@1 ]", "1: b@2",
                                                   "subscribed 3 active top 2 start 1 [b@2 ]", "1: c@3"));
}

TEST(MemoryBroker, PublicationsRunOutBeforeThePosition) {
  SimulatedNode node(1, 1);
  Recorder& recorder = node.recorder(0);
  publish(node, 0, "room.1", with_history, "a");
  node.pass(std::chrono::minutes(9));
  publish(node, 0, "room.1", with_history, "b");
  node.pass(std::chrono::minutes(2));
  recorder.take();
  node.broker(0).history("room.1", with_history, {.limit = 10}, 1, node.now());
  EXPECT_THAT(recorder.take(), ElementsAre("history 1 active top 2 [b@2 ]"));
  const channel::Epoch epoch = recorder.epoch;
  node.pass(std::chrono::hours(23));
  EXPECT_EQ(node.broker(0).home_bytes(), 0u) << "nothing is kept beyond its time";
  node.broker(0).subscribe("room.1", with_history, {1, 1}, {.since = channel::Position{2, epoch}}, 2, node.now());
  EXPECT_THAT(recorder.take(), ElementsAre("subscribed 2 active top 2 start 2 []")) << "the top is complete";
  node.pass(std::chrono::hours(100));
  node.broker(0).unsubscribe("room.1", node.now());
  node.pass(std::chrono::hours(25));
  EXPECT_TRUE(node.broker(0).deadline().is_never()) << "the channel is forgotten";
  node.broker(0).subscribe("room.1", with_history, {1, 1}, {.since = channel::Position{2, epoch}}, 3, node.now());
  EXPECT_THAT(recorder.take(), ElementsAre("subscribed 3 gone"));
}

TEST(MemoryBroker, ChannelsThatNobodyFollowsHaveALimit) {
  SimulatedNode node(1, 1, {.channels_max = 10});
  node.broker(0).subscribe("followed", with_history, {1, 1}, {}, 1, node.now());
  for (int i = 0; i < 30; ++i) publish(node, 0, "room." + std::to_string(i), with_history, "a");
  node.recorder(0).take();
  const auto top_of = [&](const std::string& name) {
    node.broker(0).history(name, with_history, {}, 1, node.now());
    return node.recorder(0).take().front();
  };
  EXPECT_EQ(top_of("room.29"), "history 1 active top 1 []");
  EXPECT_EQ(top_of("room.0"), "history 1 active top 0 []") << "forgotten, and begun anew";
  publish(node, 0, "followed", with_history, "b");
  EXPECT_THAT(node.recorder(0).take(), Contains("1: b@1"));
}

TEST(MemoryBroker, HistoryThatNobodyFollowsHasALimitInBytes) {
  SimulatedNode node(1, 1, {.history_bytes_max = 100000});
  for (int i = 0; i < 50; ++i) publish(node, 0, "room." + std::to_string(i), with_history, std::string(10000, 'x'));
  EXPECT_LE(node.broker(0).home_bytes(), 100000u);
  EXPECT_GT(node.broker(0).home_bytes(), 50000u);
}

/// Two workers with the smallest mailboxes, in random order: what a worker gets of a channel has consecutive offsets
/// from the answer's top on.
void run_random(std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  SimulatedNode node(2, 1 + random() % 3);
  const std::string names[] = {node.name_at_home(0), node.name_at_home(1)};
  std::uint64_t accepted[2] = {0, 0};
  bool asked[2][2] = {};
  for (int step = 0; step < 400; ++step) {
    const std::size_t worker = random() % 2;
    const std::size_t chosen = random() % 2;
    switch (random() % 6) {
      case 0:
        if (asked[worker][chosen]) break;
        asked[worker][chosen] = true;
        node.broker(worker).subscribe(names[chosen], with_history, {static_cast<std::uint32_t>(chosen), 1}, {}, 1,
                                      node.now());
        break;
      case 1:
        node.broker(worker).flush(node.now());
        break;
      case 2:
        node.deliver_one(worker);
        break;
      default:
        if (publish(node, worker, names[chosen], with_history, "x") == Acceptance::taken) ++accepted[chosen];
    }
  }
  node.settle();
  for (std::size_t worker = 0; worker < 2; ++worker) {
    std::uint64_t next[2] = {0, 0};
    std::uint64_t top[2] = {0, 0};
    for (const std::string& line : node.recorder(worker).take()) {
      if (line.rfind("0: x@", 0) != 0 && line.rfind("1: x@", 0) != 0) continue;
      const std::size_t which = line[0] == '0' ? 0 : 1;
      top[which] = std::stoull(line.substr(5));
      EXPECT_TRUE(next[which] == 0 || top[which] == next[which]);
      next[which] = top[which] + 1;
    }
    for (std::size_t which = 0; which < 2; ++which) {
      EXPECT_TRUE(next[which] == 0 || top[which] == accepted[which]);
    }
  }
}

TEST(MemoryBroker, RandomOrderMakesNoSeam) {
  const std::uint64_t seed = std::random_device()();
  for (std::uint64_t i = 0; i < 200 && !testing::Test::HasFailure(); ++i) run_random(seed + i);
}

}  // namespace
}  // namespace usher::broker
