#include <algorithm>
#include <cstdio>

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/demo.hpp"
#include "app/process.hpp"
#include "app/service_notice.hpp"
#include "base/log.hpp"
#include "server/node.hpp"

namespace usher::app {
namespace {

Exit complain(Exit exit, const std::string& message) {
  std::fprintf(stderr, "usher: %s\n", message.c_str());
  return exit;
}

void print(const std::vector<Problem>& problems, const char* kind) {
  for (const Problem& problem : problems) std::fprintf(stderr, "%s: %s\n", kind, problem.text().c_str());
}

/// Reads and reports; nothing when there were errors.
std::optional<Configuration> read_and_report(const ConfigurationSources& sources) {
  auto read = read_configuration(sources);
  if (!read.ok()) {
    print(read.error(), "error");
    return std::nullopt;
  }
  print(read->warnings, "warning");
  return std::move(read).value();
}

/// The demo's configuration, and what makes it one.
struct Demo {
  std::string folder;
  std::vector<RandomPassword> passwords;  ///< of --demo-public
};

std::optional<Exit> prepare_demo(const ServeOptions& options, Demo& demo, std::string& path) {
  const auto folder = find_demo_folder();
  if (!folder) return complain(Exit::failed, "the demo's files are not beside the program (../share/usher/demo)");
  demo.folder = *folder;
  path = *folder + "/demo.toml";
  if (options.config) return complain(Exit::wrong_usage, "--config and --demo exclude each other");
  return std::nullopt;
}

/// With --demo-public the passwords that stand on the demo's page are not good.
std::optional<Exit> replace_passwords(ConfigurationSources& sources, Demo& demo) {
  const auto known = read_whole_file(demo.folder + "/users.htpasswd");
  if (!known.ok()) return complain(Exit::failed, known.error().message);
  auto drawn = draw_passwords(*known);
  if (!drawn.ok()) return complain(Exit::failed, drawn.error().message);
  demo.passwords = std::move(drawn->passwords);
  sources.read_file = [text = drawn->htpasswd](const std::string& path) -> base::Result<std::string> {
    return path.ends_with("/users.htpasswd") ? base::Result<std::string>(text) : read_whole_file(path);
  };
  return std::nullopt;
}

std::string listening_line(const io::Address& address) {
  const std::string scheme = address.family() == io::Family::local ? "" : "http://";
  return "listening on " + scheme + address.text() + "\n";
}

Exit serve(const server::Settings& settings) {
  base::start_log(settings.log.format, settings.log.level);
  server::ServeOptions options;
  options.version = USHER_VERSION;
  options.on_ready = [](const std::vector<io::Address>& addresses) {
    for (const io::Address& address : addresses) std::fputs(listening_line(address).c_str(), stderr);
    notify_service_manager("READY=1");
  };
  const auto served = server::serve(settings, options);
  base::flush_log();
  return served.ok() ? Exit::done : complain(Exit::failed, served.error().message);
}

Exit serve_demo(const ServeOptions& options, Configuration& configuration, const Demo& demo) {
  server::Settings& settings = *configuration.settings;
  settings.demo = server::DemoSettings{demo.folder + "/www", options.demo_public};
  const auto foreign = [](const io::Address& address) { return !address.is_loopback(); };
  const auto any_foreign = [&foreign](const std::vector<io::Address>& all) {
    return std::any_of(all.begin(), all.end(), foreign);
  };
  if (!options.demo_public && (any_foreign(settings.server.listen) || any_foreign(settings.server.manage))) {
    return complain(Exit::wrong_usage,
                    "the demo listens on loopback only, as its passwords are known: --demo-public takes other "
                    "addresses, with passwords of its own");
  }
  for (const RandomPassword& one : demo.passwords) {
    std::fprintf(stderr, "the password of %s is %s\n", one.user.c_str(), one.password.c_str());
  }
  return serve(settings);
}

}  // namespace

Exit run(const ServeOptions& options) {
  const bool is_demo = options.demo || options.demo_public;
  if (!is_demo && !options.config) {
    return complain(
        Exit::wrong_usage,
        "serve what? --demo shows what usher does; --config FILE serves yours, and `usher init > usher.toml` "
        "writes one to begin with");
  }
  ConfigurationSources sources;
  sources.environment = process_environment();
  sources.set = options.set;
  sources.listen = options.listen;
  sources.workers = options.workers;
  sources.read_file = read_whole_file;

  Demo demo;
  std::string path = options.config.value_or("");
  if (is_demo) {
    if (const auto exit = prepare_demo(options, demo, path)) return *exit;
  }
  auto text = read_whole_file(path);
  if (!text.ok()) return complain(Exit::failed, text.error().message);
  sources.file = ConfigurationFile{path, std::move(text).value()};
  if (options.demo_public) {
    if (const auto exit = replace_passwords(sources, demo)) return *exit;
  }

  auto configuration = read_and_report(sources);
  if (!configuration) return Exit::wrong_configuration;
  configuration->settings->client_script = find_client_script();
  return is_demo ? serve_demo(options, *configuration, demo) : serve(*configuration->settings);
}

Exit run(const CheckOptions& options) {
  auto text = read_whole_file(options.config);
  if (!text.ok()) return complain(Exit::failed, text.error().message);
  ConfigurationSources sources;
  sources.file = ConfigurationFile{options.config, std::move(text).value()};
  sources.environment = process_environment();
  sources.set = options.set;
  sources.read_file = read_whole_file;
  if (!read_and_report(sources)) return Exit::failed;
  std::fprintf(stderr, "%s: well\n", options.config.c_str());
  return Exit::done;
}

}  // namespace usher::app
