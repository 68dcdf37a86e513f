#include "auth/address.hpp"

#include <gtest/gtest.h>

namespace usher::auth {
namespace {

struct ParseCase {
  const char* text;
  const char* canonical;  // empty: not an address
};

TEST(Address, ParsesAndWritesTheOneForm) {
  const ParseCase cases[] = {
      {"203.0.113.7", "203.0.113.7"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"::1", "::1"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"},
      {"::ffff:203.0.113.7", "203.0.113.7"},
      {"::ffff:cb00:7107", "203.0.113.7"},
      {"", ""},
      {"localhost", ""},
      {"127.1", ""},
      {"0177.0.0.1", ""},
      {"127.0.0.1:80", ""},
      {"[::1]", ""},
      {"fe80::1%eth0", ""},
      {"::1/64", ""},
      {" 127.0.0.1", ""},
      {"1.2.3.4.5", ""},
      {"12345:0000:0000:0000:0000:0000:0000:0000:0000", ""},
  };
  for (const ParseCase& c : cases) {
    const auto address = Address::parse(c.text);
    EXPECT_EQ(address ? address->text() : "", c.canonical) << c.text;
  }
  EXPECT_FALSE(Address::parse(std::string_view("127.0.0.1\0", 10)));
}

TEST(Address, TakesTheBytesOfTheSystem) {
  const std::array<std::uint8_t, 4> v4 = {192, 0, 2, 1};
  EXPECT_EQ(Address::from_v4(v4).text(), "192.0.2.1");
  const std::array<std::uint8_t, 16> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};
  EXPECT_EQ(Address::from_v6(mapped), Address::from_v4(v4));
  EXPECT_TRUE(Address::from_v6(mapped).is_v4());
}

struct FitCase {
  const char* bound;
  const char* shown;
  bool exact;
  bool prefix;
};

TEST(Address, FitsWhatItWasBoundTo) {
  const FitCase cases[] = {
      {"203.0.113.7", "203.0.113.7", true, true},
      {"203.0.113.7", "203.0.113.8", false, true},
      {"203.0.113.0", "203.0.113.255", false, true},
      {"203.0.113.7", "203.0.112.7", false, false},
      {"203.0.113.7", "::ffff:203.0.113.7", true, true},
      {"2001:db8::1", "2001:db8::2", false, true},
      {"2001:db8::1", "2001:db8:0:0:ffff:ffff:ffff:ffff", false, true},
      {"2001:db8::1", "2001:db8:0:1::1", false, false},
      {"2001:db8::1", "203.0.113.7", false, false},
      {"::", "0.0.0.0", false, false},
  };
  for (const FitCase& c : cases) {
    const Address bound = *Address::parse(c.bound);
    const Address shown = *Address::parse(c.shown);
    EXPECT_EQ(address_fits(bound, shown, AddressBinding::exact), c.exact) << c.bound << ' ' << c.shown;
    EXPECT_EQ(address_fits(bound, shown, AddressBinding::prefix), c.prefix) << c.bound << ' ' << c.shown;
    EXPECT_TRUE(address_fits(bound, shown, AddressBinding::off));
  }
}

TEST(Address, LimitsCountIpv4AloneAndIpv6ByNetwork) {
  EXPECT_EQ(Address::parse("203.0.113.7")->limit_key().text(), "203.0.113.7");
  EXPECT_EQ(Address::parse("2001:db8:1:2:3:4:5:6")->limit_key().text(), "2001:db8:1:2::");
}

}  // namespace
}  // namespace usher::auth
