#include "app/load/latency.hpp"

#include <gtest/gtest.h>

namespace usher::app {
namespace {

using namespace std::chrono_literals;

TEST(LatencyHistogram, IsZeroWhenNothingWasRecorded) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.percentile(0.5), 0ns);
  EXPECT_EQ(histogram.max(), 0ns);
}

TEST(LatencyHistogram, KeepsSmallValuesExactly) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.record(base::Duration(i));
  EXPECT_EQ(histogram.percentile(0.5), 50ns);
  EXPECT_EQ(histogram.percentile(0.99), 99ns);
  EXPECT_EQ(histogram.percentile(1), 100ns);
}

TEST(LatencyHistogram, IsAtMostOneSixtyFourthTooHigh) {
  for (std::int64_t value = 1; value > 0 && value < (std::int64_t{1} << 61); value = value * 3 / 2 + 1) {
    LatencyHistogram histogram;
    histogram.record(base::Duration(value));
    histogram.record(base::Duration(INT64_MAX));
    const std::int64_t median = histogram.percentile(0.5).count();
    EXPECT_GE(median, value);
    EXPECT_LE(median, value + value / 64) << value;
  }
}

TEST(LatencyHistogram, NamesNoPercentileAboveTheMaximum) {
  LatencyHistogram histogram;
  histogram.record(1'000'001ns);
  EXPECT_EQ(histogram.percentile(0.999), 1'000'001ns);
  EXPECT_EQ(histogram.max(), 1'000'001ns);
}

TEST(LatencyHistogram, CountsAClockThatStoodStillAsNoTime) {
  LatencyHistogram histogram;
  histogram.record(-5ns);
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.max(), 0ns);
}

}  // namespace
}  // namespace usher::app
