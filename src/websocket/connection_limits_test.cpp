#include <gtest/gtest.h>

#include <string>

#include "websocket/connection.hpp"
#include "websocket/test_frames.hpp"

namespace usher::websocket {
namespace {

TEST(Limits, APacketOfPingsIsAnsweredPingByPing) {
  std::string bytes;
  std::string expected;
  for (int i = 0; i < 10; ++i) {
    bytes += ping(std::to_string(i));
    append_frame(expected, Opcode::pong, Rsv1::clear, std::to_string(i));
  }
  EXPECT_EQ(feed_every_way({}, bytes).output, expected);
}

// The peer sends pings and does not read.
TEST(Limits, AFloodOfPingsLeavesTheNewestPong) {
  ConnectionResources resources;
  Connection connection({}, resources);
  connection.set_writable(false);
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes = ping(std::to_string(i));
    connection.receive(bytes, {});
    while (connection.next_event().kind != Event::Kind::none) continue;
    ASSERT_LE(connection.output().size(), 2U + 6U);
  }
  EXPECT_EQ(connection.output(),
            "\x8A\x05"
            "99999");
}

TEST(Limits, APongThatIsHalfSentStays) {
  ConnectionResources resources;
  Connection connection({}, resources);
  Outcome ignored;
  const auto receive = [&](const std::string& input) {
    std::string bytes = input;
    connection.receive(bytes, {});
    while (connection.next_event().kind != Event::Kind::none) continue;
  };
  receive(ping("first"));
  connection.consume_output(3);
  connection.set_writable(false);
  receive(ping("second"));
  receive(ping("third"));
  EXPECT_EQ(connection.output(), "irst\x8A\x05third");
  connection.send_ping("mine");
  receive(ping("4"));
  EXPECT_EQ(connection.output(),
            "irst\x89\x04mine\x8A\x01"
            "4");
}

// The peer reads every pong but the last byte: what was sent must not be kept.
TEST(Limits, OutputThatIsNeverQuiteSentStaysSmall) {
  ConnectionResources resources;
  Connection connection({}, resources);
  std::string sent;
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = ping(std::to_string(i));
    append_frame(expected, Opcode::pong, Rsv1::clear, std::to_string(i));
    connection.receive(bytes, {});
    while (connection.next_event().kind != Event::Kind::none) continue;
    const std::string_view output = connection.output();
    sent += output.substr(0, output.size() - 1);
    connection.consume_output(output.size() - 1);
    ASSERT_EQ(connection.output().size(), 1U);
  }
  sent += connection.output();
  EXPECT_EQ(sent, expected);
}

TEST(Limits, MessageSizeIsExact) {
  const ConnectionSettings settings{.message_bytes_max = 200};
  EXPECT_EQ(feed_every_way(settings, text(std::string(200, 'x'))).events, Lines{"text " + std::string(200, 'x')});
  EXPECT_EQ(feed_every_way(settings, text(std::string(201, 'x'))).events, Lines{"failed 1009 the message is too big"});
  EXPECT_EQ(feed_every_way(settings, text(std::string(150, 'x'), false) + more(std::string(50, 'y'), true)).events,
            Lines{"text " + std::string(150, 'x') + std::string(50, 'y')});
  EXPECT_EQ(feed_every_way(settings, text(std::string(150, 'x'), false) + more(std::string(51, 'y'), true)).events,
            Lines{"failed 1009 the message is too big"});
}

std::string header_only(std::uint64_t length) {
  const FrameHeader header{.opcode = Opcode::binary, .masked = true, .length = length, .key = test_key_value};
  std::array<char, frame_header_bytes_max> bytes{};
  return {bytes.data(), write_frame_header(bytes.data(), header)};
}

TEST(Limits, AnnouncedLengthsAreRefusedByTheHeaderAlone) {
  for (unsigned n = 17; n < 63; ++n) {
    for (const std::uint64_t length : {(1ULL << n) - 1, 1ULL << n, (1ULL << n) + 1}) {
      ConnectionResources resources;
      Connection connection({}, resources);
      Outcome outcome;
      feed(connection, header_only(length), outcome);
      ASSERT_EQ(outcome.events, Lines{"failed 1009 the message is too big"}) << length;
    }
  }
}

// A sanitizer's allocation limit, or the machine's memory, would say no to 2^62 bytes.
TEST(Limits, NothingIsAllocatedForWhatIsOnlyAnnounced) {
  ConnectionResources resources;
  Connection connection({.message_bytes_max = SIZE_MAX / 4}, resources);
  Outcome outcome;
  feed(connection, header_only(1ULL << 61), outcome);
  feed(connection, "x", outcome);
  EXPECT_EQ(outcome.events, Lines{});
  EXPECT_EQ(connection.state(), Connection::State::open);
}

TEST(Limits, FragmentsAreCountedAlsoWhenEmpty) {
  const ConnectionSettings settings{.message_fragments_max = 4};
  std::string three = text("a", false) + more("", false) + more("", false);
  EXPECT_EQ(feed_every_way(settings, three + more("b", true)).events, Lines{"text ab"});
  EXPECT_EQ(feed_every_way(settings, three + more("", false) + more("b", true)).events,
            Lines{"failed 1009 the message has too many fragments"});
}

ConnectionSettings with_deflate(std::size_t message_bytes_max) {
  return {.message_bytes_max = message_bytes_max, .deflate = DeflateParameters()};
}

std::string deflated(std::string_view plain, unsigned opcode = 1) {
  Deflater deflater(15);
  std::string compressed;
  deflater.deflate(plain, compressed);
  return frame({.opcode = opcode, .rsv = 4}, compressed);
}

TEST(Limits, CompressedMessages) {
  const ConnectionSettings settings = with_deflate(100'000);
  EXPECT_EQ(feed_every_way(settings, deflated("Hello") + text("plain") + deflated("")).events,
            (Lines{"text Hello", "text plain", "text "}));
  // RFC 7692, section 7.2.3.1: the same in two frames; RSV1 is on the first only, and a ping may come between.
  const std::string first("\xf2\x48\xcd", 3);
  const std::string second("\xc9\xc9\x07\x00", 4);
  EXPECT_EQ(feed_every_way(settings, frame({.fin = false, .rsv = 4}, first) + ping("") + more(second, true)).events,
            (Lines{"ping ", "text Hello"}));
  EXPECT_EQ(
      feed_every_way(settings, frame({.fin = false, .rsv = 4}, first) + frame({.opcode = 0, .rsv = 4}, second)).events,
      Lines{"failed 1002 a reserved bit is set"});
  EXPECT_EQ(feed_every_way(settings, frame({.rsv = 4}, "\x07")).events,
            Lines{"failed 1007 a compressed message cannot be inflated"});
  EXPECT_EQ(feed_every_way(settings, deflated("\xFF")).events, Lines{"failed 1007 a text message is not UTF-8"});
  EXPECT_EQ(feed_every_way(settings, deflated("\xFF", 2)).events, Lines{"binary \xFF"});
}

TEST(Limits, TheLimitIsOnWhatIsInflated) {
  ConnectionResources resources;
  const std::string just_right(50'000, 'x');
  EXPECT_EQ(feed_whole(with_deflate(50'000), resources, deflated(just_right)).events, Lines{"text " + just_right});
  EXPECT_EQ(feed_whole(with_deflate(49'999), resources, deflated(just_right)).events,
            Lines{"failed 1009 the message is too big"});
  const std::string bomb = deflated(std::string(64 << 20, 'x'));
  EXPECT_LT(bomb.size(), 70'000U);
  EXPECT_EQ(feed_in_pieces(with_deflate(100'000), resources, bomb, 1000).events,
            Lines{"failed 1009 the message is too big"});
}

TEST(Limits, DataThatDoesNotCompressMayFillTheLimit) {
  std::string noise(50'000, '\0');
  std::uint32_t state = 1;
  for (char& byte : noise) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  ConnectionResources resources;
  EXPECT_EQ(feed_whole(with_deflate(noise.size()), resources, deflated(noise, 2)).events, Lines{"binary " + noise});
}

}  // namespace
}  // namespace usher::websocket
