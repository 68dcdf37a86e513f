#pragma once

#include <string>

#include "asyncapi/document.hpp"

namespace usher::asyncapi {

/// A room with history, a schema and an example, as the demo has it.
inline ChannelDescription room_channel() {
  ChannelDescription channel;
  channel.pattern = "room.{room}";
  channel.summary = "A chat room: whoever is logged in reads and writes";
  channel.paths = {"/channels/room.{room}", "/ws/chat/{room}/"};
  channel.has_history = true;
  channel.allow_subscribe = channel.allow_publish = channel.allow_history = "user";
  channel.on_slow = "gap";
  channel.connect_with = {"ticket"};
  channel.messages = {
      {"message", "What somebody says in a room",
       R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object","description":"The author is not in here: usher names it.","properties":{"type":{"const":"message"},"text":{"type":"string","minLength":1,"maxLength":2000},"reply_to":{"$ref":"#/definitions/place"}},"required":["type","text"],"additionalProperties":false,"definitions":{"place":{"type":"integer","minimum":1,"description":"The offset of what is answered."}}})",
       R"({"type":"message","text":"Is this seat taken?"})"},
      {"typing", "Somebody begins or ends to write",
       R"({"type":"object","properties":{"type":{"const":"typing"},"state":{"enum":["begin","end"]}},"required":["type","state"]})",
       R"({"type":"typing","state":"begin"})"}};
  return channel;
}

/// Anything for anyone, without history or schema.
inline ChannelDescription echo_channel() {
  ChannelDescription channel;
  channel.pattern = "echo.*";
  channel.summary = "Whatever is sent comes back to all";
  channel.paths = {"/channels/echo.*"};
  channel.protocols = {"chat"};
  channel.allow_subscribe = channel.allow_publish = "anyone";
  channel.allow_history = "granted";
  channel.on_slow = "latest";
  channel.connect_with = {"ticket", "anonymous"};
  return channel;
}

/// A channel that only a back end fills.
inline ChannelDescription news_channel() {
  ChannelDescription channel;
  channel.pattern = "news.{user}";
  channel.summary = "What is new for one person";
  channel.paths = {"/channels/news.{user}"};
  channel.may_publish = false;
  channel.has_history = true;
  channel.allow_subscribe = channel.allow_history = "owner";
  channel.allow_publish = "nobody";
  channel.on_slow = "disconnect";
  channel.connect_with = {"ticket", "basic"};
  return channel;
}

inline Description example_description() {
  Description description;
  description.version = "0.1.0";
  description.scheme = "ws";
  description.host = "127.0.0.1:8080";
  description.issue_to = {"basic"};
  description.accept_in = {"protocol", "header", "cookie", "query"};
  description.channels = {room_channel(), news_channel(), echo_channel()};
  description.close_codes = {
      {1001, "drain", "The node is going away. The reason is `retry=<ms>`: come back after that time.", "yes, later"},
      {1009, "message_too_big", "A message above `limits.message_bytes` (1004 to drafts 7 and 8).", "no"},
      {4401, "credential_ended", "The credential, or the session that it allowed, ran out.", "with a new credential"},
      {4404, "position_gone", "The history does not reach the position, or it is of another epoch.",
       "yes, without `since`"},
      {4409, "slow", "The session would have lost messages because it read too slowly.", "yes, with `since`"}};
  return description;
}

}  // namespace usher::asyncapi
