#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

#include "auth/address.hpp"

namespace usher::auth {

struct PasswordQueueLimits {
  std::size_t in_all = 64;
  std::size_t per_address = 2;  ///< per /64 in IPv6
};

/// Bounds the password checks that wait or run, before anything is known about who asks. Only counts; the checks
/// themselves wait elsewhere. Owned by one worker, as are its permits.
class PasswordQueue {
 public:
  /// One check's place, given back on destruction. Must not outlive the queue.
  class Permit {
   public:
    Permit(Permit&& other) noexcept : queue_(std::exchange(other.queue_, nullptr)), key_(other.key_) {}
    Permit& operator=(Permit&& other) noexcept;
    ~Permit();

   private:
    friend class PasswordQueue;
    Permit(PasswordQueue* queue, const Address& key) : queue_(queue), key_(key) {}
    void give_back();

    PasswordQueue* queue_;
    Address key_;
  };

  explicit PasswordQueue(PasswordQueueLimits limits) : limits_(limits) {}
  PasswordQueue(const PasswordQueue&) = delete;
  PasswordQueue& operator=(const PasswordQueue&) = delete;
  ~PasswordQueue();

  /// A place for a check that `client` asked for, or nothing: 503 with `Retry-After`.
  std::optional<Permit> admit(const Address& client);

  std::size_t waiting() const { return waiting_; }

 private:
  PasswordQueueLimits limits_;
  std::size_t waiting_ = 0;
  std::unordered_map<Address, std::size_t, AddressHash> per_address_;
};

}  // namespace usher::auth
