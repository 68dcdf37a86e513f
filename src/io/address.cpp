#include "io/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "base/text.hpp"

namespace usher::io {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned mapped_prefix_bits = 96;
constexpr std::string_view local_scheme = "unix:";

base::Error malformed(std::string_view text, std::string_view what) {
  return {"\"" + std::string(text) + "\" is not an address: " + std::string(what), 0};
}

std::optional<IpAddress> parse_host(std::string_view host, bool bracketed) {
  if (host == "localhost" && !bracketed) return IpAddress::from_ipv4({127, 0, 0, 1});
  const bool has_colon = host.find(':') != std::string_view::npos;
  if (has_colon != bracketed) return std::nullopt;
  return IpAddress::parse(host);
}

}  // namespace

IpAddress IpAddress::from_ipv4(std::array<std::uint8_t, 4> bytes) {
  IpAddress address;
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.bytes_.begin());
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin() + mapped_prefix.size());
  return address;
}

IpAddress IpAddress::from_ipv6(std::array<std::uint8_t, 16> bytes) {
  IpAddress address;
  address.bytes_ = bytes;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  // An embedded NUL would end the C string early and let what follows pass unseen.
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  std::array<std::uint8_t, 4> four;
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return from_ipv4(four);
  std::array<std::uint8_t, 16> sixteen;
  if (inet_pton(AF_INET6, terminated.c_str(), sixteen.data()) == 1) return from_ipv6(sixteen);
  return std::nullopt;
}

bool IpAddress::is_ipv4() const { return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes_.begin()); }

bool IpAddress::is_loopback() const {
  if (is_ipv4()) return bytes_[mapped_prefix.size()] == 127;
  std::array<std::uint8_t, 16> loopback{};
  loopback.back() = 1;
  return bytes_ == loopback;
}

bool IpAddress::is_unspecified() const {
  const auto begin = bytes_.begin() + (is_ipv4() ? mapped_prefix.size() : 0);
  return std::all_of(begin, bytes_.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::string IpAddress::text() const {
  char text[INET6_ADDRSTRLEN];
  if (is_ipv4()) {
    inet_ntop(AF_INET, bytes_.data() + mapped_prefix.size(), text, sizeof(text));
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text, sizeof(text));
  }
  return text;
}

bool IpAddress::shares_prefix(const IpAddress& other, unsigned bits) const {
  if (is_ipv4() != other.is_ipv4()) return false;
  if (is_ipv4()) bits = std::min(bits, 32U) + mapped_prefix_bits;
  bits = std::min(bits, 128U);
  const std::size_t whole = bits / 8;
  if (!std::equal(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(whole), other.bytes_.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  return rest == 0 || ((bytes_[whole] ^ other.bytes_[whole]) >> (8 - rest)) == 0;
}

bool IpAddress::same_network(const IpAddress& other) const { return shares_prefix(other, is_ipv4() ? 24 : 64); }

Address::Address(IpAddress ip, std::uint16_t port)
    : ip_(ip), port_(port), family_(ip.is_ipv4() ? Family::ipv4 : Family::ipv6) {}

Address Address::local(std::string path) {
  Address address;
  address.family_ = Family::local;
  address.path_ = std::move(path);
  return address;
}

base::Result<Address> Address::parse(std::string_view text) {
  if (text.starts_with(local_scheme)) {
    const std::string_view path = text.substr(local_scheme.size());
    if (!path.starts_with('/')) return malformed(text, "the path after unix: must begin with a slash");
    if (path.find('\0') != std::string_view::npos) return malformed(text, "the path contains a zero byte");
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
      return malformed(text, "the path of a unix socket may have at most 107 bytes");
    }
    return local(std::string(path));
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed(text, "write host:port, [v6]:port or unix:/path");
  const std::optional<std::uint64_t> port = base::parse_decimal(text.substr(colon + 1));
  if (!port || *port > UINT16_MAX) return malformed(text, "the port must be a number from 0 to 65535");
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const std::optional<IpAddress> ip = parse_host(host, bracketed);
  if (!ip) return malformed(text, "the host must be numeric (127.0.0.1, [::1]) or localhost");
  return Address(*ip, static_cast<std::uint16_t>(*port));
}

std::string Address::text() const {
  switch (family_) {
    case Family::ipv4:
      return ip_.text() + ":" + std::to_string(port_);
    case Family::ipv6:
      return "[" + ip_.text() + "]:" + std::to_string(port_);
    case Family::local:
      return std::string(local_scheme) + path_;
    case Family::none:
      break;
  }
  return std::string(local_scheme);
}

bool Address::is_loopback() const { return family_ == Family::local || (family_ != Family::none && ip_.is_loopback()); }

socklen_t Address::to_kernel(sockaddr_storage& into) const {
  into = {};
  switch (family_) {
    case Family::ipv4: {
      auto* address = reinterpret_cast<sockaddr_in*>(&into);
      address->sin_family = AF_INET;
      address->sin_port = htons(port_);
      std::memcpy(&address->sin_addr, ip_.bytes().data() + mapped_prefix.size(), sizeof(address->sin_addr));
      return sizeof(sockaddr_in);
    }
    case Family::ipv6: {
      auto* address = reinterpret_cast<sockaddr_in6*>(&into);
      address->sin6_family = AF_INET6;
      address->sin6_port = htons(port_);
      std::memcpy(&address->sin6_addr, ip_.bytes().data(), sizeof(address->sin6_addr));
      return sizeof(sockaddr_in6);
    }
    case Family::local: {
      auto* address = reinterpret_cast<sockaddr_un*>(&into);
      address->sun_family = AF_UNIX;
      const std::size_t length = std::min(path_.size(), sizeof(address->sun_path) - 1);
      std::memcpy(address->sun_path, path_.data(), length);
      return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length + 1);
    }
    case Family::none:
      break;
  }
  return 0;
}

Address Address::from_kernel(const sockaddr_storage& from, socklen_t length) {
  if (from.ss_family == AF_INET && length >= sizeof(sockaddr_in)) {
    const auto* address = reinterpret_cast<const sockaddr_in*>(&from);
    std::array<std::uint8_t, 4> bytes;
    std::memcpy(bytes.data(), &address->sin_addr, bytes.size());
    return Address(IpAddress::from_ipv4(bytes), ntohs(address->sin_port));
  }
  if (from.ss_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    const auto* address = reinterpret_cast<const sockaddr_in6*>(&from);
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &address->sin6_addr, bytes.size());
    return Address(IpAddress::from_ipv6(bytes), ntohs(address->sin6_port));
  }
  if (from.ss_family == AF_UNIX && length > offsetof(sockaddr_un, sun_path)) {
    const auto* address = reinterpret_cast<const sockaddr_un*>(&from);
    if (address->sun_path[0] == '\0') return Address();
    const std::size_t room = std::min<std::size_t>(length - offsetof(sockaddr_un, sun_path), sizeof(address->sun_path));
    return local(std::string(address->sun_path, strnlen(address->sun_path, room)));
  }
  return Address();
}

}  // namespace usher::io
