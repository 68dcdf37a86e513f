// Requests that two parties could cut differently. Each must be refused, or cut as RFC 9112 says.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/request_case_test.hpp"

namespace usher::http {
namespace {

struct Row {
  std::string_view name;
  std::string_view headers;  ///< behind the request line and Host, without the final empty line
  std::string_view body;
  std::string_view events;
};

constexpr std::string_view bad_framing = "failed bad_framing\n";
constexpr std::string_view bad_chunk = "head POST / @a\nfailed bad_chunk\n";
constexpr std::string_view chunked = "Transfer-Encoding: chunked\r\n";

void expect_row(const Row& row) {
  const std::string input =
      std::string("POST / HTTP/1.1\r\nHost: a\r\n").append(row.headers).append("\r\n").append(row.body);
  expect_events({row.name, input, row.events});
}

constexpr Row length_rows[] = {
    {"two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n", "hello!", bad_framing},
    {"two equal lengths", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello", bad_framing},
    {"list of lengths", "Content-Length: 5, 5\r\n", "hello", bad_framing},
    {"plus sign", "Content-Length: +5\r\n", "hello", bad_framing},
    {"minus sign", "Content-Length: -5\r\n", "hello", bad_framing},
    {"hexadecimal", "Content-Length: 0x5\r\n", "hello", bad_framing},
    {"fraction", "Content-Length: 5.0\r\n", "hello", bad_framing},
    {"empty", "Content-Length:\r\n", "", bad_framing},
    {"blanks only", "Content-Length: \t \r\n", "", bad_framing},
    {"blank inside", "Content-Length: 1 2\r\n", "hello", bad_framing},
    {"overflow", "Content-Length: 18446744073709551616\r\n", "", bad_framing},
    {"overflow to five", "Content-Length: 18446744073709551621\r\n", "hello", bad_framing},
    {"space before the colon", "Content-Length : 5\r\n", "hello", "failed bad_header\n"},
    {"folded length", "Content-Length:\r\n 5\r\n", "hello", "failed folded_header\n"},
    {"vertical tab before", "\vContent-Length: 5\r\n", "hello", "failed bad_header\n"},
    {"underscore is another name", "Content_Length: 5\r\n", "", "head POST / @a\nend\n"},
};

constexpr Row encoding_rows[] = {
    {"length, then chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", bad_framing},
    {"chunked, then length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n", bad_framing},
    {"two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", bad_framing},
    {"chunked twice in a line", "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n", bad_framing},
    {"chunked not last", "Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n", bad_framing},
    {"identity", "Transfer-Encoding: identity\r\n", "", bad_framing},
    {"chunked, identity", "Transfer-Encoding: chunked, identity\r\n", "", bad_framing},
    {"unknown coding", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", bad_framing},
    {"parameter", "Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n", bad_framing},
    {"quoted", "Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n", bad_framing},
    {"empty", "Transfer-Encoding:\r\n", "", bad_framing},
    {"gzip below chunked", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n", "failed transfer_encoding_unknown\n"},
    {"space before the colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n", "failed bad_header\n"},
    {"folded", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n", "failed folded_header\n"},
    {"control byte in the value", "Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n", "failed bad_header\n"},
    {"hidden behind a bare CR", "X: a\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n", "failed bad_line_end\n"},
    {"hidden behind a bare LF", "X: a\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", "failed bad_line_end\n"},
};

constexpr Row chunk_rows[] = {
    {"size with a sign", chunked, "+1\r\nx\r\n0\r\n\r\n", bad_chunk},
    {"size with a prefix", chunked, "0x1\r\nx\r\n0\r\n\r\n", bad_chunk},
    {"no size", chunked, "\r\nx\r\n0\r\n\r\n", bad_chunk},
    {"blank before the size", chunked, " 1\r\nx\r\n0\r\n\r\n", bad_chunk},
    {"blank after the size", chunked, "1 \r\nx\r\n0\r\n\r\n", bad_chunk},
    {"size overflows", chunked, "10000000000000001\r\nx\r\n0\r\n\r\n", bad_chunk},
    {"bare LF after the size", chunked, "1\nx\r\n0\r\n\r\n", bad_chunk},
    {"bare CR after the size", chunked, "1\rx\r\n0\r\n\r\n", bad_chunk},
    {"bare LF in an extension", chunked, "1;a\nx\r\n0\r\n\r\n", bad_chunk},
    {"line end in a quoted extension", chunked, "1;a=\"\n\"\r\nx\r\n0\r\n\r\n", bad_chunk},
    {"data longer than its size", chunked, "1\r\nxy\r\n0\r\n\r\n", "head POST / @a\nbody x\nfailed bad_chunk\n"},
    {"bare LF after data", chunked, "1\r\nx\n0\r\n\r\n", "head POST / @a\nbody x\nfailed bad_chunk\n"},
    {"bare LF ends the trailers", chunked, "0\r\n\n", bad_chunk},
    {"bare CR ends the trailers", chunked, "0\r\n\rX", bad_chunk},
    {"length as a trailer", chunked, "0\r\nContent-Length: 5\r\n\r\n", bad_chunk},
    {"coding as a trailer", chunked, "0\r\ntransfer-encoding: chunked\r\n\r\n", bad_chunk},
    {"host as a trailer", chunked, "0\r\nHost: b\r\n\r\n", bad_chunk},
    {"folded trailer", chunked, "0\r\nX: a\r\n b\r\n\r\n", bad_chunk},
    {"trailer without a colon", chunked, "0\r\nX\r\n\r\n", bad_chunk},
    {"trailer without a name", chunked, "0\r\n: a\r\n\r\n", bad_chunk},
    {"trailer with a space before the colon", chunked, "0\r\nX : a\r\n\r\n", bad_chunk},
};

constexpr Row upgrade_rows[] = {
    {"length", "Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 5\r\n", "hello",
     "failed upgrade_with_body\n"},
    {"chunked", "Upgrade: websocket\r\nConnection: Upgrade\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n",
     "failed upgrade_with_body\n"},
    {"length and chunked",
     "Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n",
     bad_framing},
    {"lines of Connection", "Upgrade: websocket\r\nConnection: close\r\nConnection: upgrade\r\n", "",
     "head POST / @a upgrade\n"},
};

TEST(RequestSmuggling, Lengths) {
  for (const Row& row : length_rows) expect_row(row);
}

TEST(RequestSmuggling, Encodings) {
  for (const Row& row : encoding_rows) expect_row(row);
  expect_events({"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", bad_framing});
}

TEST(RequestSmuggling, Chunks) {
  for (const Row& row : chunk_rows) expect_row(row);
}

TEST(RequestSmuggling, Upgrades) {
  for (const Row& row : upgrade_rows) expect_row(row);
}

TEST(RequestSmuggling, APipelinedRequestBehindAnUpgradeIsNotRead) {
  expect_events({"upgrade, then a request",
                 "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                 "head GET / @a upgrade\n"});
  RequestParser parser;
  const std::string_view head = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  const std::string_view next = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(parser.receive(std::string(head).append(next)), head.size());
  EXPECT_TRUE(parser.is_upgrade());
  EXPECT_FALSE(parser.keep_alive());
  EXPECT_EQ(parser.receive(next), 0U);
  EXPECT_EQ(parser.event(), MessageEvent::end);
}

TEST(RequestSmuggling, ExtensionsAndTrailersAreBounded) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto events = [&head](const std::string& body) {
    const Outcome whole = feed(RequestParser(), {head + body}, body_limit);
    EXPECT_EQ(feed(RequestParser(), byte_by_byte(head + body), body_limit), whole);
    return whole.events;
  };
  const std::string too_large = "head POST / @a\nfailed header_too_large\n";
  EXPECT_EQ(events("0;" + std::string(253, 'e') + "\r\n\r\n"), "head POST / @a\nend\n");
  EXPECT_EQ(events("0;" + std::string(254, 'e') + "\r\n\r\n"), too_large);
  EXPECT_EQ(events(std::string(256, '0') + "\r\n\r\n"), too_large);
  EXPECT_EQ(events("0\r\n" + std::string(5000, 't')), too_large);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 2000; ++i) trailers += "a:b\r\n";
  EXPECT_EQ(events(trailers), too_large);
  std::string extensions;
  for (int i = 0; i < 50; ++i) extensions += "1;" + std::string(200, 'e') + "\r\nx\r\n";
  EXPECT_TRUE(events(extensions).ends_with("failed header_too_large\n"));
}

}  // namespace
}  // namespace usher::http
