#include <gtest/gtest.h>

#include <set>

#include "base/close_reason.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/slab.hpp"

namespace usher::base {
namespace {

TEST(CloseReasons, EachRowStandsAtItsPlaceAndHasItsOwnLabel) {
  std::set<std::string_view> labels;
  for (const CloseReasonRow& one : close_reasons()) {
    EXPECT_EQ(row(one.reason).label, one.label);
    EXPECT_TRUE(labels.insert(one.label).second) << one.label;
    EXPECT_LE(one.text.size(), 123u) << "the reason of a Close has at most 123 bytes (RFC 6455, section 5.5.1)";
    EXPECT_FALSE(one.meaning.empty());
  }
}

TEST(Limits, EachDefaultIsWithinItsBounds) {
  const Limits defaults;
  for (const LimitRow& one : limit_rows()) {
    const auto* count = std::get_if<std::uint64_t Limits::*>(&one.member);
    const std::uint64_t value = count != nullptr
                                    ? defaults.**count
                                    : static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                                                     defaults.*std::get<Duration Limits::*>(one.member))
                                                                     .count());
    EXPECT_GE(value, one.minimum) << one.name;
    EXPECT_LE(value, one.maximum) << one.name;
  }
}

TEST(Log, LinesHoldWhatTheyAreGivenAndNothingElse) {
  EXPECT_EQ(format_log_line(LogFormat::text, LogLevel::info, "refused", {{"code", "origin"}, {"status", 403}}),
            "info refused code=origin status=403");
  EXPECT_EQ(format_log_line(LogFormat::text, LogLevel::warning, "odd", {{"path", "/a b\n\x1b[31m"}, {"none", ""}}),
            "warning odd path=\"/a b\\n\\u001b[31m\" none=\"\"");
  EXPECT_EQ(format_log_line(LogFormat::json, LogLevel::error, "odd", {{"path", "\"\xff"}, {"n", -1}}),
            "\"level\":\"error\",\"event\":\"odd\",\"path\":\"\\\"\xEF\xBF\xBD\",\"n\":-1");
}

TEST(Log, TicketsAndKeysAreNeverWritten) {
  EXPECT_EQ(format_log_line(LogFormat::text, LogLevel::info, "x", {{"path", "/a&ticket=ust_Ab-9_x&b"}, {"k", "usk_q"}}),
            "info x path=\"/a&ticket=ust_...&b\" k=usk_...");
}

TEST(Log, LongFieldsAreCut) {
  const std::string line = format_log_line(LogFormat::text, LogLevel::info, "x", {{"v", std::string(5000, 'a')}});
  EXPECT_EQ(line.size(), std::string("info x v=").size() + log_field_bytes_max);
}

TEST(Slab, AHandleThatOutlivesItsObjectFindsNothing) {
  Slab<std::string> slab;
  const Handle first = slab.emplace("first");
  EXPECT_EQ(*slab.find(first), "first");
  slab.erase(first);
  EXPECT_EQ(slab.find(first), nullptr);
  const Handle second = slab.emplace("second");
  EXPECT_EQ(second.index, first.index);
  EXPECT_EQ(slab.find(first), nullptr);
  EXPECT_EQ(*slab.find(second), "second");
  EXPECT_EQ(slab.find(Handle()), nullptr);
}

TEST(Slab, AddressesStay) {
  Slab<int> slab;
  std::vector<std::pair<Handle, int*>> places;
  for (int i = 0; i < 1000; ++i) {
    const Handle handle = slab.emplace(i);
    places.emplace_back(handle, slab.find(handle));
  }
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(slab.find(places[static_cast<std::size_t>(i)].first), places[static_cast<std::size_t>(i)].second);
    EXPECT_EQ(*places[static_cast<std::size_t>(i)].second, i);
  }
  EXPECT_EQ(slab.size(), 1000u);
}

}  // namespace
}  // namespace usher::base
