#include <algorithm>
#include <array>
#include <memory>

#include "app/keys.hpp"
#include "auth/digest.hpp"

namespace usher::app {
namespace {

using std::chrono::seconds;

void read_connect_with(Reading& reading, const Value& value, const Key&) {
  if (auto kinds = read_kinds(reading, value)) reading.settings().auth.connect_with = std::move(*kinds);
}

void read_password_file(Reading& reading, const Value& value, const Key&) {
  if (value.kind == Value::Kind::text && value.text.empty()) return;
  const auto file = reading.file(value);
  if (!file) return;
  auto parsed = auth::PasswordFile::parse(file->text);
  if (parsed.ok()) {
    reading.settings().auth.passwords = std::make_shared<const auth::PasswordFile>(std::move(parsed).value());
    return;
  }
  for (const auth::PasswordFileError& error : parsed.error()) {
    reading.fail({file->name, static_cast<std::uint32_t>(error.line), 0}, error.message);
  }
}

void read_key_name(Reading& reading, const Value& value, const Key&) {
  const std::optional<std::string> name = reading.text(value);
  if (!name) return;
  const auto& drafts = reading.api_key_drafts;
  const bool known = std::any_of(drafts.begin(), drafts.end(), [&](const auth::ApiKey& k) { return k.name == *name; });
  if (name->empty()) return reading.fail_key(value.place, "is empty");
  if (known) return reading.fail_key(value.place, "another key is called \"" + *name + "\" already");
  reading.api_key_drafts.back().name = *name;
  reading.api_keys.back().name = value.place;
}

void read_key_digest(Reading& reading, const Value& value, const Key&) {
  reading.api_keys.back().content = value.place;
  const std::optional<std::string> text = reading.secret(value);
  if (!text) return;
  if (const auto digest = auth::parse_digest(*text)) {
    reading.api_key_drafts.back().sha256 = *digest;
    return;
  }
  if (text->starts_with(auth::api_key_prefix)) {
    return reading.fail_key(value.place, "this is the key itself: write its SHA-256 (printf %s KEY | sha256sum)");
  }
  reading.fail_key(value.place, "must be 64 hexadecimal digits, or file:PATH or env:NAME where they are");
}

void read_key_rights(Reading& reading, const Value& value, const Key&) {
  using auth::ApiRight;
  constexpr std::array<Word<ApiRight>, 4> known{{{"publish", ApiRight::publish},
                                                 {"tickets", ApiRight::tickets},
                                                 {"read", ApiRight::read},
                                                 {"disconnect", ApiRight::disconnect}}};
  for (const ApiRight right : reading.words(value, known).value_or(std::vector<ApiRight>())) {
    reading.api_key_drafts.back().rights.add(right);
  }
}

void read_key_channels(Reading& reading, const Value& value, const Key&) {
  const auto items = reading.list(value);
  if (!items) return;
  // An empty list would stand for all channels further down.
  if (items->empty()) return reading.fail_key(value.place, "is empty: leave it out for all channels");
  for (const Value& item : *items) {
    auto pattern = read_pattern(reading, item, base::Pattern::channel_separators);
    if (pattern) reading.api_key_drafts.back().channels.push_back(std::move(*pattern));
  }
}

server::GrantRule& grant_rule(Reading& reading) { return reading.settings().auth.grants.back(); }

void read_grant_kind(Reading& reading, const Value& value, const Key&) {
  using auth::CredentialKind;
  constexpr std::array<Word<CredentialKind>, 3> known{
      {{"basic", CredentialKind::basic}, {"anonymous", CredentialKind::anonymous}, {"mtls", std::nullopt}}};
  reading.grants.back().content = value.place;
  if (const auto kind = reading.word(value, known)) grant_rule(reading).kind = *kind;
}

void read_grant_user(Reading& reading, const Value& value, const Key&) {
  const std::optional<std::string> user = reading.text(value);
  if (!user) return;
  if (!base::valid_user_name(*user)) return reading.fail_key(value.place, "a user has 1 to 128 bytes, none a control");
  reading.grants.back().name = value.place;
  grant_rule(reading).user = *user;
}

void read_grant_channels(Reading& reading, const Value& value, const Key&) {
  if (auto ceiling = read_ceiling(reading, value)) {
    grant_rule(reading).grant.change_details().channels = std::move(*ceiling);
  }
}

void read_grant_subscribe(Reading& reading, const Value& value, const Key&) {
  for (const Value& item : reading.list(value).value_or(std::vector<Value>())) {
    const std::optional<std::string> channel = reading.text(item);
    if (!channel) continue;
    if (base::valid_channel_name(*channel)) {
      grant_rule(reading).grant.change_details().subscribe.push_back(*channel);
    } else {
      reading.fail_key(item.place, "\"" + *channel + "\" is no channel");
    }
  }
}

void read_grant_info(Reading& reading, const Value& value, const Key&) {
  grant_rule(reading).grant.change_details().info = to_json(value);
}

void read_grant_meta(Reading& reading, const Value& value, const Key&) {
  grant_rule(reading).grant.change_details().meta = to_json(value);
}

void read_grant_ttl(Reading& reading, const Value& value, const Key&) {
  const auto time = reading.duration(value, seconds(1), auth::session_ttl_max);
  if (time) grant_rule(reading).grant.change_details().session_ttl = std::chrono::duration_cast<seconds>(*time);
}

constexpr std::array keys = {
    Key{"auth.connect_with", read_connect_with, "what a WebSocket may bring"},
    Key{"auth.basic.file", read_password_file, "users and their hashed passwords"},
    Key{"auth.api_key.name", read_key_name, "how logs call the key"},
    Key{"auth.api_key.sha256", read_key_digest, "SHA-256 of the key"},
    Key{"auth.api_key.rights", read_key_rights, "what the key may do"},
    Key{"auth.api_key.channels", read_key_channels, "where the key may do it"},
    Key{"auth.grant.kind", read_grant_kind, "whose rights these are"},
    Key{"auth.grant.user", read_grant_user, "whose rights these are"},
    Key{"auth.grant.channels", read_grant_channels, "channels and what may be done there"},
    Key{"auth.grant.subscribe", read_grant_subscribe, "channels that a session follows by itself"},
    Key{"auth.grant.info", read_grant_info, "what others see of the user"},
    Key{"auth.grant.meta", read_grant_meta, "what nobody else sees"},
    Key{"auth.grant.session_ttl", read_grant_ttl, "how long a session may last"},
};

std::optional<auth::Rights> read_rights(Reading& reading, const Value& value) {
  using auth::Right;
  constexpr std::array<Word<Right>, 4> known{{{"subscribe", Right::subscribe},
                                              {"publish", Right::publish},
                                              {"presence", Right::presence},
                                              {"history", Right::history}}};
  const auto found = reading.words(value, known);
  if (!found) return std::nullopt;
  auth::Rights rights;
  for (const Right right : *found) rights.add(right);
  return rights;
}

}  // namespace

std::span<const Key> auth_keys() { return keys; }

void begin_api_key(Reading& reading, const Value& table) {
  reading.api_key_drafts.emplace_back();
  reading.api_keys.push_back({table.place, {}, {}});
}

void end_api_key(Reading& reading, const Value&) {
  const Reading::DraftPlaces& places = reading.api_keys.back();
  if (!places.name.given()) reading.fail(places.table, "[[auth.api_key]] needs a name");
  if (!places.content.given()) reading.fail(places.table, "[[auth.api_key]] needs sha256");
}

void begin_grant(Reading& reading, const Value& table) {
  reading.settings().auth.grants.emplace_back();
  reading.grants.push_back({table.place, {}, {}});
}

void end_grant(Reading& reading, const Value&) {
  const Reading::DraftPlaces& places = reading.grants.back();
  const server::GrantRule& rule = grant_rule(reading);
  if (!places.content.given() && !places.name.given()) {
    reading.fail(places.table, "[[auth.grant]] needs kind or user: whose rights are these?");
  }
  if (rule.user && rule.kind == auth::CredentialKind::anonymous) {
    reading.fail(places.name, "auth.grant.user: an anonymous session has no user");
  }
}

std::optional<base::Pattern> read_pattern(Reading& reading, const Value& value, std::string_view separators) {
  const std::optional<std::string> text = reading.text(value);
  if (!text) return std::nullopt;
  auto pattern = base::Pattern::parse(*text, separators);
  if (pattern.ok()) return std::move(pattern).value();
  reading.fail_key(value.place, "\"" + *text + "\": " + pattern.error().message);
  return std::nullopt;
}

std::optional<auth::Ceiling> read_ceiling(Reading& reading, const Value& value) {
  if (!reading.is_table(value)) return std::nullopt;
  auth::Ceiling ceiling;
  for (const Member& member : value.members) {
    auto pattern = base::Pattern::parse(member.name);
    if (!pattern.ok()) reading.fail_key(member.place, "\"" + member.name + "\": " + pattern.error().message);
    const std::optional<auth::Rights> rights = read_rights(reading, member.value);
    if (pattern.ok() && rights) ceiling.push_back({std::move(pattern).value(), *rights});
  }
  return ceiling;
}

}  // namespace usher::app
