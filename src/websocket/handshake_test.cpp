#include "websocket/handshake.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace usher::websocket {
namespace {

constexpr std::string_view sample_key = "dGhlIHNhbXBsZSBub25jZQ==";

UpgradeRequest good_request() {
  return {.is_get = true,
          .is_http_1_1 = true,
          .has_body = false,
          .upgrade = {"websocket"},
          .connection = {"Upgrade"},
          .key = {sample_key},
          .version = {"13"},
          .protocol = {},
          .extensions = {},
          .origin = {"http://example.com"},
          .sec_origin = {}};
}

// RFC 6455, section 1.3, and the same request in the words of draft 07.
TEST(Handshake, GoldenAnswerToVersion7) {
  UpgradeRequest request = good_request();
  request.version = {"7"};
  request.origin = {};
  request.sec_origin = {"http://example.com"};
  request.protocol = {"chat, superchat"};
  auto result = check_upgrade(request);
  ASSERT_TRUE(result);
  const Handshake& handshake = *result;
  EXPECT_EQ(handshake.opening.version, Version::hybi07);
  EXPECT_EQ(handshake.opening.origin, "http://example.com");
  EXPECT_EQ(handshake.offer.protocols, (std::vector<std::string_view>{"chat", "superchat"}));
  EXPECT_EQ(upgrade_response({.accept = handshake.opening.accept, .extensions = {}, .protocol = "chat"}),
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "Sec-WebSocket-Protocol: chat\r\n"
            "\r\n");
}

TEST(Handshake, AnswerWithoutSubprotocolAndWithCompression) {
  EXPECT_EQ(upgrade_response({.accept = "a", .extensions = "permessage-deflate", .protocol = {}}),
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: a\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n"
            "\r\n");
}

struct Case {
  const char* name;
  std::function<void(UpgradeRequest&)> change;
  std::optional<HandshakeError> error;  ///< nothing: accepted
};

const std::string many_protocols = [] {
  std::string list;
  for (std::size_t i = 0; i <= protocols_max; ++i) list += "p" + std::to_string(i) + ",";
  return list;
}();

const Case cases[] = {
    {"as it should be", [](auto&) {}, {}},
    {"POST", [](auto& r) { r.is_get = false; }, HandshakeError::method},
    {"HTTP/1.0", [](auto& r) { r.is_http_1_1 = false; }, HandshakeError::http_version},
    {"a body", [](auto& r) { r.has_body = true; }, HandshakeError::has_body},
    {"no Upgrade", [](auto& r) { r.upgrade = {}; }, HandshakeError::upgrade_missing},
    {"Upgrade: h2c", [](auto& r) { r.upgrade = {"h2c"}; }, HandshakeError::upgrade_other},
    {"Upgrade: websocket/1", [](auto& r) { r.upgrade = {"websocket/1"}; }, HandshakeError::upgrade_other},
    {"Upgrade: WebSocket", [](auto& r) { r.upgrade = {"WebSocket"}; }, {}},
    {"Upgrade in a list", [](auto& r) { r.upgrade = {"h2c, websocket"}; }, {}},
    {"Upgrade in lines", [](auto& r) { r.upgrade = {"TLS/1.0", "websocket"}; }, {}},
    {"Upgrade: websocketx", [](auto& r) { r.upgrade = {"websocketx"}; }, HandshakeError::upgrade_other},
    {"Upgrade: empty", [](auto& r) { r.upgrade = {""}; }, HandshakeError::upgrade_other},
    {"Upgrade: not a token", [](auto& r) { r.upgrade = {"websocket, a b"}; }, HandshakeError::list_malformed},
    {"no Connection", [](auto& r) { r.connection = {}; }, HandshakeError::connection_without_upgrade},
    {"Connection: close", [](auto& r) { r.connection = {"close"}; }, HandshakeError::connection_without_upgrade},
    {"Connection of Firefox", [](auto& r) { r.connection = {"keep-alive, Upgrade"}; }, {}},
    {"Connection in lines", [](auto& r) { r.connection = {"keep-alive", "UPGRADE"}; }, {}},
    {"Connection: upgraded", [](auto& r) { r.connection = {"upgraded"}; }, HandshakeError::connection_without_upgrade},
    {"Connection: quoted", [](auto& r) { r.connection = {"\"Upgrade\""}; }, HandshakeError::list_malformed},
    {"empty elements", [](auto& r) { r.connection = {", Upgrade ,"}; }, {}},
    {"no key", [](auto& r) { r.key = {}; }, HandshakeError::key_missing},
    {"two keys", [](auto& r) { r.key = {sample_key, sample_key}; }, HandshakeError::key_repeated},
    {"key of 15 bytes", [](auto& r) { r.key = {"dGhlIHNhbXBsZSBub25j"}; }, HandshakeError::key_malformed},
    {"key of 17 bytes", [](auto& r) { r.key = {"dGhlIHNhbXBsZSBub25jZWU="}; }, HandshakeError::key_malformed},
    {"key without padding", [](auto& r) { r.key = {"dGhlIHNhbXBsZSBub25jZQ"}; }, HandshakeError::key_malformed},
    {"key with loose bits", [](auto& r) { r.key = {"dGhlIHNhbXBsZSBub25jZR=="}; }, HandshakeError::key_malformed},
    {"key of base64url", [](auto& r) { r.key = {"_____________________w=="}; }, HandshakeError::key_malformed},
    {"key with a space", [](auto& r) { r.key = {"dGhlIHNhbXBs ZSBub25jZQ=="}; }, HandshakeError::key_malformed},
    {"empty key", [](auto& r) { r.key = {""}; }, HandshakeError::key_malformed},
    {"no version", [](auto& r) { r.version = {}; }, HandshakeError::version_missing},
    {"version 8", [](auto& r) { r.version = {"8"}; }, {}},
    {"version 7", [](auto& r) { r.version = {"7"}; }, {}},
    {"version 6", [](auto& r) { r.version = {"6"}; }, HandshakeError::version_unsupported},
    {"version 9", [](auto& r) { r.version = {"9"}; }, HandshakeError::version_unsupported},
    {"version 14", [](auto& r) { r.version = {"14"}; }, HandshakeError::version_unsupported},
    {"version 013", [](auto& r) { r.version = {"013"}; }, HandshakeError::version_unsupported},
    {"version +13", [](auto& r) { r.version = {"+13"}; }, HandshakeError::version_unsupported},
    {"a list of versions", [](auto& r) { r.version = {"13, 8"}; }, HandshakeError::version_unsupported},
    {"empty version", [](auto& r) { r.version = {""}; }, HandshakeError::version_unsupported},
    {"two versions", [](auto& r) { r.version = {"13", "8"}; }, HandshakeError::version_repeated},
    {"two Origins", [](auto& r) { r.origin = {"http://a", "http://a"}; }, HandshakeError::origin_repeated},
    {"two old Origins", [](auto& r) { r.sec_origin = {"http://a", "http://a"}; }, HandshakeError::origin_repeated},
    {"no Origin", [](auto& r) { r.origin = {}; }, {}},
    {"protocols", [](auto& r) { r.protocol = {"a, b", "c"}; }, {}},
    {"a protocol twice", [](auto& r) { r.protocol = {"a, b", "a"}; }, HandshakeError::protocol_repeated},
    {"protocol with a space", [](auto& r) { r.protocol = {"a b"}; }, HandshakeError::protocol_malformed},
    {"quoted protocol", [](auto& r) { r.protocol = {"\"a\""}; }, HandshakeError::protocol_malformed},
    {"empty protocol list", [](auto& r) { r.protocol = {""}; }, HandshakeError::protocol_malformed},
    {"protocol list of commas", [](auto& r) { r.protocol = {" , ,"}; }, HandshakeError::protocol_malformed},
    {"too many protocols", [](auto& r) { r.protocol = {many_protocols}; }, HandshakeError::protocols_too_many},
    {"extensions", [](auto& r) { r.extensions = {"permessage-deflate; client_max_window_bits"}; }, {}},
    {"unknown extension", [](auto& r) { r.extensions = {"constructor"}; }, {}},
    {"bad extensions", [](auto& r) { r.extensions = {"a;"}; }, HandshakeError::extensions_malformed},
    {"open quote", [](auto& r) { r.extensions = {"a;b=\"c"}; }, HandshakeError::extensions_malformed},
};

TEST(Handshake, EveryRuleHasItsError) {
  for (const Case& c : cases) {
    UpgradeRequest request = good_request();
    c.change(request);
    const auto result = check_upgrade(request);
    ASSERT_EQ(result.ok(), !c.error) << c.name;
    if (!result) {
      EXPECT_EQ(result.error(), *c.error) << c.name;
    }
  }
}

TEST(Handshake, RefusalsHaveTheirStatus) {
  for (int i = 0; i <= static_cast<int>(HandshakeError::origins_differ); ++i) {
    const auto error = static_cast<HandshakeError>(i);
    const Refusal refusal = refusal_of(error);
    int status = 400;
    if (error == HandshakeError::method) status = 405;
    if (error == HandshakeError::upgrade_missing || error == HandshakeError::version_unsupported) status = 426;
    EXPECT_EQ(refusal.status, status) << refusal.code;
    EXPECT_FALSE(refusal.code.empty());
    EXPECT_TRUE(refusal.detail.ends_with('.')) << refusal.code;
    EXPECT_TRUE(status != 426 || refusal.names_versions) << refusal.code;
  }
}

struct OriginCase {
  const char* version;
  std::optional<std::string_view> origin;
  std::optional<std::string_view> sec_origin;
  std::optional<std::string_view> effective;
  bool accepted = true;
};

constexpr std::string_view here = "http://here";
constexpr std::string_view there = "http://there";
constexpr auto absent = std::nullopt;

constexpr OriginCase origins[] = {
    {"7", absent, absent, absent}, {"7", here, absent, absent},   {"7", absent, here, here},
    {"7", here, there, there},     {"8", absent, absent, absent}, {"8", here, absent, here},
    {"8", absent, here, here},     {"8", here, here, here},       {"8", here, there, absent, false},
    {"13", absent, there, absent}, {"13", here, there, here},     {"13", here, absent, here},
};

TEST(Handshake, TheOriginThatCountsDependsOnTheVersion) {
  for (const OriginCase& c : origins) {
    UpgradeRequest request = good_request();
    request.version = {c.version};
    request.origin = c.origin ? HeaderLines{*c.origin} : HeaderLines{};
    request.sec_origin = c.sec_origin ? HeaderLines{*c.sec_origin} : HeaderLines{};
    const auto result = check_upgrade(request);
    const std::string name = std::string(c.version) + " " + std::string(c.origin.value_or("-")) + " " +
                             std::string(c.sec_origin.value_or("-"));
    ASSERT_EQ(result.ok(), c.accepted) << name;
    if (result) {
      EXPECT_EQ(result.value().opening.origin, c.effective) << name;
    }
  }
}

}  // namespace
}  // namespace usher::websocket
