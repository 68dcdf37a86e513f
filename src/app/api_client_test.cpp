#include "app/api_client.hpp"

#include <gtest/gtest.h>

#include "app/refusal_text.hpp"

namespace usher::app {
namespace {

TEST(ApiFailure, IsTold) {
  struct Case {
    int status;
    const char* body;
    const char* failure;  ///< empty: none
  };
  const Case cases[] = {
      {200, R"({"result":{}})", ""},
      {201, R"({"ticket":"ust_x"})", ""},
      {200, R"({"error":{"code":102,"message":"unknown channel"}})", "the server refused: 102 unknown channel"},
      {200, "<html>", "the answer is not JSON: is this usher?"},
      {401, R"({"code":"unauthorized","detail":"No."})",
       "the server refused: 401 unauthorized No.; is the API key the one whose SHA-256 stands in [[auth.api_key]]?"},
      {503, "", "the server refused: 503"},
  };
  for (const Case& c : cases) EXPECT_EQ(api_failure({c.status, c.body}).value_or(""), c.failure) << c.body;
}

TEST(TicketBody, HasWhatWasAskedFor) {
  EXPECT_EQ(ticket_body({}), R"({"user":null})");
  EXPECT_EQ(ticket_body({"a\"b", R"({"room.*":["subscribe"]})", 30, "::1", "https://a.example"}),
            R"({"user":"a\"b","channels":{"room.*":["subscribe"]},"ttl":30,"ip":"::1","origin":"https://a.example"})");
}

TEST(ChannelsJson, IsMadeOfPatternsAndRights) {
  EXPECT_EQ(*channels_json({}), "");
  EXPECT_EQ(*channels_json({"room.*=subscribe,publish", "a=history"}),
            R"({"a":["history"],"room.*":["subscribe","publish"]})");
  EXPECT_EQ(channels_json({"room"}).error().message, "\"room\": write PATTERN=RIGHTS, as in room.*=subscribe");
  EXPECT_EQ(channels_json({"a=read"}).error().message, "\"read\" is no right: subscribe, publish, presence, history");
  EXPECT_FALSE(channels_json({"{=read"}).ok());
}

TEST(RefusalText, ExplainsTheCode) {
  ClientEnd end;
  end.stage = ClientEnd::Stage::handshake;
  end.status = 401;
  end.body = R"({"code":"ticket_refused","detail":"The ticket was not accepted."})";
  EXPECT_EQ(refusal_text(end),
            "the server refused: 401 ticket_refused The ticket was not accepted.\n"
            "  a ticket admits once, for a short time, from where it was minted for: take a fresh one with `usher "
            "ticket`");
  end.status = 404;
  end.body = "nothing";
  EXPECT_EQ(refusal_text(end),
            "the server refused: 404\n  no channel, and no route, has this path; /channels/NAME leads to a channel");
  end.status = 0;
  end.message = "the server did not answer in time";
  EXPECT_EQ(refusal_text(end), "the server did not answer in time");
}

}  // namespace
}  // namespace usher::app
