#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "http/feed_test.hpp"

namespace usher::http {

inline constexpr std::uint64_t body_limit = 64;

/// Some input for a RequestParser whose bodies are limited to `body_limit`, and the events that it must lead to.
struct RequestCase {
  std::string_view name;
  std::string_view input;
  std::string_view events;
};

/// Demands this outcome of the input in all pieces.
inline void expect_outcome(std::string_view input, const Outcome& expected) {
  const auto make_parser = [] { return RequestParser(); };
  feed_in_all_ways(input, body_limit, make_parser, [&](const Outcome& outcome, const std::string& how) {
    EXPECT_EQ(outcome.events, expected.events) << how;
    EXPECT_EQ(outcome.rest, expected.rest) << how;
    return outcome == expected;
  });
}

/// Also with the beginning of another request behind the input: it must not change what was said, and must stay unread
/// where the connection leaves HTTP.
inline void expect_events(const RequestCase& each) {
  SCOPED_TRACE(each.name);
  const std::string events(each.events);
  expect_outcome(each.input, {events, ""});
  const bool leaves = events.ends_with(" upgrade\n");
  if (!leaves && !events.ends_with("end\n") && events.find("failed") == std::string::npos) return;
  expect_outcome(std::string(each.input) + "GET /be", {events, leaves ? "GET /be" : ""});
}

}  // namespace usher::http
