#include "app/load/frame_counter.hpp"

#include <gtest/gtest.h>

namespace usher::app {
namespace {

using namespace std::string_view_literals;
using websocket::CloseCode;

struct Case {
  const char* name;
  std::string bytes;
  std::uint32_t messages;
  bool ended = false;
  CloseCode code = CloseCode::no_status;
  std::string pongs{};
};

std::vector<Case> cases() {
  return {
      {"nothing", "", 0},
      {"empty message", std::string("\x81\x00"sv), 1},
      {"two messages", "\x81\x02hi\x82\x03you", 2},
      {"in two frames", std::string("\x01\x02hi\x80\x00"sv), 1},
      {"126 bytes", std::string("\x82\x7e\x00\x7e"sv) + std::string(126, 'x'), 1},
      {"65536 bytes", std::string("\x82\x7f\0\0\0\0\0\x01\0\0"sv) + std::string(65536, 'x'), 1},
      {"ping in a message", "\x01\x02hi\x89\x01?\x80\x01!", 1, false, CloseCode::no_status,
       "\x8a\x81\x01\x02\x03\x04>"},
      {"close", "\x81\x02hi\x88\x02\x03\xe8\x81\x02hi", 1, true, CloseCode::normal},
      {"close without a code", std::string("\x88\x00"sv), 0, true},
      {"masked", std::string("\x81\x80\0\0\0\0"sv), 0, true, CloseCode::protocol_error},
  };
}

TEST(FrameCounter, CountsTheSameHoweverTheBytesCome) {
  for (const Case& each : cases()) {
    for (const std::size_t step :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, each.bytes.size() + 1}) {
      FrameCounter counter;
      std::uint32_t messages = 0;
      std::string pongs;
      for (std::size_t at = 0; at < each.bytes.size(); at += step) {
        messages += counter.receive(std::string_view(each.bytes).substr(at, step));
        pongs += counter.take_pongs();
      }
      EXPECT_EQ(messages, each.messages) << each.name << " in steps of " << step;
      EXPECT_EQ(counter.ended(), each.ended) << each.name;
      EXPECT_EQ(counter.code(), each.code) << each.name;
      EXPECT_EQ(pongs, each.pongs) << each.name;
    }
  }
}

}  // namespace
}  // namespace usher::app
