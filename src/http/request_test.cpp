#include "http/request.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request_parser.hpp"

namespace usher::http {
namespace {

/// A request with these header lines, which are given with their line ends.
RequestHead head_with(std::string_view headers) {
  std::optional<RequestHead> head =
      parse_request_head(std::string("GET /a?b HTTP/1.1\r\nHost: a\r\n").append(headers).append("\r\n"));
  EXPECT_TRUE(head) << headers;
  return head ? std::move(*head) : RequestHead();
}

TEST(RequestHead, KnowsItsParts) {
  const std::string_view bytes = "DELETE /a%20b?c=d HTTP/1.0\r\nHost: h:1\r\n\r\n";
  const std::optional<RequestHead> head = parse_request_head(bytes);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->bytes(), bytes);
  EXPECT_EQ(head->method(), Method::delete_);
  EXPECT_EQ(head->method_name(), "DELETE");
  EXPECT_EQ(head->target(), "/a%20b?c=d");
  EXPECT_EQ(head->path(), "/a%20b");
  EXPECT_EQ(head->query(), "c=d");
  EXPECT_EQ(head->host(), "h:1");
  EXPECT_EQ(head->minor_version(), 0);
}

TEST(RequestHead, KnowsItsMethod) {
  struct Row {
    std::string_view name;
    Method method;
  };
  constexpr Row rows[] = {{"GET", Method::get},         {"HEAD", Method::head},      {"POST", Method::post},
                          {"PUT", Method::put},         {"DELETE", Method::delete_}, {"PATCH", Method::patch},
                          {"OPTIONS", Method::options}, {"PROPFIND", Method::other}};
  for (const Row& row : rows) {
    const auto head = parse_request_head(std::string(row.name) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(head) << row.name;
    EXPECT_EQ(head->method(), row.method) << row.name;
  }
}

TEST(HeaderFields, FindsByNameInAnyCase) {
  const RequestHead head = head_with("X: 1\r\nY: 2\r\nx:\r\nX:  3 \t\r\n");
  EXPECT_EQ(head.size(), 5U);
  EXPECT_EQ(head.at(1).name, "X");
  EXPECT_EQ(head.find("x"), "1");
  EXPECT_EQ(head.count("X"), 3U);
  EXPECT_EQ(head.find("z"), std::nullopt);
  EXPECT_EQ(head.value("z"), "");
  EXPECT_EQ(head.value("Y"), "2");
  std::vector<std::string> values;
  head.for_each("X", [&values](std::string_view value) { values.emplace_back(value); });
  EXPECT_EQ(values, (std::vector<std::string>{"1", "", "3"}));
}

TEST(HeaderFields, JoinsLines) {
  EXPECT_EQ(head_with("X: a\r\nX: b, c\r\n").joined("x"), "a, b, c");
  EXPECT_EQ(head_with("").joined("x"), "");
}

TEST(HeaderFields, LooksIntoLists) {
  const RequestHead head = head_with("Connection: keep-alive,Upgrade\r\nConnection:\r\nConnection: , x y\r\n");
  EXPECT_TRUE(head.list_contains("connection", "upgrade"));
  EXPECT_TRUE(head.list_contains("connection", "Keep-Alive"));
  EXPECT_FALSE(head.list_contains("connection", "x"));
  EXPECT_FALSE(head.list_contains("connection", "grade"));
  EXPECT_FALSE(head.list_contains("upgrade", "websocket"));
}

TEST(Cookies, AreFoundByTheirExactName) {
  struct Row {
    std::string_view name;
    std::string_view headers;
    std::vector<std::string_view> values;
  };
  const Row rows[] = {
      {"none", "", {}},
      {"one", "Cookie: t=1\r\n", {"1"}},
      {"among others", "Cookie: a=b; t=1; c=d\r\n", {"1"}},
      {"without blanks", "Cookie: a=b;t=1;c=d\r\n", {"1"}},
      {"twice", "Cookie: t=1; t=2\r\n", {"1", "2"}},
      {"two lines", "Cookie: t=1\r\nCookie: t=2\r\n", {"1", "2"}},
      {"empty value", "Cookie: t=\r\n", {""}},
      {"equals sign in the value", "Cookie: t=a=b\r\n", {"a=b"}},
      {"quoted", "Cookie: t=\"1\"\r\n", {"\"1\""}},
      {"other case", "Cookie: T=1\r\n", {}},
      {"longer name", "Cookie: tt=1; xt=2\r\n", {}},
      {"no equals sign", "Cookie: t; u=t\r\n", {}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(cookie_values(head_with(row.headers), "t"), row.values) << row.name;
  }
}

TEST(Accept, EventStream) {
  struct Row {
    std::string_view value;
    bool accepted;
  };
  constexpr Row rows[] = {
      {"text/event-stream", true},
      {"Text/Event-Stream", true},
      {"text/html, text/event-stream;q=0.5", true},
      {"text/event-stream; charset=utf-8", true},
      {"text/event-stream;q=0", false},
      {"text/event-stream; q=0.000", false},
      {"text/event-stream;Q=0.0, text/event-stream", true},
      {"*/*", false},
      {"text/*", false},
      {"text/event-streams", false},
      {"", false},
  };
  for (const Row& row : rows) {
    const RequestHead head = head_with(std::string("Accept: ").append(row.value).append("\r\n"));
    EXPECT_EQ(accepts_event_stream(head), row.accepted) << row.value;
  }
  EXPECT_TRUE(accepts_event_stream(head_with("Accept: text/html\r\nAccept: text/event-stream\r\n")));
  EXPECT_FALSE(accepts_event_stream(head_with("")));
}

}  // namespace
}  // namespace usher::http
