#pragma once

#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace usher::io {

/// An IP address without a port, 16 bytes. IPv4 is kept in its IPv4-mapped form (RFC 4291, section 2.5.5.2), so that
/// 192.0.2.1 and ::ffff:192.0.2.1 are one address: they compare equal and have the same text.
class IpAddress {
 public:
  /// The unspecified address `::`.
  constexpr IpAddress() = default;
  static IpAddress from_ipv4(std::array<std::uint8_t, 4> bytes);
  static IpAddress from_ipv6(std::array<std::uint8_t, 16> bytes);
  /// Numeric text of either kind, without brackets or zone. Nothing otherwise.
  static std::optional<IpAddress> parse(std::string_view text);

  bool is_ipv4() const;
  /// 127.0.0.0/8 or ::1.
  bool is_loopback() const;
  /// 0.0.0.0 or ::.
  bool is_unspecified() const;
  /// `192.0.2.1` or `2001:db8::1` (RFC 5952).
  std::string text() const;
  /// The first `bits` bits are equal and both are of one kind. `bits` counts within 32 for IPv4, within 128 for IPv6;
  /// more than that compares the whole.
  bool shares_prefix(const IpAddress& other, unsigned bits) const;
  /// The same /24 (IPv4) or /64 (IPv6): what one household or one device usually keeps.
  bool same_network(const IpAddress& other) const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

enum class Family : std::uint8_t { none, ipv4, ipv6, local };

/// Where a socket is bound or connected: IPv4 or IPv6 with a port, or the path of a unix socket. Numeric: names are
/// resolved elsewhere, only `localhost` is taken and means 127.0.0.1.
class Address {
 public:
  /// No address (family none): the peer of a unix socket has none.
  Address() = default;
  Address(IpAddress ip, std::uint16_t port);
  static Address local(std::string path);

  /// `host:port`, `[v6]:port` or `unix:/path`. The error says what is wrong with the text.
  static base::Result<Address> parse(std::string_view text);
  /// What parse() reads: `127.0.0.1:80`, `[::1]:80`, `unix:/run/usher.sock`; `unix:` for family none.
  std::string text() const;

  Family family() const { return family_; }
  /// Unspecified for unix sockets.
  const IpAddress& ip() const { return ip_; }
  std::uint16_t port() const { return port_; }
  /// Empty unless the family is local.
  const std::string& path() const { return path_; }
  /// A unix socket, or a loopback IP address: nobody from another machine can be there.
  bool is_loopback() const;
  /// `[::]` was written: an IPv6 socket, which may also take IPv4.
  bool is_ipv6() const { return family_ == Family::ipv6; }

  /// The form that the kernel takes; returns its length.
  socklen_t to_kernel(sockaddr_storage& into) const;
  static Address from_kernel(const sockaddr_storage& from, socklen_t length);

  friend auto operator<=>(const Address&, const Address&) = default;

 private:
  IpAddress ip_;
  std::uint16_t port_ = 0;
  Family family_ = Family::none;
  std::string path_;
};

}  // namespace usher::io
