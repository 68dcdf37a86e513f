#include "server/rules.hpp"

#include <algorithm>

#include "http/uri.hpp"

namespace usher::server {
namespace {

constexpr std::string_view channels_prefix = "/channels/";

broker::ChannelRule broker_rule(const ChannelSettings& channel, const base::Limits& limits) {
  broker::ChannelRule rule;
  rule.log_bytes_max = limits.channel_log_bytes;
  if (channel.history) {
    rule.history = broker::HistoryRule{static_cast<std::uint32_t>(channel.history->size), channel.history->ttl,
                                       channel.history->position_ttl};
  }
  return rule;
}

auth::Allow allow_of(const ChannelSettings& channel, auth::Right right) {
  switch (right) {
    case auth::Right::subscribe:
      return channel.allow_subscribe;
    case auth::Right::publish:
      return channel.allow_publish;
    case auth::Right::presence:
      return channel.allow_presence;
    case auth::Right::history:
      return channel.allow_history;
  }
  return auth::Allow::nobody;
}

std::string_view user_segment(const base::Pattern& pattern, std::string_view channel) {
  if (pattern.is_literal()) return {};
  for (const auto& [name, value] : pattern.match(channel).value_or(base::Pattern::Variables{})) {
    if (name == "user") return value;
  }
  return {};
}

}  // namespace

bool ChannelPolicy::allows(const auth::Grant& grant, auth::Right right, std::string_view channel) const {
  return auth::allows(grant, allow_of(*settings, right), {right, channel, user_segment(settings->pattern, channel)});
}

Rules::Rules(SettingsRef settings) : settings_(std::move(settings)) {
  for (const ChannelSettings& channel : settings_->channels) {
    policies_.push_back(
        {&channel, broker_rule(channel, settings_->limits), static_cast<std::uint32_t>(policies_.size())});
  }
}

const ChannelPolicy* Rules::policy_of(std::string_view channel) const {
  if (!base::valid_channel_name(channel)) return nullptr;
  for (const ChannelPolicy& policy : policies_) {
    if (policy.settings->pattern.matches(channel)) return &policy;
  }
  return nullptr;
}

std::optional<ChannelTarget> Rules::target_of(std::string_view path) const {
  const std::string decoded = http::percent_decode(path).value_or("");
  if (decoded.starts_with(channels_prefix)) {
    ChannelTarget target{decoded.substr(channels_prefix.size()), nullptr, settings_->auth.connect_with,
                         settings_->websocket.refuse};
    target.policy = policy_of(target.channel);
    return target;
  }
  for (const RouteSettings& route : settings_->routes) {
    const auto variables = route.path.match(decoded);
    if (!variables) continue;
    ChannelTarget target{route.channel.fill(*variables).value_or(""), nullptr, settings_->auth.connect_with,
                         route.refuse.value_or(settings_->websocket.refuse)};
    // A variable of a path may hold what a channel is cut at; then the route does not mean that channel.
    if (route.channel.matches(target.channel)) target.policy = policy_of(target.channel);
    if (route.connect_with) target.connect_with = *route.connect_with;
    return target;
  }
  return std::nullopt;
}

auth::Grant Rules::grant_for(auth::CredentialKind kind, const std::optional<std::string>& user) const {
  for (const GrantRule& rule : settings_->auth.grants) {
    if (rule.kind != kind || (rule.user && rule.user != user)) continue;
    auth::Grant grant = rule.grant;
    grant.user = user;
    return grant;
  }
  return auth::Grant(user);
}

std::vector<std::string> Rules::pattern_texts() const {
  std::vector<std::string> texts;
  for (const ChannelPolicy& policy : policies_) texts.push_back(policy.settings->pattern.text());
  return texts;
}

bool Rules::is_local() const {
  const auto loopback = [](const io::Address& address) { return address.is_loopback(); };
  return std::all_of(settings_->server.listen.begin(), settings_->server.listen.end(), loopback) &&
         std::all_of(settings_->server.manage.begin(), settings_->server.manage.end(), loopback);
}

}  // namespace usher::server
