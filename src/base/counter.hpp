#pragma once

#include <atomic>
#include <cstdint>

namespace usher::base {

/// A number that one thread changes and any thread reads. Not for two writers: each worker has its own, and the reader
/// adds them up.
class Counter {
 public:
  void add(std::uint64_t amount = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t amount = 1) { add(std::uint64_t{0} - amount); }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

}  // namespace usher::base
