#include "io/real_kernel.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace usher::io {
namespace {

/// The system's convention (-1 and errno) as ours.
template <typename T>
T result_of(T returned) {
  return returned < 0 ? static_cast<T>(-errno) : returned;
}

struct OptionName {
  int level;
  int name;
};

OptionName name_of(SocketOption option) {
  switch (option) {
    case SocketOption::reuse_address:
      return {SOL_SOCKET, SO_REUSEADDR};
    case SocketOption::reuse_port:
      return {SOL_SOCKET, SO_REUSEPORT};
    case SocketOption::ipv6_only:
      return {IPPROTO_IPV6, IPV6_V6ONLY};
    case SocketOption::no_delay:
      return {IPPROTO_TCP, TCP_NODELAY};
    case SocketOption::not_sent_low_water:
      return {IPPROTO_TCP, TCP_NOTSENT_LOWAT};
    case SocketOption::reset_on_close:
      return {SOL_SOCKET, SO_LINGER};
    case SocketOption::send_buffer:
      return {SOL_SOCKET, SO_SNDBUF};
    case SocketOption::receive_buffer:
      return {SOL_SOCKET, SO_RCVBUF};
  }
  return {0, 0};
}

int domain_of(Family family) {
  switch (family) {
    case Family::ipv4:
      return AF_INET;
    case Family::ipv6:
      return AF_INET6;
    case Family::local:
      return AF_UNIX;
    case Family::none:
      break;
  }
  return AF_UNSPEC;
}

std::int64_t nanoseconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

sockaddr* generic(sockaddr_storage& storage) { return reinterpret_cast<sockaddr*>(&storage); }

}  // namespace

// Not through the C library: in a program with threads its calls are points of cancellation, which cost two atomic
// operations each.
std::int64_t RealKernel::receive(int fd, std::span<char> into) {
  return result_of<std::int64_t>(::syscall(SYS_recvfrom, fd, into.data(), into.size(), 0, nullptr, nullptr));
}

std::int64_t RealKernel::send(int fd, std::span<const char> bytes) {
  return result_of<std::int64_t>(::syscall(SYS_sendto, fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, nullptr, 0));
}

std::int64_t RealKernel::send_vector(int fd, std::span<const iovec> pieces) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  return result_of<std::int64_t>(::syscall(SYS_sendmsg, fd, &message, MSG_NOSIGNAL));
}

int RealKernel::socket(Family family) {
  return result_of(::socket(domain_of(family), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int RealKernel::bind(int fd, const Address& address) {
  sockaddr_storage storage;
  const socklen_t length = address.to_kernel(storage);
  return result_of(::bind(fd, generic(storage), length));
}

int RealKernel::listen(int fd, int backlog) { return result_of(::listen(fd, backlog)); }

int RealKernel::accept(int fd, Address& peer) {
  sockaddr_storage storage{};
  socklen_t length = sizeof(storage);
  const int accepted = result_of(::accept4(fd, generic(storage), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (accepted >= 0) peer = Address::from_kernel(storage, length);
  return accepted;
}

int RealKernel::connect(int fd, const Address& address) {
  sockaddr_storage storage;
  const socklen_t length = address.to_kernel(storage);
  return result_of(::connect(fd, generic(storage), length));
}

int RealKernel::shutdown_write(int fd) { return result_of(::shutdown(fd, SHUT_WR)); }

int RealKernel::close(int fd) { return result_of(::close(fd)); }

int RealKernel::set_option(int fd, SocketOption option, int value) {
  const OptionName name = name_of(option);
  if (option == SocketOption::reset_on_close) {
    const linger setting{value, 0};
    return result_of(::setsockopt(fd, name.level, name.name, &setting, sizeof(setting)));
  }
  return result_of(::setsockopt(fd, name.level, name.name, &value, sizeof(value)));
}

int RealKernel::get_option(int fd, SocketOption option, int& value) {
  const OptionName name = name_of(option);
  if (option == SocketOption::reset_on_close) {
    linger setting{};
    socklen_t length = sizeof(setting);
    const int result = result_of(::getsockopt(fd, name.level, name.name, &setting, &length));
    value = setting.l_onoff;
    return result;
  }
  socklen_t length = sizeof(value);
  return result_of(::getsockopt(fd, name.level, name.name, &value, &length));
}

int RealKernel::socket_error(int fd) {
  int error = 0;
  socklen_t length = sizeof(error);
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

int RealKernel::local_address(int fd, Address& address) {
  sockaddr_storage storage{};
  socklen_t length = sizeof(storage);
  const int result = result_of(::getsockname(fd, generic(storage), &length));
  if (result == 0) address = Address::from_kernel(storage, length);
  return result;
}

int RealKernel::peer_address(int fd, Address& address) {
  sockaddr_storage storage{};
  socklen_t length = sizeof(storage);
  const int result = result_of(::getpeername(fd, generic(storage), &length));
  if (result == 0) address = Address::from_kernel(storage, length);
  return result;
}

int RealKernel::duplicate(int fd) { return result_of(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

int RealKernel::remove_socket_file(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return -errno;
  if (!S_ISSOCK(status.st_mode)) return -EEXIST;
  return result_of(::unlink(path.c_str()));
}

int RealKernel::change_mode(const std::string& path, unsigned mode) { return result_of(::chmod(path.c_str(), mode)); }

int RealKernel::epoll_create() { return result_of(::epoll_create1(EPOLL_CLOEXEC)); }

int RealKernel::epoll_control(int epoll, int operation, int fd, std::uint32_t events, void* data) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = data;
  return result_of(::epoll_ctl(epoll, operation, fd, &event));
}

int RealKernel::epoll_wait(int epoll, std::span<epoll_event> into, int timeout) {
  return result_of(::epoll_wait(epoll, into.data(), static_cast<int>(into.size()), timeout));
}

int RealKernel::event_create() { return result_of(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

int RealKernel::event_signal(int fd) {
  // Called from signal handlers, which must leave errno as it was.
  const int saved = errno;
  const std::uint64_t one = 1;
  const std::int64_t written = result_of<std::int64_t>(::write(fd, &one, sizeof(one)));
  errno = saved;
  return written < 0 ? static_cast<int>(written) : 0;
}

int RealKernel::event_clear(int fd) {
  std::uint64_t count = 0;
  const std::int64_t taken = result_of<std::int64_t>(::read(fd, &count, sizeof(count)));
  return taken < 0 ? static_cast<int>(taken) : 0;
}

int RealKernel::signal_create(std::span<const int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) return -error;
  return result_of(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

int RealKernel::signal_take(int fd) {
  signalfd_siginfo information{};
  const std::int64_t taken = result_of<std::int64_t>(::read(fd, &information, sizeof(information)));
  return taken < 0 ? static_cast<int>(taken) : static_cast<int>(information.ssi_signo);
}

base::Instant RealKernel::now() { return base::Instant::from_nanoseconds(nanoseconds_of(CLOCK_MONOTONIC)); }

base::WallTime RealKernel::wall_now() { return {nanoseconds_of(CLOCK_REALTIME) / 1'000'000}; }

int RealKernel::random(std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const std::int64_t taken = result_of<std::int64_t>(::getrandom(into.data(), into.size(), 0));
    if (taken == -EINTR) continue;
    if (taken < 0) return static_cast<int>(taken);
    into = into.subspan(static_cast<std::size_t>(taken));
  }
  return 0;
}

}  // namespace usher::io
