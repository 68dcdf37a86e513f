#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "auth/address.hpp"

namespace usher::server {

/// How many connections the node has, in all and per address (per /64 in IPv6). Shared by the workers: taken at the
/// accept and given back at the close, never on the path of a message.
class ConnectionCounts {
 public:
  enum class Verdict { admitted, node_full, address_full };

  ConnectionCounts(std::size_t in_all_max, std::size_t per_address_max)
      : in_all_max_(in_all_max), per_address_max_(per_address_max) {}

  /// Counts the connection unless a limit is reached.
  /// Those without an address, on unix sockets, count only in all.
  Verdict take(const std::optional<auth::Address>& address);
  /// Gives back what `take` admitted.
  void give_back(const std::optional<auth::Address>& address);

 private:
  const std::size_t in_all_max_;
  const std::size_t per_address_max_;
  std::mutex mutex_;
  std::size_t in_all_ = 0;
  std::unordered_map<auth::Address, std::size_t, auth::AddressHash> per_address_;
};

}  // namespace usher::server
