#include <chrono>
#include <cstdio>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/duration.hpp"
#include "app/json_check.hpp"
#include "app/process.hpp"
#include "base/json.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"

namespace usher::app {
namespace {

Exit complain(Exit exit, const std::string& message) {
  std::fprintf(stderr, "usher: %s\n", message.c_str());
  return exit;
}

void print_line(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}

/// The answer's body, or an exit code after the complaint.
std::variant<std::string, Exit> call(const ApiAccess& access, std::string_view path, std::string body) {
  const auto answer = exchange(access.url, api_request(access, path, std::move(body)));
  if (!answer.ok()) return complain(Exit::failed, answer.error().message);
  if (const auto failure = api_failure(*answer)) return complain(Exit::failed, *failure);
  return answer->body;
}

}  // namespace

Exit run(const TicketOptions& options) {
  if (options.user.empty() && !options.guest) {
    return complain(Exit::wrong_usage, "whom does the ticket admit? --user U, or --guest for nobody in particular");
  }
  const auto access = api_access(options.api);
  if (!access) return Exit::wrong_usage;
  TicketWish wish;
  if (!options.guest) wish.user = options.user;
  const auto channels = channels_json(options.channels);
  if (!channels.ok()) return complain(Exit::wrong_usage, "--channel: " + channels.error().message);
  wish.channels = *channels;
  if (options.ttl) {
    const auto ttl = parse_duration(*options.ttl);
    if (!ttl || *ttl < std::chrono::seconds(1)) return complain(Exit::wrong_usage, "--ttl: write it as in 30s");
    wish.ttl_seconds = std::chrono::duration_cast<std::chrono::seconds>(*ttl).count();
  }
  wish.ip = options.ip;
  wish.origin = options.origin;

  const auto answer = call(*access, "/api/tickets", ticket_body(wish));
  if (const auto* exit = std::get_if<Exit>(&answer)) return *exit;
  const std::string& body = std::get<std::string>(answer);
  const auto ticket = json_member(body, "ticket");
  if (!ticket) return complain(Exit::failed, "the answer has no ticket: is this usher?");
  print_line(options.json ? base::trim(body) : *ticket);
  return Exit::done;
}

Exit run(const PublishOptions& options) {
  if (!base::valid_channel_name(options.channel)) {
    return complain(Exit::wrong_usage,
                    "\"" + options.channel + "\" is no channel: visible ASCII without / * { } \" \\");
  }
  const auto access = api_access(options.api);
  if (!access) return Exit::wrong_usage;
  std::string data = options.data;
  if (data == "-") {
    auto input = read_whole_file("-");
    if (!input.ok()) return complain(Exit::failed, input.error().message);
    data = std::move(input).value();
    // The line feed that `echo` adds is not meant.
    if (data.ends_with('\n')) data.pop_back();
  }
  if (!base::valid_utf8(data)) return complain(Exit::failed, "the data is not UTF-8");
  if (find_json_fault(data, JsonKind::any)) data = base::json_string(data);

  const auto answer =
      call(*access, "/api/publish", "{\"channel\":" + base::json_string(options.channel) + ",\"data\":" + data + "}");
  if (const auto* exit = std::get_if<Exit>(&answer)) return *exit;
  if (options.json) print_line(base::trim(std::get<std::string>(answer)));
  return Exit::done;
}

}  // namespace usher::app
