// What pages need: files, other origins, credentials in a header.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "http/authorization.hpp"
#include "http/cors.hpp"
#include "http/request_parser.hpp"
#include "http/static_file.hpp"

namespace usher::http {
namespace {

RequestHead request(std::string_view start, std::string_view headers) {
  std::optional<RequestHead> head =
      parse_request_head(std::string(start).append(" HTTP/1.1\r\nHost: a\r\n").append(headers).append("\r\n"));
  EXPECT_TRUE(head) << start;
  return head ? std::move(*head) : RequestHead();
}

TEST(StaticFile, PathsStayBelowTheFolder) {
  struct Row {
    std::string_view path;
    std::optional<std::string> expected;
  };
  const Row rows[] = {
      {"/", "index.html"},
      {"/a.js", "a.js"},
      {"/a/b.c.css", "a/b.c.css"},
      {"/a/", "a/index.html"},
      {"/a%20b", "a b"},
      {"/%C3%A9", "\xc3\xa9"},
      {"/a..b", "a..b"},
      {"", std::nullopt},
      {"*", std::nullopt},
      {"a", std::nullopt},
      {"//a", std::nullopt},
      {"/a//b", std::nullopt},
      {"/..", std::nullopt},
      {"/../a", std::nullopt},
      {"/a/../b", std::nullopt},
      {"/a/..", std::nullopt},
      {"/.", std::nullopt},
      {"/./a", std::nullopt},
      {"/%2e%2e/a", std::nullopt},
      {"/.%2E/a", std::nullopt},
      {"/a%2fb", std::nullopt},
      {"/..%2fa", std::nullopt},
      {"/%2fetc", std::nullopt},
      {"/a%5cb", std::nullopt},
      {"/..\\a", std::nullopt},
      {"/%252e%252e/a", "%2e%2e/a"},
      {"/.htpasswd", std::nullopt},
      {"/a/.git/config", std::nullopt},
      {"/%2egit", std::nullopt},
      {"/a%00.js", std::nullopt},
      {"/a%0a", std::nullopt},
      {"/c:a", std::nullopt},
      {"/a%zz", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(static_file_path(row.path), row.expected) << row.path;
}

TEST(StaticFile, TypesByExtension) {
  EXPECT_EQ(content_type_of("index.html"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("a/b.min.JS"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("a.svg"), "image/svg+xml");
  EXPECT_EQ(content_type_of("a"), "application/octet-stream");
  EXPECT_EQ(content_type_of("a."), "application/octet-stream");
  EXPECT_EQ(content_type_of("a.exe"), "application/octet-stream");
}

TEST(StaticFile, TagsByContent) {
  EXPECT_EQ(entity_tag(""), "\"cbf29ce484222325-0\"");
  EXPECT_EQ(entity_tag("a"), "\"af63dc4c8601ec8c-1\"");
  EXPECT_NE(entity_tag("ab"), entity_tag("ba"));
}

TEST(StaticFile, ComparesTags) {
  struct Row {
    std::string_view header;
    bool matches;
  };
  constexpr Row rows[] = {
      {"\"t-1\"", true}, {"W/\"t-1\"", true},  {"\"x\", \"t-1\"", true}, {"\"x\",W/\"t-1\" , \"y\"", true},
      {"*", true},       {"", false},          {"t-1", false},           {"\"t-2\"", false},
      {"\"t-1", false},  {"w/\"t-1\"", false}, {"\"a,b\"", false},
  };
  for (const Row& row : rows) EXPECT_EQ(matches_entity_tag(row.header, "\"t-1\""), row.matches) << row.header;
}

TEST(StaticFile, IsSentOnce) {
  const StaticFile file{"text/plain", "\"t\"", "hello"};
  const Response first = static_file_response(request("GET /a", ""), file);
  EXPECT_EQ(serialize(first, {}),
            "HTTP/1.1 200 OK\r\nETag: \"t\"\r\nCache-Control: no-cache\r\nContent-Type: text/plain\r\n"
            "Content-Length: 5\r\n\r\nhello");
  const Response second = static_file_response(request("GET /a", "If-None-Match: \"t\"\r\n"), file);
  EXPECT_EQ(serialize(second, {}), "HTTP/1.1 304 Not Modified\r\nETag: \"t\"\r\nCache-Control: no-cache\r\n\r\n");
}

TEST(StaticFile, IsKeptFromLeaking) {
  Response response;
  add_security_headers(response, "default-src 'self'; frame-ancestors 'none'");
  EXPECT_EQ(serialize(response, {}),
            "HTTP/1.1 200 OK\r\nContent-Security-Policy: default-src 'self'; frame-ancestors 'none'\r\n"
            "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n"
            "Cross-Origin-Opener-Policy: same-origin\r\nContent-Length: 0\r\n\r\n");
}

TEST(Cors, NamesTheOrigin) {
  Response response;
  vary_by_origin(response);
  allow_origin(response, "https://a.example");
  EXPECT_EQ(serialize(response, {}),
            "HTTP/1.1 200 OK\r\nVary: Origin\r\nAccess-Control-Allow-Origin: https://a.example\r\n"
            "Access-Control-Allow-Credentials: true\r\n"
            "Access-Control-Expose-Headers: Usher-Request-Id, Retry-After\r\nContent-Length: 0\r\n\r\n");
}

TEST(Cors, RecognisesPreflights) {
  const std::string_view both = "Origin: https://a\r\nAccess-Control-Request-Method: POST\r\n";
  EXPECT_TRUE(is_preflight(request("OPTIONS /", both)));
  EXPECT_FALSE(is_preflight(request("POST /", both)));
  EXPECT_FALSE(is_preflight(request("OPTIONS /", "Origin: https://a\r\n")));
  EXPECT_FALSE(is_preflight(request("OPTIONS /", "Access-Control-Request-Method: POST\r\n")));
}

TEST(Cors, AnswersPreflights) {
  const CorsRules rules{.methods = "POST", .headers = "Authorization, Content-Type"};
  EXPECT_EQ(serialize(preflight_response(rules), {}),
            "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Methods: POST\r\n"
            "Access-Control-Allow-Headers: Authorization, Content-Type\r\nAccess-Control-Max-Age: 600\r\n"
            "Vary: Origin\r\n\r\n");
}

TEST(Authorization, IsSplit) {
  struct Row {
    std::string_view value;
    std::string_view expected;  ///< "scheme|credentials"; "-" when refused
  };
  constexpr Row rows[] = {
      {"Basic YTpi", "Basic|YTpi"},
      {"Ticket  ust_x ", "Ticket|ust_x"},
      {"Bearer", "Bearer|"},
      {"Digest a=b, c", "Digest|a=b, c"},
      {"", "-"},
      {" ", "-"},
      {"a:b c", "-"},
      {"\"x\" y", "-"},
  };
  for (const Row& row : rows) {
    const std::optional<Authorization> result = parse_authorization(row.value);
    const std::string text = result ? std::string(result->scheme) + "|" + std::string(result->credentials) : "-";
    EXPECT_EQ(text, row.expected) << row.value;
  }
}

TEST(Authorization, Basic) {
  struct Row {
    std::string_view credentials;
    std::string_view expected;  ///< "user|password"; "-" when refused
  };
  constexpr Row rows[] = {
      {"QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin|open sesame"},
      {"YTpiOmM=", "a|b:c"},
      {"Og==", "|"},
      {"dGVzdDoxMjPCow==", "test|123\xc2\xa3"},
      {"YQ==", "-"},
      {"", "-"},
      {"YTpi YTpi", "-"},
      {"YTpiOmM", "-"},
      {"!!!!", "-"},
      {"YToA", "-"},
      {"YQo6Yg==", "-"},
  };
  for (const Row& row : rows) {
    const std::optional<BasicCredentials> result = decode_basic(row.credentials);
    EXPECT_EQ(result ? result->user + "|" + result->password : "-", row.expected) << row.credentials;
  }
}

}  // namespace
}  // namespace usher::http
