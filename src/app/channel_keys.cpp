#include <algorithm>
#include <array>

#include "app/json_check.hpp"
#include "app/keys.hpp"
#include "base/text.hpp"

namespace usher::app {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::uint64_t history_size_max = 1'000'000;
constexpr std::string_view own_protocols = "usher.";

server::ChannelSettings& channel(Reading& reading) { return reading.settings().channels.back(); }
server::MessageSettings& message(Reading& reading) { return channel(reading).messages.back(); }

void read_name(Reading& reading, const Value& value, const Key&) {
  reading.channels.back().name = value.place;
  if (auto pattern = read_pattern(reading, value, base::Pattern::channel_separators)) {
    if (pattern->text().find('/') != std::string::npos) {
      return reading.fail_key(value.place, "a channel's name has no '/'");
    }
    channel(reading).pattern = std::move(*pattern);
    reading.channels.back().content = value.place;
  }
}

void read_summary(Reading& reading, const Value& value, const Key&) {
  if (auto text = reading.text(value)) channel(reading).summary = std::move(*text);
}

template <auth::Allow server::ChannelSettings::* member>
void read_allow(Reading& reading, const Value& value, const Key&) {
  using auth::Allow;
  constexpr std::array<Word<Allow>, 5> words{{{"anyone", Allow::anyone},
                                              {"user", Allow::user},
                                              {"granted", Allow::granted},
                                              {"owner", Allow::owner},
                                              {"nobody", Allow::nobody}}};
  const auto allow = reading.word(value, words);
  if (!allow) return;
  channel(reading).*member = *allow;
  if (*allow == Allow::owner) reading.owner_rules.push_back({reading.key(), value.place});
}

void read_size(Reading& reading, const Value& value, const Key&) {
  if (const auto size = reading.number(value, 1, history_size_max)) channel(reading).history->size = *size;
}

void read_ttl(Reading& reading, const Value& value, const Key&) {
  if (const auto ttl = reading.duration(value, seconds(1), hours(24 * 366))) channel(reading).history->ttl = *ttl;
}

void read_position_ttl(Reading& reading, const Value& value, const Key&) {
  const auto ttl = reading.duration(value, seconds(1), hours(24 * 366));
  if (ttl) channel(reading).history->position_ttl = *ttl;
}

void read_on_slow(Reading& reading, const Value& value, const Key&) {
  using server::OnSlow;
  constexpr std::array<Word<OnSlow>, 3> words{
      {{"gap", OnSlow::gap}, {"latest", OnSlow::latest}, {"disconnect", OnSlow::disconnect}}};
  if (const auto policy = reading.word(value, words)) channel(reading).on_slow = *policy;
}

void read_protocols(Reading& reading, const Value& value, const Key&) {
  std::vector<std::string>& protocols = channel(reading).protocols;
  for (const Value& item : reading.list(value).value_or(std::vector<Value>())) {
    const std::optional<std::string> name = reading.text(item);
    if (!name) continue;
    if (!base::is_token(*name)) {
      reading.fail_key(item.place, "\"" + *name + "\" is no subprotocol: letters, digits and !#$%&'*+-.^_`|~ only");
    } else if (name->starts_with(own_protocols)) {
      reading.fail_key(item.place, "\"" + *name + "\": names that begin with usher. are usher's own");
    } else if (std::find(protocols.begin(), protocols.end(), *name) != protocols.end()) {
      reading.fail_key(item.place, "\"" + *name + "\" stands there twice");
    } else {
      protocols.push_back(*name);
    }
  }
}

void read_message_name(Reading& reading, const Value& value, const Key&) {
  reading.messages.back().name = value.place;
  if (auto name = reading.text(value)) message(reading).name = std::move(*name);
}

void read_message_summary(Reading& reading, const Value& value, const Key&) {
  if (auto text = reading.text(value)) message(reading).summary = std::move(*text);
}

void read_schema(Reading& reading, const Value& value, const Key&) {
  if (value.kind == Value::Kind::text && value.text.empty()) return;
  auto file = reading.file(value);
  if (!file) return;
  if (const auto fault = find_json_fault(file->text, JsonKind::schema)) {
    return reading.fail({file->name, fault->line, fault->column}, fault->message);
  }
  message(reading).schema = std::move(file->text);
}

void read_example(Reading& reading, const Value& value, const Key&) {
  if (value.kind == Value::Kind::table || value.kind == Value::Kind::list) {
    message(reading).example = to_json(value);
    return;
  }
  const auto text = reading.text(value);
  if (!text || text->empty()) return;
  if (find_json_fault(*text, JsonKind::any)) {
    return reading.fail_key(value.place, R"(is not JSON; a text is written '"like this"')");
  }
  message(reading).example = *text;
}

using server::ChannelSettings;

constexpr std::array keys = {
    Key{"channel.name", read_name, "the pattern of the channels"},
    Key{"channel.summary", read_summary, "what the channel is for"},
    Key{"channel.allow_subscribe", read_allow<&ChannelSettings::allow_subscribe>, "who may subscribe"},
    Key{"channel.allow_publish", read_allow<&ChannelSettings::allow_publish>, "who may publish"},
    Key{"channel.allow_presence", read_allow<&ChannelSettings::allow_presence>, "who may see who is there"},
    Key{"channel.allow_history", read_allow<&ChannelSettings::allow_history>, "who may read what was before"},
    Key{"channel.history.size", read_size, "how many publications are kept"},
    Key{"channel.history.ttl", read_ttl, "how long they are kept"},
    Key{"channel.history.position_ttl", read_position_ttl, "how long offsets go on after the last use"},
    Key{"channel.on_slow", read_on_slow, "what becomes of who would lose messages"},
    Key{"channel.protocols", read_protocols, "further subprotocols"},
    Key{"channel.message.name", read_message_name, "the message's name in documents"},
    Key{"channel.message.summary", read_message_summary, "what the message is for"},
    Key{"channel.message.schema", read_schema, "file of its JSON Schema"},
    Key{"channel.message.example", read_example, "an example, as JSON"},
};

}  // namespace

std::span<const Key> channel_keys() { return keys; }

void begin_channel(Reading& reading, const Value& table) {
  // Stands there until the name is read; without one the configuration is refused.
  reading.settings().channels.push_back(
      {.pattern = base::Pattern::parse("*").value(), .summary = {}, .history = {}, .protocols = {}, .messages = {}});
  reading.channels.push_back({table.place, {}, {}});
  reading.messages.clear();
  reading.owner_rules.clear();
}

void end_channel(Reading& reading, const Value&) {
  const Reading::DraftPlaces& places = reading.channels.back();
  if (!places.name.given()) reading.fail(places.table, "[[channel]] needs a name, as in name = \"room.{room}\"");
  if (!places.content.given()) return;
  const std::vector<std::string> variables = channel(reading).pattern.variable_names();
  if (std::find(variables.begin(), variables.end(), "user") != variables.end()) return;
  for (const auto& [key, place] : reading.owner_rules) {
    reading.fail(place, key + ": \"owner\" needs {user} in the channel's name");
  }
}

void begin_history(Reading& reading, const Value&) { channel(reading).history.emplace(); }

void end_history(Reading& reading, const Value& table) {
  if (table.find("size") == nullptr || table.find("ttl") == nullptr) {
    reading.fail(table.place, "channel.history: needs size and ttl, as in { size = 100, ttl = \"10m\" }");
  }
}

void begin_message(Reading& reading, const Value& table) {
  channel(reading).messages.emplace_back();
  reading.messages.push_back({table.place, {}, {}});
}

void end_message(Reading& reading, const Value&) {
  const Reading::DraftPlaces& places = reading.messages.back();
  if (!places.name.given()) return reading.fail(places.table, "[[channel.message]] needs a name");
  const std::string& name = message(reading).name;
  if (!base::is_token(name)) {
    reading.fail(places.name, "channel.message.name: letters, digits, '_' and '-' only, as in \"message\"");
  }
  const auto& all = channel(reading).messages;
  const auto same = [&](const server::MessageSettings& other) { return other.name == name; };
  if (std::any_of(all.begin(), all.end() - 1, same)) {
    reading.fail(places.name, "channel.message.name: the channel has a message \"" + name + "\" already");
  }
}

}  // namespace usher::app
