#include "websocket/client_handshake.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace usher::websocket {
namespace {

ClientRequest sample_request() {
  ClientRequest request;
  request.target = "/chat";
  request.host = "server.example.com";
  request.key = "dGhlIHNhbXBsZSBub25jZQ==";
  request.origin = "http://example.com";
  request.protocols = {"chat", "superchat"};
  request.offer_deflate = true;
  return request;
}

TEST(ClientHandshake, RequestOfVersion13) {
  ClientRequest request = sample_request();
  request.headers = {{"Authorization", "Ticket ust_x"}};
  EXPECT_EQ(client_request(request),
            "GET /chat HTTP/1.1\r\n"
            "Host: server.example.com\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Origin: http://example.com\r\n"
            "Sec-WebSocket-Protocol: chat, superchat\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"
            "Authorization: Ticket ust_x\r\n"
            "\r\n");
}

TEST(ClientHandshake, RequestOfVersion7) {
  ClientRequest request = sample_request();
  request.version = Version::hybi07;
  EXPECT_EQ(client_request(request),
            "GET /chat HTTP/1.1\r\n"
            "Host: server.example.com\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 7\r\n"
            "Sec-WebSocket-Origin: http://example.com\r\n"
            "Sec-WebSocket-Protocol: chat, superchat\r\n"
            "\r\n");
}

struct Case {
  const char* name;
  std::function<void(ServerResponse&)> change;
  std::optional<ResponseError> error;
};

const Case cases[] = {
    {"as it should be", [](auto&) {}, {}},
    {"200", [](auto& r) { r.status = 200; }, ResponseError::status},
    {"no Upgrade", [](auto& r) { r.upgrade = {}; }, ResponseError::upgrade},
    {"two Upgrades", [](auto& r) { r.upgrade = {"websocket", "websocket"}; }, ResponseError::upgrade},
    {"Upgrade in capitals", [](auto& r) { r.upgrade = {"WEBSOCKET"}; }, {}},
    {"no Connection", [](auto& r) { r.connection = {"close"}; }, ResponseError::connection},
    {"Connection list", [](auto& r) { r.connection = {"keep-alive, upgrade"}; }, {}},
    {"no Accept", [](auto& r) { r.accept = {}; }, ResponseError::accept},
    {"wrong Accept", [](auto& r) { r.accept = {"S3pPLMBiTxaQ9kYGzzhZRbK+xOo="}; }, ResponseError::accept},
    {"no protocol", [](auto& r) { r.protocol = {}; }, {}},
    {"other protocol", [](auto& r) { r.protocol = {"other"}; }, ResponseError::protocol_not_offered},
    {"protocol list", [](auto& r) { r.protocol = {"chat, superchat"}; }, ResponseError::protocol_not_offered},
    {"two protocols", [](auto& r) { r.protocol = {"chat", "superchat"}; }, ResponseError::protocol_not_offered},
    {"no extension", [](auto& r) { r.extensions = {}; }, {}},
    {"other extension", [](auto& r) { r.extensions = {"other"}; }, ResponseError::extension_not_offered},
    {"malformed", [](auto& r) { r.extensions = {"permessage-deflate;"}; }, ResponseError::extension_not_offered},
};

TEST(ClientHandshake, ChecksTheAnswer) {
  const ClientRequest request = sample_request();
  for (const Case& c : cases) {
    ServerResponse response{
        .status = 101,
        .upgrade = {"websocket"},
        .connection = {"Upgrade"},
        .accept = {"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
        .protocol = {"superchat"},
        .extensions = {"permessage-deflate; server_no_context_takeover; server_max_window_bits=10"}};
    c.change(response);
    const auto result = check_server_response(response, request);
    ASSERT_EQ(result.ok(), !c.error) << c.name;
    if (!result) {
      EXPECT_EQ(result.error(), *c.error) << c.name;
      EXPECT_FALSE(describe(result.error()).empty());
      continue;
    }
    EXPECT_EQ(result.value().protocol, response.protocol.empty() ? "" : "superchat") << c.name;
    EXPECT_EQ(result.value().deflate.has_value(), !response.extensions.empty()) << c.name;
  }
}

TEST(ClientHandshake, AnExtensionThatWasNotOfferedFails) {
  ClientRequest request = sample_request();
  request.offer_deflate = false;
  const ServerResponse response{.status = 101,
                                .upgrade = {"websocket"},
                                .connection = {"Upgrade"},
                                .accept = {"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
                                .protocol = {},
                                .extensions = {"permessage-deflate; server_no_context_takeover"}};
  const auto result = check_server_response(response, request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), ResponseError::extension_not_offered);
}

// What usher answers as server is what usher accepts as client.
TEST(ClientHandshake, BothSidesAgree) {
  const ClientRequest request = sample_request();
  const std::string_view lines[] = {deflate_offer};
  const auto negotiated = negotiate_deflate(*parse_extensions(lines, Version::rfc6455), Version::rfc6455);
  ASSERT_TRUE(negotiated);
  const std::string accept = accept_value(request.key);
  const ServerResponse response{.status = 101,
                                .upgrade = {"websocket"},
                                .connection = {"Upgrade"},
                                .accept = {accept},
                                .protocol = {"chat"},
                                .extensions = {negotiated->response}};
  EXPECT_TRUE(check_server_response(response, request));
}

}  // namespace
}  // namespace usher::websocket
