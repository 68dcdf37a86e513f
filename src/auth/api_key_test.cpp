#include "auth/api_key.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace usher::auth {
namespace {

ApiKeys two_keys() {
  std::vector<ApiKey> keys;
  keys.push_back({"backend", sha256("usk_one"), {ApiRight::publish, ApiRight::tickets}, {}});
  keys.push_back({"rooms", sha256("usk_two"), {ApiRight::read}, {*base::Pattern::parse("room.{id}")}});
  return ApiKeys(std::move(keys));
}

TEST(ApiKeys, FindsByTheWholeKey) {
  const ApiKeys keys = two_keys();
  ASSERT_NE(keys.find("usk_one"), nullptr);
  EXPECT_EQ(keys.find("usk_one")->name, "backend");
  EXPECT_EQ(keys.find("usk_two")->name, "rooms");
  for (const std::string_view wrong : {"", "usk_", "usk_on", "usk_one ", "usk_onE", "backend"}) {
    EXPECT_EQ(keys.find(wrong), nullptr) << wrong;
  }
  EXPECT_EQ(keys.find(digest_text(sha256("usk_one"))), nullptr) << "the hash in the file is no key";
  EXPECT_EQ(ApiKeys().find("usk_one"), nullptr);
}

TEST(ApiKeys, HaveRightsAndChannels) {
  const ApiKeys keys = two_keys();
  const ApiKey& backend = *keys.find("usk_one");
  const ApiKey& rooms = *keys.find("usk_two");
  EXPECT_TRUE(backend.allows(ApiRight::tickets));
  EXPECT_FALSE(backend.allows(ApiRight::disconnect));
  EXPECT_TRUE(backend.reaches("anything"));
  EXPECT_TRUE(rooms.reaches("room.1"));
  EXPECT_FALSE(rooms.reaches("room.1.x"));
  EXPECT_TRUE(rooms.reaches_all(*base::Pattern::parse("room.a{x}")));
  EXPECT_FALSE(rooms.reaches_all(*base::Pattern::parse("room.*")));
}

TEST(ApiKeys, AreDrawnFromEntropy) {
  EntropyBlock entropy([](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, std::uint8_t{1}); });
  EXPECT_EQ(draw_api_key(entropy).expose(), "usk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE");
}

}  // namespace
}  // namespace usher::auth
