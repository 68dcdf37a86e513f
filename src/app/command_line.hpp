#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace usher::app {

/// The exit codes of the program.
enum class Exit : std::uint8_t {
  done = 0,
  failed = 1,               ///< the work failed
  wrong_usage = 2,          ///< of the command line
  wrong_configuration = 78  ///< EX_CONFIG of sysexits.h
};

struct ServeOptions {
  std::optional<std::string> config;
  bool demo = false;
  bool demo_public = false;
  std::vector<std::string> listen;
  std::optional<std::string> workers;
  std::vector<std::string> set;
};

struct CheckOptions {
  std::string config;
  std::vector<std::string> set;
};

struct InitOptions {};

/// Prints docs/limits.md.
struct LimitsOptions {};

struct VersionOptions {
  bool json = false;
};

/// Of the commands that speak to a server's HTTP API.
struct ApiOptions {
  std::string url;
  std::string api_key;
};

struct TicketOptions {
  ApiOptions api;
  std::string user;
  bool guest = false;
  std::vector<std::string> channels;  ///< PATTERN=RIGHTS
  std::optional<std::string> ttl;
  std::string ip;
  std::string origin;
  bool json = false;
};

struct PublishOptions {
  ApiOptions api;
  std::string channel;
  std::string data;  ///< "-": standard input
  bool json = false;
};

struct SubscribeOptions {
  ApiOptions api;
  std::vector<std::string> channels;
  std::string user;
  bool json = false;
};

struct ConnectOptions {
  std::string url;
  int draft = 13;
  std::vector<std::string> protocols;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string origin;
  std::string ticket;
  std::string wait;  ///< how long to wait for more when standard input has ended
  bool trace = false;
  bool json = false;
};

struct BenchOptions {
  ApiOptions api;
  std::string kind;     ///< echo, fanout or tickets
  std::string dialect;  ///< raw or json
  std::optional<std::size_t> sockets;
  std::size_t size = 0;    ///< of the payload, bytes
  std::size_t depth = 1;   ///< messages that may be without an answer
  double rate = 0;         ///< a second; 0: as many as the server answers
  std::string publish_by;  ///< socket or api
  double seconds = 5;
  double warm_up = 1;  ///< seconds that do not count
  std::string pid;     ///< of the server, on this machine
  bool json = false;
};

using Command = std::variant<ServeOptions, CheckOptions, InitOptions, LimitsOptions, VersionOptions, TicketOptions,
                             PublishOptions, SubscribeOptions, ConnectOptions, BenchOptions>;

/// What the user wants, or the exit code when that is only to be helped, or was not understood: then the text is
/// printed already.
std::variant<Command, Exit> parse_command_line(int count, const char* const* arguments);

}  // namespace usher::app
