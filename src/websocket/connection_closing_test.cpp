#include <gtest/gtest.h>

#include <string>

#include "websocket/connection.hpp"
#include "websocket/test_frames.hpp"

namespace usher::websocket {
namespace {

using State = Connection::State;

constexpr base::Instant start = base::Instant::from_nanoseconds(1'000'000);

TEST(Closing, EveryReceivedCodeIsEchoedOrRefused) {
  for (std::uint32_t number = 0; number <= 0xFFFF; ++number) {
    const auto code = static_cast<std::uint16_t>(number);
    ConnectionResources resources;
    Connection connection({}, resources);
    Outcome outcome;
    feed(connection, masked_close(code, "bye"), outcome);
    if (valid_received(code, Version::rfc6455)) {
      ASSERT_EQ(outcome.events, Lines{"close " + std::to_string(code) + " bye"});
      ASSERT_EQ(outcome.output, close_frame(code, "")) << code;
    } else {
      ASSERT_EQ(outcome.events, Lines{"failed 1002 a Close has a code that is not allowed"}) << code;
      ASSERT_EQ(outcome.output, close_frame(1002, "a Close has a code that is not allowed")) << code;
    }
    ASSERT_TRUE(connection.should_close_transport());
  }
}

struct Body {
  const char* name;
  std::string body;
  const char* event;
};

const Body bodies[] = {
    {"empty", "", "close 1005 "},
    {"half a code", "\x03", "failed 1002 a Close has half a code"},
    {"code", "\x03\xE8", "close 1000 "},
    {"reason in UTF-8", "\x03\xE8κ", "close 1000 κ"},
    {"reason not in UTF-8", "\x03\xE8\xCE", "failed 1007 a Close reason is not UTF-8"},
    {"too big an error code", "\xFF\xFF", "failed 1002 a Close has a code that is not allowed"},
};

TEST(Closing, Bodies) {
  for (const Body& c : bodies) {
    const Outcome outcome = feed_every_way({}, frame({.opcode = 8}, c.body) + text("ignored"));
    EXPECT_EQ(outcome.events, Lines{c.event}) << c.name;
  }
  const std::string longest = "\x03\xE8" + std::string(123, 'x');
  EXPECT_EQ(feed_every_way({}, frame({.opcode = 8}, longest)).events, Lines{"close 1000 " + std::string(123, 'x')});
  EXPECT_EQ(feed_every_way({}, frame({.opcode = 8}, longest + "x")).events,
            Lines{"failed 1002 a control frame has more than 125 bytes"});
  EXPECT_EQ(feed_every_way({.version = Version::hybi07}, frame({.opcode = 8}, "\x03\xE8\xFF")).events,
            Lines{"failed 1002 a Close reason is not UTF-8"});
  EXPECT_EQ(feed_every_way({.version = Version::hybi08}, frame({.opcode = 8}, "\x03\xEC")).events,
            Lines{"close 1004 "});
}

TEST(Closing, EmptyCloseIsAnsweredByAnEmptyClose) {
  EXPECT_EQ(feed_every_way({}, frame({.opcode = 8}, "")).output, std::string("\x88\x00", 2));
}

TEST(Closing, ServerCloses) {
  ConnectionResources resources;
  Connection connection({}, resources);
  Outcome outcome;
  feed(connection, text("fragment", false), outcome, start);
  EXPECT_TRUE(connection.deadline().is_never());

  connection.send_close(CloseCode::going_away, "retry=500", start);
  EXPECT_EQ(connection.state(), State::closing);
  EXPECT_FALSE(connection.may_send());
  EXPECT_EQ(connection.output(), close_frame(1001, "retry=500"));
  EXPECT_EQ(connection.deadline(), start + Connection::closing_timeout);
  EXPECT_FALSE(connection.should_close_transport());

  // What was under way is read and thrown away; nothing is answered.
  feed(connection, more("rest", true) + text("late") + ping("p") + text("\xFF") + text("open", false), outcome, start);
  EXPECT_EQ(outcome.events, Lines{});
  EXPECT_EQ(connection.output(), "");

  feed(connection, masked_close(1001, ""), outcome, start + std::chrono::seconds(1));
  EXPECT_EQ(outcome.events, Lines{"close 1001 "});
  EXPECT_EQ(outcome.output, close_frame(1001, "retry=500"));
  EXPECT_TRUE(connection.should_close_transport());
}

TEST(Closing, DataOfAnySizeIsThrownAwayWhileClosing) {
  ConnectionResources resources;
  Connection connection({.message_bytes_max = 10}, resources);
  Outcome outcome;
  connection.send_close(CloseCode::normal, "", start);
  const std::string bytes = text(std::string(100'000, 'x')) + masked_close(1000, "");
  for (std::size_t at = 0; at < bytes.size(); at += 1000) feed(connection, bytes.substr(at, 1000), outcome, start);
  EXPECT_EQ(outcome.events, Lines{"close 1000 "});
}

TEST(Closing, RulesHoldWhileClosing) {
  ConnectionResources resources;
  Connection connection({}, resources);
  Outcome outcome;
  connection.send_close(CloseCode::normal, "", start);
  feed(connection, text("a", false) + text("b"), outcome, start);
  EXPECT_EQ(outcome.events, Lines{"failed 1002 a new message begins inside a fragmented one"});
  EXPECT_EQ(outcome.output, close_frame(1000, ""));  // one Close only
  EXPECT_TRUE(connection.should_close_transport());
}

TEST(Closing, APeerThatDoesNotAnswerIsGivenUp) {
  ConnectionResources resources;
  Connection connection({}, resources);
  connection.send_close(CloseCode::normal, "", start);
  const base::Instant deadline = connection.deadline();
  connection.on_deadline(deadline - std::chrono::nanoseconds(1));
  EXPECT_EQ(connection.state(), State::closing);
  connection.on_deadline(deadline);
  EXPECT_EQ(connection.state(), State::closed);
  EXPECT_TRUE(connection.should_close_transport());
  EXPECT_TRUE(connection.deadline().is_never());
}

TEST(Closing, TheDeadlineIsAbsolute) {
  ConnectionResources resources;
  Connection connection({}, resources);
  Outcome outcome;
  connection.send_close(CloseCode::normal, "", start);
  connection.receive({}, start + std::chrono::seconds(4));
  feed(connection, masked_close(1000, ""), outcome, start + std::chrono::seconds(4));
  EXPECT_EQ(connection.deadline(), start + Connection::closing_timeout);
}

// The answer to a Close must be written before the transport is closed, but not for ever.
TEST(Closing, TheAnswerIsWrittenFirst) {
  ConnectionResources resources;
  Connection connection({}, resources);
  std::string bytes = masked_close(1000, "");
  connection.receive(bytes, start);
  EXPECT_EQ(connection.next_event().kind, Event::Kind::close);
  EXPECT_FALSE(connection.should_close_transport());
  connection.consume_output(1);
  EXPECT_FALSE(connection.should_close_transport());
  connection.on_deadline(start + Connection::closing_timeout);
  EXPECT_TRUE(connection.should_close_transport());
}

TEST(Closing, ClientLeavesTheTransportToTheServer) {
  ConnectionResources resources;
  resources.draw_mask_key = &test_key;
  Connection connection({.role = Role::client}, resources);
  Outcome outcome;
  feed(connection, close_frame(1000, ""), outcome, start);
  EXPECT_EQ(outcome.output, frame({.opcode = 8}, "\x03\xE8"));
  EXPECT_EQ(connection.state(), State::closed);
  EXPECT_FALSE(connection.should_close_transport());
  connection.on_deadline(connection.deadline());
  EXPECT_TRUE(connection.should_close_transport());
}

TEST(Closing, ClientDropsTheTransportAfterAFailure) {
  ConnectionResources resources;
  resources.draw_mask_key = &test_key;
  Connection connection({.role = Role::client}, resources);
  Outcome outcome;
  feed(connection, frame({.masked = true}, "x"), outcome, start);
  EXPECT_EQ(outcome.events, Lines{"failed 1002 a frame from a server is masked"});
  EXPECT_TRUE(connection.should_close_transport());
}

TEST(Closing, BothSidesMayBeginAtOnce) {
  ConnectionResources resources;
  resources.draw_mask_key = &test_key;
  Connection server({}, resources);
  Connection client({.role = Role::client}, resources);
  Outcome seen_by_server;
  Outcome seen_by_client;
  server.send_close(CloseCode::going_away, "", start);
  client.send_close(CloseCode::normal, "", start);
  const std::string from_server(server.output());
  const std::string from_client(client.output());
  feed(server, from_client, seen_by_server, start);
  feed(client, from_server, seen_by_client, start);
  EXPECT_EQ(seen_by_server.events, Lines{"close 1000 "});
  EXPECT_EQ(seen_by_client.events, Lines{"close 1001 "});
  EXPECT_EQ(seen_by_server.output, from_server);
  EXPECT_EQ(server.state(), State::closed);
  EXPECT_EQ(client.state(), State::closed);
}

TEST(Closing, OnlyOnce) {
  ConnectionResources resources;
  Connection connection({}, resources);
  connection.send_close(CloseCode::normal, "", start);
  connection.send_close(CloseCode::going_away, "", start);
  connection.send_ping("late");
  EXPECT_EQ(connection.output(), close_frame(1000, ""));
}

TEST(Closing, LongReasonsAreCutAtACodePoint) {
  ConnectionResources resources;
  Connection connection({}, resources);
  connection.send_close(CloseCode::normal, std::string(122, 'x') + "κ", start);
  EXPECT_EQ(connection.output(), close_frame(1000, std::string(122, 'x')));
}

TEST(Closing, DraftsAreSentTheCodesTheyKnow) {
  ConnectionResources resources;
  Connection connection({.version = Version::hybi07}, resources);
  connection.send_close(CloseCode::message_too_big, "", start);
  EXPECT_EQ(connection.output(), close_frame(1004, ""));
}

}  // namespace
}  // namespace usher::websocket
