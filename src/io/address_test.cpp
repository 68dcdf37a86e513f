#include "io/address.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <string>

namespace usher::io {
namespace {

using namespace std::string_view_literals;

TEST(Address, ReadsWhatItWrites) {
  struct Case {
    std::string_view text;
    std::string_view written;
    Family family;
    bool loopback;
  };
  const Case cases[] = {
      {"127.0.0.1:8080", "127.0.0.1:8080", Family::ipv4, true},
      {"127.9.8.7:0", "127.9.8.7:0", Family::ipv4, true},
      {"0.0.0.0:65535", "0.0.0.0:65535", Family::ipv4, false},
      {"localhost:80", "127.0.0.1:80", Family::ipv4, true},
      {"[::1]:443", "[::1]:443", Family::ipv6, true},
      {"[::]:443", "[::]:443", Family::ipv6, false},
      {"[2001:DB8:0:0:0:0:0:1]:1", "[2001:db8::1]:1", Family::ipv6, false},
      {"[::ffff:192.0.2.1]:1", "192.0.2.1:1", Family::ipv4, false},
      {"unix:/run/usher.sock", "unix:/run/usher.sock", Family::local, true},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.text);
    const auto address = Address::parse(test.text);
    ASSERT_TRUE(address.ok()) << address.error().message;
    EXPECT_EQ(address->text(), test.written);
    EXPECT_EQ(address->family(), test.family);
    EXPECT_EQ(address->is_loopback(), test.loopback);
    sockaddr_storage storage;
    const socklen_t length = address->to_kernel(storage);
    EXPECT_EQ(Address::from_kernel(storage, length), *address);
  }
}

TEST(Address, RefusesInWords) {
  struct Case {
    std::string text;
    std::string_view reason;
  };
  const Case cases[] = {
      {"", "write host:port"},
      {"8080", "write host:port"},
      {":8080", "must be numeric"},
      {"example.com:80", "must be numeric"},
      {"127.0.0.1:", "the port"},
      {"127.0.0.1:65536", "the port"},
      {"127.0.0.1:-1", "the port"},
      {"127.0.0.1: 80", "the port"},
      {"127.0.1:80", "must be numeric"},
      {"127.0.0.01:80", "must be numeric"},
      {"::1:80", "must be numeric"},
      {"[127.0.0.1]:80", "must be numeric"},
      {"[localhost]:80", "must be numeric"},
      {"[::1%lo]:80", "must be numeric"},
      {"[::1]80", "the port"},
      {std::string("127.0.0.1\0.:80"sv), "must be numeric"},
      {"unix:run/usher.sock", "slash"},
      {"unix:", "slash"},
      {"unix:/" + std::string(107, 'x'), "107 bytes"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.text);
    const auto address = Address::parse(test.text);
    ASSERT_FALSE(address.ok());
    EXPECT_NE(address.error().message.find(test.reason), std::string::npos) << address.error().message;
  }
  EXPECT_TRUE(Address::parse("unix:/" + std::string(106, 'x')).ok());
}

TEST(Address, MappedIpv4IsIpv4) {
  EXPECT_EQ(*IpAddress::parse("::ffff:192.0.2.1"), *IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(IpAddress::parse("::ffff:127.0.0.1")->text(), "127.0.0.1");
  EXPECT_TRUE(IpAddress::parse("::ffff:127.0.0.1")->is_loopback());
  EXPECT_FALSE(IpAddress::parse("::127.0.0.1")->is_loopback());
  EXPECT_TRUE(IpAddress::parse("0.0.0.0")->is_unspecified());
  EXPECT_TRUE(IpAddress::parse("::")->is_unspecified());
  EXPECT_FALSE(IpAddress::parse("0.0.0.1")->is_unspecified());
}

TEST(Address, ComparesPrefixes) {
  struct Case {
    std::string_view a;
    std::string_view b;
    unsigned bits;
    bool shared;
  };
  const Case cases[] = {
      {"192.0.2.1", "192.0.2.254", 24, true},
      {"192.0.2.1", "192.0.3.1", 24, false},
      {"192.0.2.1", "192.0.3.1", 23, true},
      {"192.0.2.1", "192.0.2.0", 32, false},
      {"192.0.2.1", "192.0.2.1", 99, true},
      {"1.2.3.4", "200.2.3.4", 0, true},
      {"128.0.0.0", "0.0.0.0", 1, false},
      {"2001:db8::1", "2001:db8::ffff", 64, true},
      {"2001:db8::1", "2001:db8:0:1::1", 64, false},
      {"2001:db8::1", "2001:db8:0:1::1", 63, true},
      {"2001:db8::1", "2001:db8::1", 999, true},
      {"192.0.2.1", "2001:db8::1", 0, false},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(std::string(test.a) + " " + std::string(test.b) + "/" + std::to_string(test.bits));
    EXPECT_EQ(IpAddress::parse(test.a)->shares_prefix(*IpAddress::parse(test.b), test.bits), test.shared);
  }
  EXPECT_TRUE(IpAddress::parse("192.0.2.1")->same_network(*IpAddress::parse("192.0.2.9")));
  EXPECT_TRUE(IpAddress::parse("2001:db8::1")->same_network(*IpAddress::parse("2001:db8::9:9:9:9")));
}

TEST(Address, UnnamedUnixPeerHasNoAddress) {
  sockaddr_storage storage{};
  storage.ss_family = AF_UNIX;
  EXPECT_EQ(Address::from_kernel(storage, sizeof(sa_family_t)), Address());
  EXPECT_EQ(Address().text(), "unix:");
  EXPECT_FALSE(Address().is_loopback());
}

}  // namespace
}  // namespace usher::io
