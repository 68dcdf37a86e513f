#include "auth/check.hpp"

#include <gtest/gtest.h>

namespace usher::auth {
namespace {

using namespace std::chrono_literals;

constexpr base::WallTime now{1'795'357'709'000};
constexpr const char* origin = "https://app.example.com";

TicketRecord bound_record() {
  TicketRecord record;
  record.address = Address::parse("203.0.113.7");
  record.origin = origin;
  record.path = "/channels/room.1";
  record.expires_at = now + 1ms;
  return record;
}

struct UseCase {
  const char* name;
  TicketBinding binding;
  const char* address;  // null: a unix socket
  const char* origin;   // null: no header
  const char* path;
  std::optional<TicketRefusal> refusal;
};

TEST(CheckTicket, WhatItIsBoundTo) {
  const TicketBinding standard;
  const TicketBinding prefix{.address = AddressBinding::prefix};
  const TicketBinding loose{.address = AddressBinding::off, .origin = false};
  const UseCase cases[] = {
      {"fits", standard, "203.0.113.7", origin, "/channels/room.1", std::nullopt},
      {"mapped address", standard, "::ffff:203.0.113.7", origin, "/channels/room.1", std::nullopt},
      {"other address", standard, "203.0.113.8", origin, "/channels/room.1", TicketRefusal::address},
      {"no address", standard, nullptr, origin, "/channels/room.1", TicketRefusal::address},
      {"same network", prefix, "203.0.113.8", origin, "/channels/room.1", std::nullopt},
      {"other network", prefix, "203.0.114.7", origin, "/channels/room.1", TicketRefusal::address},
      {"other origin", standard, "203.0.113.7", "https://www.example.com", "/channels/room.1", TicketRefusal::origin},
      {"null origin", standard, "203.0.113.7", "null", "/channels/room.1", TicketRefusal::origin},
      {"no origin", standard, "203.0.113.7", nullptr, "/channels/room.1", std::nullopt},
      {"other path", standard, "203.0.113.7", origin, "/channels/room.2", TicketRefusal::path},
      {"longer path", standard, "203.0.113.7", origin, "/channels/room.1/", TicketRefusal::path},
      {"nothing is compared", loose, "2001:db8::1", nullptr, "/channels/room.1", std::nullopt},
      {"but the path is", loose, nullptr, nullptr, "/", TicketRefusal::path},
  };
  for (const UseCase& c : cases) {
    TicketUse use{std::nullopt, std::nullopt, c.path};
    if (c.address != nullptr) use.address = Address::parse(c.address);
    if (c.origin != nullptr) use.origin = c.origin;
    EXPECT_EQ(check_ticket({bound_record(), 1ms}, use, c.binding, now), c.refusal) << c.name;
  }
}

TEST(CheckTicket, AnUnboundRecordFitsUnlessBindingIsRequired) {
  const TicketUse use{Address::parse("203.0.113.7"), origin, "/"};
  EXPECT_EQ(check_ticket({TicketRecord{}, 1s}, use, {}, now), std::nullopt);
  EXPECT_EQ(check_ticket({TicketRecord{}, 1s}, use, {.require_address = true}, now), TicketRefusal::address);
  EXPECT_EQ(check_ticket({TicketRecord{}, 1s}, use, {.require_origin = true}, now), TicketRefusal::origin);
  EXPECT_EQ(check_ticket({TicketRecord{}, 1s}, {std::nullopt, std::nullopt, "/"}, {}, now), std::nullopt);
}

TEST(CheckTicket, ExpiryByTheStoreAndByTheRecord) {
  const TicketUse use{Address::parse("203.0.113.7"), origin, "/channels/room.1"};
  EXPECT_EQ(check_ticket({bound_record(), 1ns}, use, {}, now), std::nullopt);
  EXPECT_EQ(check_ticket({bound_record(), 0ns}, use, {}, now), TicketRefusal::expired);
  EXPECT_EQ(check_ticket({bound_record(), -1ns}, use, {}, now), TicketRefusal::expired);
  EXPECT_EQ(check_ticket({bound_record(), 1s}, use, {}, now + 1ms), TicketRefusal::expired);
}

TEST(CheckTicket, TheFirstThatFailsIsTold) {
  TicketUse use{Address::parse("203.0.113.8"), "https://evil.test", "/"};
  const Redemption late{bound_record(), 0ns};
  EXPECT_EQ(check_ticket(late, use, {}, now), TicketRefusal::address);
  use.address = Address::parse("203.0.113.7");
  EXPECT_EQ(check_ticket(late, use, {}, now), TicketRefusal::origin);
  use.origin = origin;
  EXPECT_EQ(check_ticket(late, use, {}, now), TicketRefusal::expired);
  EXPECT_EQ(check_ticket({bound_record(), 1s}, use, {}, now), TicketRefusal::path);
}

}  // namespace
}  // namespace usher::auth
