#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace usher::io {

/// A few threads for what blocks: password hashing, SQLite, name lookup. The answer goes back by Mailbox. The only
/// place in usher where a lock is held, and never by a loop for longer than a push.
class BlockingPool {
 public:
  BlockingPool(std::size_t threads, std::size_t queue_max);
  /// Finishes the jobs that run, drops those that wait, joins.
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// From any thread. False when the queue is full. The job must not throw.
  bool submit(std::function<void()> job);

 private:
  void work();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace usher::io
