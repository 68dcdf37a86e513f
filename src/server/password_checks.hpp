#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "auth/htpasswd.hpp"
#include "auth/password_queue.hpp"
#include "auth/secret.hpp"
#include "base/slab.hpp"
#include "io/blocking_pool.hpp"

namespace usher::server {

enum class PasswordVerdict : std::uint8_t { right, wrong, busy };

/// The password checks of the node: bounded by client address and in all, run on the blocking pool, where a hash may
/// take its tens of milliseconds. Shared by the workers; a lock is taken twice per check, never for a message.
class PasswordChecks {
 public:
  PasswordChecks(std::shared_ptr<const auth::PasswordFile> file, auth::PasswordQueueLimits limits)
      : file_(std::move(file)), queue_(limits) {}

  /// Runs `done(right)` on a thread of the pool. False when too many wait already.
  bool submit(io::BlockingPool& pool, const auth::Address& client, std::string_view user, const auth::Secret& password,
              std::function<void(bool)> done);

 private:
  std::shared_ptr<const auth::PasswordFile> file_;
  std::mutex mutex_;
  auth::PasswordQueue queue_;
};

/// One worker's way to the password checks and back.
class PasswordDesk {
 public:
  using Done = std::function<void(PasswordVerdict)>;
  /// Called on a thread of the pool: brings the answer to the worker.
  using Answer = std::function<void(base::Handle question, bool right)>;

  PasswordDesk(PasswordChecks& checks, io::BlockingPool& pool, Answer answer)
      : checks_(checks), pool_(pool), answer_(std::move(answer)) {}

  /// `client` is absent on a unix socket; all of those count as one.
  void check(const std::optional<auth::Address>& client, std::string_view user, const auth::Secret& password,
             Done done);
  void receive(base::Handle question, bool right);

 private:
  PasswordChecks& checks_;
  io::BlockingPool& pool_;
  Answer answer_;
  base::Slab<Done> questions_;
};

}  // namespace usher::server
