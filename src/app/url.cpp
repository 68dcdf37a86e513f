#include "app/url.hpp"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/text.hpp"
#include "http/uri.hpp"

namespace usher::app {
namespace {

base::Error malformed(std::string_view text, std::string_view why) {
  return {"\"" + std::string(text) + "\": " + std::string(why)};
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

}  // namespace

base::Result<Url> parse_url(std::string_view text) {
  const std::size_t slashes = text.find("://");
  if (slashes == std::string_view::npos) return malformed(text, "write ws://HOST:PORT/PATH or http://HOST:PORT");
  const std::string scheme = base::to_lower(text.substr(0, slashes));
  if (scheme == "wss" || scheme == "https") return malformed(text, scheme + " is not available yet: use ws or http");
  if (scheme != "ws" && scheme != "http") return malformed(text, "the scheme must be ws or http");

  std::string_view rest = text.substr(slashes + 3);
  const std::size_t path = rest.find_first_of("/?#");
  const std::string_view authority = rest.substr(0, path);
  rest = path == std::string_view::npos ? std::string_view() : rest.substr(path);
  if (!http::is_authority(authority)) return malformed(text, "\"" + std::string(authority) + "\" is no host");
  if (rest.find('#') != std::string_view::npos) return malformed(text, "a WebSocket URL has no fragment (#)");
  const auto unfit = [](char c) { return c <= 0x20 || c >= 0x7f; };
  if (std::any_of(rest.begin(), rest.end(), unfit)) return malformed(text, "blanks and other bytes are written as %XX");

  Url url;
  url.authority = std::string(authority);
  url.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (has_port) {
    const auto port = base::parse_decimal(authority.substr(colon + 1));
    if (!port || *port == 0 || *port > UINT16_MAX) return malformed(text, "a port is a number from 1 to 65535");
    url.port = static_cast<std::uint16_t>(*port);
  }
  std::string_view host = has_port ? authority.substr(0, colon) : authority;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  url.host = std::string(host);
  return url;
}

base::Result<io::Address> resolve(const Url& url) {
  if (const auto ip = io::IpAddress::parse(url.host)) return io::Address(*ip, url.port);
  if (base::equals_ignoring_case(url.host, "localhost")) {
    return io::Address(io::IpAddress::from_ipv4({127, 0, 0, 1}), url.port);
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(url.host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, FreeAddresses> owner(found);
  if (failed != 0) return base::Error{"cannot find the host " + url.host + ": " + gai_strerror(failed)};
  sockaddr_storage storage{};
  std::copy_n(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen, reinterpret_cast<char*>(&storage));
  return io::Address(io::Address::from_kernel(storage, found->ai_addrlen).ip(), url.port);
}

std::string connect_advice(const base::Error& error) {
  switch (error.system_error) {
    case ECONNREFUSED:
      return error.message + ": is usher running? start it with `make run`, or `usher serve --config FILE`";
    case ETIMEDOUT:
      return error.message + ": is the address right, and does a firewall let you through?";
    default:
      return error.message;
  }
}

}  // namespace usher::app
