#include "broker/contract_test.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <utility>

namespace usher::broker {

using testing::ElementsAre;

namespace {

std::string list(const std::vector<channel::PublicationRef>& publications) {
  std::string text = "[";
  for (const auto& each : publications)
    text += std::string(each->payload()) + "@" + std::to_string(each->offset()) + " ";
  return text + "]";
}

const char* word(SubscribeOutcome outcome) {
  switch (outcome) {
    case SubscribeOutcome::active:
      return "active";
    case SubscribeOutcome::position_gone:
      return "gone";
    case SubscribeOutcome::unavailable:
      return "unavailable";
  }
  return "";
}

const char* word(PublishOutcome outcome) {
  switch (outcome) {
    case PublishOutcome::accepted:
      return "accepted";
    case PublishOutcome::refused:
      return "refused";
    case PublishOutcome::unknown:
      return "unknown";
  }
  return "";
}

std::string offset_of(const std::optional<channel::Position>& position) {
  return position ? std::to_string(position->offset) : "none";
}

}  // namespace

void Recorder::on_publication(channel::ChannelId channel, const channel::PublicationRef& publication) {
  lines.push_back(std::to_string(channel.index) + ": " + std::string(publication->payload()) + "@" +
                  std::to_string(publication->offset()));
}

void Recorder::on_gap(channel::ChannelId channel, const channel::Gap& gap) {
  lines.push_back(std::to_string(channel.index) + ": gap of " + (gap.missed ? std::to_string(*gap.missed) : "?") +
                  " up to " + offset_of(gap.position));
}

void Recorder::on_subscribed(Token token, const Subscribed& subscribed) {
  if (subscribed.top) epoch = subscribed.top->epoch;
  std::string line = "subscribed " + std::to_string(token) + " " + word(subscribed.outcome);
  if (subscribed.outcome == SubscribeOutcome::active) {
    line += " top " + offset_of(subscribed.top) + " start " + std::to_string(subscribed.start_offset) + " " +
            list(subscribed.backlog);
  }
  lines.push_back(line);
}

void Recorder::on_published(Token token, const Published& published) {
  lines.push_back("published " + std::to_string(token) + " " + word(published.outcome) + " " +
                  offset_of(published.position));
}

void Recorder::on_history(Token token, const HistoryAnswer& answer) {
  if (answer.top) epoch = answer.top->epoch;
  lines.push_back("history " + std::to_string(token) + " " + word(answer.outcome) + " top " + offset_of(answer.top) +
                  " " + list(answer.publications));
}

void Recorder::on_channels(Token token, const std::vector<ChannelCount>& channels) {
  std::string line = "channels " + std::to_string(token);
  for (const ChannelCount& each : channels) line += " " + each.name + "=" + std::to_string(each.subscriptions);
  lines.push_back(line);
}

void BrokerContract::subscribe(std::size_t worker, const std::string& name, Token token, const Start& start) {
  harness_->broker(worker).subscribe(name, rule_, {1, 1}, start, token, harness_->now());
}

void BrokerContract::publish(std::size_t worker, const std::string& name, const std::string& payload, Token token) {
  channel::PublicationDraft draft(channel::PublicationParts{.payload = payload});
  ASSERT_EQ(harness_->broker(worker).publish(name, rule_, draft, token, harness_->now()), Acceptance::taken);
  ASSERT_FALSE(draft);
}

void BrokerContract::unsubscribe(std::size_t worker, const std::string& name) {
  harness_->broker(worker).unsubscribe(name, harness_->now());
}

void BrokerContract::history(std::size_t worker, const std::string& name, const HistoryRequest& request) {
  harness_->broker(worker).history(name, rule_, request, 9, harness_->now());
}

std::vector<std::string> BrokerContract::seen(std::size_t worker) {
  harness_->settle();
  return harness_->recorder(worker).take();
}

TEST_P(BrokerContract, OwnPublicationComesBeforeItsAck) {
  subscribe(0, "room.1", 1);
  EXPECT_THAT(seen(0), ElementsAre("subscribed 1 active top 0 start 0 []"));
  publish(0, "room.1", "a", 7);
  publish(0, "room.1", "b", 8);
  harness_->settle();
  std::vector<std::string> lines = seen(0);
  const auto place = [&lines](const std::string& line) { return std::find(lines.begin(), lines.end(), line); };
  EXPECT_LT(place("1: a@1"), place("published 7 accepted 1"));
  EXPECT_LT(place("1: b@2"), place("published 8 accepted 2"));
  EXPECT_LT(place("1: a@1"), place("1: b@2"));
  EXPECT_EQ(lines.size(), 4u);
}

TEST_P(BrokerContract, EverybodyGetsTheSameOrder) {
  subscribe(0, "room.1", 1);
  subscribe(other(), "room.1", 2);
  harness_->settle();
  for (std::size_t worker = 0; worker < harness_->workers(); ++worker) seen(worker);
  for (int i = 0; i < 20; ++i) publish(i % 2 == 0 ? 0 : other(), "room.1", std::to_string(i));
  harness_->settle();
  const auto publications = [](std::vector<std::string> lines) {
    std::erase_if(lines, [](const std::string& line) { return line.rfind("1: ", 0) != 0; });
    return lines;
  };
  const auto first = publications(seen(0));
  EXPECT_EQ(first.size(), 20u);
  EXPECT_TRUE(other() == 0 || publications(seen(other())) == first);
}

TEST_P(BrokerContract, ANewcomerFollowsFromTheTopOn) {
  publish(0, "room.1", "a");
  harness_->settle();
  subscribe(other(), "room.1", 1);
  publish(other(), "room.1", "b", 2);
  publish(other(), "room.1", "c", 3);
  const auto lines = seen(other());
  EXPECT_THAT(lines, testing::IsSupersetOf({"subscribed 1 active top 1 start 1 []", "1: b@2", "1: c@3"}));
  EXPECT_THAT(lines, testing::Not(testing::Contains("1: a@1")));
}

TEST_P(BrokerContract, SinceGivesWhatWasMissed) {
  subscribe(0, "room.1", 1);
  for (const char* payload : {"a", "b", "c"}) publish(other(), "room.1", payload);
  harness_->settle();
  unsubscribe(0, "room.1");
  seen(0);
  subscribe(0, "room.1", 2, {.since = position(1)});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 2 active top 3 start 1 [b@2 c@3 ]"));
  subscribe(0, "room.1", 3, {.since = position(3)});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 3 active top 3 start 3 []"));
}

TEST_P(BrokerContract, APositionThatIsGoneFollowsNothing) {
  subscribe(0, "room.1", 1);
  for (const char* payload : {"a", "b", "c", "d", "e"}) publish(0, "room.1", payload);
  harness_->settle();
  unsubscribe(0, "room.1");
  seen(0);
  subscribe(0, "room.1", 2, {.since = position(1)});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 2 gone")) << "history holds three";
  subscribe(0, "room.1", 3, {.since = position(6)});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 3 gone")) << "above the top";
  subscribe(0, "room.1", 4, {.since = channel::Position{5, *channel::Epoch::parse("another")}});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 4 gone"));
  subscribe(0, "room.1", 5, {.since = channel::Position{5, {}}});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 5 gone")) << "a strange epoch";
  subscribe(0, "room.unknown", 6, {.since = position(0)});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 6 gone"));
  publish(other(), "room.1", "f");
  EXPECT_THAT(seen(0), testing::Not(testing::Contains("1: f@6")));
}

TEST_P(BrokerContract, NewestGivesTheEndOfHistory) {
  for (const char* payload : {"a", "b", "c", "d"}) publish(0, "room.1", payload);
  harness_->settle();
  seen(0);
  subscribe(0, "room.1", 1, {.newest = 2});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 1 active top 4 start 2 [c@3 d@4 ]"));
  subscribe(0, "room.1", 2, {.newest = 100});
  EXPECT_THAT(seen(0), ElementsAre("subscribed 2 active top 4 start 1 [b@2 c@3 d@4 ]"));
}

TEST_P(BrokerContract, WithoutHistoryThereAreNoPositions) {
  rule_.history.reset();
  subscribe(0, "room.1", 1);
  subscribe(other(), "room.1", 2);
  harness_->settle();
  publish(0, "room.1", "a", 3);
  EXPECT_THAT(seen(0), testing::IsSupersetOf(
                           {"subscribed 1 active top none start 0 []", "1: a@0", "published 3 accepted none"}));
  history(0, "room.1", {.limit = 10});
  EXPECT_THAT(seen(0), ElementsAre("history 9 active top none []"));
}

TEST_P(BrokerContract, NothingComesAfterTheLastUnsubscribe) {
  subscribe(0, "room.1", 1);
  subscribe(0, "room.1", 2);
  harness_->settle();
  unsubscribe(0, "room.1");
  seen(0);
  publish(other(), "room.1", "a");
  EXPECT_THAT(seen(0), testing::Contains("1: a@1")) << "one is still there";
  unsubscribe(0, "room.1");
  harness_->settle();
  publish(other(), "room.1", "b");
  EXPECT_THAT(seen(0), testing::Not(testing::Contains("1: b@2")));
}

TEST_P(BrokerContract, AnsweredSubscriptionsCountOneByOne) {
  subscribe(0, "room.1", 1);
  subscribe(0, "room.1", 2);
  subscribe(0, "room.1", 3, {.newest = 1});
  EXPECT_THAT(seen(0), testing::UnorderedElementsAre("subscribed 1 active top 0 start 0 []",
                                                     "subscribed 2 active top 0 start 0 []",
                                                     "subscribed 3 active top 0 start 0 []"));
}

TEST_P(BrokerContract, HistoryIsReadInBothDirections) {
  subscribe(0, "room.1", 1);
  for (const char* payload : {"a", "b", "c", "d"}) publish(other(), "room.1", payload);
  seen(0);
  struct Case {
    HistoryRequest request;
    const char* expected;
  };
  const Case cases[] = {
      {{.limit = 10}, "history 9 active top 4 [b@2 c@3 d@4 ]"},
      {{.limit = 2}, "history 9 active top 4 [b@2 c@3 ]"},
      {{.limit = 0}, "history 9 active top 4 []"},
      {{.limit = 2, .reverse = true}, "history 9 active top 4 [d@4 c@3 ]"},
      {{.limit = 10, .since = position(3)}, "history 9 active top 4 [d@4 ]"},
      {{.limit = 10, .since = position(4)}, "history 9 active top 4 []"},
      {{.limit = 10, .reverse = true, .since = position(4)}, "history 9 active top 4 [c@3 b@2 ]"},
      {{.limit = 10, .reverse = true, .since = position(1)}, "history 9 active top 4 []"},
      {{.limit = 10, .since = position(0)}, "history 9 gone top 4 []"},
      {{.limit = 10, .since = position(5)}, "history 9 gone top 4 []"},
      {{.limit = 10, .since = channel::Position{4, {}}}, "history 9 gone top 4 []"},
  };
  for (const Case& each : cases) {
    history(0, "room.1", each.request);
    EXPECT_THAT(seen(0), ElementsAre(each.expected));
  }
}

TEST_P(BrokerContract, ChannelsAreCountedOverAllWorkers) {
  subscribe(0, "room.1", 1);
  subscribe(other(), "room.1", 2);
  subscribe(other(), "log.1", 3);
  harness_->settle();
  seen(0);
  harness_->broker(0).channels(base::Pattern::parse("room.*").value(), 10, 4, harness_->now());
  EXPECT_THAT(seen(0), ElementsAre("channels 4 room.1=2"));
}

// Who may, publishes at once; who may not, keeps the draft. Either way the others get it.
TEST_P(BrokerContract, PublishingAtOnceIsPublishing) {
  subscribe(0, "room.1", 1);
  subscribe(other(), "room.1", 2);
  seen(0);
  seen(other());
  for (int i = 1; i <= 3; ++i) {
    channel::PublicationDraft draft(channel::PublicationParts{.payload = "a"});
    const auto published = harness_->broker(0).publish_at_once({1, 1}, draft, harness_->now());
    EXPECT_EQ(published.has_value(), !draft);
    if (!published) {
      EXPECT_EQ(harness_->broker(0).publish("room.1", rule_, draft, 7, harness_->now()), Acceptance::taken);
      continue;
    }
    EXPECT_EQ(published->outcome, PublishOutcome::accepted);
    EXPECT_EQ(published->position, position(static_cast<std::uint64_t>(i)));
    EXPECT_THAT(harness_->recorder(0).lines, testing::Contains("1: a@" + std::to_string(i))) << "before it returned";
  }
  EXPECT_THAT(seen(0), testing::IsSupersetOf({"1: a@1", "1: a@2", "1: a@3"}));
  if (other() == 0) return;
  EXPECT_THAT(seen(other()), ElementsAre("1: a@1", "1: a@2", "1: a@3"));
}

TEST_P(BrokerContract, NothingIsPublishedAtOnceToAChannelThatIsNotFollowed) {
  channel::PublicationDraft draft(channel::PublicationParts{.payload = "a"});
  const auto at_once = [&](channel::ChannelId id) {
    return harness_->broker(0).publish_at_once(id, draft, harness_->now()).has_value();
  };
  EXPECT_FALSE(at_once({1, 1}));
  EXPECT_FALSE(at_once({}));
  subscribe(0, "room.1", 1);
  harness_->settle();
  EXPECT_FALSE(at_once({1, 2})) << "another life of the id";
  EXPECT_FALSE(at_once({2, 1}));
  unsubscribe(0, "room.1");
  harness_->settle();
  EXPECT_FALSE(at_once({1, 1}));
  EXPECT_TRUE(draft);
}

TEST_P(BrokerContract, PublishingToNobodyIsWell) {
  rule_.history.reset();
  publish(0, "room.1", "a", 1);
  EXPECT_THAT(seen(0), ElementsAre("published 1 accepted none"));
}

}  // namespace usher::broker
