#include "app/configuration.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace usher::app {
namespace {

constexpr const char* digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The files that a test's configuration can name.
const std::map<std::string, std::string>& files() {
  static const std::map<std::string, std::string> all = {
      {"etc/good.json", R"({"type": "object"})"},
      {"etc/bad.json", "{\n  \"type\": object\n}"},
      {"etc/list.json", "[1]"},
      {"etc/cut.json", "{\"a\":"},
      {"etc/bad.htpasswd", "alice:plain\n"},
      {"etc/digest", std::string(digest) + "\n"},
  };
  return all;
}

ConfigurationSources sources(std::string text) {
  ConfigurationSources result;
  result.file = ConfigurationFile{"etc/usher.toml", std::move(text)};
  result.environment = {{"HOME", "/root"}, {"KEY_DIGEST", digest}};
  result.read_file = [](const std::string& path) -> base::Result<std::string> {
    const auto found = files().find(path);
    if (found == files().end()) return base::Error{path + ": no such file"};
    return found->second;
  };
  return result;
}

std::vector<std::string> texts(const std::vector<Problem>& problems) {
  std::vector<std::string> result;
  for (const Problem& problem : problems) result.push_back(problem.text());
  return result;
}

std::vector<std::string> errors(const ConfigurationSources& from) {
  const auto read = read_configuration(from);
  return read.ok() ? std::vector<std::string>() : texts(read.error());
}

Configuration good(const ConfigurationSources& from) {
  auto read = read_configuration(from);
  if (!read.ok()) {
    ADD_FAILURE() << read.error().front().text();
    return {std::make_shared<server::Settings>(), {}};
  }
  return std::move(read).value();
}

struct ErrorCase {
  const char* name;
  const char* text;
  std::vector<std::string> expected;  ///< without the file's name
};

class ConfigurationErrors : public testing::TestWithParam<ErrorCase> {};

TEST_P(ConfigurationErrors, AreFound) {
  std::vector<std::string> expected;
  for (const std::string& error : GetParam().expected) {
    expected.push_back((error.starts_with("etc/") ? "" : "etc/usher.toml:") + error);
  }
  EXPECT_EQ(errors(sources(GetParam().text)), expected);
}

std::string name_of(const testing::TestParamInfo<ErrorCase>& info) { return info.param.name; }

const ErrorCase general_cases[] = {
    {"Grammar", "[server\n", {"1:8: not TOML: Error while parsing table header: expected ']', saw '\\n'"}},
    {"UnknownKey", "[tickets]\nttk = \"30s\"\n", {"2:1: unknown key 'ttk' in [tickets]; did you mean 'ttl'?"}},
    {"UnknownSection", "[ticket]\n", {"1:2: unknown key 'ticket'; did you mean 'tickets'?"}},
    {"KeyOfAnotherSection",
     "[server]\nbind_origin = true\n",
     {"2:1: unknown key 'bind_origin' in [server]; did you mean 'tickets.bind_origin'?"}},
    {"NothingNear", "[log]\nzzzzzzzz = 1\n", {"2:1: unknown key 'zzzzzzzz' in [log]; known are format, level"}},
    {"SeveralAtOnce",
     "[server]\nlisten = \"127.0.0.1:1\"\nworkers = -1\n[log]\nlevel = \"loud\"\n",
     {"2:10: server.listen: must be a list, not a text", "3:11: server.workers: -1 is out of range: 0 to 1024",
      "5:9: log.level: \"loud\" is not known: \"debug\", \"info\", \"warning\" or \"error\""}},
    {"NotATable", "log = 1\n", {"1:7: log: must be a table, not a number"}},
    {"NotTables", "[channel]\nname = \"a\"\n", {"1:2: write [[channel]], not [channel]: there may be several"}},
    {"BareDuration",
     "[tickets]\nttl = 30\n",
     {"2:7: tickets.ttl: a duration needs a unit: write a whole number and its unit, as in \"500ms\", \"25s\", "
      "\"10m\" or \"24h\""}},
    {"NoDuration",
     "[tickets]\nttl = \"30\"\n",
     {"2:7: tickets.ttl: \"30\" is no duration: write a whole number and its unit, as in \"500ms\", \"25s\", \"10m\" "
      "or \"24h\""}},
    {"DurationOutOfRange", "[tickets]\nttl = \"0s\"\n", {"2:7: tickets.ttl: 0s is out of range: 1s to 1d"}},
    {"TicketOutlivesItsMaximum",
     "[tickets]\nttl = \"2m\"\n",
     {"2:7: tickets.ttl: 2m is above tickets.ttl_max, which is 1m"}},
    {"WrongTypes",
     "[websocket]\ncompression = \"yes\"\nping = true\n[limits]\nheaders = 1.5\n",
     {"2:15: websocket.compression: must be true or false, not a text",
      "3:8: websocket.ping: must be a duration: write a whole number and its unit, as in \"500ms\", \"25s\", \"10m\" "
      "or \"24h\"",
      "5:11: limits.headers: must be a whole number, not one with a point"}},
    {"LimitOutOfRange",
     "[limits]\nmessage_bytes = 0\nclose_timeout = \"2h\"\nmessage_byte = 1\n",
     {"2:17: limits.message_bytes: 0 is out of range: 1 to 67108864",
      "3:17: limits.close_timeout: 2h is out of range: 1s to 1h",
      "4:1: unknown key 'message_byte' in [limits]; did you mean 'message_bytes'?"}},
    {"PublicUrl",
     "[server]\npublic_url = \"https://a.example/x\"\n",
     {"2:14: server.public_url: write scheme, host and port only, as in \"wss://ws.example.com\""}},
    {"NoListener",
     "[server]\nlisten = []\n",
     {"2:10: server.listen: names no address; the default is [\"127.0.0.1:8080\"]"}},
    {"TlsListener", "[server]\nlisten = [\"tls://0.0.0.0:1\"]\n", {"2:11: server.listen: tls:// is not available yet"}},
};

INSTANTIATE_TEST_SUITE_P(General, ConfigurationErrors, testing::ValuesIn(general_cases), name_of);

const ErrorCase auth_cases[] = {
    {"Store", "[tickets]\nstore = \"redis\"\n", {"2:9: tickets.store: \"redis\" is not available yet"}},
    {"UnknownStore",
     "[tickets]\nstore = \"disk\"\n",
     {"2:9: tickets.store: \"disk\" is not known: \"memory\", \"sqlite:FILE\" or \"redis\""}},
    {"LaterKinds",
     "[tickets]\nissue_to = [\"basic\", \"jwt\"]\n",
     {"2:22: tickets.issue_to: \"jwt\" is not available yet"}},
    {"TicketForTicket",
     "[tickets]\nissue_to = [\"ticket\"]\n",
     {"2:12: tickets.issue_to: a ticket cannot be had for a ticket"}},
    {"UnknownKind",
     "[auth]\nconnect_with = [\"tickets\"]\n",
     {"2:17: auth.connect_with: \"tickets\" is not known: \"ticket\", \"basic\", \"api_key\", \"anonymous\", "
      "\"cookie\", \"jwt\" or \"mtls\""}},
    {"MissingPasswordFile", "[auth.basic]\nfile = \"none\"\n", {"2:8: auth.basic.file: etc/none: no such file"}},
    {"ApiKeyWithoutAnything",
     "[[auth.api_key]]\n",
     {"1:1: [[auth.api_key]] needs a name", "1:1: [[auth.api_key]] needs sha256"}},
    {"ApiKeyItself",
     "[[auth.api_key]]\nname = \"a\"\nsha256 = \"usk_secret\"\n",
     {"3:10: auth.api_key.sha256: this is the key itself: write its SHA-256 (printf %s KEY | sha256sum)"}},
    {"ApiKeyDigest",
     "[[auth.api_key]]\nname = \"a\"\nsha256 = \"12\"\n",
     {"3:10: auth.api_key.sha256: must be 64 hexadecimal digits, or file:PATH or env:NAME where they are"}},
    {"ApiKeyEnvironment",
     "[[auth.api_key]]\nname = \"a\"\nsha256 = \"env:NONE\"\n",
     {"3:10: auth.api_key.sha256: the environment has no NONE"}},
    {"ApiKeyRight",
     "[[auth.api_key]]\nname = \"a\"\nsha256 = \"env:KEY_DIGEST\"\nrights = [\"write\"]\nchannels = []\n",
     {"4:11: auth.api_key.rights: \"write\" is not known: \"publish\", \"tickets\", \"read\" or \"disconnect\"",
      "5:12: auth.api_key.channels: is empty: leave it out for all channels"}},
    {"ApiKeyTwice",
     "[[auth.api_key]]\nname = \"a\"\nsha256 = \"env:KEY_DIGEST\"\n"
     "[[auth.api_key]]\nname = \"a\"\nsha256 = \"file:digest\"\n",
     {"4:1: [[auth.api_key]] needs a name", "5:8: auth.api_key.name: another key is called \"a\" already"}},
    {"GrantOfNobody",
     "[[auth.grant]]\nchannels = { \"room.*\" = [\"subscribe\"] }\n",
     {"1:1: [[auth.grant]] needs kind or user: whose rights are these?"}},
    {"GrantRight",
     "[[auth.grant]]\nkind = \"basic\"\nchannels = { \"room.*\" = [\"read\"], \"a*b\" = [] }\n",
     {"3:26: auth.grant.channels: \"read\" is not known: \"subscribe\", \"publish\", \"presence\" or "
      "\"history\"",
      "3:35: auth.grant.channels: \"a*b\": '*' stands for the rest and can only be the last character"}},
    {"AnonymousUser",
     "[[auth.grant]]\nkind = \"anonymous\"\nuser = \"alice\"\n",
     {"3:8: auth.grant.user: an anonymous session has no user"}},
};

INSTANTIATE_TEST_SUITE_P(Auth, ConfigurationErrors, testing::ValuesIn(auth_cases), name_of);

const ErrorCase channel_cases[] = {
    {"NoName", "[[channel]]\n", {"1:1: [[channel]] needs a name, as in name = \"room.{room}\""}},
    {"Pattern", "[[channel]]\nname = \"room.{\"\n", {"2:8: channel.name: \"room.{\": '{' has no matching '}'"}},
    {"Slash", "[[channel]]\nname = \"a/b\"\n", {"2:8: channel.name: a channel's name has no '/'"}},
    {"SamePattern",
     "[[channel]]\nname = \"room.{a}\"\n[[channel]]\nname = \"room.{b}\"\n",
     {"4:8: channel.name: \"room.{b}\" matches the same channels as \"room.{a}\" (etc/usher.toml:2:8)"}},
    {"Rule",
     "[[channel]]\nname = \"a\"\nallow_publish = \"me\"\n",
     {"3:17: channel.allow_publish: \"me\" is not known: \"anyone\", \"user\", \"granted\", \"owner\" or \"nobody\""}},
    {"OwnerWithoutUser",
     "[[channel]]\nname = \"a.{x}\"\nallow_publish = \"owner\"\n",
     {"3:17: channel.allow_publish: \"owner\" needs {user} in the channel's name"}},
    {"History",
     "[[channel]]\nname = \"a\"\nhistory = { size = 10 }\n",
     {"3:11: channel.history: needs size and ttl, as in { size = 100, ttl = \"10m\" }"}},
    {"Later",
     "[[channel]]\nname = \"a\"\npresence = true\nvalidate = \"reject\"\n",
     {"3:12: channel.presence: this is not available yet", "4:12: channel.validate: this is not available yet"}},
    {"Protocols",
     "[[channel]]\nname = \"a\"\nprotocols = [\"a b\", \"usher.x\", \"c\", \"c\"]\n",
     {"3:14: channel.protocols: \"a b\" is no subprotocol: letters, digits and !#$%&'*+-.^_`|~ only",
      "3:21: channel.protocols: \"usher.x\": names that begin with usher. are usher's own",
      "3:37: channel.protocols: \"c\" stands there twice"}},
    {"Schemas",
     "[[channel]]\nname = \"a\"\n"
     "[[channel.message]]\nname = \"x\"\nschema = \"none.json\"\n"
     "[[channel.message]]\nname = \"y\"\nschema = \"bad.json\"\n"
     "[[channel.message]]\nname = \"z\"\nschema = \"list.json\"\nexample = \"hi\"\n"
     "[[channel.message]]\nname = \"z\"\nschema = \"cut.json\"\n"
     "[[channel.message]]\n",
     {"5:10: channel.message.schema: etc/none.json: no such file",
      "12:11: channel.message.example: is not JSON; a text is written '\"like this\"'",
      "14:8: channel.message.name: the channel has a message \"z\" already", "16:1: [[channel.message]] needs a name",
      "etc/bad.json:2:11: not JSON", "etc/cut.json:1:6: not JSON: it ends too early",
      "etc/list.json:1:1: a JSON Schema is an object, or true or false"}},
    {"Routes",
     "[[channel]]\nname = \"room.{room}\"\n"
     "[[route]]\npath = \"/chat/{room}\"\nchannel = \"room.{id}\"\n"
     "[[route]]\npath = \"/x\"\nchannel = \"other\"\n"
     "[[route]]\npath = \"/chat/{id}\"\nchannel = \"room.{id}\"\n"
     "[[route]]\npath = \"/api/x\"\n"
     "[[route]]\npath = \"x\"\nchannel = \"room.*\"\n",
     {"5:11: route.channel: the path has no {id}", "8:11: route.channel: no [[channel]] matches all of \"other\"",
      "10:8: route.path: never reached: \"/chat/{room}\" (etc/usher.toml:4:8) comes first and matches all of it",
      "12:1: [[route]] needs a channel, as in channel = \"room.{room}\"", "13:8: route.path: \"/api/\" is usher's own",
      "15:8: route.path: a path begins with '/'", "16:11: route.channel: no [[channel]] matches all of \"room.*\""}},
    {"Bridge", "[[bridge]]\nkind = \"plain\"\n", {"1:1: bridge: this is not available yet"}},
    {"LaterSections",
     "[broker]\nkind = \"redis\"\n[tls]\ncertificate = \"a\"\n[auth.jwt]\nkeys = [\"hs256:x\"]\n[proxies]\n"
     "trusted = [\"::1\"]\n",
     {"2:8: broker.kind: this is not available yet", "4:15: tls.certificate: this is not available yet",
      "6:8: auth.jwt.keys: this is not available yet", "8:11: proxies.trusted: this is not available yet"}},
};

INSTANTIATE_TEST_SUITE_P(Channels, ConfigurationErrors, testing::ValuesIn(channel_cases), name_of);

TEST(Configuration, NamesTheLineOfAPasswordFile) {
  const auto found = errors(sources("[auth.basic]\nfile = \"bad.htpasswd\"\n"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].starts_with("etc/bad.htpasswd:1: ")) << found[0];
}

TEST(Configuration, EmptyHasDefaults) {
  const Configuration read = good(sources(""));
  ASSERT_EQ(read.settings->server.listen.size(), 1U);
  EXPECT_EQ(read.settings->server.listen[0].text(), "127.0.0.1:8080");
  EXPECT_EQ(read.settings->limits.message_bytes, 65536U);
  EXPECT_EQ(texts(read.warnings),
            std::vector<std::string>{"etc/usher.toml:1:1: there is no [[channel]]: every channel is refused"});
}

TEST(Configuration, OffIsAcceptedBeforeTheFeatureExists) {
  const Configuration read = good(sources(R"(
bridge = []
[websocket]
first_message = false
[tls]
certificate = ""
[proxies]
trusted = []
proxy_protocol = false
[tickets]
store = "memory"
redis = ""
[broker]
kind = "memory"
[[channel]]
name = "a"
presence = false
join_leave = false
validate = "off"
)"));
  EXPECT_EQ(read.settings->channels.size(), 1U);
}

TEST(Configuration, IsReadAsAWhole) {
  const Configuration read = good(sources(R"(
[server]
listen = ["127.0.0.1:0", "[::1]:9000", "unix:/run/usher.sock"]
workers = 3
drain = "1m"
[websocket]
refuse = "close"
[origins]
allow = ["https://*.example.com"]
[tickets]
bind_address = "prefix"
require = ["ip"]
accept_in = ["header"]
[[auth.api_key]]
name = "backend"
sha256 = "file:digest"
rights = ["publish"]
channels = ["room.*"]
[[auth.grant]]
user = "alice"
channels = { "room.*" = ["subscribe", "publish"] }
info = { name = "Alice", age = 7 }
session_ttl = "1h"
[limits]
message_bytes = 10
close_timeout = "2s"
[[channel]]
name = "room.{room}"
allow_subscribe = "anyone"
history = { size = 5, ttl = "10m" }
on_slow = "latest"
protocols = ["chat"]
[[channel.message]]
name = "message"
schema = "good.json"
example = { type = "message" }
[[route]]
path = "/ws/{room}/"
channel = "room.{room}"
connect_with = ["anonymous"]
)"));
  const server::Settings& settings = *read.settings;
  EXPECT_EQ(settings.server.listen.size(), 3U);
  EXPECT_EQ(settings.server.workers, 3U);
  EXPECT_EQ(settings.server.drain, std::chrono::minutes(1));
  EXPECT_EQ(settings.websocket.refuse, server::RefuseWith::close);
  EXPECT_TRUE(settings.origins.allows("https://a.example.com"));
  EXPECT_EQ(settings.tickets.binding.address, auth::AddressBinding::prefix);
  EXPECT_TRUE(settings.tickets.binding.require_address);
  EXPECT_FALSE(settings.tickets.accept_in.has(auth::TicketPlace::query));
  ASSERT_EQ(settings.auth.api_keys.all().size(), 1U);
  EXPECT_EQ(auth::digest_text(settings.auth.api_keys.all()[0].sha256), digest);
  ASSERT_EQ(settings.auth.grants.size(), 1U);
  EXPECT_EQ(settings.auth.grants[0].grant.details().info, R"({"age":7,"name":"Alice"})");
  EXPECT_EQ(settings.limits.message_bytes, 10U);
  EXPECT_EQ(settings.limits.close_timeout, std::chrono::seconds(2));
  ASSERT_EQ(settings.channels.size(), 1U);
  EXPECT_EQ(settings.channels[0].allow_subscribe, auth::Allow::anyone);
  EXPECT_EQ(settings.channels[0].history->size, 5U);
  EXPECT_EQ(settings.channels[0].messages[0].example, R"({"type":"message"})");
  ASSERT_EQ(settings.routes.size(), 1U);
  EXPECT_EQ(settings.routes[0].connect_with, std::vector{auth::CredentialKind::anonymous});
  EXPECT_TRUE(read.warnings.empty());
}

TEST(Configuration, FlagGoesBeforeEnvironmentBeforeFile) {
  ConfigurationSources from = sources("[tickets]\nttl = \"1s\"\nttl_max = \"50s\"\n[log]\nlevel = \"nonsense\"\n");
  from.environment = {{"USHER_TICKETS__TTL", "2s"}, {"USHER_TICKETS__TTL_MAX", "40s"}, {"USHER_LOG__LEVEL", "error"},
                      {"USHER_URL", "ignored"},     {"USHER_API_KEY", "ignored"},      {"OTHER", "x"}};
  from.set = {"tickets.ttl=3s", "limits.headers=50", "origins.allow=https://a.example, https://b.example"};
  from.listen = {"127.0.0.1:1", "127.0.0.1:2"};
  from.workers = "4";
  const Configuration read = good(from);
  EXPECT_EQ(read.settings->tickets.ttl, std::chrono::seconds(3));
  EXPECT_EQ(read.settings->tickets.ttl_max, std::chrono::seconds(40));
  EXPECT_EQ(read.settings->log.level, base::LogLevel::error);
  EXPECT_EQ(read.settings->limits.headers, 50U);
  EXPECT_TRUE(read.settings->origins.allows("https://b.example"));
  EXPECT_EQ(read.settings->server.listen.size(), 2U);
  EXPECT_EQ(read.settings->server.workers, 4U);
}

TEST(Configuration, ErrorsOfFlagsAndVariablesNameThem) {
  ConfigurationSources from = sources("");
  from.environment = {{"USHER_TICKET__TTL", "2s"}, {"USHER_LOG__LEVEL", "loud"}};
  from.set = {"tickets.tll=3s", "novalue", "tickets.ttl.x=1", ".=1", "channel=[{name=\"a\", nam=\"b\"}]"};
  from.listen = {"nowhere"};
  from.workers = "many";
  const auto found = errors(from);
  const std::vector<std::string> expected = {
      "--listen: server.listen: \"nowhere\": ",
      "--set .: a key is names with dots between them, as in tickets.ttl",
      "--set channel: unknown key 'nam' in [channel]; did you mean 'name'?",
      "--set novalue: needs KEY=VALUE, as in --set tickets.ttl=10s",
      "--set tickets.tll: unknown key 'tll' in [tickets]; did you mean 'ttl'?",
      "--set tickets.ttl.x: tickets.ttl: must be a duration: ",
      "--workers: server.workers: must be a whole number, not a text",
      "USHER_LOG__LEVEL: log.level: \"loud\" is not known: ",
      "USHER_TICKET__TTL: unknown key 'ticket'; did you mean 'tickets'?",
  };
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(found[i].starts_with(expected[i])) << found[i];
}

TEST(Configuration, WarnsOfWhatIsDoubtful) {
  const Configuration read = good(sources(R"([server]
listen = ["0.0.0.0:80"]
[tickets]
issue_to = ["basic"]
[[channel]]
name = "a.*"
[[channel]]
name = "a.{x}"
)"));
  const auto found = texts(read.warnings);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[0].starts_with("etc/usher.toml:2:10: server.listen: this address can be reached")) << found[0];
  EXPECT_EQ(found[1], "etc/usher.toml:4:12: tickets.issue_to: \"basic\" admits nobody without auth.basic.file");
  EXPECT_EQ(
      found[2],
      "etc/usher.toml:8:8: channel.name: \"a.{x}\" is never reached: \"a.*\" (etc/usher.toml:6:8) comes first and "
      "matches all of it");
}

}  // namespace
}  // namespace usher::app
