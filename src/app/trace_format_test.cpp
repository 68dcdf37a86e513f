#include "app/trace_format.hpp"

#include <gtest/gtest.h>

#include <string>

namespace usher::app {
namespace {

using std::chrono::microseconds;
using websocket::CloseCode;

/// Literal bytes, zeros included.
template <std::size_t size>
std::string bytes(const char (&text)[size]) {
  return std::string(text, size - 1);
}

struct FrameCase {
  const char* name;
  Direction direction;
  std::string wire;
  std::string expected;
};

class FrameRow : public testing::TestWithParam<FrameCase> {};

TEST_P(FrameRow, ShowsTheFields) {
  const FrameCase& c = GetParam();
  for (std::size_t split = 0; split <= c.wire.size(); ++split) {
    FrameTracer tracer(c.direction, true);
    auto frames = tracer.receive(std::string_view(c.wire).substr(0, split));
    for (auto& frame : tracer.receive(std::string_view(c.wire).substr(split))) frames.push_back(std::move(frame));
    ASSERT_EQ(frames.size(), 1U) << split;
    ASSERT_EQ(format_frame(c.direction, microseconds(1234), frames[0]), c.expected) << split;
  }
}

const FrameCase frame_cases[] = {
    // The first two are the examples of RFC 6455, section 5.7.
    {"UnmaskedText", Direction::received, bytes("\x81\x05Hello"),
     "←   0.001234  1    000  0x1 text          0     5                              \"Hello\"\n"
     "              81 05 | 48 65 6c 6c 6f\n"},
    {"MaskedText", Direction::sent, bytes("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
     "→   0.001234  1    000  0x1 text          1     5                 37 fa 21 3d  \"Hello\"\n"
     "              81 85 | 37 fa 21 3d | 7f 9f 4d 51 58\n"},
    {"Fragment", Direction::received, bytes("\x01\x03Hel"),
     "←   0.001234  0    000  0x1 text          0     3                              \"Hel\"\n"
     "              01 03 | 48 65 6c\n"},
    {"Empty", Direction::received, bytes("\x81\x00"),
     "←   0.001234  1    000  0x1 text          0     0\n"
     "              81 00\n"},
    {"Ping", Direction::received, bytes("\x89\x02\x00\x01"),
     "←   0.001234  1    000  0x9 ping          0     2                              00 01\n"
     "              89 02 | 00 01\n"},
    {"Close", Direction::received,
     bytes("\x88\x05\x03\xe8"
           "bye"),
     "←   0.001234  1    000  0x8 close         0     5                              1000 normal \"bye\"\n"
     "              88 05 | 03 e8 62 79 65\n"},
    {"CloseWithoutCode", Direction::received, bytes("\x88\x00"),
     "←   0.001234  1    000  0x8 close         0     0                              without a code\n"
     "              88 00\n"},
    {"SixteenBits", Direction::received, bytes("\x82\x7e\x00\xc8") + std::string(200, '\x01'),
     "←   0.001234  1    000  0x2 binary        0     200 (7+16 bits)                "
     "01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 … 184 more\n"
     "              82 7e | 00 c8 | 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 … 184 more\n"},
    {"LongText", Direction::received, bytes("\x81\x7e\x00\xc8") + std::string(63, 'a') + "é" + std::string(135, 'b'),
     "←   0.001234  1    000  0x1 text          0     200 (7+16 bits)                \"" + std::string(63, 'a') +
         "\" … 137 more\n"
         "              81 7e | 00 c8 | 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 … 184 more\n"},
    {"SixtyFourBits", Direction::received, bytes("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00") + std::string(65536, '\0'),
     "←   0.001234  1    000  0x2 binary        0     65536 (7+64 bits)              "
     "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 … 65520 more\n"
     "              82 7f | 00 00 00 00 00 01 00 00 | 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 … 65520 more\n"},
};

INSTANTIATE_TEST_SUITE_P(Trace, FrameRow, testing::ValuesIn(frame_cases),
                         [](const testing::TestParamInfo<FrameCase>& c) { return c.param.name; });

TEST(FrameTracer, CutsSeveralAndStopsAtAFault) {
  FrameTracer tracer(Direction::received, true);
  EXPECT_EQ(tracer
                .receive(bytes("\x01\x01"
                               "a\x89\x00\x80\x01"
                               "b\x81\x81"))
                .size(),
            3U);
  EXPECT_EQ(tracer.fault(), websocket::FrameError::masked);
  EXPECT_TRUE(tracer.receive(bytes("\x81\x00")).empty());
  EXPECT_EQ(format_fault(Direction::received, microseconds(1), tracer.fault()).substr(0, 26),
            "←   0.000001  no frame: ");
}

TEST(Trace, ColumnsStandAboveTheirFields) {
  EXPECT_EQ(frame_columns(),
            "    time (s)  FIN  RSV  opcode            MASK  length            key          payload\n");
}

TEST(Trace, HeadShowsEveryByte) {
  EXPECT_EQ(format_head(Direction::sent, microseconds(500'000), bytes("GET / HTTP/1.1\r\nA: \xe9\\\t\r\n\r\n")),
            "→   0.500000  the request, 26 bytes\n"
            "              GET / HTTP/1.1\\r\\n\n"
            "              A: \\xe9\\\\\\x09\\r\\n\n"
            "              \\r\\n\n");
  EXPECT_EQ(format_head(Direction::received, {}, "cut"),
            "←   0.000000  the answer, 3 bytes\n"
            "              cut\n");
}

TEST(Closing, IsExplainedStepByStep) {
  ClosingStory story;
  story.first = ClosePart{Direction::sent, microseconds(1'000'000), CloseCode::normal, ""};
  story.second = ClosePart{Direction::received, microseconds(1'000'200), CloseCode::normal, ""};
  story.end = TransportEnd::server_ended;
  story.ended_at = microseconds(1'000'300);
  EXPECT_EQ(explain_closing(story),
            "the closing handshake\n"
            "→   1.000000  Close 1000 normal: we send nothing after this (RFC 6455, section 5.5.1)\n"
            "←   1.000200  Close 1000 normal: the server answers with a Close of its own (section 5.5.1)\n"
            "    1.000300  the server ended the TCP connection; it goes first, so that its port does not linger "
            "(section 7.1.1)\n"
            "clean: both sides sent a Close, so each knows that it has seen all of the other (section 7.1.4)\n");
}

TEST(Closing, SaysWhatTheServersCodeMeans) {
  ClosingStory story;
  story.first = ClosePart{Direction::received, microseconds(5), static_cast<CloseCode>(4401), "credential ended"};
  story.second = ClosePart{Direction::sent, microseconds(6), static_cast<CloseCode>(4401), ""};
  story.ended_at = microseconds(7);
  EXPECT_EQ(explain_closing(story),
            "the closing handshake\n"
            "←   0.000005  Close 4401 private \"credential ended\": the server sends nothing after this (RFC 6455, "
            "section 5.5.1)\n"
            "→   0.000006  Close 4401 private: we answer with a Close of our own (section 5.5.1)\n"
            "    0.000007  the server ended the TCP connection; it goes first, so that its port does not linger "
            "(section 7.1.1)\n"
            "clean: both sides sent a Close, so each knows that it has seen all of the other (section 7.1.4)\n"
            "4401 from usher: The credential, or the session that it allowed, ran out. Come back? with a new "
            "credential.\n");
}

TEST(Closing, WithoutACloseIsNotClean) {
  ClosingStory story;
  story.end = TransportEnd::broken;
  story.ended_at = microseconds(9);
  EXPECT_EQ(explain_closing(story),
            "the closing handshake\n"
            "    0.000009  the TCP connection broke\n"
            "not clean: the connection ended without a Close; browsers show 1006 (section 7.1.5)\n");
}

}  // namespace
}  // namespace usher::app
