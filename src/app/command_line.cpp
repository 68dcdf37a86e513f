#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <utility>

#include "app/process.hpp"

namespace usher::app {
namespace {

constexpr const char* default_url = "http://127.0.0.1:8080";

/// Builds the commands and keeps what they were given.
class CommandLine {
 public:
  CommandLine()
      : app_("usher: a real-time gateway. Browsers hold a WebSocket to it, back ends publish to it.", "usher") {
    app_.require_subcommand(1);
    app_.footer("Exit codes: 0 well, 1 the work failed, 2 wrong usage, 78 wrong configuration.");
    add_serve();
    add_check();
    add_init();
    add_ticket();
    add_publish();
    add_subscribe();
    add_connect();
    add_bench();
    add_version();
  }

  std::variant<Command, Exit> parse(int count, const char* const* arguments) {
    try {
      app_.parse(count, const_cast<char**>(const_cast<const char**>(arguments)));
    } catch (const CLI::ParseError& error) {
      return app_.exit(error, std::cout, std::cerr) == 0 ? Exit::done : Exit::wrong_usage;
    }
    return std::move(command_);
  }

 private:
  /// A subcommand whose options live as long as this object and become the command when it is used.
  template <typename Options>
  std::pair<CLI::App*, std::shared_ptr<Options>> add(const char* name, const char* description) {
    CLI::App* sub = app_.add_subcommand(name, description);
    auto options = std::make_shared<Options>();
    sub->callback([this, options] { command_ = *options; });
    return {sub, options};
  }

  static void add_api(CLI::App* sub, ApiOptions& api) {
    api.url = environment_variable("USHER_URL").value_or(default_url);
    sub->add_option("--url", api.url, "the server; or USHER_URL")->capture_default_str();
    sub->add_option("--api-key", api.api_key, "the key of [[auth.api_key]]; or USHER_API_KEY");
  }

  static void add_json(CLI::App* sub, bool& json) { sub->add_flag("--json", json, "print JSON"); }

  void add_serve() {
    auto [sub, options] = add<ServeOptions>("serve", "serve a configuration, or the demo");
    sub->add_option("--config", options->config, "the configuration file");
    sub->add_flag("--demo", options->demo, "serve the demo, on loopback only");
    sub->add_flag("--demo-public", options->demo_public, "serve the demo on any address, with random passwords");
    sub->add_option("--listen", options->listen, "HOST:PORT, [V6]:PORT or unix:/PATH; replaces server.listen")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    sub->add_option("--workers", options->workers, "threads; 0: one per core");
    add_set(sub, options->set);
  }

  static void add_set(CLI::App* sub, std::vector<std::string>& set) {
    sub->add_option("--set", set, "KEY=VALUE of the configuration, as in tickets.ttl=10s; goes before file and USHER_…")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  void add_check() {
    auto [sub, options] = add<CheckOptions>("check", "read a configuration and say what is wrong with it");
    sub->add_option("--config", options->config, "the configuration file")->required();
    add_set(sub, options->set);
  }

  void add_init() {
    add<InitOptions>("init", "print a commented configuration, and a fresh API key on standard error");
    app_.add_subcommand("print-limits", "print docs/limits.md")->group("")->callback([this] {
      command_ = LimitsOptions{};
    });
  }

  void add_ticket() {
    auto [sub, options] = add<TicketOptions>("ticket", "mint a ticket and print it");
    CLI::Option* user = sub->add_option("--user", options->user, "whom it admits");
    sub->add_flag("--guest", options->guest, "it admits somebody without a name")->excludes(user);
    sub->add_option("--channel", options->channels, "PATTERN=RIGHTS, as in room.*=subscribe,publish")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    sub->add_option("--ttl", options->ttl, "how long it is good, as in 30s");
    sub->add_option("--ip", options->ip, "the address that must show it");
    sub->add_option("--origin", options->origin, "the page's origin that must show it");
    add_api(sub, options->api);
    add_json(sub, options->json);
  }

  void add_publish() {
    auto [sub, options] = add<PublishOptions>("publish", "publish into a channel");
    options->data = "-";
    sub->add_option("CHANNEL", options->channel, "the channel")->required();
    sub->add_option("DATA", options->data, "JSON, or else a text; - is standard input")->capture_default_str();
    add_api(sub, options->api);
    add_json(sub, options->json);
  }

  void add_subscribe() {
    auto [sub, options] = add<SubscribeOptions>("subscribe", "print what is published, one a line");
    options->user = "usher";
    sub->add_option("CHANNEL", options->channels, "the channels")->required();
    sub->add_option("--user", options->user, "the user to subscribe as")->capture_default_str();
    add_api(sub, options->api);
    add_json(sub, options->json);
  }

  void add_connect() {
    auto [sub, options] = add<ConnectOptions>("connect", "a WebSocket on the terminal: lines go out, messages come in");
    options->wait = "500ms";
    sub->add_option("URL", options->url, "ws://HOST:PORT/PATH")->required();
    sub->add_option("--draft", options->draft, "speak draft 07 or 08 in place of RFC 6455")
        ->check(CLI::IsMember({7, 8}));
    sub->add_option("--protocol", options->protocols, "a subprotocol to offer")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    sub->add_option("--header", options->headers, "a further header, as in 'Cookie: a=b'")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    sub->add_option("--origin", options->origin, "the page's origin, as a browser would send it");
    sub->add_option("--ticket", options->ticket, "a ticket, sent as Authorization: Ticket …");
    sub->add_option("--wait", options->wait, "how long to wait for more when standard input has ended")
        ->capture_default_str();
    sub->add_flag("--trace", options->trace, "show both heads and every frame by the fields of RFC 6455");
    add_json(sub, options->json);
  }

  void add_bench() {
    auto [sub, options] = add<BenchOptions>("bench", "put load on a server; prints rates and latency percentiles");
    options->dialect = "raw";
    options->publish_by = "socket";
    options->size = 64;
    sub->add_option("KIND", options->kind,
                    "echo: sockets that hear themselves; fanout: one publishes to all; "
                    "tickets: mint, open, close")
        ->required()
        ->check(CLI::IsMember({"echo", "fanout", "tickets"}));
    add_api(sub, options->api);
    sub->add_option("--connections,--subscribers", options->sockets,
                    "sockets; echo 200, fanout 1000, tickets 32 unless told")
        ->check(CLI::Range(1, 100'000));
    sub->add_option("--size", options->size, "bytes of a payload")
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 24));
    sub->add_option("--depth", options->depth, "messages on their way at once, of each socket")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    sub->add_option("--rate", options->rate, "messages a second in all; latency then counts from when each was due")
        ->check(CLI::NonNegativeNumber);
    sub->add_option("--dialect", options->dialect, "raw or json")
        ->capture_default_str()
        ->check(CLI::IsMember({"raw", "json"}));
    sub->add_option("--publish-by", options->publish_by, "fanout: the first socket, or the API")
        ->capture_default_str()
        ->check(CLI::IsMember({"socket", "api"}));
    sub->add_option("--seconds", options->seconds, "how long to measure")
        ->capture_default_str()
        ->check(CLI::Range(0.01, 86'400.0));
    sub->add_option("--warm-up", options->warm_up, "seconds before it counts")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 3600.0));
    sub->add_option("--pid", options->pid, "the server's process, here: tells its processor time for each message");
    add_json(sub, options->json);
  }

  void add_version() {
    auto [sub, options] = add<VersionOptions>("version", "print the version");
    add_json(sub, options->json);
  }

  CLI::App app_;
  Command command_;
};

}  // namespace

std::variant<Command, Exit> parse_command_line(int count, const char* const* arguments) {
  CommandLine line;
  return line.parse(count, arguments);
}

}  // namespace usher::app
