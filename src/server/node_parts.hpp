#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "io/blocking_pool.hpp"
#include "server/connection_counts.hpp"
#include "server/password_checks.hpp"
#include "server/rules.hpp"
#include "server/static_files.hpp"

namespace usher::server {

class Worker;

/// What the workers of one node share: immutable, or counted under a lock off the path of messages.
struct NodeParts {
  std::shared_ptr<const Rules> rules;  ///< set before the workers' threads start
  std::unique_ptr<StaticFiles> files;
  std::unique_ptr<ConnectionCounts> connections;
  std::unique_ptr<PasswordChecks> passwords;
  std::unique_ptr<io::BlockingPool> pool;
  std::uint32_t worker_count = 1;  ///< set before the first worker is made
  std::vector<std::unique_ptr<Worker>> workers;
  std::atomic<bool> draining =
      false;  ///< since the signal: no ticket is redeemed any more, answers end their connection
  std::atomic<bool> stopping = false;
  std::string first_address;  ///< of the first listener, as bound: "127.0.0.1:8080"
  std::string name;           ///< of this node, in /api/info
  std::string version;
  base::Instant started;
};

}  // namespace usher::server
