#include "app/stream_message.hpp"

#include <gtest/gtest.h>

namespace usher::app {
namespace {

using Kind = StreamMessage::Kind;

TEST(StreamMessage, HelloHasAPosition) {
  const StreamMessage hello = read_stream_message(R"({"hello":{"session":"s","user":"42","offset":7,"epoch":"xK3f"}})");
  EXPECT_EQ(hello.kind, Kind::hello);
  EXPECT_EQ(hello.offset, "7");
  EXPECT_EQ(hello.epoch, "xK3f");
  EXPECT_TRUE(read_stream_message(R"({"hello":{"session":"s","user":null}})").offset.empty());
}

TEST(StreamMessage, PublicationIsOneLine) {
  struct Case {
    const char* text;
    const char* line;
  };
  const Case cases[] = {
      {R"({"offset":8,"time":1.5,"user":null,"info":null,"data":"hi"})", "hi"},
      {R"({"offset":8,"data":"a\nb"})", R"("a\nb")"},
      {R"({"data": {"n": 12345678901234567890.10} })", R"({"n": 12345678901234567890.10})"},
      {"{\"data\":[1,\n2]}", "[1, 2]"},
      {R"({"base64":"AAE="})", "AAE="},
      {R"({"data":""})", ""},
  };
  for (const Case& c : cases) {
    const StreamMessage message = read_stream_message(c.text);
    EXPECT_EQ(message.kind, Kind::publication) << c.text;
    EXPECT_EQ(publication_line(message), c.line) << c.text;
  }
}

TEST(StreamMessage, GapAndErrorAreTold) {
  const StreamMessage gap = read_stream_message(R"({"gap":{"missed":12,"offset":20,"epoch":"e"}})");
  EXPECT_EQ(gap.kind, Kind::gap);
  EXPECT_EQ(gap.missed, "12");
  EXPECT_EQ(gap.offset, "20");
  EXPECT_EQ(read_stream_message(R"({"error":{"code":"forbidden","message":"no"}})").message, "no");
}

TEST(StreamMessage, WhatIsNoneIsOther) {
  for (const char* text : {"", "{", "{}", "[]", "nonsense", R"({"data")", R"({"data":)", R"({"x":1})"}) {
    EXPECT_EQ(read_stream_message(text).kind, Kind::other) << text;
  }
}

TEST(StreamMessage, ChannelStandsInFront) {
  EXPECT_EQ(with_channel(R"({"data":1})", "room.1"), R"({"channel":"room.1","data":1})");
}

}  // namespace
}  // namespace usher::app
