#include "websocket/connection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "websocket/test_frames.hpp"

namespace usher::websocket {
namespace {

/// The rules of RFC 6455, section 5.2, as one sentence.
bool is_legal(const FrameBits& bits, Role role, bool deflate) {
  const bool first_of_message = bits.opcode == 1 || bits.opcode == 2;
  const bool control = bits.opcode >= 8 && bits.opcode <= 10;
  const bool rsv_is_good = bits.rsv == 0 || (bits.rsv == 4 && deflate && first_of_message);
  return (first_of_message || (control && bits.fin)) && rsv_is_good && bits.masked == (role == Role::server);
}

std::string expected_event(const FrameBits& bits) {
  switch (bits.opcode) {
    case 1:
      return "text ";
    case 2:
      return "binary ";
    case 8:
      return "close 1005 ";
    case 9:
      return "ping ";
    default:
      return "pong ";
  }
}

void check_frame(const FrameBits& bits, Role role, bool deflate) {
  ConnectionSettings settings{.role = role};
  if (deflate) settings.deflate = DeflateParameters();
  // One zero byte is the empty message when it is compressed.
  const std::string payload = bits.rsv == 4 ? std::string(1, '\0') : "";
  const Outcome outcome = feed_every_way(settings, frame(bits, payload));
  const std::string name = "opcode " + std::to_string(bits.opcode) + " fin " + std::to_string(bits.fin) + " rsv " +
                           std::to_string(bits.rsv) + " masked " + std::to_string(bits.masked);
  if (!is_legal(bits, role, deflate)) {
    ASSERT_EQ(outcome.events.size(), 1U) << name;
    EXPECT_TRUE(outcome.events[0].starts_with("failed 1002 ")) << name << ": " << outcome.events[0];
    EXPECT_EQ(outcome.state, Connection::State::closed) << name;
  } else if (!bits.fin) {
    EXPECT_EQ(outcome.events, Lines{}) << name;
  } else {
    EXPECT_EQ(outcome.events, Lines{expected_event(bits)}) << name;
  }
}

TEST(Connection, EveryOpcodeFinMaskAndReservedBitAtEverySplit) {
  for (const Role role : {Role::server, Role::client}) {
    for (const bool deflate : {false, true}) {
      for (unsigned opcode = 0; opcode < 16; ++opcode) {
        for (unsigned flags = 0; flags < 32; ++flags) {
          check_frame({.opcode = opcode, .fin = (flags & 1U) != 0, .rsv = flags >> 2, .masked = (flags & 2U) != 0},
                      role, deflate);
        }
      }
    }
  }
}

struct Case {
  const char* name;
  std::string input;
  Lines events;
  std::string output;
};

const Case cases[] = {
    {"a text", text("Hello"), {"text Hello"}, ""},
    {"a binary", binary("\xFF\xFE"), {"binary \xFF\xFE"}, ""},
    {"several", text("a") + binary("b") + text(""), {"text a", "binary b", "text "}, ""},
    {"fragments", text("Hel", false) + more("", false) + more("lo", true), {"text Hello"}, ""},
    {"a ping between fragments",
     text("Hel", false) + ping("p") + more("lo", true),
     {"ping p", "text Hello"},
     "\x8A\x01p"},
    {"ping is echoed",
     ping("data") + ping(""),
     {"ping data", "ping "},
     std::string("\x8A\x04"
                 "data\x8A\x00",
                 8)},
    {"pong nobody asked for", pong("x") + text("a"), {"pong x", "text a"}, ""},
    {"code point over fragments", text("\xCE", false) + more("\xBA", true), {"text κ"}, ""},
    {"code point cut at the end",
     text("a") + text("\xCE"),
     {"text a", "failed 1007 a text message is not UTF-8"},
     close_frame(1007, "a text message is not UTF-8")},
    {"messages before a failure are delivered",
     text("a") + frame({.opcode = 5}, ""),
     {"text a", "failed 1002 the opcode is reserved"},
     close_frame(1002, "the opcode is reserved")},
    {"nothing after a failure",
     frame({.masked = false}, "a") + text("b"),
     {"failed 1002 a frame from a client is not masked"},
     close_frame(1002, "a frame from a client is not masked")},
};

TEST(Connection, Scripts) {
  for (const Case& c : cases) {
    const Outcome outcome = feed_every_way({}, c.input);
    EXPECT_EQ(outcome.events, c.events) << c.name;
    EXPECT_EQ(outcome.output, c.output) << c.name;
  }
}

TEST(Connection, LengthsAroundEveryForm) {
  constexpr std::size_t sizes[] = {0, 1, 124, 125, 126, 127, 65534, 65535, 65536, 65537};
  for (const std::size_t size : sizes) {
    const std::string payload(size, 'x');
    ConnectionResources resources;
    const ConnectionSettings settings{.message_bytes_max = 70'000};
    for (const std::size_t piece : {std::size_t{1000}, size + 100}) {
      const Outcome outcome = feed_in_pieces(settings, resources, text(payload), piece);
      ASSERT_EQ(outcome.events.size(), 1U) << size;
      EXPECT_TRUE(outcome.events[0] == "text " + payload) << size;
    }
  }
}

// A whole message in the input is read in one look, a message in pieces is put together: both must see every high bit
// and every fault, wherever it stands and however long the message is.
TEST(Connection, OneLookAndPiecesAgreeOnEveryByte) {
  constexpr std::size_t sizes[] = {1, 3, 7, 8, 15, 16, 17, 31, 64, 125, 126, 130};
  for (const std::size_t size : sizes) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char* bytes : {"\xC3\xA9", "\xE9", "\x7F"}) {
        std::string payload(size, 'x');
        payload.replace(at, std::min(std::string_view(bytes).size(), size - at), bytes);
        ConnectionResources resources;
        const std::string input = text(payload) + binary(payload);
        const Outcome whole = feed_whole({}, resources, input);
        EXPECT_EQ(feed_in_pieces({}, resources, input, 1), whole) << size << " " << at;
        const bool good = std::string_view(bytes) != "\xE9";
        EXPECT_EQ(whole.events, good ? Lines({"text " + payload, "binary " + payload})
                                     : Lines({"failed 1007 a text message is not UTF-8"}));
      }
    }
  }
}

TEST(Connection, AnUsualMessageHasTheLimitsOfAnyOther) {
  constexpr std::size_t sizes[] = {99, 100, 101, 125, 126};
  for (const std::size_t size : sizes) {
    const Outcome outcome = feed_every_way({.message_bytes_max = 100}, text(std::string(size, 'x')));
    const std::string expected = size <= 100 ? "text " + std::string(size, 'x') : "failed 1009 the message is too big";
    EXPECT_EQ(outcome.events, Lines{expected}) << size;
  }
}

// The byte that makes a text impossible fails it, although its frame goes on.
TEST(Connection, TextFailsInsideItsFrame) {
  ConnectionResources resources;
  const std::string bytes = text("abc\xED\xA0 and much more");
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    Connection connection({}, resources);
    Outcome outcome;
    feed(connection, std::string_view(bytes).substr(0, size), outcome);
    const std::size_t header = 6;
    EXPECT_EQ(outcome.events.empty(), size < header + 5) << size;
  }
}

TEST(Connection, WholeMessagesAreViewsIntoTheInput) {
  ConnectionResources resources;
  Connection connection({}, resources);
  std::string bytes = text("Hello") + text("again");
  connection.receive(bytes, {});
  const Event first = connection.next_event();
  EXPECT_EQ(first.payload.data(), bytes.data() + 6);
  const Event second = connection.next_event();
  EXPECT_EQ(first.payload, "Hello");
  EXPECT_EQ(second.payload, "again");
}

TEST(Connection, UnreadBytesCanBeGivenAgain) {
  ConnectionResources resources;
  Connection connection({}, resources);
  std::string bytes = text("one") + text("two") + text("three");
  connection.receive(bytes, {});
  EXPECT_EQ(connection.next_event().payload, "one");
  const std::span<char> unread = connection.take_unread();
  std::string kept(unread.begin(), unread.end());
  EXPECT_EQ(connection.next_event().kind, Event::Kind::none);
  connection.receive(kept, {});
  EXPECT_EQ(connection.next_event().payload, "two");
  EXPECT_EQ(connection.next_event().payload, "three");
}

TEST(Connection, ClientMasksItsControlFrames) {
  ConnectionResources resources;
  resources.draw_mask_key = &test_key;
  Connection connection({.role = Role::client}, resources);
  Outcome outcome;
  feed(connection, "\x89\x05Hello", outcome);
  EXPECT_EQ(outcome.output, "\x8A\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
}

TEST(Connection, DraftsTolerateLongLengths) {
  std::string bytes = binary(std::string(3, 'x'));
  bytes.replace(1, 1, std::string("\xFE\x00\x03", 3));
  EXPECT_EQ(feed_every_way({.version = Version::hybi07}, bytes).events, Lines{"binary xxx"});
  EXPECT_EQ(feed_every_way({.version = Version::hybi08}, bytes).events, Lines{"binary xxx"});
  EXPECT_EQ(feed_every_way({}, bytes).events, Lines{"failed 1002 the length is not in its shortest form"});
}

TEST(Connection, DraftsGetTheCodesTheyKnow) {
  struct Draft {
    Version version;
    const char* bad_text;
    const char* too_big;
  };
  for (const Draft& c :
       {Draft{Version::hybi07, "failed 1002", "failed 1004"}, Draft{Version::hybi08, "failed 1007", "failed 1004"},
        Draft{Version::rfc6455, "failed 1007", "failed 1009"}}) {
    const ConnectionSettings settings{.version = c.version, .message_bytes_max = 10};
    EXPECT_TRUE(feed_every_way(settings, text("\xFF")).events.at(0).starts_with(c.bad_text));
    EXPECT_TRUE(feed_every_way(settings, text("01234567890")).events.at(0).starts_with(c.too_big));
  }
}

}  // namespace
}  // namespace usher::websocket
