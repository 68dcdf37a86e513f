#include "io/stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string>

#include "base/assert.hpp"

namespace usher::io {
namespace {

constexpr std::uint32_t trouble_events = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

std::span<const char> bytes_of(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

/// What a stream holds only while it has something to do.
struct Stream::Work {
  explicit Work(Stream* stream)
      : timer(Timer::to<&Stream::time_is_over>(stream)), report(Deferred::to<&Stream::report_end>(stream)) {}

  std::string_view unwritten() const { return std::string_view(pending).substr(written); }

  std::string pending;
  std::size_t written = 0;  ///< of `pending`, from its front
  Timer timer;              ///< after finish(): for writing, then for the peer to end
  base::Duration linger{};
  Deferred report;
};

Stream::Stream(StreamHandler& handler) : handler_(&handler) {}

Stream::~Stream() {
  if (!is_open()) return;
  loop_->forget(*this);
  loop_->kernel().close(fd_);
}

base::Result<void> Stream::open(Loop& loop, Descriptor socket) {
  ASSERT(!is_open() && !is(closing));
  constexpr std::uint16_t events = EPOLLIN | EPOLLRDHUP;
  const int result = loop.watch(socket.get(), events, *this);
  if (result < 0) return base::Error{"cannot watch a connection: " + describe_error(-result), -result};
  loop_ = &loop;
  fd_ = socket.release();
  state_ = 0;
  watched_ = events;
  return {};
}

Stream::Work& Stream::work() {
  if (!work_) work_ = std::make_unique<Work>(this);
  return *work_;
}

std::size_t Stream::pending_bytes() const { return work_ ? work_->unwritten().size() : 0; }

// Events.

void Stream::on_ready(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0 && is(blocked)) flush_pending();
  if (!is_open()) return;
  if (reading() && !is(peer_ended)) {
    if ((events & (EPOLLIN | trouble_events)) != 0) read();
  } else if ((events & trouble_events) != 0) {
    failed_or_hung_up(events);
  }
}

void Stream::read() {
  const std::span<char> buffer = loop_->receive_buffer();
  for (int count = 0; count < reads_per_turn; ++count) {
    const std::int64_t received = loop_->kernel().receive(fd_, buffer);
    if (received == -EINTR) continue;
    if (received == -EAGAIN) return;
    if (received < 0) return end({StreamEnd::Cause::peer_failed, static_cast<int>(-received)});
    if (received == 0) return read_end();
    const auto size = static_cast<std::size_t>(received);
    if (!is(finishing)) handler_->on_bytes(buffer.first(size));
    // A buffer that was not filled means that the kernel has no more, most likely; if it has, epoll says so again.
    if (size < buffer.size() || !is_open() || !reading()) return;
  }
}

void Stream::read_end() {
  set(peer_ended);
  if (!is(finishing)) {
    const AtEnd decision = handler_->on_end();
    if (decision == AtEnd::close && !is(finishing)) return end({StreamEnd::Cause::peer_ended, 0});
  }
  if (is(write_ended)) return end({StreamEnd::Cause::finished, 0});
  watch_again();
}

void Stream::failed_or_hung_up(std::uint32_t events) {
  if ((events & EPOLLERR) != 0) {
    const int error = loop_->kernel().socket_error(fd_);
    return end({StreamEnd::Cause::peer_failed, error == 0 ? ECONNRESET : error});
  }
  if (is(peer_ended)) {
    if ((events & EPOLLHUP) != 0) end({StreamEnd::Cause::peer_ended, 0});
    return;
  }
  // Reading is paused. A hangup cannot be masked, and closing would lose what is unread.
  if ((events & EPOLLHUP) != 0) {
    loop_->unwatch(fd_);
    set(unwatched);
  }
  const bool told = is(hangup_told);
  set(hangup_told);
  watch_again();
  if (!told && is_open()) handler_->on_hangup();
}

void Stream::watch_again() {
  if (!is_open()) return;
  std::uint32_t wanted = is(blocked) ? static_cast<std::uint32_t>(EPOLLOUT) : 0;
  if (!is(peer_ended)) {
    if (reading()) wanted |= EPOLLIN | EPOLLRDHUP;
    if (!reading() && !is(hangup_told)) wanted |= EPOLLRDHUP;
  }
  int result = 0;
  if (is(unwatched)) {
    if (!reading()) return;
    clear(unwatched);
    result = loop_->watch(fd_, wanted, *this);
  } else if (wanted != watched_) {
    result = loop_->rewatch(fd_, wanted, *this);
  }
  if (result < 0) return end({StreamEnd::Cause::peer_failed, -result});
  watched_ = static_cast<std::uint16_t>(wanted);
}

// Writing.

std::size_t Stream::write(std::span<const base::Slice> slices) {
  std::size_t taken = 0;
  while (taken < slices.size() && writable()) {
    const std::size_t rest = slices.size() - taken;
    taken += write_batch(slices.subspan(taken, std::min<std::size_t>(rest, IOV_MAX)));
  }
  return taken;
}

std::size_t Stream::write_batch(std::span<const base::Slice> slices) {
  const std::int64_t sent = slices.size() == 1 ? send({slices[0].data, slices[0].size}) : send_gathered(slices);
  if (sent < 0) return 0;
  std::size_t taken = 0;
  auto left = static_cast<std::size_t>(sent);
  while (taken < slices.size() && left >= slices[taken].size) left -= slices[taken++].size;
  if (taken == slices.size()) return taken;
  if (left > 0) {
    const base::Slice& cut = slices[taken++];
    keep({cut.data + left, cut.size - left});
  }
  block();
  return taken;
}

std::int64_t Stream::send(std::span<const char> bytes) {
  std::int64_t sent = 0;
  do {
    sent = loop_->kernel().send(fd_, bytes);
  } while (sent == -EINTR);
  return checked(sent);
}

std::int64_t Stream::send_gathered(std::span<const base::Slice> slices) {
  std::array<iovec, IOV_MAX> pieces;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    pieces[i] = {const_cast<char*>(slices[i].data), slices[i].size};
  }
  std::int64_t sent = 0;
  do {
    sent = loop_->kernel().send_vector(fd_, std::span(pieces).first(slices.size()));
  } while (sent == -EINTR);
  return checked(sent);
}

std::int64_t Stream::checked(std::int64_t sent) {
  if (sent == -EAGAIN) {
    block();
  } else if (sent < 0) {
    end({StreamEnd::Cause::peer_failed, static_cast<int>(-sent)});
  }
  return sent;
}

void Stream::write_copy(std::string_view bytes) {
  if (bytes.empty()) return;
  const base::Slice slice{bytes.data(), bytes.size(), nullptr};
  if (write({&slice, 1}) == 1) return;
  if (is_open() && !is(finishing)) keep(bytes);
}

void Stream::keep(std::string_view bytes) {
  Work& kept = work();
  // What was written is dropped only when it is the greater part, so that each byte moves at most once on average.
  if (kept.written > kept.pending.size() / 2) {
    kept.pending.erase(0, kept.written);
    kept.written = 0;
  }
  kept.pending.append(bytes);
}

void Stream::block() {
  set(blocked);
  watch_again();
}

void Stream::flush_pending() {
  if (pending_bytes() > 0) {
    const std::int64_t sent = send(bytes_of(work_->unwritten()));
    if (sent < 0) return;
    work_->written += static_cast<std::size_t>(sent);
    if (pending_bytes() > 0) return;
  }
  clear(blocked);
  if (is(finishing)) return finish_writing();
  work_.reset();
  handler_->on_drained();
  watch_again();
}

// Ends.

void Stream::pause() {
  if (!is_open() || is(reading_paused) || is(finishing)) return;
  set(reading_paused);
  watch_again();
}

void Stream::resume() {
  if (!is_open() || !is(reading_paused)) return;
  clear(reading_paused);
  watch_again();
}

void Stream::finish(base::Duration linger, base::Duration write_timeout) {
  if (!is_open() || is(finishing)) return;
  set(finishing);
  work().linger = linger;
  work_->timer.arm(*loop_, loop_->now() + write_timeout);
  if (pending_bytes() == 0) return finish_writing();
  watch_again();
}

void Stream::finish_writing() {
  clear(blocked);
  const int result = loop_->kernel().shutdown_write(fd_);
  if (result < 0) return end({StreamEnd::Cause::peer_failed, -result});
  set(write_ended);
  if (is(peer_ended)) return end({StreamEnd::Cause::finished, 0});
  work_->timer.arm(*loop_, loop_->now() + work_->linger);
  watch_again();
}

void Stream::time_is_over() {
  if (pending_bytes() == 0) return end({StreamEnd::Cause::finished, 0});
  loop_->kernel().set_option(fd_, SocketOption::reset_on_close, 1);
  end({StreamEnd::Cause::unflushed, 0});
}

void Stream::reset() {
  if (!is_open()) return;
  loop_->kernel().set_option(fd_, SocketOption::reset_on_close, 1);
  end({StreamEnd::Cause::closed, 0});
}

void Stream::end(StreamEnd why) {
  if (!is_open()) return;
  loop_->forget(*this);
  loop_->kernel().close(fd_);
  fd_ = -1;
  state_ = closing;
  end_ = why;
  Work& last = work();
  last.pending.clear();
  last.written = 0;
  last.timer.cancel();
  loop_->defer(last.report);
}

void Stream::report_end() {
  const StreamEnd why = end_;
  state_ = 0;
  work_.reset();
  handler_->on_closed(why);
}

}  // namespace usher::io
