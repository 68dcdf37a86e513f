#include "app/url.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace usher::app {
namespace {

TEST(Url, IsReadAndChecked) {
  struct Case {
    const char* text;
    const char* outcome;  ///< host port authority target, or the error
  };
  const Case cases[] = {
      {"ws://127.0.0.1:8080/chat?x=1", "127.0.0.1 8080 127.0.0.1:8080 /chat?x=1"},
      {"http://example.com", "example.com 80 example.com /"},
      {"WS://[::1]:90", "::1 90 [::1]:90 /"},
      {"ws://[::1]/a", "::1 80 [::1] /a"},
      {"http://localhost?x", "localhost 80 localhost /?x"},
      {"localhost:80", "\"localhost:80\": write ws://HOST:PORT/PATH or http://HOST:PORT"},
      {"wss://a/", "\"wss://a/\": wss is not available yet: use ws or http"},
      {"ftp://a/", "\"ftp://a/\": the scheme must be ws or http"},
      {"ws:///x", "\"ws:///x\": \"\" is no host"},
      {"ws://user@a/", "\"ws://user@a/\": \"user@a\" is no host"},
      {"ws://a:0/", "\"ws://a:0/\": a port is a number from 1 to 65535"},
      {"ws://a:70000/", "\"ws://a:70000/\": a port is a number from 1 to 65535"},
      {"ws://a/#b", "\"ws://a/#b\": a WebSocket URL has no fragment (#)"},
      {"ws://a/b c", "\"ws://a/b c\": blanks and other bytes are written as %XX"},
      {"ws://a/\r\nX: y", "\"ws://a/\r\nX: y\": blanks and other bytes are written as %XX"},
  };
  for (const Case& c : cases) {
    const auto url = parse_url(c.text);
    const std::string outcome =
        url.ok() ? url->host + " " + std::to_string(url->port) + " " + url->authority + " " + url->target
                 : url.error().message;
    EXPECT_EQ(outcome, c.outcome);
  }
}

TEST(ConnectAdvice, SaysWhatToDo) {
  EXPECT_EQ(connect_advice({"cannot connect to 127.0.0.1:1: connection refused", ECONNREFUSED}),
            "cannot connect to 127.0.0.1:1: connection refused: is usher running? start it with `make run`, or `usher "
            "serve --config FILE`");
}

}  // namespace
}  // namespace usher::app
