#include "io/mailbox.hpp"

namespace usher::io {

RoomWaiter::RoomWaiter(Loop& loop, std::function<void()> on_room) : loop_(loop), on_room_(std::move(on_room)) {
  loop_.add_mail_source(*this);
}

RoomWaiter::~RoomWaiter() { loop_.remove_mail_source(*this); }

bool RoomWaiter::deliver() {
  if (!room_.load(std::memory_order_relaxed) || !room_.exchange(false, std::memory_order_acquire)) return false;
  waiting_ = false;
  on_room_();
  return false;
}

void RoomWaiters::add(RoomWaiter& waiter) {
  if (waiter.waiting_) return;
  waiter.waiting_ = true;
  waiter.next_ = newest_.load(std::memory_order_relaxed);
  while (!newest_.compare_exchange_weak(waiter.next_, &waiter, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

void RoomWaiters::tell_all() {
  if (newest_.load(std::memory_order_relaxed) == nullptr) return;
  RoomWaiter* newest = newest_.exchange(nullptr, std::memory_order_acquire);
  RoomWaiter* oldest = nullptr;
  while (newest != nullptr) {
    RoomWaiter* next = newest->next_;
    newest->next_ = oldest;
    oldest = newest;
    newest = next;
  }
  while (oldest != nullptr) {
    // Once told, the waiter's thread may add it again and write `next_`.
    RoomWaiter* next = oldest->next_;
    Loop& loop = oldest->loop_;
    oldest->room_.store(true, std::memory_order_release);
    loop.wake();
    oldest = next;
  }
}

}  // namespace usher::io
