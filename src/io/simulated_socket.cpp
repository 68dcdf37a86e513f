#include "io/simulated_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace usher::io {

std::uint32_t SimulatedSocket::readiness() const {
  switch (state) {
    case State::listening:
      return backlog.empty() ? 0 : static_cast<std::uint32_t>(EPOLLIN);
    case State::refused:
      return EPOLLOUT | EPOLLERR | EPOLLHUP;
    case State::connected:
      break;
    default:
      return 0;
  }
  std::uint32_t events = 0;
  if (!incoming.empty() || peer_ended || was_reset) events |= EPOLLIN;
  if (peer_ended || was_reset) events |= EPOLLRDHUP;
  if (room_at_peer() > 0) events |= EPOLLOUT;
  if (was_reset || (peer_ended && write_ended)) events |= EPOLLHUP;
  // A unix socket whose peer is closed is hung up at once; TCP cannot know the difference from a half-closed peer.
  if (family == Family::local && peer && peer->closed) events |= EPOLLHUP;
  if (error != 0) events |= EPOLLERR;
  return events;
}

std::int64_t SimulatedSocket::take(std::span<char> into) {
  if (state != State::connected) return -ENOTCONN;
  if (!incoming.empty()) {
    const std::size_t size = std::min(into.size(), incoming.size());
    std::copy_n(incoming.begin(), size, into.begin());
    incoming.erase(0, size);
    return static_cast<std::int64_t>(size);
  }
  if (error != 0) return -std::exchange(error, 0);
  return peer_ended || was_reset ? 0 : -EAGAIN;
}

std::int64_t SimulatedSocket::give(std::string_view bytes) {
  if (state != State::connected) return -ENOTCONN;
  if (error != 0) return -std::exchange(error, 0);
  if (write_ended || was_reset) return -EPIPE;
  if (peer->closed) {
    if (family == Family::local) return -EPIPE;
    // TCP takes the bytes, and the peer's machine answers with a reset.
    was_reset = true;
    error = ECONNRESET;
    return static_cast<std::int64_t>(bytes.size());
  }
  const std::size_t size = std::min(bytes.size(), room_at_peer());
  if (size == 0 && !bytes.empty()) return -EAGAIN;
  peer->incoming.append(bytes.substr(0, size));
  return static_cast<std::int64_t>(size);
}

std::size_t SimulatedSocket::room_at_peer() const {
  if (!peer || peer->closed || was_reset || write_ended) return SIZE_MAX;
  return peer->incoming_max - std::min(peer->incoming_max, peer->incoming.size());
}

void SimulatedSocket::end_writing() {
  write_ended = true;
  if (peer) peer->peer_ended = true;
}

void SimulatedSocket::reset() {
  closed = true;
  if (!peer || peer->closed) return;
  peer->incoming.clear();
  peer->was_reset = true;
  peer->error = ECONNRESET;
}

void SimulatedSocket::close() {
  for (const auto& waiting : backlog) waiting->reset();
  backlog.clear();
  if (closed) return;
  const auto linger = options.find(SocketOption::reset_on_close);
  if (!incoming.empty() || (linger != options.end() && linger->second != 0)) {
    reset();
  } else {
    end_writing();
    closed = true;
  }
}

void connect_sockets(const std::shared_ptr<SimulatedSocket>& a, const std::shared_ptr<SimulatedSocket>& b) {
  a->peer = b;
  b->peer = a;
  a->state = b->state = SimulatedSocket::State::connected;
}

}  // namespace usher::io
