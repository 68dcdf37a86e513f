#include "asyncapi/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "asyncapi/example_test.hpp"
#include "asyncapi/schema.hpp"

namespace usher::asyncapi {
namespace {

Json parsed(const Description& description) { return parse_json(document(description)).value(); }

/// Every `$ref` in the document.
void collect_references(const Json& value, std::set<std::string>& references) {
  if (value.is_object() && value.contains("$ref")) references.insert(value["$ref"].get<std::string>());
  if (!value.is_structured()) return;
  for (const Json& member : value) collect_references(member, references);
}

void expect_references_lead_somewhere(const Json& root) {
  std::set<std::string> references;
  collect_references(root, references);
  for (const std::string& reference : references) {
    ASSERT_TRUE(reference.starts_with("#/")) << reference;
    EXPECT_TRUE(root.contains(Json::json_pointer(reference.substr(1)))) << reference;
  }
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [name, member] : object.items()) names.push_back(name);
  return names;
}

std::vector<std::string> messages_of(const Json& operation) {
  std::vector<std::string> names;
  for (const Json& one : operation) {
    const std::string reference = one["$ref"].get<std::string>();
    names.push_back(reference.substr(reference.rfind('/') + 1));
  }
  return names;
}

TEST(Document, IsTheSameForTheSameDescription) {
  EXPECT_EQ(document(example_description()), document(example_description()));
}

TEST(Document, SaysAlsoNothing) {
  Description description;
  description.scheme = "wss";
  description.host = "ws.example.com/front";
  const Json root = parsed(description);
  EXPECT_EQ(root["asyncapi"], "3.1.0");
  EXPECT_EQ(root["servers"]["usher"]["host"], "ws.example.com");
  EXPECT_EQ(root["servers"]["usher"]["pathname"], "/front");
  EXPECT_EQ(root["servers"]["usher"]["protocol"], "wss");
  EXPECT_EQ(root["channels"], Json::object());
  EXPECT_EQ(root["operations"], Json::object());
  EXPECT_EQ(root["components"]["securitySchemes"], Json::object());
  EXPECT_FALSE(root.contains("x-usher-tickets"));
}

TEST(Document, HasAChannelForEachPath) {
  const Json root = parsed(example_description());
  expect_references_lead_somewhere(root);
  EXPECT_THAT(keys(root["channels"]), testing::ElementsAre("room_room", "ws_chat_room", "news_user", "echo"));
  const Json& room = root["channels"]["room_room"];
  EXPECT_EQ(room["address"], "/channels/room.{room}");
  EXPECT_THAT(keys(room["parameters"]), testing::ElementsAre("room"));
  const Json& query = room["bindings"]["ws"]["query"]["properties"];
  EXPECT_THAT(keys(query), testing::ElementsAre("ticket", "since", "history"));
  const Json& echo = root["channels"]["echo"];
  EXPECT_EQ(echo["address"], "/channels/echo.{rest}");
  EXPECT_THAT(keys(echo["parameters"]), testing::ElementsAre("rest"));
  EXPECT_EQ(echo["bindings"]["ws"]["headers"]["properties"]["Sec-WebSocket-Protocol"]["enum"],
            Json({"usher.json.v1", "usher.raw.v1", "chat"}));
}

TEST(Document, TellsActionsFromUshersSide) {
  const Json operations = parsed(example_description())["operations"];
  const Json& sent = operations["room_room_send_json"];
  EXPECT_EQ(sent["action"], "send");
  EXPECT_THAT(messages_of(sent["messages"]), testing::ElementsAre("json_hello", "json_publication", "json_gap"));
  const Json& received = operations["room_room_receive_json"];
  EXPECT_EQ(received["action"], "receive");
  EXPECT_THAT(messages_of(received["messages"]), testing::ElementsAre("json_publish"));
  EXPECT_THAT(messages_of(received["reply"]["messages"]), testing::ElementsAre("json_ack", "json_error"));
  EXPECT_EQ(operations["room_room_receive_raw"]["action"], "receive");
  EXPECT_THAT(messages_of(operations["room_room_send_raw"]["messages"]),
              testing::ElementsAre("raw_message", "raw_typing"));
}

TEST(Document, OffersNoWayToSendWhereNobodyMay) {
  const Json root = parsed(example_description());
  EXPECT_TRUE(root["operations"].contains("news_user_send_json"));
  EXPECT_FALSE(root["operations"].contains("news_user_receive_json"));
  EXPECT_FALSE(root["operations"].contains("news_user_receive_raw"));
  EXPECT_THAT(keys(root["channels"]["news_user"]["messages"]),
              testing::ElementsAre("json_hello", "json_publication", "raw_message"));
}

TEST(Document, NamesOnlyTheCredentialsThatCount) {
  const Json root = parsed(example_description());
  EXPECT_THAT(keys(root["components"]["securitySchemes"]),
              testing::ElementsAre("ticket_protocol", "ticket_header", "ticket_cookie", "ticket_query", "basic"));
  EXPECT_EQ(root["operations"]["room_room_send_json"]["security"].size(), 4U);
  EXPECT_EQ(root["operations"]["news_user_send_json"]["security"].size(), 5U);
  EXPECT_FALSE(root["operations"]["echo_send_json"].contains("security"));
  EXPECT_EQ(root["x-usher-tickets"]["url"], "http://127.0.0.1:8080/tickets");
}

TEST(Document, TypesDataByTheSchemas) {
  const Json root = parsed(example_description());
  const Json& messages = root["components"]["messages"];
  const Json& data = messages["json_room_room_publication"]["payload"]["properties"]["data"];
  EXPECT_EQ(data["anyOf"][0]["$ref"], "#/components/schemas/room_room_message");
  EXPECT_EQ(messages["json_echo_publication"]["payload"]["properties"]["data"], Json::object());
  EXPECT_FALSE(messages["json_echo_publication"]["payload"]["properties"].contains("offset"));
  EXPECT_EQ(messages["json_room_room_publish"]["correlationId"]["location"], "$message.payload#/id");
  EXPECT_EQ(messages["ack_with_position"]["correlationId"]["location"], "$message.payload#/ack/id");
}

TEST(Document, GivesCollidingNamesKeysOfTheirOwn) {
  Description description = example_description();
  ChannelDescription first = echo_channel();
  ChannelDescription second = echo_channel();
  first.pattern = "a.b";
  first.paths = {"/channels/a.b"};
  second.pattern = "a:b";
  second.paths = {"/channels/a:b"};
  first.messages = second.messages = {{"x y", "", "{}", ""}, {"x.y", "", "true", ""}};
  description.channels = {first, second};
  const Json root = parsed(description);
  EXPECT_THAT(keys(root["channels"]), testing::ElementsAre("a_b", "a_b_2"));
  EXPECT_EQ(root["operations"].size(), 8U);
  EXPECT_EQ(root["components"]["schemas"].size(), 4U);
  expect_references_lead_somewhere(root);
}

TEST(Document, SurvivesHostileTexts) {
  Description description = example_description();
  ChannelDescription& room = description.channels.front();
  room.summary = "\"}],\n</script>\xff";
  room.paths = {"/a?b#c/{we~ird}/{we!ird}/*"};
  room.messages = {{"\"/~", "\\", "{not json", "neither"}};
  const Json root = parsed(description);
  expect_references_lead_somewhere(root);
  const Json& channel = root["channels"].front();
  EXPECT_EQ(channel["address"], "/a%3Fb%23c/{we_ird}/{we_ird_2}/{rest}");
  EXPECT_EQ(channel["summary"], "\"}],\n</script>\xef\xbf\xbd");
}

}  // namespace
}  // namespace usher::asyncapi
