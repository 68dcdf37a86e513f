#include "base/text.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/base64.hpp"
#include "base/json.hpp"

namespace usher::base {
namespace {

TEST(Text, ListsAreCutAndTrimmed) {
  const auto elements = [](std::string_view rest) {
    std::vector<std::string> found;
    std::string_view element;
    while (next_element(rest, ',', element)) found.emplace_back(element);
    return found;
  };
  EXPECT_EQ(elements("a, b\t,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(elements("a,,b"), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(elements(""), (std::vector<std::string>{""}));
  EXPECT_EQ(elements("a,"), (std::vector<std::string>{"a", ""}));
}

TEST(Text, Decimals) {
  EXPECT_EQ(parse_decimal("0"), 0u);
  EXPECT_EQ(parse_decimal("18446744073709551615"), UINT64_MAX);
  for (const char* text : {"", "18446744073709551616", "-1", "+1", " 1", "1 ", "0x1", "1.0"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  }
}

TEST(Text, Tokens) {
  EXPECT_TRUE(is_token("usher.json.v1"));
  for (const char* text : {"", "a b", "a,b", "a\"b", "a/b", "\x80"}) EXPECT_FALSE(is_token(text)) << text;
}

TEST(Base64, StandardIsStrict) {
  struct Row {
    std::string_view bytes;
    std::string_view text;
  };
  constexpr Row rows[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe", "//4="}};
  for (const Row& row : rows) {
    EXPECT_EQ(base64_encode(row.bytes), row.text);
    EXPECT_EQ(base64_decode(row.text), row.bytes);
  }
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Z===", "Zm9v ", "Zm9v\n", "=Zm9", "Zm=v", "_-8="}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
}

TEST(Base64, UrlSafeHasNoPadding) {
  EXPECT_EQ(base64url_encode("\xff\xfe"), "__4");
  EXPECT_EQ(base64url_decode("__4"), "\xff\xfe");
  for (const char* text : {"__4=", "__5", "_", "//4"}) EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
}

TEST(JsonString, EscapesAndNeverBreaks) {
  struct Row {
    std::string_view text;
    std::string_view json;
  };
  constexpr Row rows[] = {
      {"", R"("")"},
      {"a\"b\\c", R"("a\"b\\c")"},
      {"\n\r\t\x01\x7f", R"("\n\r\t\u0001\u007f")"},
      {"caf\xC3\xA9", "\"caf\xC3\xA9\""},
      {"a\xff\x62", "\"a\xEF\xBF\xBD\x62\""},
      {"\xC3", "\"\xEF\xBF\xBD\""},
      {"\xF0\x9F\x98\x80\xF0\x9F", "\"\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD\""},
  };
  for (const Row& row : rows) EXPECT_EQ(json_string(row.text), row.json);
}

}  // namespace
}  // namespace usher::base
