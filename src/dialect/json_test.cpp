#include "dialect/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace usher::dialect {
namespace {

template <typename View>
std::string text_of(void (*append)(std::string&, const View&), const View& view) {
  std::string out;
  append(out, view);
  return out;
}

TEST(JsonEncoding, Hello) {
  EXPECT_EQ(text_of(append_hello, {.session = "s1", .user = "42", .position = PositionView{7, "xK3f"}}),
            R"({"hello":{"session":"s1","user":"42","offset":7,"epoch":"xK3f"}})");
  EXPECT_EQ(text_of(append_hello, {.session = "s1", .user = std::nullopt, .position = std::nullopt}),
            R"({"hello":{"session":"s1","user":null}})");
  EXPECT_EQ(text_of(append_hello, {.session = "s", .user = "a\"b", .position = PositionView{0, "e"}}),
            R"({"hello":{"session":"s","user":"a\"b","offset":0,"epoch":"e"}})");
}

struct PublicationCase {
  const char* name;
  PublicationView view;
  std::string expected;
};

TEST(JsonEncoding, Publication) {
  const PublicationCase cases[] = {
      {"everything",
       {.offset = 8,
        .time_milliseconds = 1795357739123,
        .user = "42",
        .info = R"({"n":"A"})",
        .tags = R"({"k":"v"})",
        .payload = R"({"a": 1})"},
       R"({"offset":8,"time":1795357739.123,"user":"42","info":{"n":"A"},"tags":{"k":"v"},"data":{"a": 1}})"},
      {"as little as possible",
       {.time_milliseconds = 5, .payload = "1"},
       R"({"time":0.005,"user":null,"info":null,"data":1})"},
      {"text that is no JSON",
       {.payload = "hi \"you\""},
       R"({"time":0.000,"user":null,"info":null,"data":"hi \"you\""})"},
      {"two JSON values are none", {.payload = "1 2"}, R"({"time":0.000,"user":null,"info":null,"data":"1 2"})"},
      {"empty text", {.payload = ""}, R"({"time":0.000,"user":null,"info":null,"data":""})"},
      {"a JSON string keeps its quotes",
       {.payload = R"("hi")"},
       R"({"time":0.000,"user":null,"info":null,"data":"hi"})"},
      {"numbers of any size",
       {.payload = "123456789012345678901234567890"},
       R"({"time":0.000,"user":null,"info":null,"data":123456789012345678901234567890})"},
      {"known to be JSON",
       {.json = PayloadJson::value, .payload = "[1]"},
       R"({"time":0.000,"user":null,"info":null,"data":[1]})"},
      {"known not to be",
       {.json = PayloadJson::other, .payload = "x"},
       R"({"time":0.000,"user":null,"info":null,"data":"x"})"},
      {"binary",
       {.kind = PayloadKind::binary, .payload = std::string_view("\x00\xff\x10", 3)},
       R"({"time":0.000,"user":null,"info":null,"base64":"AP8Q"})"},
  };
  for (const PublicationCase& each : cases)
    EXPECT_EQ(text_of(append_publication, each.view), each.expected) << each.name;
}

TEST(JsonEncoding, GapAckAndError) {
  EXPECT_EQ(text_of(append_gap, {.missed = 12, .position = PositionView{20, "xK3f"}}),
            R"({"gap":{"missed":12,"offset":20,"epoch":"xK3f"}})");
  EXPECT_EQ(text_of(append_gap, {.missed = std::nullopt, .position = PositionView{0, "e"}}),
            R"({"gap":{"missed":null,"offset":0,"epoch":"e"}})");
  EXPECT_EQ(text_of(append_gap, {.missed = 3, .position = std::nullopt}), R"({"gap":{"missed":3}})");
  EXPECT_EQ(text_of(append_ack, {.id = 1, .offset = 8}), R"({"ack":{"id":1,"offset":8}})");
  EXPECT_EQ(text_of(append_ack, {.id = 0, .offset = 0}), R"({"ack":{"id":0}})");
  EXPECT_EQ(text_of(append_error, {.id = 1, .code = "forbidden", .message = "No."}),
            R"({"error":{"id":1,"code":"forbidden","message":"No."}})");
  EXPECT_EQ(text_of(append_error, {.id = std::nullopt, .code = "forbidden", .message = "No."}),
            R"({"error":{"code":"forbidden","message":"No."}})");
}

struct GoodCase {
  const char* text;
  PayloadKind kind;
  std::string payload;
  std::optional<std::uint64_t> id;
};

TEST(JsonDecoding, ReadsWhatAClientPublishes) {
  const GoodCase cases[] = {
      {R"({"data":1})", PayloadKind::text, "1", std::nullopt},
      {R"({"data":"hi"})", PayloadKind::text, R"("hi")", std::nullopt},
      {" { \"data\" : { \"a\" : [ 1 ] } , \"id\" : 7 } \n", PayloadKind::text, R"({ "a" : [ 1 ] })", 7},
      {R"({"id":0,"data":null})", PayloadKind::text, "null", 0},
      {R"({"id":9007199254740991,"data":[]})", PayloadKind::text, "[]", 9007199254740991},
      {R"({"data":1234567890123456789012345678901234567890})", PayloadKind::text,
       "1234567890123456789012345678901234567890", std::nullopt},
      {R"({"d\u0061ta":2})", PayloadKind::text, "2", std::nullopt},
      {R"({"base64":"AP8Q"})", PayloadKind::binary, std::string("\x00\xff\x10", 3), std::nullopt},
      {R"({"base64":"","id":3})", PayloadKind::binary, "", 3},
      {R"({"base64":"\/\/8="})", PayloadKind::binary, "\xff\xff", std::nullopt},
      {R"({"data":{"data":1,"x":2}})", PayloadKind::text, R"({"data":1,"x":2})", std::nullopt},
  };
  for (const GoodCase& each : cases) {
    std::string scratch;
    const auto message = decode_client_message(each.text, scratch);
    ASSERT_TRUE(message.ok()) << each.text << ": " << message.error().reason;
    EXPECT_EQ(message->kind, each.kind) << each.text;
    EXPECT_EQ(message->payload, each.payload) << each.text;
    EXPECT_EQ(message->id, each.id) << each.text;
  }
}

TEST(JsonDecoding, DataIsAViewIntoTheMessage) {
  const std::string text = R"({"data":{"a":1}})";
  std::string scratch;
  const auto message = decode_client_message(text, scratch);
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->payload.data(), text.data() + 8);
}

struct BadCase {
  std::string text;
  const char* reason;
  std::optional<std::uint64_t> id;
};

TEST(JsonDecoding, SaysWhatIsWrong) {
  const BadCase cases[] = {
      {"", "the message must be a JSON object", {}},
      {"[]", "the message must be a JSON object", {}},
      {"\"data\"", "the message must be a JSON object", {}},
      {"{}", "the message needs the member \"data\" or \"base64\"", {}},
      {R"({"id":5})", "the message needs the member \"data\" or \"base64\"", 5},
      {R"({"data":1} 2)", "something follows the JSON object", {}},
      {R"({"data":1,"data":2})", "only one of \"data\" and \"base64\" may be there, and once", {}},
      {R"({"data":1,"d\u0061ta":2})", "only one of \"data\" and \"base64\" may be there, and once", {}},
      {R"({"data":1,"base64":""})", "only one of \"data\" and \"base64\" may be there, and once", {}},
      {R"({"id":1,"id":1,"data":1})", "the member \"id\" is there twice", 1},
      {R"({"id":"1","data":1})", "the member \"id\" must be an integer from 0 to 9007199254740991", {}},
      {R"({"id":1.0,"data":1})", "the member \"id\" must be an integer from 0 to 9007199254740991", {}},
      {R"({"id":-1,"data":1})", "the member \"id\" must be an integer from 0 to 9007199254740991", {}},
      {R"({"id":9007199254740992,"data":1})", "the member \"id\" must be an integer from 0 to 9007199254740991", {}},
      {R"({"id":1,"Data":1})", "unknown member \"Data\"; there are data, base64 and id", 1},
      {R"({"user":"root","data":1})", "unknown member \"user\"; there are data, base64 and id", {}},
      {R"({"a\nb":1})", "unknown member \"a?b\"; there are data, base64 and id", {}},
      {R"({"base64":1})", "the member \"base64\" must be a string", {}},
      {R"({"base64":"AP8"})", "the member \"base64\" is not base64 with padding (RFC 4648, section 4)", {}},
      {R"({"base64":"\ud800"})", "the member \"base64\" is not base64 with padding (RFC 4648, section 4)", {}},
      {R"({"data":01})", "not JSON at byte 9: malformed number", {}},
      {R"({"data":1)", "not JSON at byte 9: the text ends too early", {}},
      {R"({"data":1,})", "not JSON at byte 10: unexpected character", {}},
      {R"({"data" 1})", "not JSON at byte 8: unexpected character", {}},
      {R"({data:1})", "not JSON at byte 1: unexpected character", {}},
      {R"({)", "not JSON at byte 1: the text ends too early", {}},
      {"{\"data\":" + std::string(513, '[') + std::string(513, ']') + "}",
       "not JSON at byte 520: nested deeper than 512",
       {}},
  };
  for (const BadCase& each : cases) {
    std::string scratch;
    const auto message = decode_client_message(each.text, scratch);
    ASSERT_FALSE(message.ok()) << each.text;
    EXPECT_EQ(message.error().reason, each.reason) << each.text;
    EXPECT_EQ(message.error().id, each.id) << each.text;
  }
}

TEST(JsonDecoding, ReasonsFitACloseFrame) {
  std::string scratch;
  const auto message = decode_client_message("{\"" + std::string(5000, '\xc3') + "\":1}", scratch);
  ASSERT_FALSE(message.ok());
  EXPECT_LE(message.error().reason.size(), 123u);
}

}  // namespace
}  // namespace usher::dialect
