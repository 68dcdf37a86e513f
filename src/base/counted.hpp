#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace usher::base {

/// The base of the immutable things that workers share: publications and wire forms. Counted atomically; the last
/// `release` destroys.
class Counted {
 public:
  Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

  void retain() const { count_.fetch_add(1, std::memory_order_relaxed); }
  /// Whoever holds the only count may skip the costly half of giving it back: nobody else is there to take another.
  void release() const {
    if (count_.load(std::memory_order_acquire) == 1 || count_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
  }

 protected:
  virtual ~Counted() = default;
  /// For those that have their memory from elsewhere.
  virtual void destroy() const { delete this; }

 private:
  mutable std::atomic<std::uint32_t> count_{1};
};

/// Holds one count of a Counted object.
template <typename T>
class Shared {
 public:
  Shared() = default;
  /// Takes over the count that the object was made with.
  static Shared adopt(T* object) {
    Shared shared;
    shared.object_ = object;
    return shared;
  }
  Shared(const Shared& other) : object_(other.object_) {
    if (object_ != nullptr) object_->retain();
  }
  Shared(Shared&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Shared() {
    if (object_ != nullptr) object_->release();
  }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  friend bool operator==(const Shared& a, const Shared& b) { return a.object_ == b.object_; }

 private:
  T* object_ = nullptr;
};

/// Bytes to be written, in one piece. They must stay as they are until the call that was given the slice returns; who
/// keeps them longer (a kernel operation in flight) retains `owner`.
struct Slice {
  const char* data = nullptr;
  std::size_t size = 0;
  const Counted* owner = nullptr;  ///< null: the bytes are only good for the call
};

}  // namespace usher::base
