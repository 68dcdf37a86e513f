#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "io/deferred.hpp"
#include "io/descriptor.hpp"
#include "io/kernel.hpp"
#include "io/timer.hpp"

namespace usher::io {

/// What a loop calls when one of its descriptors is ready.
class Watcher {
 public:
  /// `events` as of epoll. The watcher may be destroyed inside if its owner allows that.
  virtual void on_ready(std::uint32_t events) = 0;

 protected:
  ~Watcher() = default;
};

/// What another thread may have left for a loop: looked at once per turn. See Mailbox and RoomWaiter.
class MailSource {
 public:
  /// Handles what is there, within bounds. True when something is left for the next turn.
  virtual bool deliver() = 0;

 protected:
  ~MailSource() = default;
};

/// Writes out what the turn produced. True when work is left: the next turn comes at once.
class FlushHook {
 public:
  virtual bool flush() = 0;

 protected:
  ~FlushHook() = default;
};

/// The event loop of one worker. A turn: poll → read and act → mailboxes → timers → flush → reap (deferred work).
///
/// Everything except wake() and stop() belongs to the thread that runs the loop. Whatever is registered must unregister
/// or outlive the loop.
class Loop {
 public:
  /// Throws std::runtime_error when the kernel has no descriptors left: that is a matter of start-up.
  explicit Loop(Kernel& kernel);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Kernel& kernel() { return kernel_; }
  /// The monotonic clock as it was when this turn's poll returned.
  base::Instant now() const { return now_; }
  /// The calendar clock, read now.
  base::WallTime wall_now() { return kernel_.wall_now(); }

  /// One turn. Waits at most `max_wait` for something to do; not at all when work is left from the turn before.
  void run_turn(base::Duration max_wait);
  /// Turns until stop(). May be called again afterwards.
  void run();
  /// From any thread and from signal handlers: the turn under way is the last.
  void stop();
  /// From any thread and from signal handlers: a turn follows that sees what the caller did before. Costs a system call
  /// only when the loop sleeps.
  void wake();

  /// Does nothing when it is pending already.
  void defer(Deferred& work);
  void arm(Timer& timer, base::Instant at) { timers_.arm(timer, at); }
  void set_flush_hook(FlushHook* hook) { flush_hook_ = hook; }
  void add_mail_source(MailSource& source);
  void remove_mail_source(MailSource& source);

  /// `events` as of epoll, level-triggered. 0 or -errno.
  int watch(int fd, std::uint32_t events, Watcher& watcher);
  int rewatch(int fd, std::uint32_t events, Watcher& watcher);
  /// The kernel stops reporting `fd`.
  void unwatch(int fd);
  /// Drops what the poll of this turn has found for the watcher; it is not called any more. Needed before a watcher
  /// dies or its descriptor is closed.
  void forget(Watcher& watcher);

  /// The one receive buffer of the worker, 64 KiB. What is in it is good until the next read.
  std::span<char> receive_buffer() { return {receive_buffer_.get(), receive_buffer_bytes}; }

  static constexpr std::size_t receive_buffer_bytes = 64 * 1024;

 private:
  /// `notified`: somebody has called wake() since the loop last looked. Only who finds the loop polling must write to
  /// the event.
  enum class State : int { awake, polling, notified };
  /// Few, so that what the sockets of a turn received is still in the cache when it is written at the end of the turn.
  static constexpr std::size_t events_per_poll = 32;

  int timeout_for(base::Duration max_wait);
  void poll(int timeout);
  void dispatch();
  void deliver_mail();
  void reap();

  Kernel& kernel_;
  base::Instant now_;
  TimerWheel timers_;
  Descriptor epoll_;
  Descriptor event_;
  std::unique_ptr<char[]> receive_buffer_;
  std::vector<epoll_event> events_;
  std::size_t ready_ = 0;       ///< events found by the last poll
  std::size_t dispatched_ = 0;  ///< of these, handled
  std::vector<MailSource*> mail_sources_;
  FlushHook* flush_hook_ = nullptr;
  IntrusiveList<Deferred> deferred_;
  bool work_left_ = false;
  std::atomic<State> state_{State::awake};
  std::atomic<bool> stopping_{false};
};

}  // namespace usher::io
