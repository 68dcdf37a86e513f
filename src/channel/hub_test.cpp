#include "channel/hub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace usher::channel {
namespace {

using testing::ElementsAre;

class HubTest : public testing::Test {
 protected:
  void open(std::size_t log_bytes_max = std::size_t{1} << 20) {
    channel_ = hub_.open("room.1", {.log_bytes_max = log_bytes_max});
    hub_.set_position(channel_, {0, *Epoch::parse("e")});
  }

  PublicationRef make(std::uint64_t offset) {
    PublicationDraft draft(PublicationParts{.payload = std::to_string(offset)});
    draft.set_offset(offset);
    return std::move(draft).seal();
  }

  void publish(int count) {
    for (int i = 0; i < count; ++i) hub_.append(channel_, make(++top_));
  }

  SubscriptionId subscribe(OnLoss on_loss, std::span<const PublicationRef> backlog = {}) {
    return hub_.subscribe(channel_, {next_session_++, 1}, dialect::Form::raw, on_loss, backlog);
  }

  std::vector<std::uint32_t> ready(std::size_t limit = 100) {
    std::vector<ReadySubscription> found;
    hub_.take_ready(found, limit);
    std::vector<std::uint32_t> sessions;
    for (const auto& each : found) sessions.push_back(each.session.index);
    return sessions;
  }

  std::vector<std::string> read(SubscriptionId id, std::size_t limit = 10) {
    std::vector<base::Slice> slices(limit);
    const Gathered gathered = hub_.gather(id, slices);
    if (gathered.gap) return {"gap"};
    std::vector<std::string> payloads;
    for (std::size_t i = 0; i < gathered.frames; ++i) payloads.emplace_back(slices[i].data + 2, slices[i].size - 2);
    hub_.advance(id, gathered.frames);
    return payloads;
  }

  std::vector<std::uint32_t> lost() {
    std::vector<ReadySubscription> found;
    hub_.take_lost(found);
    std::vector<std::uint32_t> sessions;
    for (const auto& each : found) sessions.push_back(each.session.index);
    return sessions;
  }

  Hub hub_;
  ChannelId channel_;
  std::uint64_t top_ = 0;
  std::uint32_t next_session_ = 0;
};

TEST_F(HubTest, EachReadsFromWhereItCameIn) {
  open();
  const auto early = subscribe(OnLoss::tell_gap);
  publish(1);
  const auto late = subscribe(OnLoss::tell_gap);
  publish(2);
  EXPECT_THAT(ready(), testing::UnorderedElementsAre(0, 1));
  EXPECT_THAT(ready(), ElementsAre()) << "offered once";
  EXPECT_THAT(read(early), ElementsAre("1", "2", "3"));
  EXPECT_THAT(read(late), ElementsAre("2", "3"));
  EXPECT_EQ(hub_.log_bytes(), 0u);
  EXPECT_EQ(hub_.status(channel_)->delivered, 5u);
}

TEST_F(HubTest, ARestIsOfferedAgain) {
  open();
  const auto id = subscribe(OnLoss::tell_gap);
  publish(3);
  EXPECT_THAT(ready(), ElementsAre(0));
  EXPECT_THAT(read(id, 2), ElementsAre("1", "2"));
  EXPECT_THAT(ready(), ElementsAre(0));
  EXPECT_THAT(read(id, 2), ElementsAre("3"));
  EXPECT_THAT(ready(), ElementsAre());
}

TEST_F(HubTest, BlockedIsNotOfferedUntilUnblocked) {
  open();
  const auto id = subscribe(OnLoss::tell_gap);
  hub_.set_blocked(id, true);
  publish(2);
  EXPECT_THAT(ready(), ElementsAre());
  hub_.set_blocked(id, false);
  EXPECT_THAT(ready(), ElementsAre(0));
  EXPECT_THAT(read(id), ElementsAre("1", "2"));
}

TEST_F(HubTest, BigChannelsAreVisitedInSlices) {
  open();
  const ChannelId small = hub_.open("room.2", {});
  for (int i = 0; i < 3000; ++i) subscribe(OnLoss::tell_gap);
  hub_.subscribe(small, {9999, 1}, dialect::Form::raw, OnLoss::tell_gap);
  publish(1);
  hub_.append(small, make(1));
  EXPECT_THAT(ready(1500), testing::Contains(9999u)) << "the small channel has its turn before the big one is done";
  std::size_t offered = 1500;
  for (std::size_t more = ready(1500).size(); more > 0; more = ready(1500).size()) offered += more;
  EXPECT_EQ(offered, 3001u);
}

TEST_F(HubTest, GapGoesOnWithTheOldestAndTellsHowManyWereMissed) {
  open(500);
  const auto id = subscribe(OnLoss::tell_gap);
  publish(20);
  EXPECT_EQ(read(id).front(), "gap");
  const auto gap = hub_.take_gap(id);
  ASSERT_TRUE(gap.has_value());
  EXPECT_EQ(gap->missed, gap->position->offset);
  EXPECT_EQ(gap->position->epoch.text(), "e");
  const auto payloads = read(id, 100);
  EXPECT_EQ(payloads.front(), std::to_string(gap->position->offset + 1));
  EXPECT_EQ(payloads.back(), "20");
  EXPECT_EQ(hub_.status(channel_)->missed, *gap->missed);
  EXPECT_FALSE(hub_.take_gap(id).has_value()) << "once";
}

TEST_F(HubTest, LatestGoesOnWithTheNewest) {
  open(500);
  const auto told = subscribe(OnLoss::tell_latest);
  const auto silent = subscribe(OnLoss::silent_latest);
  publish(20);
  EXPECT_EQ(hub_.take_gap(told)->missed, 19u);
  EXPECT_THAT(read(told), ElementsAre("20"));
  EXPECT_THAT(read(silent), ElementsAre("20"));
  EXPECT_EQ(hub_.status(channel_)->missed, 38u);
}

TEST_F(HubTest, DisconnectIsNamedAtOnceWithItsPosition) {
  open(500);
  const auto slow = subscribe(OnLoss::disconnect);
  const auto fast = subscribe(OnLoss::disconnect);
  publish(2);
  read(slow, 1);
  while (lost().empty() && top_ < 100) {
    publish(1);
    read(fast, 100);
  }
  EXPECT_LT(top_, 20u);
  EXPECT_EQ(hub_.position_of(slow)->offset, 1u) << "what was sent whole";
  EXPECT_THAT(read(slow), ElementsAre());
  EXPECT_THAT(ready(), testing::Not(testing::Contains(0u)));
  EXPECT_EQ(hub_.log_bytes(), 0u) << "it holds nothing any more";
}

TEST_F(HubTest, ABacklogIsReadBeforeWhatIsLive) {
  open();
  std::vector<PublicationRef> history;
  for (std::uint64_t offset = 1; offset <= 5; ++offset) history.push_back(make(offset));
  top_ = 5;
  hub_.set_position(channel_, {5, *Epoch::parse("e")});
  const auto live = subscribe(OnLoss::tell_gap);
  const auto returning = subscribe(OnLoss::tell_gap, std::span(history).subspan(2));
  publish(1);
  const auto older = subscribe(OnLoss::tell_gap, std::span(history));
  EXPECT_EQ(hub_.position_of(returning)->offset, 2u);
  EXPECT_EQ(hub_.position_of(older)->offset, 0u);
  EXPECT_THAT(read(older), ElementsAre("1", "2", "3", "4", "5", "6"));
  EXPECT_THAT(read(returning), ElementsAre("3", "4", "5", "6"));
  EXPECT_THAT(read(live), ElementsAre("6"));
  EXPECT_EQ(hub_.log_bytes(), 0u);
}

TEST_F(HubTest, AChannelsGapReachesEachInItsPlace) {
  open();
  const auto told = subscribe(OnLoss::tell_gap);
  const auto silent = subscribe(OnLoss::silent_latest);
  const auto ended = subscribe(OnLoss::disconnect);
  publish(1);
  hub_.append_gap(channel_, {.missed = 4, .position = Position{5, *Epoch::parse("f")}});
  top_ = 5;
  publish(1);
  EXPECT_THAT(lost(), ElementsAre()) << "it has not come to it yet";
  EXPECT_THAT(read(told), ElementsAre("1"));
  EXPECT_THAT(read(told), ElementsAre("gap"));
  const auto gap = hub_.take_gap(told);
  EXPECT_EQ(gap->missed, 4u);
  EXPECT_EQ(gap->position, (Position{5, *Epoch::parse("f")}));
  EXPECT_THAT(read(told), ElementsAre("6"));
  EXPECT_THAT(read(silent), ElementsAre("1"));
  EXPECT_THAT(read(silent), ElementsAre("6"));
  EXPECT_THAT(read(ended), ElementsAre("1"));
  EXPECT_THAT(lost(), ElementsAre(2));
  EXPECT_EQ(hub_.position_of(ended), (Position{1, *Epoch::parse("e")}));
}

TEST_F(HubTest, ABacklogThatReachesOverAGapIsCutThere) {
  open();
  subscribe(OnLoss::tell_gap);
  publish(2);
  hub_.append_gap(channel_, {.missed = 2, .position = Position{4, *Epoch::parse("e")}});
  top_ = 4;
  publish(1);
  const std::vector<PublicationRef> history{make(2), make(3), make(4), make(5)};
  const auto told = subscribe(OnLoss::tell_gap, history);
  const auto ended = subscribe(OnLoss::disconnect, history);
  EXPECT_THAT(read(told), ElementsAre("gap"));
  const auto gap = hub_.take_gap(told);
  EXPECT_EQ(gap->missed, 3u);
  EXPECT_EQ(gap->position->offset, 4u);
  EXPECT_THAT(read(told), ElementsAre("5"));
  EXPECT_THAT(lost(), ElementsAre(2));
  EXPECT_EQ(hub_.position_of(ended)->offset, 1u);
}

TEST_F(HubTest, WithoutHistoryThereAreNoPositions) {
  channel_ = hub_.open("room.1", {.log_bytes_max = 400});
  const auto id = subscribe(OnLoss::tell_gap);
  for (int i = 0; i < 20; ++i) hub_.append(channel_, make(0));
  const auto gap = hub_.take_gap(id);
  EXPECT_GT(gap->missed, 0u);
  EXPECT_FALSE(gap->position.has_value());
  EXPECT_FALSE(hub_.position_of(id).has_value());
}

TEST_F(HubTest, WhatIsGoneFindsNothing) {
  open();
  const auto id = subscribe(OnLoss::tell_gap);
  publish(1);
  hub_.close(channel_);
  EXPECT_THAT(ready(), ElementsAre());
  EXPECT_THAT(read(id), ElementsAre());
  EXPECT_FALSE(hub_.find("room.1").has_value());
  publish(1);
  hub_.unsubscribe(id);
  EXPECT_FALSE(subscribe(OnLoss::tell_gap));
  const ChannelId again = hub_.open("room.1", {});
  EXPECT_FALSE(again == channel_);
}

TEST_F(HubTest, AHalfFullLogAsksForAFlush) {
  open(1000);
  const auto id = subscribe(OnLoss::tell_gap);
  publish(1);
  EXPECT_FALSE(hub_.wants_flush());
  publish(7);
  EXPECT_TRUE(hub_.wants_flush());
  ready();
  read(id);
  EXPECT_FALSE(hub_.wants_flush());
}

}  // namespace
}  // namespace usher::channel
