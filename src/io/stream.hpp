#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/counted.hpp"
#include "base/time.hpp"
#include "io/descriptor.hpp"
#include "io/loop.hpp"

namespace usher::io {

/// Why a stream is closed.
struct StreamEnd {
  enum class Cause : std::uint8_t {
    closed,       ///< close() or reset() was called
    finished,     ///< finish() is done: all was written, and the peer ended too or had its time to
    peer_ended,   ///< the peer ended its direction, and so the stream
    peer_failed,  ///< a read or write failed: `system_error` (ECONNRESET, EPIPE, ETIMEDOUT …)
    unflushed,    ///< finish() met its deadline before all was written; the peer got a reset
  };
  Cause cause = Cause::closed;
  int system_error = 0;
};

/// What becomes of a stream whose peer has ended its direction.
enum class AtEnd : std::uint8_t { close, keep_writing };

/// What the owner of a stream hears. Inside any of these the owner may call anything on this or any other stream; it
/// must not destroy this stream, except in on_closed().
class StreamHandler {
 public:
  /// Received bytes, in the worker's one buffer. They may be changed in place and die on return.
  virtual void on_bytes(std::span<char> bytes) = 0;
  /// The peer has ended its direction and all it sent was given to on_bytes(). Who keeps writing must close or finish
  /// the stream in the end.
  virtual AtEnd on_end() { return AtEnd::close; }
  /// The peer ended its direction while reading is paused; bytes may be unread before the end. on_end() comes after
  /// resume().
  virtual void on_hangup() {}
  /// All that was taken is written and the kernel takes more. Comes only after a time of not being writable().
  virtual void on_drained() {}
  /// The stream is closed, its descriptor too. Exactly once per open(), always from the loop's reap, never inside a
  /// call to the stream. The stream may be destroyed or opened again inside.
  virtual void on_closed(StreamEnd end) = 0;

 protected:
  ~StreamHandler() = default;
};

/// A connected socket on a loop, embedded in its owner; must not move while open. Idle it holds 48 bytes and no buffer.
///
/// The interface is shaped for completions: bytes are handed in, slices are taken, and what follows is told. The epoll
/// back end writes inside write(); one on io_uring would retain each slice's `owner` until the kernel is done with it.
/// Therefore a caller must give an owner to every slice that it wants to see sent without a copy; bytes without an
/// owner are good for the call only, and are copied where they cannot be written at once.
///
/// Calls on a stream that is not open do nothing.
class Stream final : private Watcher {
 public:
  /// At most this many reads per turn, so that one fast peer does not hold up the others.
  static constexpr int reads_per_turn = 4;
  static constexpr base::Duration linger_default = std::chrono::seconds(2);
  static constexpr base::Duration write_timeout_default = std::chrono::seconds(60);

  explicit Stream(StreamHandler& handler);
  /// Closes at once; on_closed() is not called.
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Takes over a connected socket and begins to read. On failure the socket is closed and nothing will be called.
  base::Result<void> open(Loop& loop, Descriptor socket);
  bool is_open() const { return fd_ >= 0; }

  /// Takes slices in order and returns how many: what the kernel takes now is written, and of the slice that was cut
  /// the rest is copied, so a taken slice is done with. Takes none while not writable(). A failure takes none and
  /// closes the stream (cause peer_failed).
  std::size_t write(std::span<const base::Slice> slices);
  /// Takes all of it, behind what is pending: for control frames and answers. The caller bounds what it adds by
  /// pending_bytes().
  void write_copy(std::string_view bytes);
  /// The stream is open and the kernel took all that was written so far. When it becomes so again, on_drained() says
  /// it.
  bool writable() const { return is_open() && (state_ & (blocked | finishing)) == 0; }
  /// Taken but not yet written.
  std::size_t pending_bytes() const;

  /// No on_bytes() and no on_end() until resume(); the kernel's buffer fills and the peer must wait. A reset is noticed
  /// all the same, an end is told by on_hangup().
  void pause();
  void resume();
  bool paused() const { return (state_ & reading_paused) != 0; }

  /// Ends well: writes what is pending, ends our direction, then discards what the peer sends until it ends too or
  /// `linger` has passed since our end. What is not written within `write_timeout` from now on is dropped with a reset.
  /// A close() with unread input would send a reset, which destroys an answer that
  /// the peer has not read yet. Only on_closed() is called from here on.
  void finish(base::Duration linger = linger_default, base::Duration write_timeout = write_timeout_default);
  /// Closes at once; what is pending is dropped.
  void close() { end({StreamEnd::Cause::closed, 0}); }
  /// Closes at once with a reset (RST): the peer is hostile or does not answer.
  void reset();

  /// For getsockname, getpeername and socket options; owned by the stream.
  int descriptor() const { return fd_; }

 private:
  enum StateBit : std::uint8_t {
    reading_paused = 1,
    peer_ended = 2,   ///< the end was read
    hangup_told = 4,  ///< the peer ended while paused
    blocked = 8,      ///< the kernel does not take more
    finishing = 16,
    write_ended = 32,
    unwatched = 64,  ///< nothing to wait for: a hangup cannot be masked, so epoll does not have the descriptor
    closing = 128,   ///< on_closed() is due
  };
  struct Work;

  void on_ready(std::uint32_t events) override;
  void read();
  void read_end();
  void failed_or_hung_up(std::uint32_t events);
  void watch_again();
  std::size_t write_batch(std::span<const base::Slice> slices);
  std::int64_t send(std::span<const char> bytes);
  std::int64_t send_gathered(std::span<const base::Slice> slices);
  std::int64_t checked(std::int64_t sent);
  void keep(std::string_view bytes);
  void block();
  void flush_pending();
  void finish_writing();
  void time_is_over();
  void end(StreamEnd why);
  void report_end();
  Work& work();
  bool reading() const { return !is(reading_paused) || is(finishing); }
  bool is(StateBit bit) const { return (state_ & bit) != 0; }
  void set(StateBit bit) { state_ = static_cast<std::uint8_t>(state_ | bit); }
  void clear(StateBit bit) { state_ = static_cast<std::uint8_t>(state_ & ~bit); }

  StreamHandler* handler_;
  Loop* loop_ = nullptr;
  std::unique_ptr<Work> work_;  ///< only while bytes are pending, or the end is under way
  int fd_ = -1;
  std::uint8_t state_ = 0;
  std::uint16_t watched_ = 0;  ///< the events that epoll has
  StreamEnd end_;
};

}  // namespace usher::io
