#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/grant.hpp"
#include "broker/broker.hpp"
#include "server/settings.hpp"

namespace usher::server {

/// What rules one channel: the first `[[channel]]` whose pattern matches its name.
struct ChannelPolicy {
  const ChannelSettings* settings = nullptr;
  broker::ChannelRule rule;
  std::uint32_t index = 0;  ///< of the pattern in the configuration

  /// Whether the grant may use the right in this channel, whose name matches the pattern.
  bool allows(const auth::Grant& grant, auth::Right right, std::string_view channel) const;
};

/// Where a WebSocket or a publication by POST goes, and what it must bring.
struct ChannelTarget {
  std::string channel;
  const ChannelPolicy* policy = nullptr;
  std::span<const auth::CredentialKind> connect_with;
  RefuseWith refuse = RefuseWith::http;
};

/// The settings, made ready for look-ups. Immutable; one for all workers.
class Rules {
 public:
  explicit Rules(SettingsRef settings);

  const Settings& settings() const { return *settings_; }

  /// Null when the name is not valid or no pattern matches.
  const ChannelPolicy* policy_of(std::string_view channel) const;

  /// The channel behind `/channels/{channel}` or a `[[route]]`; nothing when the path is of neither kind. A target
  /// without a policy: the path is a channel's, but no such channel is configured. `path` is percent-encoded.
  std::optional<ChannelTarget> target_of(std::string_view path) const;

  /// The grant of a credential that carries none.
  auth::Grant grant_for(auth::CredentialKind kind, const std::optional<std::string>& user) const;

  /// The texts of the channel patterns, in the order of their indexes.
  std::vector<std::string> pattern_texts() const;

  /// Every listener is a loopback address or a unix socket: nobody from another machine can reach this node.
  bool is_local() const;

 private:
  SettingsRef settings_;
  std::vector<ChannelPolicy> policies_;
};

}  // namespace usher::server
