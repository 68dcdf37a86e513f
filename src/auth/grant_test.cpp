#include "auth/grant.hpp"

#include <gtest/gtest.h>

#include <random>

namespace usher::auth {
namespace {

ChannelRights channel_rights(std::string_view pattern, Rights rights) {
  return {*base::Pattern::parse(pattern), rights};
}

Grant grant_with(std::optional<std::string> user, Ceiling ceiling) {
  Grant grant(std::move(user));
  grant.change_details().channels = std::move(ceiling);
  return grant;
}

struct RoundTripCase {
  const char* name;
  const char* json;
  const char* written;  // null: as read
};

TEST(GrantJson, RoundTrips) {
  const RoundTripCase cases[] = {
      {"a user", R"({"user":"42"})", nullptr},
      {"a guest", R"({"user":null})", nullptr},
      {"nothing", R"({})", R"({"user":null})"},
      {"absent is null", R"({"user":"42","channels":null,"subscribe":null,"info":null,"meta":null,"session_ttl":null})",
       R"({"user":"42"})"},
      {"no channel at all", R"({"user":"42","channels":{}})", nullptr},
      {"channels", R"({"user":"42","channels":{"room.*":["subscribe","publish"],"user.{user}":["history"],"a":[]}})",
       nullptr},
      {"rights in any order", R"({"user":"4","channels":{"a":["history","subscribe","history"]}})",
       R"({"user":"4","channels":{"a":["subscribe","history"]}})"},
      {"subscribe", R"({"user":"42","subscribe":["room.1","room.2"]})", nullptr},
      {"info and meta as written",
       R"({"user":"42","info":{"z":1.50,"a":[12345678901234567890123,-0.5e-3,true,null]},"meta":"x\ny"})", nullptr},
      {"session_ttl", R"({"user":"42","session_ttl":3600})", nullptr},
      {"user beyond ASCII", "{\"user\":\"Zo\xc3\xab\"}", nullptr},
      {"spaces", " { \"user\" : \"42\" , \"info\" : { \"a\" : 1 } } ", R"({"user":"42","info":{"a":1}})"},
  };
  for (const RoundTripCase& c : cases) {
    const auto grant = parse_grant(c.json);
    ASSERT_TRUE(grant.ok()) << c.name << ": " << grant.error().message;
    EXPECT_EQ(grant_json(*grant), c.written == nullptr ? c.json : c.written) << c.name;
  }
}

struct RefusedCase {
  std::string json;
  const char* message;
};

TEST(GrantJson, IsStrictAndNamesTheMember) {
  const RefusedCase cases[] = {
      {"", "not JSON"},
      {"{", "not JSON"},
      {"[]", "must be an object"},
      {"\"42\"", "must be an object"},
      {R"({"user":"42"} x)", "not JSON"},
      {R"({"user":"42",})", "not JSON"},
      {R"({"user":42})", "`user`"},
      {R"({"user":""})", "`user`"},
      {R"({"user":["42"]})", "`user`"},
      {R"({"user":"a\u0000b"})", "`user`"},
      {"{\"user\":\"\xff\"}", "not JSON"},
      {R"({"user":")" + std::string(129, 'u') + R"("})", "`user`"},
      {R"({"user":"1","user":"2"})", "comes twice"},
      {R"({"user":"1","admin":true})", "\"admin\" is not known"},
      {R"({"user":"1","channels":["a"]})", "`channels`"},
      {R"({"user":"1","channels":"*"})", "`channels`"},
      {R"({"user":"1","channels":{"a":"subscribe"}})", "`channels`"},
      {R"({"user":"1","channels":{"a":["write"]}})", "`channels`"},
      {R"({"user":"1","channels":{"a":[1]}})", "`channels`"},
      {R"({"user":"1","channels":{"a":[["subscribe"]]}})", "`channels`"},
      {R"({"user":"1","channels":{"":["subscribe"]}})", "`channels`"},
      {R"({"user":"1","channels":{"a*b":["subscribe"]}})", "`channels`"},
      {R"({"user":"1","channels":{"a":["subscribe"],"a":["publish"]}})", "comes twice"},
      {R"({"user":"1","subscribe":"a"})", "`subscribe`"},
      {R"({"user":"1","subscribe":["a b"]})", "`subscribe`"},
      {R"({"user":"1","subscribe":[1]})", "`subscribe`"},
      {R"({"user":"1","session_ttl":"3600"})", "`session_ttl`"},
      {R"({"user":"1","session_ttl":0})", "`session_ttl`"},
      {R"({"user":"1","session_ttl":-1})", "`session_ttl`"},
      {R"({"user":"1","session_ttl":1.5})", "`session_ttl`"},
      {R"({"user":"1","session_ttl":1e3})", "`session_ttl`"},
      {R"({"user":"1","session_ttl":99999999999999999999})", "`session_ttl`"},
      {R"({"user":"1","info":)" + std::string(40, '[') + std::string(40, ']') + "}", "nested deeper"},
      {R"({"user":"1","info":")" + std::string(grant_json_bytes_max, 'x') + "\"}", "longer than"},
  };
  for (const RefusedCase& c : cases) {
    const auto grant = parse_grant(c.json);
    ASSERT_FALSE(grant.ok()) << c.json;
    EXPECT_NE(grant.error().message.find(c.message), std::string::npos) << c.json << ": " << grant.error().message;
  }
}

TEST(GrantJson, BoundsPatternsAndSubscriptions) {
  std::string patterns;
  std::string channels;
  for (std::size_t i = 0; i <= grant_patterns_max; ++i) {
    patterns += (i == 0 ? "\"c" : ",\"c") + std::to_string(i) + "\":[]";
    channels += (i == 0 ? "\"c" : ",\"c") + std::to_string(i) + "\"";
  }
  EXPECT_FALSE(parse_grant("{\"channels\":{" + patterns + "}}").ok());
  EXPECT_FALSE(parse_grant("{\"subscribe\":[" + channels + "]}").ok());
}

TEST(Grant, CostsLittleWithoutDetailsAndCopiesDeeply) {
  EXPECT_LE(sizeof(Grant), 48U);
  Grant grant = grant_with("alice", {channel_rights("a", {Right::publish})});
  const Grant copy = grant;
  grant.change_details().channels->clear();
  EXPECT_EQ(copy.details().channels->size(), 1U);
  grant = copy;
  EXPECT_EQ(grant.details().channels->size(), 1U);
}

struct PolicyCase {
  const char* name;
  Grant grant;
  std::array<bool, 5> allowed;  // anyone, user, granted, owner, nobody
};

TEST(Policy, RulesAndCeiling) {
  // Asked for: the right to publish in inbox.alice, where {user} is alice.
  const Ceiling names = {channel_rights("inbox.*", {Right::publish})};
  const Ceiling other_right = {channel_rights("inbox.*", {Right::subscribe})};
  const Ceiling other_channel = {channel_rights("room.*", {Right::publish})};
  const Ceiling two = {channel_rights("inbox.*", {Right::subscribe}), channel_rights("*", {Right::publish})};
  const PolicyCase cases[] = {
      {"guest", Grant(), {true, false, false, false, false}},
      {"the user", Grant("alice"), {true, true, false, true, false}},
      {"another user", Grant("bob"), {true, true, false, false, false}},
      {"a user of other case", Grant("Alice"), {true, true, false, false, false}},
      {"guest, named", grant_with({}, names), {true, false, true, false, false}},
      {"the user, named", grant_with("alice", names), {true, true, true, true, false}},
      {"another user, named", grant_with("bob", names), {true, true, true, false, false}},
      {"named with another right", grant_with("alice", other_right), {false, false, false, false, false}},
      {"not named", grant_with("alice", other_channel), {false, false, false, false, false}},
      {"empty ceiling", grant_with("alice", {}), {false, false, false, false, false}},
      {"rights of several patterns", grant_with("alice", two), {true, true, true, true, false}},
  };
  constexpr std::array rules = {Allow::anyone, Allow::user, Allow::granted, Allow::owner, Allow::nobody};
  for (const PolicyCase& c : cases) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      EXPECT_EQ(allows(c.grant, rules[i], {Right::publish, "inbox.alice", "alice"}), c.allowed[i]) << c.name << i;
    }
  }
}

TEST(Policy, OwnerIsThePercentEncodedUser) {
  EXPECT_TRUE(allows(Grant("a.b"), Allow::owner, {Right::subscribe, "inbox.a%2Eb", "a%2Eb"}));
  EXPECT_FALSE(allows(Grant("a.b"), Allow::owner, {Right::subscribe, "inbox.a%2eb", "a%2eb"}));
  EXPECT_FALSE(allows(Grant("a"), Allow::owner, {Right::subscribe, "inbox.a%2Eb", "a%2Eb"}));
  EXPECT_TRUE(allows(Grant("Zo\xc3\xab"), Allow::owner, {Right::subscribe, "inbox.Zo%C3%AB", "Zo%C3%AB"}));
  EXPECT_FALSE(allows(Grant("alice"), Allow::owner, {Right::subscribe, "lobby", ""}));
}

TEST(Policy, WordsOfTheConfiguration) {
  EXPECT_EQ(parse_allow("anyone"), Allow::anyone);
  EXPECT_EQ(parse_allow("user"), Allow::user);
  EXPECT_EQ(parse_allow("granted"), Allow::granted);
  EXPECT_EQ(parse_allow("owner"), Allow::owner);
  EXPECT_EQ(parse_allow("nobody"), Allow::nobody);
  EXPECT_FALSE(parse_allow("Anyone"));
  EXPECT_EQ(parse_right("history"), Right::history);
  EXPECT_FALSE(parse_right("tickets"));
  EXPECT_EQ(parse_api_right("tickets"), ApiRight::tickets);
  EXPECT_FALSE(parse_api_right("history"));
}

struct NarrowCase {
  const char* granted;
  const char* requested;
  bool accepted;
};

TEST(Narrow, AsksForLessNeverForMore) {
  const NarrowCase cases[] = {
      {R"({"user":"1"})", R"({"channels":{"*":["subscribe","publish","presence","history"]}})", true},
      {R"({"channels":{"room.*":["subscribe"]}})", R"({"channels":{"room.1":["subscribe"]}})", true},
      {R"({"channels":{"room.*":["subscribe"]}})", R"({"channels":{"room.{id}":["subscribe"]}})", true},
      {R"({"channels":{"room.*":["subscribe"]}})", R"({"channels":{"room.*":["subscribe"]}})", true},
      {R"({"channels":{"room.*":["subscribe"]}})", R"({"channels":{"room.*":[]}})", true},
      {R"({"channels":{"room.*":["subscribe"]}})", R"({"channels":{}})", true},
      {R"({"channels":{"room.*":["subscribe"]}})", R"({"channels":{"room.1":["subscribe","publish"]}})", false},
      {R"({"channels":{"room.{id}":["subscribe"]}})", R"({"channels":{"room.*":["subscribe"]}})", false},
      {R"({"channels":{"room.*":["subscribe"]}})", R"({"channels":{"*":["subscribe"]}})", false},
      {R"({"channels":{"room.1":["subscribe"]}})", R"({"channels":{"room.{id}":["subscribe"]}})", false},
      {R"({"channels":{}})", R"({"channels":{"room.1":["subscribe"]}})", false},
      {R"({"channels":{"a":["subscribe"],"b":["publish"]}})", R"({"channels":{"a":["subscribe"],"b":["publish"]}})",
       true},
      {R"({"channels":{"a":["subscribe"],"b":["publish"]}})", R"({"channels":{"a":["publish"]}})", false},
      {R"({"channels":{"a*":["subscribe"],"*":["publish"]}})", R"({"channels":{"ab":["subscribe","publish"]}})", true},
  };
  for (const NarrowCase& c : cases) {
    const Grant granted = *parse_grant(c.granted);
    const Ceiling requested = *parse_grant(c.requested)->details().channels;
    const auto narrowed = narrow(granted, requested);
    ASSERT_EQ(narrowed.ok(), c.accepted) << c.granted << c.requested;
    if (!c.accepted) continue;
    EXPECT_EQ(narrowed->user, granted.user);
    EXPECT_EQ(narrowed->details().channels->size(), requested.size());
  }
}

TEST(Narrow, KeepsTheRestAndDropsSubscriptionsBeyondIt) {
  const Grant granted =
      *parse_grant(R"({"user":"1","subscribe":["room.1","news"],"info":{"a":1},"meta":{"b":2},"session_ttl":60})");
  const auto narrowed = narrow(granted, {channel_rights("room.*", {Right::subscribe})});
  ASSERT_TRUE(narrowed.ok());
  EXPECT_EQ(grant_json(*narrowed),
            R"({"user":"1","channels":{"room.*":["subscribe"]},"only_narrowed":true,"subscribe":["room.1"],)"
            R"("info":{"a":1},"meta":{"b":2},"session_ttl":60})");
}

TEST(Narrow, AskingDoesNotGrant) {
  const Wanted wanted{Right::subscribe, "secret", {}};
  const Grant stranger = *narrow(Grant("1"), {channel_rights("secret", {Right::subscribe})});
  EXPECT_FALSE(allows(stranger, Allow::granted, wanted));
  EXPECT_TRUE(allows(stranger, Allow::user, wanted));
  EXPECT_FALSE(allows(*narrow(stranger, {channel_rights("secret", {Right::subscribe})}), Allow::granted, wanted));
  EXPECT_FALSE(allows(*parse_grant(grant_json(stranger)), Allow::granted, wanted));
  const Grant named = grant_with("1", {channel_rights("*", {Right::subscribe})});
  EXPECT_TRUE(allows(*narrow(named, {channel_rights("secret", {Right::subscribe})}), Allow::granted, wanted));
}

TEST(Narrow, BoundsTheProofs) {
  Ceiling many;
  for (int i = 0; i < 100; ++i) many.push_back(channel_rights("{x}.c" + std::to_string(i), {Right::publish}));
  const Grant granted = grant_with("1", many);
  EXPECT_TRUE(narrow(granted, {many.back()}).ok());
  EXPECT_FALSE(narrow(granted, many).ok()) << "one hundred patterns against one hundred";
  EXPECT_TRUE(narrow(granted, Ceiling(100, channel_rights("a.c99", {Right::publish}))).ok()) << "names are cheap";
}

/// All names of up to `length` characters of the alphabet.
std::vector<std::string> all_names(std::string_view alphabet, std::size_t length) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  for (const char c : alphabet) names.emplace_back(1, c);
  for (std::size_t size = 2; size <= length; ++size) {
    const std::size_t end = names.size();
    for (; begin < end; ++begin) {
      for (const char c : alphabet) names.push_back(names[begin] + c);
    }
  }
  return names;
}

TEST(Narrow, NeverAllowsWhatWasNotGranted) {
  constexpr unsigned seed = 20240611;
  std::mt19937 random(seed);
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  constexpr std::array<std::string_view, 6> pieces = {"a", "b", ".", ":", "{x}", "{y}"};
  const auto random_ceiling = [&] {
    Ceiling ceiling;
    for (std::size_t entries = 1 + below(3); entries > 0; --entries) {
      std::string text;
      for (std::size_t length = 1 + below(3); length > 0; --length) text += pieces[below(pieces.size())];
      if (below(3) == 0) text += '*';
      Rights rights;
      for (const Right right : all_rights) {
        if (below(2) == 0) rights.add(right);
      }
      if (auto pattern = base::Pattern::parse(text)) ceiling.push_back({*std::move(pattern), rights});
    }
    return ceiling;
  };
  const std::vector<std::string> names = all_names("ab.:", 4);
  int accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    const Grant granted = grant_with("u", random_ceiling());
    const auto narrowed = narrow(granted, random_ceiling());
    if (!narrowed) continue;
    ++accepted;
    for (const std::string& name : names) {
      for (const Right right : all_rights) {
        if (!allows(*narrowed, Allow::granted, {right, name, ""})) continue;
        ASSERT_TRUE(allows(granted, Allow::granted, {right, name, ""}))
            << "seed " << seed << " round " << round << ' ' << name << ' ' << grant_json(granted) << ' '
            << grant_json(*narrowed);
      }
    }
  }
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace usher::auth
