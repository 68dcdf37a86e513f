#include "http/request_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/request_case_test.hpp"

namespace usher::http {
namespace {

using namespace std::string_view_literals;

constexpr RequestCase accepted[] = {
    {"simple", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "head GET / @a\nend\n"},
    {"query", "GET /a/b?c=d&e HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", "head GET /a/b ?c=d&e @a.example:8080\nend\n"},
    {"second question mark", "GET /?a?b HTTP/1.1\r\nHost: a\r\n\r\n", "head GET / ?a?b @a\nend\n"},
    {"empty query", "GET /a? HTTP/1.1\r\nHost: a\r\n\r\n", "head GET /a @a\nend\n"},
    {"escapes stay", "GET /%61%2F?x=%20 HTTP/1.1\r\nHost: a\r\n\r\n", "head GET /%61%2F ?x=%20 @a\nend\n"},
    {"two slashes", "GET //b/c HTTP/1.1\r\nHost: a\r\n\r\n", "head GET //b/c @a\nend\n"},
    {"name in any case", "GET / HTTP/1.1\r\nhOST: a\r\n\r\n", "head GET / @a\nend\n"},
    {"no blank after the colon", "GET / HTTP/1.1\r\nHost:a\r\n\r\n", "head GET / @a\nend\n"},
    {"blanks around a value", "GET / HTTP/1.1\r\nHost: \t a \t \r\n\r\n", "head GET / @a\nend\n"},
    {"empty value", "GET / HTTP/1.1\r\nX:\r\nHost: a\r\nY: \r\n\r\n", "head GET / @a\nend\n"},
    {"eight-bit value", "GET / HTTP/1.1\r\nX: \xc3\xa9\r\nHost: a\r\n\r\n", "head GET / @a\nend\n"},
    {"address literal", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "head GET / @[::1]:8080\nend\n"},
    {"empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "head GET / @a\nend\n"},
    {"absolute form", "GET http://b:1/c?d HTTP/1.1\r\nHost: a\r\n\r\n", "head GET /c ?d @b:1\nend\n"},
    {"absolute form, secure", "GET HTTPS://b/c HTTP/1.1\r\nHost: b\r\n\r\n", "head GET /c @b\nend\n"},
    {"absolute form, no path", "GET http://b HTTP/1.1\r\nHost: b\r\n\r\n", "head GET / @b\nend\n"},
    {"absolute form, only a query", "GET http://b?c HTTP/1.1\r\nHost: b\r\n\r\n", "head GET / ?c @b\nend\n"},
    {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "head OPTIONS * @a\nend\n"},
    {"other method", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "head TRACE / @a\nend\n"},
    {"HTTP/1.0 without a host", "GET / HTTP/1.0\r\n\r\n", "head GET / @ close\nend\n"},
    {"HTTP/1.0 kept", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "head GET / @\nend\n"},
    {"close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", "head GET / @a close\nend\n"},
    {"close and keep", "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
     "head GET / @a close\nend\n"},
    {"body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "head POST / @a\nbody hello\nend\n"},
    {"body of length 0", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "head POST / @a\nend\n"},
    {"length with zeros", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello",
     "head POST / @a\nbody hello\nend\n"},
    {"body at the limit",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 64\r\n\r\n"
     "0123456789012345678901234567890123456789012345678901234567890123",
     "head POST / @a\nbody 0123456789012345678901234567890123456789012345678901234567890123\nend\n"},
    {"body not complete", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell", "head POST / @a\nbody hell\n"},
    {"chunked",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
     "head POST / @a\nbody hello world\nend\n"},
    {"chunked in capitals, size in hexadecimal",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n00A\r\n0123456789\r\n000\r\n\r\n",
     "head POST / @a\nbody 0123456789\nend\n"},
    {"chunk extensions and trailers are dropped",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"b;c\"\r\nx\r\n0;z\r\nExpires: "
     "0\r\nE:\r\n\r\n",
     "head POST / @a\nbody x\nend\n"},
    {"two requests", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: b\r\nContent-Length: 2\r\n\r\nok",
     "head GET /1 @a\nend\nhead POST /2 @b\nbody ok\nend\n"},
    {"empty line between requests", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
     "head GET /1 @a\nend\nhead GET /2 @b\nend\n"},
    {"upgrade", "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\n",
     "head GET / @a upgrade\n"},
    {"upgrade with length 0",
     "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n",
     "head GET / @a upgrade\n"},
    {"another protocol is ignored, but nothing follows",
     "POST / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nok",
     "head POST / @a close\nbody ok\nend\n"},
    {"Upgrade that Connection does not name",
     "POST / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nok",
     "head POST / @a\nbody ok\nend\n"},
    {"Upgrade in HTTP/1.0 is ignored",
     "POST / HTTP/1.0\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nok",
     "head POST / @a close\nbody ok\nend\n"},
};

TEST(RequestParser, Accepts) {
  for (const RequestCase& each : accepted) expect_events(each);
}

constexpr RequestCase refused[] = {
    {"two empty lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"bare LF before", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"bare CR before", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_line_end\n"},
    {"blank before", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"two spaces after the method", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"tab after the method", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"space after the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"method of another protocol", "DESCRIBE / HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"TLS", "\x16\x03\x01\x02\x01", "failed bad_start_line\n"},
    {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", "failed bad_line_end\n"},
    {"bare CR after the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", "failed bad_line_end\n"},
    {"version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"another protocol", "GET / RTSP/1.0\r\nHost: a\r\n\r\n", "failed bad_start_line\n"},
    {"no version", "GET /\r\n\r\n", "failed bad_start_line\n"},
    {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_target\n"},
    {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", "failed version_not_supported\n"},
    {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "failed version_not_supported\n"},
    {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "failed version_not_supported\n"},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "failed version_not_supported\n"},
    {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "failed method_unknown\n"},

    {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_target\n"},
    {"bad escape in the path", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_target\n"},
    {"bad escape in the query", "GET /?%4 HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_target\n"},
    {"eight-bit target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_target\n"},
    {"relative target", "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_target\n"},
    {"another scheme", "GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_target\n"},
    {"asterisk with GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_target\n"},
    {"user in the target", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_host\n"},
    {"absolute form without a host", "GET http:///b HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_host\n"},
    {"absolute form with a bad port", "GET http://a:b/ HTTP/1.1\r\nHost: a\r\n\r\n", "failed bad_host\n"},

    {"no host", "GET / HTTP/1.1\r\n\r\n", "failed bad_host\n"},
    {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "failed bad_host\n"},
    {"two hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "failed bad_host\n"},
    {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "failed bad_host\n"},
    {"host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "failed bad_host\n"},
    {"host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "failed bad_host\n"},
    {"host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "failed bad_host\n"},
    {"host with a bad port", "GET / HTTP/1.1\r\nHost: a:8o\r\n\r\n", "failed bad_host\n"},
    {"host with a long port", "GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n", "failed bad_host\n"},
    {"host that is a port", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n", "failed bad_host\n"},
    {"bracket not closed", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "failed bad_host\n"},
    {"bad host with a good target", "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n", "failed bad_host\n"},

    {"space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "failed bad_header\n"},
    {"space in a name", "GET / HTTP/1.1\r\nHo st: a\r\n\r\n", "failed bad_header\n"},
    {"empty name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "failed bad_header\n"},
    {"no colon", "GET / HTTP/1.1\r\nHost: a\r\nabc\r\n\r\n", "failed bad_header\n"},
    {"eight-bit name", "GET / HTTP/1.1\r\nHost: a\r\n\xc3\xa9: b\r\n\r\n", "failed bad_header\n"},
    {"separator in a name", "GET / HTTP/1.1\r\nHost: a\r\na(b: c\r\n\r\n", "failed bad_header\n"},
    {"blank before the first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "failed folded_header\n"},
    {"folded header", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", "failed folded_header\n"},
    {"folded by a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n", "failed folded_header\n"},
    {"bare LF after a header", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", "failed bad_line_end\n"},
    {"bare LF as the final empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", "failed bad_line_end\n"},
    {"bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n", "failed bad_line_end\n"},
    {"bare CR ends the head", "GET / HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n", "failed bad_line_end\n"},
    {"DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n", "failed bad_header\n"},
    {"control byte in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n", "failed bad_header\n"},

    {"other expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\n",
     "failed expectation_failed\n"},
    {"body above the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\r\n",
     "head POST / @a\nfailed body_too_large\n"},
    {"body far above the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n",
     "head POST / @a\nfailed body_too_large\n"},
    {"chunks above the limit", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3f\r\nx",
     "head POST / @a\nbody ok\nfailed body_too_large\n"},
};

TEST(RequestParser, Refuses) {
  for (const RequestCase& each : refused) expect_events(each);
  expect_events({"NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"sv, "failed bad_header\n"});
  expect_events({"NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"sv, "failed bad_start_line\n"});
}

std::string with_headers(std::size_t count, std::size_t value_bytes) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t i = 1; i < count; ++i) head += "X: " + std::string(value_bytes, 'v') + "\r\n";
  return head + "\r\n";
}

std::string events_of(const std::string& input, const HeadLimits& limits = {}) {
  const Outcome whole = feed(RequestParser(limits), {input}, body_limit);
  EXPECT_EQ(feed(RequestParser(limits), byte_by_byte(input), body_limit), whole);
  return whole.events;
}

TEST(RequestParser, LimitsTheRequestLine) {
  const auto line = [](std::size_t bytes) { return "GET /" + std::string(bytes - 16, 'a') + " HTTP/1.1\r\n"; };
  const std::string rest = "Host: a\r\n\r\n";
  EXPECT_TRUE(events_of(line(8192) + rest).starts_with("head GET /a"));
  EXPECT_EQ(events_of(line(8193) + rest), "failed uri_too_long\n");
  EXPECT_EQ(events_of("GET /" + std::string(1000000, 'a')), "failed uri_too_long\n");
  EXPECT_EQ(events_of("GET /abcdef HTTP/1.1\r\n" + rest, {.start_line_bytes = 10}), "failed uri_too_long\n");
}

TEST(RequestParser, LimitsTheHeaders) {
  EXPECT_EQ(events_of(with_headers(100, 1)), "head GET / @a\nend\n");
  EXPECT_EQ(events_of(with_headers(101, 1)), "failed header_too_large\n");
  EXPECT_EQ(events_of(with_headers(10000, 1)), "failed header_too_large\n");
  // "Host: a", "X: …" and the empty line are 9, 5 and 2 bytes without the value.
  EXPECT_EQ(events_of(with_headers(2, 16384 - 16)), "head GET / @a\nend\n");
  EXPECT_EQ(events_of(with_headers(2, 16384 - 15)), "failed header_too_large\n");
  EXPECT_EQ(events_of(with_headers(2, 1 << 20)), "failed header_too_large\n");
  EXPECT_EQ(events_of("GET / HTTP/1.1\r\n" + std::string(20000, 'n')), "failed header_too_large\n");
}

TEST(RequestParser, ConsumesEachByteOnceAndNoneAfterAFailure) {
  RequestParser parser;
  std::size_t consumed = 0;
  const std::string endless = "GET / HTTP/1.1\r\nX: " + std::string(100000, ' ');
  for (const char& byte : endless) consumed += parser.receive(std::string_view(&byte, 1));
  EXPECT_EQ(parser.event(), MessageEvent::failed);
  EXPECT_EQ(parser.error(), MessageError::header_too_large);
  EXPECT_EQ(consumed, std::string_view("GET / HTTP/1.1\r\n").size() + 16384);
  EXPECT_TRUE(parser.head().bytes().empty());
}

TEST(RequestParser, LeavesTheBodyUntilTheHeadWasDecidedOn) {
  RequestParser parser;
  const std::string_view head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
  EXPECT_TRUE(parser.idle());
  EXPECT_EQ(parser.receive(std::string(head) + "hello"), head.size());
  EXPECT_EQ(parser.event(), MessageEvent::head);
  EXPECT_FALSE(parser.idle());
  parser.set_body_limit(5);
  const std::string_view body = "hello, more";
  EXPECT_EQ(parser.receive(body), 5U);
  EXPECT_EQ(parser.event(), MessageEvent::body);
  EXPECT_EQ(parser.body().data(), body.data());
  EXPECT_EQ(parser.receive(", more"), 0U);
  EXPECT_EQ(parser.event(), MessageEvent::end);
  EXPECT_TRUE(parser.keep_alive());
  EXPECT_EQ(parser.receive(", more"), 0U) << "nothing is consumed until reset";
  EXPECT_EQ(parser.event(), MessageEvent::none);
  parser.reset();
  EXPECT_TRUE(parser.idle());
  EXPECT_TRUE(parser.head().bytes().empty());
}

TEST(RequestParser, KeepsNothingOfARefusedHead) {
  RequestParser parser;
  parser.receive("GET / HTTP/1.1\r\nX: secret\r\n\r\n");
  EXPECT_EQ(parser.error(), MessageError::bad_host);
  EXPECT_TRUE(parser.head().bytes().empty());
}

TEST(RequestParser, TakesNoBodyUnlessALimitIsSet) {
  RequestParser parser;
  parser.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(parser.event(), MessageEvent::head);
  parser.receive("");
  EXPECT_EQ(parser.event(), MessageEvent::failed);
  EXPECT_EQ(info(parser.error()).status, 413);
  EXPECT_FALSE(parser.keep_alive());
}

TEST(RequestParser, TellsWhoWaitsForContinue) {
  struct Row {
    std::string_view name;
    std::string_view head;
    bool waits;
  };
  constexpr Row rows[] = {
      {"length", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n", true},
      {"chunked", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", true},
      {"no body", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", false},
      {"no expectation", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", false},
      {"HTTP/1.0", "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    RequestParser parser;
    parser.receive(row.head);
    ASSERT_EQ(parser.event(), MessageEvent::head);
    parser.set_body_limit(5);
    parser.receive("");
    EXPECT_EQ(parser.wants_continue(), row.waits);
    parser.receive("5");
    EXPECT_FALSE(parser.wants_continue()) << "the body has begun, or there is none";
  }
}

TEST(RequestParser, CanBeMovedInTheMiddle) {
  RequestParser first;
  first.receive("GET /a HTTP/1.1\r\nHo");
  RequestParser second = std::move(first);
  second.receive("st: a\r\n\r\n");
  ASSERT_EQ(second.event(), MessageEvent::head);
  const RequestHead head = second.take_head();
  EXPECT_EQ(head.host(), "a");
  EXPECT_EQ(head.path(), "/a");
}

TEST(RequestParser, ReadsALoneHead) {
  EXPECT_TRUE(parse_request_head("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(parse_request_head("GET / HTTP/1.1\r\nHost: a\r\n\r\nx"));
  EXPECT_FALSE(parse_request_head("GET / HTTP/1.1\r\nHost: a\r\n"));
  EXPECT_FALSE(parse_request_head("GET / HTTP/1.1\r\n\r\n"));
}

}  // namespace
}  // namespace usher::http
