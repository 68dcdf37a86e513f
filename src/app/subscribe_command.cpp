#include <csignal>
#include <cstdio>
#include <memory>
#include <vector>

#include "app/commands.hpp"
#include "app/follower.hpp"
#include "app/stream_message.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "io/real_kernel.hpp"
#include "io/signals.hpp"

namespace usher::app {
namespace {

Exit complain(Exit exit, const std::string& message) {
  std::fprintf(stderr, "usher: %s\n", message.c_str());
  return exit;
}

void print_publication(const SubscribeOptions& options, const std::string& channel, std::string_view text) {
  std::string line = options.json                  ? with_channel(text, channel)
                     : options.channels.size() > 1 ? channel + " " + publication_line(read_stream_message(text))
                                                   : publication_line(read_stream_message(text));
  line += "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

Exit run(const SubscribeOptions& options) {
  for (const std::string& channel : options.channels) {
    if (!base::valid_channel_name(channel)) {
      return complain(Exit::wrong_usage, "\"" + channel + "\" is no channel: visible ASCII without / * { } \" \\");
    }
  }
  const auto access = api_access(options.api);
  if (!access) return Exit::wrong_usage;
  const auto address = resolve(access->url);
  if (!address.ok()) return complain(Exit::failed, address.error().message);

  io::RealKernel kernel;
  io::Loop loop(kernel);
  Exit exit = Exit::done;
  io::Signals signals(loop, [&](int) { loop.stop(); });
  if (const auto opened = signals.open({SIGINT, SIGTERM}); !opened.ok()) {
    return complain(Exit::failed, opened.error().message);
  }

  std::vector<std::unique_ptr<Follower>> followers;
  for (const std::string& channel : options.channels) {
    Follower::Events events;
    events.publication = [&options, channel](std::string_view text) { print_publication(options, channel, text); };
    events.notice = [channel](std::string_view text) {
      std::fprintf(stderr, "%s: %.*s\n", channel.c_str(), static_cast<int>(text.size()), text.data());
    };
    events.gave_up = [&loop, &exit, channel](std::string_view why) {
      exit = complain(Exit::failed, channel + ": " + std::string(base::trim(why)));
      loop.stop();
    };
    followers.push_back(std::make_unique<Follower>(loop, Follower::Target{*address, *access, options.user, channel},
                                                   std::move(events)));
    followers.back()->start();
  }
  loop.run();
  return exit;
}

}  // namespace usher::app
