#include "io/loop.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <stdexcept>

#include "base/assert.hpp"

namespace usher::io {
namespace {

Descriptor open_or_throw(Kernel& kernel, int fd, const char* what) {
  if (fd < 0) throw std::runtime_error(std::string("cannot create ") + what + ": " + describe_error(-fd));
  return Descriptor(kernel, fd);
}

}  // namespace

Loop::Loop(Kernel& kernel)
    : kernel_(kernel),
      now_(kernel.now()),
      timers_(now_),
      epoll_(open_or_throw(kernel, kernel.epoll_create(), "an epoll instance")),
      event_(open_or_throw(kernel, kernel.event_create(), "an event descriptor")),
      receive_buffer_(std::make_unique_for_overwrite<char[]>(receive_buffer_bytes)),
      events_(events_per_poll) {
  // A null watcher stands for the event that wakes the loop.
  const int result = kernel_.epoll_control(epoll_.get(), EPOLL_CTL_ADD, event_.get(), EPOLLIN, nullptr);
  if (result < 0) throw std::runtime_error("cannot watch an event descriptor: " + describe_error(-result));
}

Loop::~Loop() = default;

void Loop::run() {
  while (!stopping_.load(std::memory_order_acquire)) run_turn(std::chrono::hours(1));
  stopping_.store(false, std::memory_order_relaxed);
}

void Loop::stop() {
  stopping_.store(true, std::memory_order_release);
  wake();
}

void Loop::wake() {
  // One read-modify-write on one variable orders this against the loop's own: either the loop sees `notified` before it
  // sleeps, or this call sees that the loop polls and wakes it.
  if (state_.exchange(State::notified, std::memory_order_acq_rel) == State::polling) kernel_.event_signal(event_.get());
}

void Loop::run_turn(base::Duration max_wait) {
  poll(timeout_for(max_wait));
  work_left_ = false;
  dispatch();
  deliver_mail();
  timers_.fire(now_);
  if (flush_hook_ != nullptr && flush_hook_->flush()) work_left_ = true;
  reap();
}

int Loop::timeout_for(base::Duration max_wait) {
  if (work_left_) return 0;
  const base::Instant next = timers_.next();
  if (!next.is_never()) max_wait = std::min(max_wait, next - now_);
  if (max_wait <= base::Duration::zero()) return 0;
  const std::int64_t milliseconds = (max_wait.count() + 999'999) / 1'000'000;
  return static_cast<int>(std::min<std::int64_t>(milliseconds, INT_MAX));
}

void Loop::poll(int timeout) {
  if (state_.exchange(State::polling, std::memory_order_acq_rel) == State::notified) timeout = 0;
  const int found = kernel_.epoll_wait(epoll_.get(), events_, timeout);
  state_.exchange(State::awake, std::memory_order_acq_rel);
  // An interrupted wait is a turn without events; other errors would be our own.
  ASSERT(found >= 0 || found == -EINTR);
  ready_ = found > 0 ? static_cast<std::size_t>(found) : 0;
  now_ = kernel_.now();
}

void Loop::dispatch() {
  for (dispatched_ = 0; dispatched_ < ready_;) {
    const epoll_event event = events_[dispatched_++];
    if (event.data.ptr == nullptr) {
      if (event.events != 0) kernel_.event_clear(event_.get());
      continue;
    }
    static_cast<Watcher*>(event.data.ptr)->on_ready(event.events);
  }
  ready_ = dispatched_ = 0;
}

void Loop::deliver_mail() {
  // By index: a handler may add a source.
  for (std::size_t i = 0; i < mail_sources_.size(); ++i) {
    if (mail_sources_[i] != nullptr && mail_sources_[i]->deliver()) work_left_ = true;
  }
}

void Loop::reap() {
  IntrusiveList<Deferred> now;
  now.take_all(deferred_);
  while (Deferred* work = now.pop_front()) work->handler_(work->context_);
  if (!deferred_.empty()) work_left_ = true;
}

void Loop::defer(Deferred& work) {
  if (!work.pending()) deferred_.push_back(work);
}

void Loop::add_mail_source(MailSource& source) {
  const auto free = std::find(mail_sources_.begin(), mail_sources_.end(), nullptr);
  if (free != mail_sources_.end()) {
    *free = &source;
  } else {
    mail_sources_.push_back(&source);
  }
}

void Loop::remove_mail_source(MailSource& source) {
  std::replace(mail_sources_.begin(), mail_sources_.end(), &source, static_cast<MailSource*>(nullptr));
}

int Loop::watch(int fd, std::uint32_t events, Watcher& watcher) {
  return kernel_.epoll_control(epoll_.get(), EPOLL_CTL_ADD, fd, events, &watcher);
}

int Loop::rewatch(int fd, std::uint32_t events, Watcher& watcher) {
  return kernel_.epoll_control(epoll_.get(), EPOLL_CTL_MOD, fd, events, &watcher);
}

void Loop::unwatch(int fd) { kernel_.epoll_control(epoll_.get(), EPOLL_CTL_DEL, fd, 0, nullptr); }

void Loop::forget(Watcher& watcher) {
  for (std::size_t i = dispatched_; i < ready_; ++i) {
    if (events_[i].data.ptr == &watcher) {
      events_[i].data.ptr = nullptr;
      events_[i].events = 0;
    }
  }
}

}  // namespace usher::io
