#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <utility>

#include "base/assert.hpp"
#include "io/loop.hpp"

namespace usher::io {

/// A sender's way to learn that a full mailbox has room again: one per sending loop and mailbox, made on the sending
/// loop's thread. When try_post() was refused, keep the value, call Mailbox::wait_for_room(waiter) and stop; `on_room`
/// is called from the sending loop's mailbox phase when the owner has drained. Whoever is refused again waits again,
/// behind those who waited before.
///
/// Lives at least as long as both loops run.
class RoomWaiter final : private MailSource {
 public:
  RoomWaiter(Loop& loop, std::function<void()> on_room);
  ~RoomWaiter();
  RoomWaiter(const RoomWaiter&) = delete;
  RoomWaiter& operator=(const RoomWaiter&) = delete;

  /// wait_for_room() was called and on_room was not yet.
  bool waiting() const { return waiting_; }

 private:
  friend class RoomWaiters;
  bool deliver() override;

  Loop& loop_;
  std::function<void()> on_room_;
  bool waiting_ = false;  ///< of the sending thread
  std::atomic<bool> room_{false};
  RoomWaiter* next_ = nullptr;  ///< in the mailbox's list; written by whoever has the waiter at hand
};

/// Those who wait for room in one mailbox: a lock-free stack to which senders push and which the owner takes whole.
class RoomWaiters {
 public:
  /// On the waiter's thread. Nothing when it waits already.
  void add(RoomWaiter& waiter);
  /// On the owner's thread: tells all, in the order in which they came.
  void tell_all();

 private:
  std::atomic<RoomWaiter*> newest_{nullptr};
};

/// A bounded queue of moved values from any thread to one loop; lock-free. Values of one sender arrive in their order.
///
/// The loop takes values in its mailbox phase, at most one capacity per turn, and hands each to `receive`. Senders wake
/// the loop by a system call only when it sleeps. Lives at least as long as its senders and its loop run; what is in it
/// then is destroyed.
template <typename T>
class Mailbox final : private MailSource {
 public:
  /// On the owner's thread, or before it starts. The capacity is rounded up to a power of two.
  Mailbox(Loop& owner, std::size_t capacity, std::function<void(T&&)> receive)
      : owner_(owner),
        mask_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity) - 1),
        cells_(std::make_unique<Cell[]>(mask_ + 1)),
        receive_(std::move(receive)) {
    for (std::size_t i = 0; i <= mask_; ++i) cells_[i].sequence.store(i, std::memory_order_relaxed);
    owner_.add_mail_source(*this);
  }
  ~Mailbox() {
    owner_.remove_mail_source(*this);
    drain([](T&&) {});
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// From any thread. False when full; the value is untouched then.
  bool try_post(T&& value) {
    std::size_t position = tail_.load(std::memory_order_relaxed);
    for (;;) {
      Cell& cell = cells_[position & mask_];
      const std::size_t sequence = cell.sequence.load(std::memory_order_acquire);
      if (sequence == position) {
        if (!tail_.compare_exchange_weak(position, position + 1, std::memory_order_relaxed)) continue;
        ::new (static_cast<void*>(cell.storage)) T(std::move(value));
        cell.sequence.store(position + 1, std::memory_order_release);
        owner_.wake();
        return true;
      }
      if (static_cast<std::ptrdiff_t>(sequence - position) < 0) return false;
      position = tail_.load(std::memory_order_relaxed);
    }
  }

  /// On the waiter's thread, after a refusal. The owner may have drained in between, so it is woken to look once more:
  /// no call is ever lost.
  void wait_for_room(RoomWaiter& waiter) {
    waiters_.add(waiter);
    owner_.wake();
  }

  /// On the owner's thread: takes what is there, at most one capacity, and returns how many. The loop does this by
  /// itself; it is public for ends and tests.
  template <typename Take>
  std::size_t drain(Take&& take) {
    std::size_t taken = 0;
    while (taken <= mask_) {
      Cell& cell = cells_[head_ & mask_];
      if (cell.sequence.load(std::memory_order_acquire) != head_ + 1) break;
      T* stored = std::launder(reinterpret_cast<T*>(cell.storage));
      T value(std::move(*stored));
      stored->~T();
      cell.sequence.store(head_ + mask_ + 1, std::memory_order_release);
      ++head_;
      ++taken;
      take(std::move(value));
    }
    return taken;
  }

  std::size_t capacity() const { return mask_ + 1; }

 private:
  /// Vyukov's bounded queue: `sequence` is the position that may be written next, or that plus one when it may be read.
  struct Cell {
    std::atomic<std::size_t> sequence;
    alignas(T) unsigned char storage[sizeof(T)];
  };

  bool deliver() override {
    const std::size_t taken = drain(receive_);
    waiters_.tell_all();
    return taken > mask_;
  }

  Loop& owner_;
  const std::size_t mask_;
  const std::unique_ptr<Cell[]> cells_;
  const std::function<void(T&&)> receive_;
  RoomWaiters waiters_;
  alignas(64) std::size_t head_ = 0;              ///< of the owner
  alignas(64) std::atomic<std::size_t> tail_{0};  ///< of the senders
};

}  // namespace usher::io
