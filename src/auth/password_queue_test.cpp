#include "auth/password_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace usher::auth {
namespace {

Address address(const std::string& text) { return *Address::parse(text); }

TEST(PasswordQueue, TwoPerAddress) {
  PasswordQueue queue({});
  auto first = queue.admit(address("203.0.113.7"));
  auto second = queue.admit(address("203.0.113.7"));
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(queue.admit(address("203.0.113.7")));
  EXPECT_FALSE(queue.admit(address("::ffff:203.0.113.7")));
  EXPECT_TRUE(queue.admit(address("203.0.113.8")));
  first.reset();
  EXPECT_TRUE(queue.admit(address("203.0.113.7")));
}

TEST(PasswordQueue, Ipv6ByNetwork) {
  PasswordQueue queue({});
  const auto first = queue.admit(address("2001:db8::1"));
  const auto second = queue.admit(address("2001:db8::2"));
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(queue.admit(address("2001:db8::3")));
  EXPECT_TRUE(queue.admit(address("2001:db8:0:1::1")));
}

TEST(PasswordQueue, SixtyFourInAll) {
  PasswordQueue queue({});
  std::vector<PasswordQueue::Permit> permits;
  for (int i = 0; i < 64; ++i) permits.push_back(queue.admit(address("10.0.0." + std::to_string(i))).value());
  EXPECT_EQ(queue.waiting(), 64U);
  EXPECT_FALSE(queue.admit(address("10.0.1.1")));
  permits.pop_back();
  EXPECT_TRUE(queue.admit(address("10.0.1.1")));
  permits.clear();
  EXPECT_EQ(queue.waiting(), 0U);
}

TEST(PasswordQueue, AMovedPermitCountsOnce) {
  PasswordQueue queue({});
  auto first = queue.admit(address("203.0.113.7"));
  PasswordQueue::Permit moved = *std::move(first);
  first.reset();
  EXPECT_EQ(queue.waiting(), 1U);
  moved = queue.admit(address("203.0.113.8")).value();
  EXPECT_EQ(queue.waiting(), 1U);
}

TEST(PasswordQueue, LimitsOfNothingRefuseEveryone) {
  PasswordQueue queue({.in_all = 1, .per_address = 0});
  EXPECT_FALSE(queue.admit(address("203.0.113.7")));
}

}  // namespace
}  // namespace usher::auth
