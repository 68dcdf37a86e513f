// The sockets' part of SimulatedKernel.

#include <algorithm>
#include <climits>
#include <utility>

#include "io/simulated_kernel.hpp"
#include "io/simulated_socket.hpp"

namespace usher::io {

using State = SimulatedSocket::State;

// The test's end.

void SimulatedPeer::write(std::string_view bytes) { socket_->give(bytes); }

std::string SimulatedPeer::read(std::size_t bytes_max) {
  std::string& incoming = socket_->incoming;
  std::string taken = incoming.substr(0, bytes_max);
  incoming.erase(0, taken.size());
  return taken;
}

void SimulatedPeer::end_writing() { socket_->end_writing(); }
void SimulatedPeer::close() { socket_->close(); }
void SimulatedPeer::reset() { socket_->reset(); }
bool SimulatedPeer::saw_end() const { return socket_->incoming.empty() && socket_->peer_ended; }
bool SimulatedPeer::saw_reset() const { return socket_->was_reset; }
std::size_t SimulatedPeer::unread() const { return socket_->incoming.size(); }

SimulatedPeer SimulatedKernel::connect_to(const Address& listener, const Address& from) {
  const auto target = listener_at(listener);
  if (!target || target->backlog.size() >= target->backlog_max) return SimulatedPeer();
  const auto client = make_socket(listener.family());
  const auto server = make_socket(listener.family());
  connect_sockets(client, server);
  client->incoming_max = buffer_bytes_;
  server->local = target->local;
  server->remote = from;
  server->options = target->options;
  if (from.family() == Family::none && listener.family() != Family::local) {
    server->remote = Address(IpAddress::from_ipv4({127, 0, 0, 1}), next_port_++);
  }
  target->backlog.push_back(server);
  return SimulatedPeer(client);
}

SimulatedPeer SimulatedKernel::make_pair(int& fd) {
  const auto ours = make_socket(Family::ipv4);
  const auto theirs = make_socket(Family::ipv4);
  connect_sockets(ours, theirs);
  theirs->incoming_max = buffer_bytes_;
  fd = add(ours);
  return SimulatedPeer(theirs);
}

void SimulatedKernel::serve(const Address& address) {
  const auto listener = make_socket(address.family());
  listener->state = State::listening;
  listener->backlog_max = SIZE_MAX;
  listener->local = address;
  served_[address] = listener;
}

SimulatedPeer SimulatedKernel::next_connection(const Address& address) {
  const auto served = served_.find(address);
  if (served == served_.end() || served->second->backlog.empty()) return SimulatedPeer();
  const auto socket = served->second->backlog.front();
  served->second->backlog.pop_front();
  return SimulatedPeer(socket);
}

void SimulatedKernel::swallow(const Address& address) { swallowed_.insert(address); }

int SimulatedKernel::option(int fd, SocketOption option) {
  const auto socket = find<SimulatedSocket>(fd);
  return socket ? socket->options[option] : -EBADF;
}

std::shared_ptr<SimulatedSocket> SimulatedKernel::make_socket(Family family) {
  auto socket = std::make_shared<SimulatedSocket>();
  socket->family = family;
  sockets_.push_back(socket);
  return socket;
}

std::shared_ptr<SimulatedSocket> SimulatedKernel::listener_at(const Address& address) const {
  for (const auto& [fd, object] : objects_) {
    const auto socket = std::dynamic_pointer_cast<SimulatedSocket>(object);
    if (socket && socket->state == State::listening && socket->local == address) return socket;
  }
  const auto served = served_.find(address);
  return served == served_.end() ? nullptr : served->second;
}

// usher's calls.

std::int64_t SimulatedKernel::receive(int fd, std::span<char> into) {
  const Step step = next_step(Call::receive);
  if (step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket) return -EBADF;
  return socket->take(into.first(std::min({into.size(), step.bytes_max, receive_max_})));
}

std::int64_t SimulatedKernel::send(int fd, std::span<const char> bytes) {
  const iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  return send_pieces(fd, next_step(Call::send), {&piece, 1});
}

std::int64_t SimulatedKernel::send_vector(int fd, std::span<const iovec> pieces) {
  const Step step = next_step(Call::send_vector);
  return pieces.size() > IOV_MAX ? -EMSGSIZE : send_pieces(fd, step, pieces);
}

std::int64_t SimulatedKernel::send_pieces(int fd, Step step, std::span<const iovec> pieces) {
  if (step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket) return -EBADF;
  std::string bytes;
  for (const iovec& piece : pieces) bytes.append(static_cast<const char*>(piece.iov_base), piece.iov_len);
  return socket->give(std::string_view(bytes).substr(0, std::min(step.bytes_max, send_max_)));
}

int SimulatedKernel::socket(Family family) {
  if (const Step step = next_step(Call::socket); step.error != 0) return -step.error;
  return add(make_socket(family));
}

int SimulatedKernel::bind(int fd, const Address& address) {
  if (const Step step = next_step(Call::bind); step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket) return -EBADF;
  if (address.family() == Family::local) {
    if (!files_.emplace(address.path(), true).second) return -EADDRINUSE;
  } else if (const auto other = listener_at(address); other && address.port() != 0) {
    if (socket->options[SocketOption::reuse_port] == 0 || other->options[SocketOption::reuse_port] == 0) {
      return -EADDRINUSE;
    }
  }
  socket->local = address;
  if (address.family() != Family::local && address.port() == 0) socket->local = Address(address.ip(), next_port_++);
  socket->state = State::bound;
  return 0;
}

int SimulatedKernel::listen(int fd, int backlog) {
  if (const Step step = next_step(Call::listen); step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket || socket->state != State::bound) return -EINVAL;
  socket->state = State::listening;
  socket->backlog_max = static_cast<std::size_t>(backlog);
  return 0;
}

int SimulatedKernel::accept(int fd, Address& peer) {
  if (const Step step = next_step(Call::accept); step.error != 0) return -step.error;
  const auto listener = find<SimulatedSocket>(fd);
  if (!listener || listener->state != State::listening) return -EINVAL;
  if (listener->backlog.empty()) return -EAGAIN;
  const auto accepted = listener->backlog.front();
  const int made = add(accepted);
  if (made < 0) return made;
  listener->backlog.pop_front();
  peer = accepted->remote;
  return made;
}

int SimulatedKernel::connect(int fd, const Address& address) {
  if (const Step step = next_step(Call::connect); step.error != 0) return -step.error;
  const auto client = find<SimulatedSocket>(fd);
  if (!client) return -EBADF;
  client->remote = address;
  if (swallowed_.contains(address)) {
    client->state = State::undecided;
    return -EINPROGRESS;
  }
  const auto listener = listener_at(address);
  if (!listener) {
    if (address.family() == Family::local) return files_.contains(address.path()) ? -ECONNREFUSED : -ENOENT;
    client->state = State::refused;
    client->error = ECONNREFUSED;
    return -EINPROGRESS;
  }
  const auto server = make_socket(address.family());
  server->local = address;
  server->options = listener->options;
  if (address.family() != Family::local) {
    server->remote = client->local = Address(IpAddress::from_ipv4({127, 0, 0, 1}), next_port_++);
  }
  connect_sockets(client, server);
  // Only what usher writes to the test is bounded by the test's buffer; between usher's own ends both are.
  server->incoming_max = buffer_bytes_;
  if (!served_.contains(address)) client->incoming_max = buffer_bytes_;
  listener->backlog.push_back(server);
  return address.family() == Family::local ? 0 : -EINPROGRESS;
}

int SimulatedKernel::shutdown_write(int fd) {
  if (const Step step = next_step(Call::shutdown_write); step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket) return -EBADF;
  if (socket->state != State::connected || socket->was_reset) return -ENOTCONN;
  socket->end_writing();
  return 0;
}

int SimulatedKernel::set_option(int fd, SocketOption option, int value) {
  if (const Step step = next_step(Call::set_option); step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket) return -EBADF;
  socket->options[option] = value;
  return 0;
}

int SimulatedKernel::get_option(int fd, SocketOption option, int& value) {
  if (const Step step = next_step(Call::get_option); step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket) return -EBADF;
  value = socket->options[option];
  return 0;
}

int SimulatedKernel::socket_error(int fd) {
  const auto socket = find<SimulatedSocket>(fd);
  return socket ? std::exchange(socket->error, 0) : EBADF;
}

int SimulatedKernel::local_address(int fd, Address& address) {
  if (const Step step = next_step(Call::local_address); step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket) return -EBADF;
  address = socket->local;
  return 0;
}

int SimulatedKernel::peer_address(int fd, Address& address) {
  if (const Step step = next_step(Call::peer_address); step.error != 0) return -step.error;
  const auto socket = find<SimulatedSocket>(fd);
  if (!socket) return -EBADF;
  address = socket->remote;
  return 0;
}

}  // namespace usher::io
