#include "auth/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace usher::auth {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t v4_at = mapped_prefix.size();

}  // namespace

Address Address::from_v4(std::span<const std::uint8_t, 4> bytes) {
  std::array<std::uint8_t, 16> all{};
  std::ranges::copy(mapped_prefix, all.begin());
  std::ranges::copy(bytes, all.begin() + v4_at);
  return Address(all);
}

Address Address::from_v6(std::span<const std::uint8_t, 16> bytes) {
  std::array<std::uint8_t, 16> all{};
  std::ranges::copy(bytes, all.begin());
  return Address(all);
}

std::optional<Address> Address::parse(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN] = {};
  if (text.empty() || text.size() >= sizeof(terminated) || text.find('\0') != text.npos) return std::nullopt;
  std::ranges::copy(text, terminated);

  std::array<std::uint8_t, 4> v4{};
  if (inet_pton(AF_INET, terminated, v4.data()) == 1) return from_v4(v4);
  std::array<std::uint8_t, 16> v6{};
  if (inet_pton(AF_INET6, terminated, v6.data()) == 1) return from_v6(v6);
  return std::nullopt;
}

bool Address::is_v4() const { return std::ranges::equal(mapped_prefix, std::span(bytes_).first<v4_at>()); }

std::string Address::text() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (is_v4()) {
    inet_ntop(AF_INET, bytes_.data() + v4_at, text, sizeof(text));
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text, sizeof(text));
  }
  return text;
}

Address Address::network() const {
  Address masked = *this;
  std::fill(masked.bytes_.begin() + (is_v4() ? 15 : 8), masked.bytes_.end(), std::uint8_t{0});
  return masked;
}

Address Address::limit_key() const { return is_v4() ? *this : network(); }

bool address_fits(const Address& bound, const Address& shown, AddressBinding binding) {
  switch (binding) {
    case AddressBinding::off:
      return true;
    case AddressBinding::prefix:
      return bound.network() == shown.network();
    case AddressBinding::exact:
      return bound == shown;
  }
  return false;
}

std::size_t AddressHash::operator()(const Address& address) const {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, address.bytes().data(), sizeof(high));
  std::memcpy(&low, address.bytes().data() + sizeof(high), sizeof(low));
  // The multiplier of Fibonacci hashing: neighbouring addresses land apart.
  return static_cast<std::size_t>((high ^ (low >> 7) ^ low) * 0x9e3779b97f4a7c15U);
}

}  // namespace usher::auth
