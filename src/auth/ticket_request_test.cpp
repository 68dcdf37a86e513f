#include "auth/ticket_request.hpp"

#include <gtest/gtest.h>

namespace usher::auth {
namespace {

TEST(TicketRequest, AsksForLess) {
  const auto request =
      parse_ticket_request(R"({"channels":{"room.1":["subscribe","publish"]},"path":"/channels/room.1"})");
  ASSERT_TRUE(request.ok());
  ASSERT_EQ(request->channels->size(), 1U);
  EXPECT_EQ(request->channels->front().pattern.text(), "room.1");
  EXPECT_EQ(request->channels->front().rights, (Rights{Right::subscribe, Right::publish}));
  EXPECT_EQ(request->path, "/channels/room.1");
}

TEST(TicketRequest, MayBeEmpty) {
  for (const std::string_view body : {"", "{}", R"({"channels":null,"path":null})"}) {
    const auto request = parse_ticket_request(body);
    ASSERT_TRUE(request.ok()) << body;
    EXPECT_FALSE(request->channels);
    EXPECT_EQ(request->path, "");
  }
}

TEST(TicketRequest, CannotNameAUser) {
  for (const std::string_view body :
       {R"({"user":"admin"})", R"({"ttl":60})", R"({"info":{}})", R"({"path":1})", "[]", "null", " ", "ticket=1"}) {
    EXPECT_FALSE(parse_ticket_request(body).ok()) << body;
  }
}

TEST(MintRequest, NamesEverything) {
  const auto request = parse_mint_request(
      R"({"user":"42","ttl":30,"ip":"203.0.113.7","origin":"https://App.example.com:443","path":null,)"
      R"("channels":{"room.*":["subscribe","publish","presence","history"]},"subscribe":["room.1"],)"
      R"("info":{"name":"A"},"meta":{},"session_ttl":3600})");
  ASSERT_TRUE(request.ok()) << request.error().message;
  EXPECT_EQ(request->ttl, std::chrono::seconds(30));
  EXPECT_EQ(request->address->text(), "203.0.113.7");
  EXPECT_EQ(request->origin, "https://app.example.com");
  EXPECT_EQ(request->path, "");
  EXPECT_EQ(grant_json(request->grant),
            R"({"user":"42","channels":{"room.*":["subscribe","publish","presence","history"]},"subscribe":["room.1"],)"
            R"("info":{"name":"A"},"meta":{},"session_ttl":3600})");
}

TEST(MintRequest, NeedsAUserOrNull) {
  EXPECT_TRUE(parse_mint_request(R"({"user":null})").ok());
  EXPECT_FALSE(parse_mint_request(R"({})").ok());
  EXPECT_FALSE(parse_mint_request("").ok());
  EXPECT_FALSE(parse_mint_request(R"({"user":"1","ttl":0})").ok());
  EXPECT_FALSE(parse_mint_request(R"({"user":"1","issuer":"x"})").ok());
}

}  // namespace
}  // namespace usher::auth
