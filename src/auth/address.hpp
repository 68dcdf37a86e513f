#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace usher::auth {

/// How closely a ticket is tied to the client's address: `tickets.bind_address`.
enum class AddressBinding : std::uint8_t { off, prefix, exact };

/// A client's IP address, without a port: a value of 16 bytes. An IPv4-mapped IPv6 address is the IPv4 one.
class Address {
 public:
  /// The bytes of an `in_addr`, in network order.
  static Address from_v4(std::span<const std::uint8_t, 4> bytes);
  /// The bytes of an `in6_addr`.
  static Address from_v6(std::span<const std::uint8_t, 16> bytes);
  /// `203.0.113.7` or `2001:db8::1`; no brackets, no zone, no prefix length, no shortened IPv4.
  static std::optional<Address> parse(std::string_view text);

  bool is_v4() const;
  /// The one canonical form (RFC 5952); IPv4 in dotted form.
  std::string text() const;

  /// The network that limits and binding by prefix go by: /24 in IPv4, /64 in IPv6.
  Address network() const;
  /// What limits count by: the address itself in IPv4, the /64 in IPv6, where one client owns as much.
  Address limit_key() const;

  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  friend auto operator<=>(const Address&, const Address&) = default;

 private:
  explicit Address(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}

  std::array<std::uint8_t, 16> bytes_;  ///< IPv4 as ::ffff:a.b.c.d
};

/// Whether a client at `shown` may use what was bound to `bound`.
bool address_fits(const Address& bound, const Address& shown, AddressBinding binding);

/// For unordered containers whose size is bounded.
struct AddressHash {
  std::size_t operator()(const Address& address) const;
};

}  // namespace usher::auth
