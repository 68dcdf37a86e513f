#pragma once

#include <string>
#include <vector>

#include "asyncapi/address.hpp"
#include "asyncapi/document.hpp"
#include "asyncapi/envelopes.hpp"
#include "asyncapi/schema.hpp"

namespace usher::asyncapi {

/// A message of one channel.
struct CataloguedMessage {
  std::string name;      ///< its key in the channel's `messages`
  std::string key;       ///< its key in `components.messages`
  std::string envelope;  ///< `hello` and the like; empty for a bare payload
};

/// The messages of one channel pattern in both dialects.
struct ChannelMessages {
  std::vector<CataloguedMessage> raw;   ///< published payloads: usher sends them, and clients where they may publish
  std::vector<CataloguedMessage> json;  ///< envelopes
};

/// Collects the messages and schemas of all channels for the components. What is the same for several channels is
/// there once.
class MessageCatalogue {
 public:
  /// Each pattern once.
  ChannelMessages add(const ChannelDescription& channel);

  Json take_messages() { return std::move(messages_); }
  Json take_schemas() { return std::move(schemas_); }

 private:
  std::string add_schema(const std::string& channel_key, const MessageDescription& message, const Json& schema);
  std::string add_raw(const std::string& channel_key, const MessageDescription& message, const Json& payload);
  std::string add_envelope(const std::string& channel_key, const ChannelDescription& channel, const Envelope& envelope);

  Keys channel_keys_;
  Keys message_keys_;
  Keys schema_keys_;
  Json messages_ = Json::object();
  Json schemas_ = Json::object();
};

/// The form of `data` in a channel with these schemas: any value, the one, or any of them.
Json data_schema(const std::vector<Json>& schemas);

/// Whether the envelope can occur on the channel at all.
bool occurs_in(const ChannelDescription& channel, const Envelope& envelope);

}  // namespace usher::asyncapi
