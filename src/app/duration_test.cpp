#include "app/duration.hpp"

#include <gtest/gtest.h>

namespace usher::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Duration, IsANumberAndItsUnit) {
  struct Case {
    const char* text;
    std::optional<base::Duration> expected;
  };
  const Case cases[] = {
      {"25s", seconds(25)},   {"500ms", milliseconds(500)}, {"10m", seconds(600)},         {"24h", hours(24)},
      {"7d", hours(168)},     {"0s", seconds(0)},           {"10000d", hours(240'000)},    {"10001d", std::nullopt},
      {"25", std::nullopt},   {"", std::nullopt},           {"s", std::nullopt},           {"-1s", std::nullopt},
      {"1.5s", std::nullopt}, {"1 s", std::nullopt},        {"1S", std::nullopt},          {"1sec", std::nullopt},
      {"1s ", std::nullopt},  {"1h30m", std::nullopt},      {"99999999999999999999s", {}}, {"1us", std::nullopt},
  };
  for (const Case& c : cases) EXPECT_EQ(parse_duration(c.text), c.expected) << c.text;
}

TEST(Duration, TextIsInTheLargestExactUnit) {
  EXPECT_EQ(duration_text(seconds(90)), "90s");
  EXPECT_EQ(duration_text(seconds(600)), "10m");
  EXPECT_EQ(duration_text(hours(48)), "2d");
  EXPECT_EQ(duration_text(milliseconds(1500)), "1500ms");
  EXPECT_EQ(duration_text(seconds(0)), "0s");
}

}  // namespace
}  // namespace usher::app
