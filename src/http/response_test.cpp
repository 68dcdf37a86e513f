#include "http/response.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "http/date.hpp"
#include "http/problem.hpp"

namespace usher::http {
namespace {

TEST(Serialize, Table) {
  struct Row {
    std::string_view name;
    Response response;
    ResponseContext context;
    std::string_view expected;
  };
  const Row rows[] = {
      {"plain",
       {200, {{"Content-Type", "text/plain"}}, "hi"},
       {},
       "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"},
      {"dated", {200, {}, ""}, {.date = "D"}, "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 0\r\n\r\n"},
      {"closing",
       {404, {}, ""},
       {.keep_alive = false},
       "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
      {"kept in HTTP/1.0",
       {200, {}, ""},
       {.http10 = true},
       "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"},
      {"closed in HTTP/1.0",
       {200, {}, ""},
       {.keep_alive = false, .http10 = true},
       "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
      {"HEAD", {200, {}, "hello"}, {.head_request = true}, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
      {"no content", {204, {}, "x"}, {}, "HTTP/1.1 204 No Content\r\n\r\n"},
      {"not modified", {304, {{"ETag", "\"e\""}}, "x"}, {}, "HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n"},
      {"switching",
       {101, {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}}, ""},
       {.date = "D"},
       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"},
      {"upgrade wanted",
       {426, {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}}, ""},
       {.keep_alive = false},
       "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\nConnection: Upgrade, "
       "close\r\n\r\n"},
      {"unknown status", {299, {}, ""}, {}, "HTTP/1.1 299 Unknown\r\nContent-Length: 0\r\n\r\n"},
      {"framing of the caller is dropped",
       {200, {{"content-length", "9"}, {"Transfer-Encoding", "chunked"}, {"Date", "x"}}, "a"},
       {},
       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"},
      {"eight-bit value",
       {200, {{"X", "\xc3\xa9\t"}}, ""},
       {},
       "HTTP/1.1 200 OK\r\nX: \xc3\xa9\t\r\nContent-Length: 0\r\n\r\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(serialize(row.response, row.context), row.expected) << row.name;
}

TEST(Serialize, LeavesOutWhatWouldSplitTheAnswer) {
  const std::string_view values[] = {"a\r\nSet-Cookie: b",        "a\nb",  "a\rb",
                                     std::string_view("a\0b", 3), "a\x7f", "\x1b"};
  for (const std::string_view value : values) {
    Response response;
    response.add("X", value).add("Connection", value).add("Y", "z");
    EXPECT_EQ(serialize(response, {}), "HTTP/1.1 200 OK\r\nY: z\r\nContent-Length: 0\r\n\r\n");
  }
  for (const std::string_view name : {"", "a b", "a:", "a\r\nb", "\xc3\xa9"}) {
    Response response;
    response.add(name, "x");
    EXPECT_EQ(serialize(response, {}), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") << name;
    response.status = 101;
    EXPECT_EQ(serialize(response, {}), "HTTP/1.1 101 Switching Protocols\r\n\r\n") << name;
  }
}

TEST(Stream, IsChunkedInHttp11AndEndedByTheConnectionInHttp10) {
  Response response;
  response.add("Content-Type", "text/event-stream");
  EXPECT_EQ(serialize_stream_head(response, {.date = "D"}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nDate: D\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(serialize_stream_head(response, {.http10 = true}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
}

TEST(Stream, Chunks) {
  std::string out;
  append_chunk(out, "");
  EXPECT_EQ(out, "");
  append_chunk(out, "0123456789abcdefg");
  append_chunk(out, "\r\n");
  out += last_chunk;
  EXPECT_EQ(out, "11\r\n0123456789abcdefg\r\n2\r\n\r\n\r\n0\r\n\r\n");
}

TEST(Problem, HasItsMembersInOrder) {
  const Response response = problem(401, "ticket_refused", "The ticket was not accepted.");
  EXPECT_EQ(serialize(response, {}),
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n"
            "Content-Length: 122\r\n\r\n"
            R"({"type":"about:blank","title":"Unauthorized","status":401,"code":"ticket_refused",)"
            R"("detail":"The ticket was not accepted."})");
}

TEST(Problem, TakesFurtherMembersAndEscapes) {
  const ProblemMember members[] = {{"setting", "a\"b\n"}, {"limit", std::int64_t{-7}}};
  EXPECT_EQ(problem(413, "c", "d\\", members).body,
            R"({"type":"about:blank","title":"Content Too Large","status":413,"code":"c","detail":"d\\",)"
            R"("setting":"a\"b\n","limit":-7})");
}

TEST(Problem, AnswersEachMessageError) {
  for (int i = 1; i <= static_cast<int>(MessageError::version_not_supported); ++i) {
    const auto error = static_cast<MessageError>(i);
    const Response response = problem(error);
    EXPECT_EQ(response.status, info(error).status);
    EXPECT_GE(response.status, 400) << info(error).name;
    EXPECT_NE(reason_phrase(response.status), "Unknown") << response.status;
    EXPECT_TRUE(info(error).detail.ends_with('.')) << info(error).name;
  }
  EXPECT_EQ(info(MessageError::version_not_supported).name, "version_not_supported");
  EXPECT_EQ(info(MessageError::upgrade_with_body).name, "upgrade_with_body");
  EXPECT_EQ(info(MessageError::body_too_large).status, 413);
}

TEST(Date, IsAnImfFixdate) {
  struct Row {
    std::int64_t milliseconds;
    std::string_view expected;
  };
  constexpr Row rows[] = {
      {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
      {784111777000, "Sun, 06 Nov 1994 08:49:37 GMT"},
      {1709251199999, "Thu, 29 Feb 2024 23:59:59 GMT"},
      {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},
  };
  for (const Row& row : rows) EXPECT_EQ(format_date(base::WallTime{row.milliseconds}), row.expected);
}

}  // namespace
}  // namespace usher::http
