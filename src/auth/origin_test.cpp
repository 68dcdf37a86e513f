#include "auth/origin.hpp"

#include <gtest/gtest.h>

#include <array>

namespace usher::auth {
namespace {

OriginList list_of(std::initializer_list<std::string_view> entries) {
  OriginList list;
  for (const std::string_view entry : entries) {
    const auto added = list.add(entry);
    EXPECT_TRUE(added.ok()) << entry << ": " << (added.ok() ? "" : added.error().message);
  }
  return list;
}

struct MatrixCase {
  std::string_view origin;
  bool allowed;
};

// Against: https://app.example.com, https://*.wild.example, http://localhost:3000, http://[::1]:8080,
// http://127.0.0.1, https://xn--bcher-kva.example, https://*.port.example:8443, moz-extension://…
constexpr MatrixCase matrix[] = {
    // The exact tuple, and everything that differs in one part.
    {"https://app.example.com", true},
    {"https://app.example.com:443", true},
    {"HTTPS://app.example.com", true},
    {"https://APP.Example.COM", true},
    {"http://app.example.com", false},
    {"https://app.example.com:8443", false},
    {"https://app.example.com:80", false},
    {"https://example.com", false},
    {"https://www.app.example.com", false},
    {"wss://app.example.com", false},
    // Names that only look alike.
    {"https://evil-app.example.com", false},
    {"https://app.example.com.evil.test", false},
    {"https://app.example.comevil.test", false},
    {"https://evilapp.example.com", false},
    {"https://app-example.com", false},
    {"https://appXexample.com", false},
    {"https://app.example.co", false},
    {"https://app.example.com.", false},
    {"https://.app.example.com", false},
    {"https://app..example.com", false},
    {"https://app.example.com..", false},
    // Parts that an Origin never has.
    {"https://app.example.com/", false},
    {"https://app.example.com/path", false},
    {"https://app.example.com?x", false},
    {"https://app.example.com#x", false},
    {"https://user@app.example.com", false},
    {"https://user:pass@app.example.com", false},
    {"https://app.example.com@evil.test", false},
    {"https://evil.test@app.example.com", false},
    {"https://app.example.com\\@evil.test", false},
    {"https://app.example.com%2eevil.test", false},
    {"https://%61pp.example.com", false},
    {"https://app.example.com https://evil.test", false},
    {"https://evil.test, https://app.example.com", false},
    {" https://app.example.com", false},
    {"https://app.example.com ", false},
    {"https://app.example.com\t", false},
    {std::string_view("https://app.example.com\0", 24), false},
    {std::string_view("https://app.example.com\0.evil.test", 34), false},
    // Ports.
    {"https://app.example.com:", false},
    {"https://app.example.com:0443", false},
    {"https://app.example.com:+443", false},
    {"https://app.example.com:443:443", false},
    {"https://app.example.com:65979", false},  // 443 + 65536
    {"https://app.example.com:0", false},
    {"https://app.example.com:443x", false},
    // Schemes.
    {"app.example.com", false},
    {"//app.example.com", false},
    {"://app.example.com", false},
    {"https:app.example.com", false},
    {"https:/app.example.com", false},
    {"https:///app.example.com", false},
    {"javascript://app.example.com", false},
    {"file://", false},
    {"https://", false},
    {"", false},
    {"null", false},
    {"NULL", false},
    {"*", false},
    // The wildcard: one label or more, at its boundary.
    {"https://a.wild.example", true},
    {"https://a.b.wild.example", true},
    {"https://A.WILD.example:443", true},
    {"https://wild.example", false},
    {"https://.wild.example", false},
    {"https://evilwild.example", false},
    {"https://evil-wild.example", false},
    {"https://a.wild.example.evil.test", false},
    {"http://a.wild.example", false},
    {"https://a.wild.example:444", false},
    {"https://a.wild.example.", false},
    {"https://*.wild.example", false},
    {"https://a/.wild.example", false},
    {"https://evil.test#.wild.example", false},
    {"https://a.port.example:8443", true},
    {"https://a.port.example", false},
    // Addresses and localhost.
    {"http://localhost:3000", true},
    {"http://localhost", false},
    {"http://localhost:3001", false},
    {"http://localhost.evil.test:3000", false},
    {"http://127.0.0.1", true},
    {"http://127.0.0.1:80", true},
    {"http://127.1", false},
    {"http://2130706433", false},
    {"http://0x7f.0.0.1", false},
    {"http://0177.0.0.1", false},
    {"http://127.0.0.1.", false},
    {"http://[::1]:8080", true},
    {"http://[0:0:0:0:0:0:0:1]:8080", true},
    {"http://[::1]", false},
    {"http://[::1", false},
    {"http://::1:8080", false},
    {"http://[::ffff:127.0.0.1]:8080", false},
    {"http://[::1%25lo]:8080", false},
    // Names beyond ASCII, of extensions and apps.
    {"https://xn--bcher-kva.example", true},
    {"https://XN--BCHER-KVA.example", true},
    {"https://b\xc3\xbc"
     "cher.example",
     false},
    {"https://bucher.example", false},
    {"https://app.example\xe3\x80\x82"
     "com",
     false},
    {"moz-extension://0a1b2c3d-0000-4000-8000-00000000abcd", true},
    {"chrome-extension://0a1b2c3d-0000-4000-8000-00000000abcd", false},
};

TEST(OriginList, MatrixOfOrigins) {
  const OriginList list =
      list_of({"https://app.example.com", "https://*.wild.example", "http://localhost:3000", "http://[::1]:8080",
               "http://127.0.0.1", "https://xn--bcher-kva.example", "https://*.port.example:8443",
               "moz-extension://0a1b2c3d-0000-4000-8000-00000000abcd"});
  static_assert(std::size(matrix) >= 60);
  for (const MatrixCase& c : matrix) EXPECT_EQ(list.allows(c.origin), c.allowed) << c.origin;
}

TEST(OriginList, RefusesEveryoneUntilSomeoneIsListed) {
  const OriginList list;
  for (const MatrixCase& c : matrix) EXPECT_FALSE(list.allows(c.origin)) << c.origin;
}

TEST(OriginList, NullOnlyWhenListed) {
  EXPECT_TRUE(list_of({"null"}).allows("null"));
  EXPECT_FALSE(list_of({"null"}).allows("https://app.example.com"));
  EXPECT_FALSE(list_of({"https://*.example.com"}).allows("null"));
}

TEST(OriginList, JudgesHeaders) {
  const OriginList list = list_of({"https://app.example.com"});
  using Headers = std::vector<std::string_view>;
  EXPECT_EQ(list.judge(Headers{}), OriginVerdict::absent);
  EXPECT_EQ(list.judge(Headers{"https://app.example.com"}), OriginVerdict::allowed);
  EXPECT_EQ(list.judge(Headers{"https://evil.test"}), OriginVerdict::refused);
  EXPECT_EQ(list.judge(Headers{""}), OriginVerdict::refused);
  EXPECT_EQ(list.judge(Headers{"https://app.example.com", "https://app.example.com"}), OriginVerdict::refused);
}

TEST(OriginList, SaysWhatIsWrongWithAnEntry) {
  struct Case {
    const char* entry;
    const char* message;
  };
  const Case cases[] = {
      {"", "an origin is missing"},
      {"*", "`*` would let every page in"},
      {"app.example.com", "begins with its scheme"},
      {"https://app.example.com/", "no path"},
      {"https://user@app.example.com", "no user"},
      {"https://app.example.com.", "no dot at its end"},
      {"https://b\xc3\xbc"
       "cher.example",
       "xn--"},
      {"wss://app.example.com", "not wss"},
      {"https://a*.example.com", "`*` stands only for whole labels"},
      {"https://*.*.example.com", "`*` stands only for whole labels"},
      {"https://app.*.com", "`*` stands only for whole labels"},
      {"https://*.com", "would let too many in"},
      {"https://*.127.0.0.1", "not before an address"},
      {"https://*.", "this is no origin"},
      {"https://app.example.com:99999", "this is no origin"},
  };
  for (const Case& c : cases) {
    OriginList list;
    const auto added = list.add(c.entry);
    ASSERT_FALSE(added.ok()) << c.entry;
    EXPECT_NE(added.error().message.find(c.message), std::string::npos) << c.entry << ": " << added.error().message;
  }
}

TEST(Origin, IsNormalised) {
  struct Case {
    std::string_view origin;
    std::string_view normal;
  };
  const Case cases[] = {
      {"https://App.Example.com:443", "https://app.example.com"},
      {"http://app.example.com:80", "http://app.example.com"},
      {"http://app.example.com:443", "http://app.example.com:443"},
      {"http://[0::1]:8080", "http://[::1]:8080"},
      {"null", "null"},
      {"capacitor://localhost", "capacitor://localhost"},
  };
  for (const Case& c : cases) {
    const auto normal = normalise_origin(c.origin);
    ASSERT_TRUE(normal) << c.origin;
    EXPECT_EQ(*normal, c.normal);
    EXPECT_EQ(normalise_origin(*normal), normal);
  }
  EXPECT_FALSE(normalise_origin("https://app.example.com/"));
  EXPECT_FALSE(normalise_origin(""));
}

}  // namespace
}  // namespace usher::auth
