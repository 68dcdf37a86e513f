#include "asyncapi/message_catalogue.hpp"

#include <algorithm>
#include <utility>

namespace usher::asyncapi {
namespace {

/// The same on every channel with (or without) history, so it stands in the components once.
bool carries_payload(const Envelope& envelope) { return envelope.name == "publication" || envelope.name == "publish"; }

std::string shared_key(const ChannelDescription& channel, const Envelope& envelope) {
  return envelope.name != "error" && channel.has_history ? envelope.name + "_with_position" : envelope.name;
}

Json message_of(const Envelope& envelope) {
  Json message = {{"name", envelope.name},
                  {"title", envelope.name},
                  {"summary", envelope.summary},
                  {"contentType", "application/json"},
                  {"payload", envelope.schema}};
  if (!envelope.correlation_id.empty()) {
    message["correlationId"] = {{"location", "$message.payload#" + envelope.correlation_id}};
  }
  message["examples"] = Json::array({Json{{"payload", envelope.example}}});
  return message;
}

Json any_payload() {
  return {{"description", "Whatever was published: one WebSocket message, text or binary, as it was."}};
}

}  // namespace

Json data_schema(const std::vector<Json>& schemas) {
  if (schemas.empty()) return Json::object();
  if (schemas.size() == 1) return schemas.front();
  // Not oneOf: a value that fits two of them is fine.
  return Json{{"anyOf", schemas}};
}

bool occurs_in(const ChannelDescription& channel, const Envelope& envelope) {
  if (envelope.name == "gap") return channel.on_slow != "disconnect";
  const bool about_publishing = envelope.name == "publish" || envelope.name == "ack" || envelope.name == "error";
  return !about_publishing || channel.may_publish;
}

ChannelMessages MessageCatalogue::add(const ChannelDescription& channel) {
  const std::string channel_key = channel_keys_.take(channel.pattern);
  ChannelMessages messages;
  Keys names;
  std::vector<Json> schemas;
  std::vector<Json> examples;
  // Where nothing is declared, one message of any form stands for all.
  std::vector<MessageDescription> declared = channel.messages;
  if (declared.empty()) declared.push_back({"message", "", "", ""});
  for (const MessageDescription& message : declared) {
    Json payload = any_payload();
    if (const auto schema = parse_json(message.schema)) {
      payload = Json{{"$ref", "#/components/schemas/" + add_schema(channel_key, message, *schema)}};
      schemas.push_back(payload);
    }
    if (auto example = parse_json(message.example)) examples.push_back(std::move(*example));
    messages.raw.push_back({names.take("raw_" + message.name), add_raw(channel_key, message, payload), ""});
  }

  EnvelopeShape shape{channel.has_history};
  // One message without a schema may be anything, and so may data.
  if (schemas.size() == declared.size()) shape.data_schema = data_schema(schemas);
  if (!examples.empty()) shape.data_example = examples.front();
  for (const Envelope& envelope : envelopes(shape)) {
    if (!occurs_in(channel, envelope)) continue;
    messages.json.push_back(
        {names.take("json_" + envelope.name), add_envelope(channel_key, channel, envelope), envelope.name});
  }
  return messages;
}

std::string MessageCatalogue::add_schema(const std::string& channel_key, const MessageDescription& message,
                                         const Json& schema) {
  std::string key = schema_keys_.take(channel_key + "_" + message.name);
  schemas_[key] = embed_schema(schema, "#/components/schemas/" + key);
  return key;
}

std::string MessageCatalogue::add_raw(const std::string& channel_key, const MessageDescription& message,
                                      const Json& payload) {
  std::string key = message_keys_.take("raw_" + channel_key + "_" + message.name);
  Json& entry = messages_[key] = {{"name", message.name}, {"title", message.name}};
  if (!message.summary.empty()) entry["summary"] = message.summary;
  entry["description"] = "The payload as it was published, with nothing around it.";
  if (!message.schema.empty()) entry["contentType"] = "application/json";
  entry["payload"] = payload;
  if (const auto example = parse_json(message.example)) {
    entry["examples"] = Json::array({Json{{"payload", *example}}});
  }
  return key;
}

std::string MessageCatalogue::add_envelope(const std::string& channel_key, const ChannelDescription& channel,
                                           const Envelope& envelope) {
  if (carries_payload(envelope)) {
    std::string key = message_keys_.take("json_" + channel_key + "_" + envelope.name);
    messages_[key] = message_of(envelope);
    return key;
  }
  std::string key = shared_key(channel, envelope);
  if (!messages_.contains(key)) messages_[key] = message_of(envelope);
  return key;
}

}  // namespace usher::asyncapi
