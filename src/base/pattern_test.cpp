#include "base/pattern.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace usher::base {
namespace {

Pattern pattern(std::string_view text) { return *Pattern::parse(text); }

TEST(Pattern, Matches) {
  struct Row {
    const char* pattern;
    const char* name;
    const char* variables;  ///< "room=7 user=a"; "-" when it does not match
  };
  constexpr Row rows[] = {
      {"chat", "chat", ""},
      {"chat", "chats", "-"},
      {"room.{room}", "room.7", "room=7"},
      {"room.{room}", "room.", "-"},
      {"room.{room}", "room.7.8", "-"},
      {"room.{room}", "room.a:b", "-"},
      {"room.{room}.{part}", "room.7.8", "room=7 part=8"},
      {"chat_{room}", "chat_a_b", "room=a_b"},
      {"{a}_{b}", "x_y_z", "a=x_y b=z"},
      {"{user}:inbox", "a%2Eb:inbox", "user=a%2Eb"},
      {"log.*", "log.", ""},
      {"log.*", "log.a.b:c", ""},
      {"log.*", "log", "-"},
      {"log.{x}.*", "log.a.b.c", "x=a"},
      {"*", "anything", ""},
      {"{x}*", "ab", "x=ab"},
      {"{x}-*", "a-b-c", "x=a-b"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.pattern) + " on " + row.name);
    const Pattern parsed = pattern(row.pattern);
    const auto found = parsed.match(row.name);
    std::string text = found ? "" : "-";
    for (const auto& [name, value] : found.value_or(Pattern::Variables{})) {
      text += (text.empty() ? "" : " ") + std::string(name) + "=" + std::string(value);
    }
    EXPECT_EQ(text, row.variables);
    EXPECT_EQ(parsed.matches(row.name), found.has_value());
  }
}

TEST(Pattern, RefusesWhatItCannotMean) {
  for (const char* text : {"", "a*b", "**", "{", "}", "{}", "{a b}", "{a}{b}", "a b", "a\"b", "a\\b", "caf\xC3\xA9"}) {
    EXPECT_FALSE(Pattern::parse(text).ok()) << text;
  }
  EXPECT_FALSE(Pattern::parse(std::string(256, 'a')).ok());
}

TEST(Pattern, CutsPathsAtSlashes) {
  const Pattern path = *Pattern::parse("/ws/{room}/", Pattern::path_separators);
  EXPECT_TRUE(path.matches("/ws/a.b:c/"));
  EXPECT_FALSE(path.matches("/ws/a/b/"));
}

TEST(Pattern, FillsVariablesIn) {
  EXPECT_EQ(pattern("room.{room}").fill({{"room", "7"}}), "room.7");
  EXPECT_EQ(pattern("chat").fill({}), "chat");
  EXPECT_EQ(pattern("room.{room}").fill({{"other", "7"}}), std::nullopt);
  EXPECT_EQ(pattern("room.*").fill({}), std::nullopt);
}

TEST(Pattern, Contains) {
  struct Row {
    const char* outer;
    const char* inner;
    bool contains;
  };
  constexpr Row rows[] = {
      {"*", "room.{x}", true},       {"room.*", "room.{x}", true},   {"room.{x}", "room.*", false},
      {"room.{x}", "room.1", true},  {"room.1", "room.{x}", false},  {"room.{a}", "room.{b}", true},
      {"{a}.{b}", "room.{b}", true}, {"room.{b}", "{a}.{b}", false}, {"a*", "ab*", true},
      {"ab*", "a*", false},          {"{x}b", "ab", true},           {"{x}", "{x}.{y}", false},
      {"x{a}", "x{a}y", true},       {"x{a}y", "x{a}", false},       {"log.{x}.*", "log.*", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(pattern(row.outer).contains(pattern(row.inner)), row.contains) << row.outer << " ⊇ " << row.inner;
  }
}

/// Every name of up to five characters over an alphabet in which each class of characters has one.
void each_name(const std::function<void(const std::string&)>& visit) {
  constexpr std::string_view alphabet = "ab.z";
  std::vector<std::string> names = {""};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!names[i].empty()) visit(names[i]);
    if (names[i].size() == 5) continue;
    for (const char c : alphabet) names.push_back(names[i] + c);
  }
}

std::string random_pattern(std::mt19937& random) {
  constexpr std::string_view pieces[] = {"a", "b", ".", "{x}"};
  std::string text;
  bool variable = false;
  for (unsigned length = 1 + random() % 4; length > 0; --length) {
    const std::string_view piece = pieces[random() % (variable ? 3 : 4)];
    variable = piece == "{x}";
    text += piece;
  }
  return random() % 3 == 0 ? text + "*" : text;
}

// No name up to that length separates the two, or the proof has found one that does. Patterns of at most four pieces
// are told apart by names of five characters.
TEST(Pattern, ContainsAgreesWithTryingEveryName) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 400; ++round) {
    const Pattern outer = pattern(random_pattern(random));
    const Pattern inner = pattern(random_pattern(random));
    bool contained = true;
    each_name([&](const std::string& name) {
      if (inner.matches(name) && !outer.matches(name)) contained = false;
    });
    EXPECT_EQ(outer.contains(inner), contained) << outer.text() << " ⊇ " << inner.text();
  }
}

TEST(ChannelName, IsVisibleAsciiWithoutAFew) {
  EXPECT_TRUE(valid_channel_name("room.1:a-b_c%2E~!"));
  EXPECT_TRUE(valid_channel_name(std::string(255, 'a')));
  for (const char* name : {"", "a b", "a/b", "a*", "{a}", "a\"", "a\\", "\x7f", "caf\xC3\xA9"}) {
    EXPECT_FALSE(valid_channel_name(name)) << name;
  }
  EXPECT_FALSE(valid_channel_name(std::string(256, 'a')));
}

TEST(UserInChannel, HasOneFormForEachUser) {
  EXPECT_EQ(user_in_channel("alice"), "alice");
  EXPECT_EQ(user_in_channel("a.b:c%d"), "a%2Eb%3Ac%25d");
  EXPECT_EQ(user_in_channel("caf\xC3\xA9 *"), "caf%C3%A9%20%2A");
}

}  // namespace
}  // namespace usher::base
