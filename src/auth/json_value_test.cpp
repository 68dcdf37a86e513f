#include "auth/json_value.hpp"

#include <gtest/gtest.h>

namespace usher::auth {
namespace {

TEST(JsonValue, KeepsOrderAndNumbersAsWritten) {
  const std::string_view cases[] = {
      "null",
      "true",
      "false",
      "0",
      "-1",
      "1.50",
      "1e5",
      "123456789012345678901234567890",
      "\"\"",
      "[]",
      "{}",
      R"({"b":1,"a":[{"c":null},[]],"":"x"})",
      R"(["\"\\\n"])",
  };
  for (const std::string_view text : cases) {
    const auto value = parse_json(text, 1000);
    ASSERT_TRUE(value.ok()) << text << ": " << value.error().message;
    std::string written;
    append_json(written, *value);
    EXPECT_EQ(written, text);
  }
}

TEST(JsonValue, RefusesWhatIsNotStrict) {
  const std::string_view cases[] = {
      "",
      " ",
      "nul",
      "{",
      "}",
      "[1,]",
      "{\"a\"}",
      "{'a':1}",
      "{\"a\":1,}",
      "01",
      "+1",
      ".5",
      "1.",
      "NaN",
      "1e999",
      "\"\t\"",
      "\"\\x\"",
      "\"\\ud800\"",
      "\"\xc0\x80\"",
      "\"\xed\xa0\x80\"",
      "[1] 2",
      "// x\n1",
      "1\v",
      "[\"a\" \"b\"]",
      R"({"a":1,"a":2})",
      R"({"a":{"b":1,"b":1}})",
      R"({"a":1,"\u0061":2})",
      "\xef\xbb\xbf[",
  };
  for (const std::string_view text : cases) EXPECT_FALSE(parse_json(text, 1000).ok()) << text;
}

TEST(JsonValue, BoundsDepthAndSize) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nested(json_depth_max), 1000).ok());
  EXPECT_FALSE(parse_json(nested(json_depth_max + 1), 1000).ok());
  EXPECT_FALSE(parse_json(std::string(999, '['), 1000).ok());
  EXPECT_TRUE(parse_json("[1,2]", 5).ok());
  EXPECT_FALSE(parse_json("[1,2]", 4).ok());
}

}  // namespace
}  // namespace usher::auth
