#include "websocket/close_code.hpp"

#include <gtest/gtest.h>

namespace usher::websocket {
namespace {

TEST(CloseCode, EveryNumberIsJudgedByTheRulesOfItsVersion) {
  for (std::uint32_t number = 0; number <= 0xFFFF; ++number) {
    const auto code = static_cast<std::uint16_t>(number);
    const bool application = code >= 3000 && code <= 4999;
    const bool rfc = application || (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
    const bool draft07 = application || (code >= 1000 && code <= 1004);
    EXPECT_EQ(valid_received(code, Version::rfc6455), rfc) << code;
    EXPECT_EQ(valid_received(code, Version::hybi07), draft07) << code;
    EXPECT_EQ(valid_received(code, Version::hybi08), draft07 || code == 1007) << code;
  }
}

struct Translation {
  int code;
  int to_7;
  int to_8;
  int to_13;
};

constexpr Translation translations[] = {
    {1000, 1000, 1000, 1000}, {1001, 1001, 1001, 1001}, {1002, 1002, 1002, 1002}, {1003, 1003, 1003, 1003},
    {1007, 1002, 1007, 1007}, {1008, 1002, 1002, 1008}, {1009, 1004, 1004, 1009}, {1010, 1002, 1002, 1010},
    {1011, 1001, 1001, 1011}, {1012, 1001, 1001, 1012}, {1013, 1001, 1001, 1013}, {3000, 3000, 3000, 3000},
    {4404, 4404, 4404, 4404}, {4999, 4999, 4999, 4999},
};

int translated(int code, Version version) {
  return static_cast<int>(code_for(CloseCode{static_cast<std::uint16_t>(code)}, version));
}

TEST(CloseCode, DraftsGetTheNearestCodeTheyKnow) {
  for (const Translation& row : translations) {
    EXPECT_EQ(translated(row.code, Version::hybi07), row.to_7) << row.code;
    EXPECT_EQ(translated(row.code, Version::hybi08), row.to_8) << row.code;
    EXPECT_EQ(translated(row.code, Version::rfc6455), row.to_13) << row.code;
  }
}

TEST(CloseCode, WhatIsSentIsAlwaysValidForTheReceiver) {
  for (const CloseCodeRow& row : close_codes()) {
    if (row.sent_to_13 == CloseCode::no_status) continue;
    for (const Version version : {Version::hybi07, Version::hybi08, Version::rfc6455}) {
      EXPECT_TRUE(valid_received(static_cast<std::uint16_t>(code_for(row.code, version)), version)) << row.name;
    }
  }
}

TEST(CloseCode, HasNames) {
  EXPECT_EQ(close_code_name(CloseCode::message_too_big), "message_too_big");
  EXPECT_EQ(close_code_name(CloseCode{3999}), "registered");
  EXPECT_EQ(close_code_name(CloseCode{4000}), "private");
  EXPECT_EQ(close_code_name(CloseCode{2000}), "unknown");
}

TEST(CloseCodeDeathTest, RefusesToSendWhatMustNotBeSent) {
  constexpr std::uint16_t never_sent[] = {999, 1005, 1006, 1015, 1016, 2999, 5000};
  for (const std::uint16_t code : never_sent) {
    EXPECT_DEATH(static_cast<void>(code_for(CloseCode{code}, Version::rfc6455)), "") << code;
  }
}

}  // namespace
}  // namespace usher::websocket
