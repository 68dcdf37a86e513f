#include "app/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace usher::app {
namespace {

TEST(EditDistance, CountsSteps) {
  struct Case {
    std::string_view a, b;
    std::size_t distance;
  };
  for (const Case& c : {Case{"", "", 0}, Case{"abc", "abc", 0}, Case{"", "abc", 3}, Case{"ttl", "tll", 1},
                        Case{"listen", "lsiten", 1}, Case{"kitten", "sitting", 3}, Case{"ticket", "tickets", 1}}) {
    EXPECT_EQ(edit_distance(c.a, c.b), c.distance) << c.a << " " << c.b;
    EXPECT_EQ(edit_distance(c.b, c.a), c.distance) << c.b << " " << c.a;
  }
}

TEST(Nearest, IsTheOneThatWasMeantOrNone) {
  constexpr std::array<std::string_view, 4> known = {"ttl", "ttl_max", "store", "bind_origin"};
  EXPECT_EQ(nearest("tll", known), "ttl");
  EXPECT_EQ(nearest("ttlmax", known), "ttl_max");
  EXPECT_EQ(nearest("bind_orgin", known), "bind_origin");
  EXPECT_EQ(nearest("zzz", known), std::nullopt);
  EXPECT_EQ(nearest("completely_else", known), std::nullopt);
}

}  // namespace
}  // namespace usher::app
