#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/api_key.hpp"
#include "auth/check.hpp"
#include "auth/credential.hpp"
#include "auth/grant.hpp"
#include "auth/htpasswd.hpp"
#include "auth/origin.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/pattern.hpp"
#include "base/time.hpp"
#include "io/address.hpp"

namespace usher::server {

/// `[server]`.
struct ListenSettings {
  std::vector<io::Address> listen;
  std::vector<io::Address> manage;  ///< where /api, /metrics, /health and /admin are; empty: on `listen`
  std::string public_url;           ///< "wss://ws.example.com"; empty: documents name the first listener
  unsigned workers = 0;             ///< 0: one per core
  base::Duration drain = std::chrono::seconds(25);
  base::Duration drain_delay = std::chrono::seconds(5);
};

struct LogSettings {
  base::LogFormat format = base::LogFormat::text;
  base::LogLevel level = base::LogLevel::info;
};

/// How a handshake is refused: as HTTP, or accepted and closed with 4401 or 4403, so that a page can read why.
enum class RefuseWith : std::uint8_t { http, close };

struct WebSocketSettings {
  bool compression = false;
  base::Duration ping = std::chrono::seconds(25);
  RefuseWith refuse = RefuseWith::http;
};

struct TicketSettings {
  base::Duration ttl = std::chrono::seconds(30);
  base::Duration ttl_max = std::chrono::seconds(60);
  auth::TicketBinding binding;
  auth::TicketPlaces accept_in = {auth::TicketPlace::protocol, auth::TicketPlace::header, auth::TicketPlace::cookie,
                                  auth::TicketPlace::query};
  std::size_t outstanding = 100000;
  std::vector<auth::CredentialKind> issue_to = {auth::CredentialKind::basic};
};

/// `[[auth.grant]]`: the rights of credentials that carry none.
struct GrantRule {
  auth::CredentialKind kind = auth::CredentialKind::basic;
  std::optional<std::string> user;  ///< absent: every user of the kind
  auth::Grant grant;
};

struct AuthSettings {
  std::vector<auth::CredentialKind> connect_with = {auth::CredentialKind::ticket};
  std::shared_ptr<const auth::PasswordFile> passwords;  ///< null: no Basic
  auth::ApiKeys api_keys;
  std::vector<GrantRule> grants;  ///< the first that fits counts; none: a grant with nothing but the user
};

/// `history = { size, ttl, position_ttl }`.
struct HistorySettings {
  std::size_t size = 0;
  base::Duration ttl{};
  base::Duration position_ttl = std::chrono::hours(24);
};

enum class OnSlow : std::uint8_t { gap, latest, disconnect };

/// `[[channel.message]]`: for the document.
struct MessageSettings {
  std::string name;
  std::string summary;
  std::string schema;   ///< JSON text of the schema; empty: none
  std::string example;  ///< JSON text; empty: none
};

/// `[[channel]]`. The first pattern that matches a name rules it.
struct ChannelSettings {
  base::Pattern pattern;
  std::string summary;
  auth::Allow allow_subscribe = auth::Allow::granted;
  auth::Allow allow_publish = auth::Allow::granted;
  auth::Allow allow_presence = auth::Allow::granted;
  auth::Allow allow_history = auth::Allow::granted;
  std::optional<HistorySettings> history;
  OnSlow on_slow = OnSlow::gap;
  std::vector<std::string> protocols;
  std::vector<MessageSettings> messages;
};

/// `[[route]]`: a further path for a channel pattern.
struct RouteSettings {
  base::Pattern path;     ///< cut at '/'
  base::Pattern channel;  ///< its variables are the path's
  std::optional<std::vector<auth::CredentialKind>> connect_with;
  std::optional<RefuseWith> refuse;
};

enum class DocsAccess : std::uint8_t { anyone, user, api_key, off };

/// What `serve --demo` adds to a configuration.
struct DemoSettings {
  std::string folder;  ///< of the page's files
  bool is_public = false;
};

/// The configuration, read and checked: immutable, shared by all workers, replaced as a whole. Where it came from and
/// what may be written there is the business of app.
struct Settings {
  ListenSettings server;
  LogSettings log;
  WebSocketSettings websocket;
  auth::OriginList origins;
  TicketSettings tickets;
  AuthSettings auth;
  base::Limits limits;
  std::vector<ChannelSettings> channels;
  std::vector<RouteSettings> routes;
  std::optional<DocsAccess> docs;  ///< absent: "anyone" where every listener is loopback, else "user"
  std::optional<DemoSettings> demo;
  std::string client_script;  ///< path of usher.js; empty: not served
};

using SettingsRef = std::shared_ptr<const Settings>;

}  // namespace usher::server
