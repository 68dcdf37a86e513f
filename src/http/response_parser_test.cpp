#include "http/response_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/feed_test.hpp"

namespace usher::http {
namespace {

struct Row {
  std::string_view name;
  std::string_view input;
  std::string_view events;
  AnswerTo request = AnswerTo::other_request;
};

constexpr Row rows[] = {
    {"length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "head 200\nbody ok\nend\n"},
    {"no length, no body", "HTTP/1.1 204 No Content\r\n\r\n", "head 204\nend\n"},
    {"not modified with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "head 304\nend\n"},
    {"answer to HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "head 200\nend\n", AnswerTo::head_request},
    {"chunked", "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
     "head 201\nbody ok\nend\n"},
    {"no reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "head 200\nend\n"},
    {"empty reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "head 200\nend\n"},
    {"continue first",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
     "head 204\nend\n"},
    {"switching", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
     "head 101\n"},
    {"until the end", "HTTP/1.0 200 OK\r\n\r\nok", "head 200\nbody ok\n"},
    {"length above the limit", "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n", "head 200\nfailed body_too_large\n"},
    {"length and chunked", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
     "failed bad_framing\n"},
    {"empty line before", "\r\nHTTP/1.1 200 OK\r\n\r\n", "failed bad_start_line\n"},
    {"not HTTP", "SSH-2.0-x\r\n", "failed bad_start_line\n"},
    {"HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "failed version_not_supported\n"},
    {"two digits", "HTTP/1.1 20 OK\r\n\r\n", "failed bad_start_line\n"},
    {"four digits", "HTTP/1.1 2000 OK\r\n\r\n", "failed bad_start_line\n"},
    {"status below 100", "HTTP/1.1 099 OK\r\n\r\n", "failed bad_start_line\n"},
    {"folded header", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "failed folded_header\n"},
    {"bare LF", "HTTP/1.1 200 OK\nX: a\r\n\r\n", "failed bad_line_end\n"},
};

TEST(ResponseParser, Table) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto make = [&row] { return ResponseParser(row.request, 64); };
    feed_in_all_ways(row.input, 0, make, [&row](const Outcome& outcome, const std::string& how) {
      EXPECT_EQ(outcome.events, row.events) << how;
      EXPECT_EQ(outcome.rest, "") << how;
      return outcome.events == row.events;
    });
  }
}

TEST(ResponseParser, LeavesWhatFollowsASwitch) {
  const std::string_view head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: Upgrade\r\nX: y\r\n\r\n";
  ResponseParser parser(AnswerTo::other_request, 0);
  EXPECT_EQ(parser.receive(std::string(head) + "\x81\x02hi"), head.size());
  EXPECT_EQ(parser.event(), MessageEvent::head);
  EXPECT_EQ(parser.status(), 101);
  EXPECT_EQ(parser.head().bytes(), head);
  EXPECT_EQ(parser.head().value("x"), "y");
}

TEST(ResponseParser, TakesTheEndOfTheConnection) {
  struct EndRow {
    std::string_view name;
    std::string_view input;
    MessageEvent last;
  };
  constexpr EndRow end_rows[] = {
      {"nothing came", "", MessageEvent::failed},
      {"in the head", "HTTP/1.1 200 OK\r\n", MessageEvent::failed},
      {"in a body of known length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", MessageEvent::failed},
      {"in a chunked body", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", MessageEvent::failed},
      {"which ends the body", "HTTP/1.0 200 OK\r\n\r\nok", MessageEvent::end},
      {"after the end", "HTTP/1.1 204 No Content\r\n\r\n", MessageEvent::end},
  };
  for (const EndRow& row : end_rows) {
    ResponseParser parser(AnswerTo::other_request, 64);
    Feeder<ResponseParser> feeder(parser, 0);
    feeder.feed(row.input);
    parser.receive_end();
    EXPECT_EQ(parser.event(), row.last) << row.name;
  }
}

TEST(ResponseParser, EndlessInformationIsNotFollowed) {
  std::string input;
  for (int i = 0; i < 100; ++i) input += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(feed(ResponseParser(AnswerTo::other_request, 0), {input}, 0).events, "failed header_too_large\n");
}

}  // namespace
}  // namespace usher::http
