#include "asyncapi/document.hpp"

#include <string>
#include <utility>

#include "asyncapi/address.hpp"
#include "asyncapi/message_catalogue.hpp"
#include "asyncapi/schema.hpp"
#include "asyncapi/security.hpp"
#include "asyncapi/words.hpp"

namespace usher::asyncapi {
namespace {

constexpr std::string_view asyncapi_version = "3.1.0";

/// Silence beyond the ping after which a session is closed.
constexpr std::int64_t pong_grace_seconds = 10;

Json reference_to(std::string_view pointer) { return Json{{"$ref", "#/" + std::string(pointer)}}; }

Json info(const Description& description) {
  return {{"title", "usher"},
          {"version", description.version},
          {"description",
           "Channels over WebSocket. Every socket carries one channel, in one of two dialects that the subprotocol "
           "chooses: `usher.json.v1` wraps each message in an envelope with its author, time and place; `usher.raw.v1` "
           "carries payloads as they were published. `action` is what usher does: it receives what clients may send, "
           "and sends what they get. AsyncAPI has no words for subprotocols, tickets, close codes and limits; these "
           "are in the members that begin with `x-usher-`."},
          {"license", {{"name", "Apache-2.0"}, {"url", "https://www.apache.org/licenses/LICENSE-2.0"}}}};
}

Json servers(const Description& description) {
  const std::size_t slash = description.host.find('/');
  Json server = {{"host", description.host.substr(0, slash)}, {"protocol", description.scheme}};
  if (slash != std::string::npos) server["pathname"] = description.host.substr(slash);
  server["protocolVersion"] = "13";
  server["description"] = "WebSocket by RFC 6455 (version 13), and by the drafts of versions 7 and 8.";
  return Json{{"usher", std::move(server)}};
}

Json close_codes(const Description& description) {
  Json codes = Json::array();
  for (const CloseCodeDescription& row : description.close_codes) {
    codes.push_back({{"code", row.code}, {"name", row.name}, {"meaning", row.meaning}, {"comeBack", row.come_back}});
  }
  return codes;
}

Json limits(const Description& description) {
  return {{"messageBytesMax", description.message_bytes_max},
          {"pingSeconds", description.ping_seconds},
          {"silenceSecondsMax", description.ping_seconds + pong_grace_seconds}};
}

Json parameters(const Address& address, std::string_view path) {
  const std::string_view segment =
      names_channel(path) ? "One segment of the channel's name: at least one character, and neither '.' nor ':'."
                          : "One segment of the path: at least one character, and no '/'.";
  Json all = Json::object();
  for (const Address::Parameter& parameter : address.parameters) {
    std::string text(parameter.part == Address::Part::rest ? "The rest of the name, which may be empty." : segment);
    if (parameter.name == "user") text += " Where the channel has an owner: the owner, percent-encoded.";
    all[parameter.name] = {{"description", std::move(text)}};
  }
  return all;
}

Json query(const Description& description, const ChannelDescription& channel) {
  Json properties = Json::object();
  if (has_word(channel.connect_with, "ticket") && has_word(description.accept_in, "query")) {
    properties["ticket"] = {{"type", "string"},
                            {"pattern", "^ust_[A-Za-z0-9_-]{43}$"},
                            {"description", "A ticket, when it is shown here and nowhere else."}};
  }
  Json schema = {{"type", "object"}};
  if (channel.has_history) {
    properties["since"] = {
        {"type", "string"},
        {"description", "`<offset>:<epoch>` of the last publication that is known: what came after it is sent first."}};
    properties["history"] = {{"type", "string"},
                             {"pattern", "^[0-9]+$"},
                             {"description", "So many of the newest publications are sent first."}};
    schema["not"] = {{"required", {"since", "history"}}};
  }
  schema["properties"] = std::move(properties);
  return schema;
}

Json headers(const ChannelDescription& channel) {
  Json names = Json::array({"usher.json.v1", "usher.raw.v1"});
  for (const std::string& name : channel.protocols) names.push_back(name);
  return {
      {"type", "object"},
      {"properties",
       {{"Sec-WebSocket-Version", {{"type", "string"}, {"enum", {"13", "8", "7"}}}},
        {"Sec-WebSocket-Protocol",
         {{"type", "string"},
          {"enum", std::move(names)},
          {"description",
           "The header is a list, and this is one of its elements: the first that is spoken here is chosen. Without "
           "it the dialect is usher.raw.v1. A ticket may be a further element."}}}}}};
}

Json binding(const Description& description, const ChannelDescription& channel) {
  return {{"ws",
           {{"method", "GET"},
            {"query", query(description, channel)},
            {"headers", headers(channel)},
            {"bindingVersion", "0.1.0"}}}};
}

Json rights(const ChannelDescription& channel) {
  Json all = {{"subscribe", channel.allow_subscribe}, {"publish", channel.allow_publish}};
  if (channel.has_history) all["history"] = channel.allow_history;
  return all;
}

/// The document while it grows.
class Document {
 public:
  explicit Document(const Description& description) : description_(description) {}

  std::string write() {
    for (const ChannelDescription& channel : description_.channels) {
      const ChannelMessages messages = catalogue_.add(channel);
      for (const std::string& path : channel.paths) add_path(channel, path, messages);
    }
    Json root = {{"asyncapi", asyncapi_version}, {"info", info(description_)}, {"servers", servers(description_)}};
    root["channels"] = std::move(channels_);
    root["operations"] = std::move(operations_);
    root["components"] = {{"messages", catalogue_.take_messages()},
                          {"schemas", catalogue_.take_schemas()},
                          {"securitySchemes", security_schemes(description_)}};
    if (any_opened_with(description_, "ticket")) root["x-usher-tickets"] = ticket_call(description_);
    root["x-usher-close-codes"] = close_codes(description_);
    root["x-usher-limits"] = limits(description_);
    root["x-usher-compression"] = description_.compression ? Json("permessage-deflate") : Json(nullptr);
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  void add_path(const ChannelDescription& channel, const std::string& path, const ChannelMessages& messages) {
    const std::string key = keys_.take(names_channel(path) ? path.substr(std::string_view("/channels/").size()) : path);
    const Address address = address_of(path);
    Json entry = {{"address", address.text}, {"title", channel.pattern}};
    if (!channel.summary.empty()) entry["summary"] = channel.summary;
    entry["description"] =
        rights_in_words(channel) + " " + opened_with_in_words(channel) + " " + slowness_in_words(channel);
    entry["servers"] = Json::array({reference_to("servers/usher")});
    if (!address.parameters.empty()) entry["parameters"] = parameters(address, path);
    Json& listed = entry["messages"] = Json::object();
    for (const auto* dialect : {&messages.json, &messages.raw}) {
      for (const CataloguedMessage& one : *dialect) listed[one.name] = reference_to("components/messages/" + one.key);
    }
    entry["bindings"] = binding(description_, channel);
    entry["x-usher-pattern"] = channel.pattern;
    entry["x-usher-rights"] = rights(channel);
    entry["x-usher-connect-with"] = channel.connect_with;
    entry["x-usher-on-slow"] = channel.on_slow;
    channels_[key] = std::move(entry);
    add_operations(channel, key, messages);
  }

  void add_operations(const ChannelDescription& channel, const std::string& key, const ChannelMessages& messages) {
    Json raw_names = Json::array({"usher.raw.v1"});
    for (const std::string& name : channel.protocols) raw_names.push_back(name);
    const Json json_names = Json::array({"usher.json.v1"});

    Json& sent = add_operation(channel, key, "send_json", json_names);
    sent["summary"] = "What a client gets in usher.json.v1";
    sent["messages"] = references(key, messages.json, {"hello", "publication", "gap"});
    Json& sent_raw = add_operation(channel, key, "send_raw", raw_names);
    sent_raw["summary"] = "What a client gets in usher.raw.v1: payloads as they were published";
    sent_raw["messages"] = references(key, messages.raw);
    if (!channel.may_publish) return;

    Json& received = add_operation(channel, key, "receive_json", json_names);
    received["summary"] = "What a client may send in usher.json.v1";
    received["messages"] = references(key, messages.json, {"publish"});
    received["reply"] = {{"channel", reference_to("channels/" + key)},
                         {"messages", references(key, messages.json, {"ack", "error"})}};
    Json& received_raw = add_operation(channel, key, "receive_raw", raw_names);
    received_raw["summary"] = "What a client may send in usher.raw.v1: each message is a publication";
    received_raw["messages"] = references(key, messages.raw);
  }

  /// `kind` is `send_json` and the like; the action is its first word.
  Json& add_operation(const ChannelDescription& channel, const std::string& key, const std::string& kind,
                      const Json& subprotocols) {
    Json& operation = operations_[operation_keys_.take(key + "_" + kind)];
    operation = {{"action", kind.substr(0, kind.find('_'))}, {"channel", reference_to("channels/" + key)}};
    Json security = channel_security(description_, channel);
    if (!security.empty()) operation["security"] = std::move(security);
    operation["x-usher-subprotocols"] = subprotocols;
    return operation;
  }

  static Json references(const std::string& key, const std::vector<CataloguedMessage>& messages) {
    Json list = Json::array();
    for (const CataloguedMessage& one : messages) {
      list.push_back(reference_to("channels/" + key + "/messages/" + one.name));
    }
    return list;
  }

  static Json references(const std::string& key, const std::vector<CataloguedMessage>& messages,
                         const std::vector<std::string>& envelopes) {
    std::vector<CataloguedMessage> chosen;
    for (const CataloguedMessage& one : messages) {
      if (has_word(envelopes, one.envelope)) chosen.push_back(one);
    }
    return references(key, chosen);
  }

  const Description& description_;
  MessageCatalogue catalogue_;
  Keys keys_;
  Keys operation_keys_;
  Json channels_ = Json::object();
  Json operations_ = Json::object();
};

}  // namespace

std::string document(const Description& description) { return Document(description).write(); }

}  // namespace usher::asyncapi
