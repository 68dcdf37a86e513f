#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "io/address.hpp"

namespace usher::app {

/// Where a client command goes: `http://host[:port][/path]` or `ws://…`, which are the same here.
struct Url {
  std::string host;  ///< without brackets
  std::uint16_t port = 80;
  std::string authority;  ///< for the Host header
  std::string target;     ///< path and query; "/" at least
};

/// The error says how to write it. `https` and `wss` do not exist yet.
base::Result<Url> parse_url(std::string_view text);

/// Looks the host up. Blocks for as long as the resolver takes when it is a name: for commands, never for the server.
base::Result<io::Address> resolve(const Url& url);

/// What to do about a connection that could not be made; begins with what failed.
std::string connect_advice(const base::Error& error);

}  // namespace usher::app
