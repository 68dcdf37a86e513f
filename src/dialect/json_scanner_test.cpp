#include "dialect/json_scanner.hpp"

#include <gtest/gtest.h>

#include <string>

namespace usher::dialect {
namespace {

struct Case {
  const char* name;
  std::string text;
  JsonFault fault;
  std::size_t end;
};

TEST(JsonScanner, FindsTheEndOfOneValueOrWhatIsWrong) {
  const Case cases[] = {
      {"null", "null", JsonFault::none, 4},
      {"true before more", "true,1", JsonFault::none, 4},
      {"word cut short", "fals", JsonFault::unexpected_end, 4},
      {"word misspelt", "nulp", JsonFault::unexpected_character, 3},
      {"nothing", "", JsonFault::unexpected_end, 0},
      {"zero", "0", JsonFault::none, 1},
      {"minus zero", "-0", JsonFault::none, 2},
      {"leading zero", "01", JsonFault::bad_number, 1},
      {"minus alone", "-", JsonFault::unexpected_end, 1},
      {"minus letter", "-a", JsonFault::bad_number, 1},
      {"plus", "+1", JsonFault::unexpected_character, 0},
      {"fraction", "1.50", JsonFault::none, 4},
      {"no digit behind the point", "1.e5", JsonFault::bad_number, 2},
      {"point at the end", "1.", JsonFault::unexpected_end, 2},
      {"exponent", "1E+5", JsonFault::none, 4},
      {"exponent without digits", "1e+", JsonFault::unexpected_end, 3},
      {"beyond 64 bits", "123456789012345678901234567890", JsonFault::none, 30},
      {"beyond a double", "1e99999", JsonFault::none, 7},
      {"not a number", "NaN", JsonFault::unexpected_character, 0},
      {"string", R"("abc")", JsonFault::none, 5},
      {"string in words of eight", R"("abcdefghijklmnop" )", JsonFault::none, 18},
      {"all escapes", R"("\"\\\/\b\f\n\r\t\u00Ff")", JsonFault::none, 24},
      {"lone surrogate", R"("\ud800")", JsonFault::none, 8},
      {"unknown escape", R"("\x")", JsonFault::bad_escape, 2},
      {"escape cut short", R"("\u12)", JsonFault::unexpected_end, 5},
      {"escape without hex", R"("\u12g4")", JsonFault::bad_escape, 5},
      {"open string", R"("abc)", JsonFault::unexpected_end, 4},
      {"line feed in a string", "\"a\nb\"", JsonFault::control_character, 2},
      {"line feed in a long string", "\"abcdefgh\nijklmnop\"", JsonFault::control_character, 9},
      {"NUL in a string", std::string("\"\0\"", 3), JsonFault::control_character, 1},
      {"delete is no control character here", "\"\x7f\"", JsonFault::none, 3},
      {"UTF-8", "\"\xc3\xa4\xf0\x9f\x98\x80\"", JsonFault::none, 8},
      {"empty array", "[ ]", JsonFault::none, 3},
      {"array", "[1, [2],\t{}]", JsonFault::none, 12},
      {"comma at the end of an array", "[1,]", JsonFault::unexpected_character, 3},
      {"comma at the start of an array", "[,1]", JsonFault::unexpected_character, 1},
      {"array closed as an object", "[1}", JsonFault::unexpected_character, 2},
      {"empty object", "{}", JsonFault::none, 2},
      {"object", R"({"a":1, "b" : {"c":[]}})", JsonFault::none, 23},
      {"comma at the end of an object", R"({"a":1,})", JsonFault::unexpected_character, 7},
      {"no colon", R"({"a" 1})", JsonFault::unexpected_character, 5},
      {"no value", R"({"a":})", JsonFault::unexpected_character, 5},
      {"name without quotes", "{a:1}", JsonFault::unexpected_character, 1},
      {"open object", R"({"a":1)", JsonFault::unexpected_end, 6},
      {"form feed is no white space", "[\f]", JsonFault::unexpected_character, 1},
  };
  for (const Case& each : cases) {
    const JsonScan scan = scan_json_value(each.text, 0);
    EXPECT_EQ(scan.fault, each.fault) << each.name << ": " << describe(scan.fault);
    EXPECT_EQ(scan.end, each.end) << each.name;
  }
}

TEST(JsonScanner, EveryPrefixOfAValueEndsTooEarly) {
  const std::string text = R"({"a":[true,false,null,"x\u0041\n",{"b":"cdefghijkl"}],"d":"e"})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(scan_json_value(text.substr(0, size), 0).fault, JsonFault::unexpected_end) << size;
  }
  EXPECT_EQ(scan_json_value(text + "]", 0).end, text.size());
}

TEST(JsonScanner, NestingHasALimit) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(is_json_value(nested(json_depth_max)));
  EXPECT_EQ(scan_json_value(nested(json_depth_max + 1), 0).fault, JsonFault::too_deep);
  std::string objects;
  for (int i = 0; i < 600; ++i) objects += "{\"a\":";
  EXPECT_EQ(scan_json_value(objects, 0).fault, JsonFault::too_deep);
  // Siblings are not nesting.
  std::string siblings = "[";
  for (int i = 0; i < 2000; ++i) siblings += "[],";
  EXPECT_TRUE(is_json_value(siblings + "1]"));
}

TEST(JsonScanner, ExactlyOneValueMayHaveSpaceAroundIt) {
  EXPECT_TRUE(is_json_value(" \t\r\n{\"a\":1}\n"));
  EXPECT_FALSE(is_json_value("1 2"));
  EXPECT_FALSE(is_json_value(" "));
  EXPECT_FALSE(is_json_value("\xef\xbb\xbf{}"));
}

TEST(JsonScanner, UnquotesStrings) {
  EXPECT_EQ(unquote_json_string(R"("a\/b\"\\\b\f\n\r\t")"), "a/b\"\\\b\f\n\r\t");
  EXPECT_EQ(unquote_json_string(R"("\u0041\u00e4\u20AC\ud83d\ude00")"), "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(unquote_json_string(R"("\ud800x")"), std::nullopt);
  EXPECT_EQ(unquote_json_string(R"("\ude00")"), std::nullopt);
  EXPECT_EQ(unquote_json_string(R"("\ud83d\u0041")"), std::nullopt);
  EXPECT_EQ(unquote_json_string(R"("")"), "");
}

}  // namespace
}  // namespace usher::dialect
