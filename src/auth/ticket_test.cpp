#include "auth/ticket.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace usher::auth {
namespace {

struct FormCase {
  const char* name;
  std::string text;
  bool well_formed;
};

TEST(Ticket, IsWellFormedInOneWayOnly) {
  const std::string good = "ust_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
  const FormCase cases[] = {
      {"good", good, true},
      {"all of the alphabet", "ust_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno-8", true},
      {"underscore", "ust_" + std::string(42, '_') + "_", false},
      {"underscores", "ust_" + std::string(42, '_') + "8", true},
      {"empty", "", false},
      {"prefix alone", "ust_", false},
      {"too short", good.substr(0, 46), false},
      {"too long", good + "A", false},
      {"padded", good + "=", false},
      {"padding inside", good.substr(0, 46) + "=", false},
      {"unused bits", "ust_" + std::string(42, 'A') + "B", false},
      {"plus", "ust_+" + std::string(42, 'A'), false},
      {"slash", "ust_/" + std::string(42, 'A'), false},
      {"space", "ust_ " + std::string(42, 'A'), false},
      {"NUL", std::string("ust_\0", 5) + std::string(42, 'A'), false},
      {"8 bit", "ust_\xc3\xbc" + std::string(41, 'A'), false},
      {"upper case prefix", "UST_" + std::string(43, 'A'), false},
      {"other prefix", "usk_" + std::string(43, 'A'), false},
      {"space in front", " " + good.substr(0, 46), false},
      {"newline behind", good + "\n", false},
  };
  for (const FormCase& c : cases) EXPECT_EQ(well_formed_ticket(c.text), c.well_formed) << c.name;
}

TEST(Ticket, IsDrawnFromEntropy) {
  std::uint8_t next = 0;
  EntropyBlock entropy([&](std::span<std::uint8_t> bytes) { std::ranges::generate(bytes, [&] { return next++; }); });
  const Secret first = draw_ticket(entropy);
  EXPECT_EQ(first.expose(), "ust_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
  EXPECT_TRUE(well_formed_ticket(first.expose()));
  EXPECT_NE(draw_ticket(entropy).expose(), first.expose());
}

TEST(Ticket, HashIsThatOfTheWholeText) {
  EXPECT_EQ(digest_text(ticket_hash("ust_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")),
            "3cbc451a9ee6b5b477cc05acee5786d61cee09a04886969facf4c24a7b33df11");
}

constexpr std::string_view full_record =
    R"({"v":1,"user":"42","issued_at":1795357709,"expires_at":1795357739,"ip":"203.0.113.7",)"
    R"("origin":"https://app.example.com","path":"/channels/room.1","channels":{"room.*":["subscribe","publish"]},)"
    R"("subscribe":["room.1"],"info":{},"meta":{"a":[1.0]},"session_ttl":3600,"issuer":"backend"})";

TEST(TicketRecord, RoundTripsAsItStandsInRedis) {
  const auto record = parse_ticket_record(full_record);
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record->grant.user, "42");
  EXPECT_EQ(record->issued_at->milliseconds, 1795357709000);
  EXPECT_EQ(record->expires_at->milliseconds, 1795357739000);
  EXPECT_EQ(record->address->text(), "203.0.113.7");
  EXPECT_EQ(record->origin, "https://app.example.com");
  EXPECT_EQ(record->path, "/channels/room.1");
  EXPECT_EQ(record->issuer, "backend");
  EXPECT_EQ(ticket_record_json(*record), full_record);
}

TEST(TicketRecord, NeedsOnlyVersionAndUser) {
  const auto record = parse_ticket_record(R"({"v":1,"user":null})");
  ASSERT_TRUE(record.ok());
  EXPECT_FALSE(record->grant.user);
  EXPECT_FALSE(record->address);
  EXPECT_FALSE(record->expires_at);
  const std::string_view written =
      R"({"v":1,"user":null,"issued_at":null,"expires_at":null,"ip":null,"origin":null,"path":null,"channels":null,)"
      R"("subscribe":[],"info":null,"meta":null,"session_ttl":null,"issuer":null})";
  EXPECT_EQ(ticket_record_json(*record), written);
  EXPECT_EQ(ticket_record_json(*parse_ticket_record(written)), written);
}

TEST(TicketRecord, NeverEndsEarlyByRounding) {
  TicketRecord record;
  record.issued_at = base::WallTime{1001};
  record.expires_at = base::WallTime{31001};
  const auto read = parse_ticket_record(ticket_record_json(record));
  EXPECT_EQ(read->issued_at->milliseconds, 1000);
  EXPECT_EQ(read->expires_at->milliseconds, 32000);
  record.expires_at = base::WallTime{31000};
  EXPECT_EQ(parse_ticket_record(ticket_record_json(record))->expires_at->milliseconds, 31000);
}

struct RefusedRecord {
  const char* json;
  const char* message;
};

TEST(TicketRecord, WhatDoesNotParseAdmitsNobody) {
  const RefusedRecord cases[] = {
      {"spent", "not JSON"},
      {R"({"user":"42"})", "`v` must be 1"},
      {R"({"v":2,"user":"42"})", "`v` must be 1"},
      {R"({"v":"1","user":"42"})", "`v`"},
      {R"({"v":1.0,"user":"42"})", "`v`"},
      {R"({"v":1})", "`user` is missing"},
      {R"({"v":1,"user":42})", "`user`"},
      {R"({"v":1,"user":"42","ip":"example.com"})", "`ip`"},
      {R"({"v":1,"user":"42","ip":"203.0.113.0/24"})", "`ip`"},
      {R"({"v":1,"user":"42","origin":"app.example.com"})", "`origin`"},
      {R"({"v":1,"user":"42","origin":""})", "`origin`"},
      {R"({"v":1,"user":"42","path":"channels"})", "`path`"},
      {R"({"v":1,"user":"42","expires_at":"1795357739"})", "`expires_at`"},
      {R"({"v":1,"user":"42","expires_at":-1})", "`expires_at`"},
      {R"({"v":1,"user":"42","expires_at":999999999999999})", "`expires_at`"},
      {R"({"v":1,"user":"42","ips":"203.0.113.7"})", "\"ips\" is not known"},
      {R"({"v":1,"v":1,"user":"42"})", "comes twice"},
      {R"({"v":1,"user":"42","channels":{"a b":[]}})", "`channels`"},
  };
  for (const RefusedRecord& c : cases) {
    const auto record = parse_ticket_record(c.json);
    ASSERT_FALSE(record.ok()) << c.json;
    EXPECT_NE(record.error().message.find(c.message), std::string::npos) << c.json << ": " << record.error().message;
  }
}

}  // namespace
}  // namespace usher::auth
