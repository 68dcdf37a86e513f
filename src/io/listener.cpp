#include "io/listener.hpp"

#include <algorithm>
#include <cerrno>
#include <string>

#include "base/assert.hpp"

namespace usher::io {
namespace {

/// A peer that comes again and again must not keep a draining listener open for ever.
constexpr int drain_accepts_max = 64 * 1024;

std::string advice_for(const Address& address, int error) {
  const bool local = address.family() == Family::local;
  switch (error) {
    case EADDRINUSE:
      return local ? "another program answers on this socket; stop it or choose another path"
                   : "the port is in use; stop the program that has it or choose another port";
    case EACCES:
    case EPERM:
      if (local) return "no permission to make the socket file; check the owner and mode of its folder";
      return address.port() < 1024
                 ? "no permission; ports below 1024 need CAP_NET_BIND_SERVICE, or choose a higher port"
                 : "no permission; a security policy forbids it";
    case EADDRNOTAVAIL:
      return "this machine has no such address; 0.0.0.0 and [::] listen on all it has";
    case EAFNOSUPPORT:
      return "this machine does not speak this address family; use the other IP version";
    case EEXIST:
      return "a file that is not a socket is in the way; remove it or choose another path";
    case ENOENT:
    case ENOTDIR:
      return "the folder of the socket does not exist; make it first";
    case EMFILE:
    case ENFILE:
      return "no descriptors are left; raise the limit (ulimit -n, LimitNOFILE)";
    default:
      return describe_error(error);
  }
}

base::Error refusal(const Address& address, int error) {
  return {"cannot listen on " + address.text() + ": " + advice_for(address, error), error};
}

int set_options(Kernel& kernel, int fd, const Address& address, const ListenOptions& options, bool reuse_port) {
  if (address.family() == Family::local) return 0;
  struct Setting {
    SocketOption option;
    int value;
    bool wanted;
  };
  // Accepted sockets inherit the last two, which saves two system calls for each.
  const Setting settings[] = {
      {SocketOption::reuse_address, 1, true},
      {SocketOption::reuse_port, 1, reuse_port},
      {SocketOption::ipv6_only, options.ipv6_only ? 1 : 0, address.is_ipv6()},
      {SocketOption::no_delay, 1, true},
      {SocketOption::not_sent_low_water, options.not_sent_low_water, true},
  };
  for (const Setting& setting : settings) {
    if (!setting.wanted) continue;
    if (const int result = kernel.set_option(fd, setting.option, setting.value); result < 0) return result;
  }
  return 0;
}

/// A bound socket, or -errno in `failure`.
Descriptor bound_socket(Kernel& kernel, const Address& address, const ListenOptions& options, bool reuse_port,
                        int& failure) {
  failure = kernel.socket(address.family());
  if (failure < 0) return {};
  Descriptor socket(kernel, failure);
  failure = set_options(kernel, socket.get(), address, options, reuse_port);
  if (failure == 0) failure = kernel.bind(socket.get(), address);
  return failure < 0 ? Descriptor() : std::move(socket);
}

/// Removes a socket file that nobody answers behind. 0 or -errno.
int remove_stale(Kernel& kernel, const Address& address) {
  const int fd = kernel.socket(Family::local);
  if (fd < 0) return fd;
  const Descriptor probe(kernel, fd);
  const int answer = kernel.connect(fd, address);
  // A file that is not a socket refuses too; the kernel tells them apart when it removes.
  return answer == -ECONNREFUSED ? kernel.remove_socket_file(address.path()) : -EADDRINUSE;
}

}  // namespace

Listener::Listener(Loop& loop, AcceptHandler& handler)
    : loop_(loop), handler_(handler), back_off_timer_(Timer::to<&Listener::resume>(this)) {}

Listener::~Listener() { close(); }

base::Result<void> Listener::open(const Address& address, const ListenOptions& options) {
  ASSERT(!is_open());
  Kernel& kernel = loop_.kernel();
  const bool local = address.family() == Family::local;
  const bool several = !local && options.port_use != PortUse::alone;
  int result = 0;
  if (several && options.port_use == PortUse::first_of_several) {
    // Without SO_REUSEPORT, this fails when anybody listens there.
    const Descriptor probe = bound_socket(kernel, address, options, false, result);
    if (!probe) return refusal(address, -result);
  }
  Descriptor socket = bound_socket(kernel, address, options, several, result);
  if (local && result == -EADDRINUSE) {
    if (result = remove_stale(kernel, address); result < 0) return refusal(address, -result);
    socket = bound_socket(kernel, address, options, several, result);
  }
  if (!socket) return refusal(address, -result);
  const bool owns_file = local;
  // Before listen(), so that nobody connects under another mode.
  if (local) result = kernel.change_mode(address.path(), options.mode);
  if (result == 0) result = kernel.listen(socket.get(), options.backlog);
  address_ = address;
  if (result == 0) result = kernel.local_address(socket.get(), address_);
  if (result == 0) result = loop_.watch(socket.get(), EPOLLIN, *this);
  if (result < 0) {
    if (owns_file) kernel.remove_socket_file(address.path());
    return refusal(address, -result);
  }
  socket_ = std::move(socket);
  events_ = EPOLLIN;
  owns_file_ = owns_file;
  return {};
}

base::Result<void> Listener::share(const Listener& other) {
  ASSERT(!is_open() && other.is_open());
  Kernel& kernel = loop_.kernel();
  const int fd = kernel.duplicate(other.socket_.get());
  if (fd < 0) return refusal(other.address_, -fd);
  Descriptor socket(kernel, fd);
  // Exclusive: the kernel wakes one of the loops, not all.
  events_ = EPOLLIN | EPOLLEXCLUSIVE;
  if (const int result = loop_.watch(fd, events_, *this); result < 0) return refusal(other.address_, -result);
  socket_ = std::move(socket);
  address_ = other.address_;
  return {};
}

void Listener::close() {
  if (!is_open()) return;
  back_off_timer_.cancel();
  loop_.forget(*this);
  // A shared socket stays open elsewhere, and with it epoll's interest in it.
  if (!back_off_) loop_.unwatch(socket_.get());
  back_off_ = false;
  socket_.close();
  if (owns_file_) loop_.kernel().remove_socket_file(address_.path());
  owns_file_ = false;
}

void Listener::drain_and_close() {
  for (int count = 0; is_open() && count < drain_accepts_max; ++count) {
    const Accepted accepted = accept_one();
    if (accepted == Accepted::nothing_left || accepted == Accepted::exhausted) break;
  }
  close();
}

void Listener::on_ready(std::uint32_t) {
  for (int count = 0; is_open() && count < accepts_per_turn; ++count) {
    const Accepted accepted = accept_one();
    if (accepted == Accepted::nothing_left) return;
    if (accepted == Accepted::exhausted) return back_off();
  }
}

Listener::Accepted Listener::accept_one() {
  Kernel& kernel = loop_.kernel();
  Address peer;
  const int fd = kernel.accept(socket_.get(), peer);
  if (fd >= 0) {
    ++counts_.accepted;
    next_back_off_ = back_off_first;
    handler_.on_accept(Descriptor(kernel, fd), peer);
    return Accepted::yes;
  }
  switch (-fd) {
    case EAGAIN:
      return Accepted::nothing_left;
    case EINTR:
      return Accepted::retry;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      ++counts_.exhausted;
      return Accepted::exhausted;
    default:
      ++counts_.aborted;
      return Accepted::retry;
  }
}

void Listener::back_off() {
  // Level-triggered, the backlog would be reported again and again.
  loop_.unwatch(socket_.get());
  back_off_ = true;
  back_off_timer_.arm(loop_, loop_.now() + next_back_off_);
  next_back_off_ = std::min(next_back_off_ * 2, back_off_max);
}

void Listener::resume() {
  if (loop_.watch(socket_.get(), events_, *this) == 0) {
    back_off_ = false;
  } else {
    back_off_timer_.arm(loop_, loop_.now() + back_off_max);
  }
}

}  // namespace usher::io
