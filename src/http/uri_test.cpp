#include "http/uri.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace usher::http {
namespace {

TEST(PercentDecode, Table) {
  struct Row {
    std::string_view input;
    std::optional<std::string> expected;
  };
  const Row rows[] = {
      {"", ""},
      {"abc", "abc"},
      {"%41%7a", "Az"},
      {"a%2Fb", "a/b"},
      {"%c3%A9", "\xc3\xa9"},
      {"+", "+"},
      {"%25", "%"},
      {"%2525", "%25"},
      {"%", std::nullopt},
      {"%4", std::nullopt},
      {"a%4", std::nullopt},
      {"%zz", std::nullopt},
      {"%4g", std::nullopt},
      {"%00", std::nullopt},
      {"%+1", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(percent_decode(row.input), row.expected) << row.input;
  EXPECT_EQ(percent_decode(std::string_view("a\0b", 3)), std::nullopt);
}

TEST(PercentEncode, LeavesTheUnreservedAlone) {
  EXPECT_EQ(percent_encode("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(percent_encode("a b/%\xff"), "a%20b%2F%25%FF");
  EXPECT_EQ(percent_encode(std::string_view("\0", 1)), "%00");
}

TEST(Escapes, AreCheckedWithoutDecoding) {
  for (const std::string_view good : {"", "a", "%41", "%41%42", "%2525"})
    EXPECT_TRUE(escapes_well_formed(good)) << good;
  for (const std::string_view bad : {"%", "%4", "%4%41", "%%41", "a%g1"}) EXPECT_FALSE(escapes_well_formed(bad)) << bad;
}

TEST(Authority, Table) {
  for (const std::string_view good : {"a", "a.b-c_d~e", "127.0.0.1", "a:80", "a:", "[::1]", "[::ffff:1.2.3.4]:443",
                                      "xn--bcher-kva.example", "a%20b", "a!$&'()*+;="}) {
    EXPECT_TRUE(is_authority(good)) << good;
  }
  for (const std::string_view bad :
       {"",    ":80",  "a@b",  "a b", "a/b", "a?b",        "a#b",     "a\\b",    "a:b", "a:123456", "a:1:2",
        "::1", "[::1", "::1]", "[]",  "[a]", "[::1%eth0]", "[::1]80", "[::1]:x", "a%2", "a\"b",     "\xc3\xa9"}) {
    EXPECT_FALSE(is_authority(bad)) << bad;
  }
}

/// The parameters as "name=value|…"; "-" when the query is refused.
std::string parameters_of(std::string_view raw) {
  const std::optional<Query> query = Query::parse(raw);
  if (!query) return "-";
  std::string result;
  for (const QueryParameter& each : query->parameters()) result += each.name + "=" + each.value + "|";
  return result;
}

TEST(Query, Table) {
  struct Row {
    std::string_view raw;
    std::string_view expected;
  };
  constexpr Row rows[] = {
      {"", ""},
      {"a=b", "a=b|"},
      {"a=b&c=d", "a=b|c=d|"},
      {"a", "a=|"},
      {"a=", "a=|"},
      {"=b", "=b|"},
      {"a=b=c", "a=b=c|"},
      {"&&a=b&", "a=b|"},
      {"a=1&a=2", "a=1|a=2|"},
      {"a=b+c", "a=b c|"},
      {"a=b%2Bc", "a=b+c|"},
      {"%61=%26", "a=&|"},
      {"a=b;c", "a=b;c|"},
      {"a=?b", "a=?b|"},
      {"a=%", "-"},
      {"%0=b", "-"},
      {"a=%00", "-"},
  };
  for (const Row& row : rows) EXPECT_EQ(parameters_of(row.raw), row.expected) << row.raw;
}

TEST(Query, ShowsRepetitions) {
  const std::optional<Query> query = Query::parse("t=1&u=2&%74=3");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->count("t"), 2U);
  EXPECT_EQ(query->count("x"), 0U);
  ASSERT_NE(query->find("t"), nullptr);
  EXPECT_EQ(*query->find("t"), "1");
  EXPECT_EQ(query->find("T"), nullptr);
}

}  // namespace
}  // namespace usher::http
