#pragma once

#include <sys/epoll.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "io/address.hpp"

namespace usher::io {

enum class SocketOption : std::uint8_t {
  reuse_address,
  reuse_port,
  ipv6_only,
  no_delay,            ///< TCP_NODELAY
  not_sent_low_water,  ///< TCP_NOTSENT_LOWAT, bytes
  reset_on_close,      ///< SO_LINGER with time 0: close() sends RST
  send_buffer,
  receive_buffer,
};

/// Every system call that usher makes on descriptors, clocks and entropy, so that a test can fail each of them, shorten
/// reads and writes, and run on virtual time.
///
/// Each call returns what the system call returns, or -errno. All sockets are non-blocking and close-on-exec. Nothing
/// is retried here: EINTR reaches the caller.
class Kernel {
 public:
  virtual ~Kernel() = default;

  virtual std::int64_t receive(int fd, std::span<char> into) = 0;
  /// Never raises SIGPIPE.
  virtual std::int64_t send(int fd, std::span<const char> bytes) = 0;
  /// At most IOV_MAX (1024) pieces.
  virtual std::int64_t send_vector(int fd, std::span<const iovec> pieces) = 0;

  virtual int socket(Family family) = 0;
  virtual int bind(int fd, const Address& address) = 0;
  virtual int listen(int fd, int backlog) = 0;
  /// The accepted descriptor; `peer` is set.
  virtual int accept(int fd, Address& peer) = 0;
  /// 0, or -EINPROGRESS: then writable means decided, and socket_error() says how.
  virtual int connect(int fd, const Address& address) = 0;
  /// Ends our direction (SHUT_WR).
  virtual int shutdown_write(int fd) = 0;
  virtual int close(int fd) = 0;
  virtual int set_option(int fd, SocketOption option, int value) = 0;
  virtual int get_option(int fd, SocketOption option, int& value) = 0;
  /// Takes the socket's pending error (SO_ERROR): 0 or a positive errno.
  virtual int socket_error(int fd) = 0;
  virtual int local_address(int fd, Address& address) = 0;
  virtual int peer_address(int fd, Address& address) = 0;
  virtual int duplicate(int fd) = 0;

  /// Unlinks `path` if it is a socket, else -EEXIST.
  virtual int remove_socket_file(const std::string& path) = 0;
  virtual int change_mode(const std::string& path, unsigned mode) = 0;

  virtual int epoll_create() = 0;
  virtual int epoll_control(int epoll, int operation, int fd, std::uint32_t events, void* data) = 0;
  /// `timeout` in milliseconds, -1: for ever.
  virtual int epoll_wait(int epoll, std::span<epoll_event> into, int timeout) = 0;

  virtual int event_create() = 0;
  /// Makes the event readable. From any thread and from signal handlers.
  virtual int event_signal(int fd) = 0;
  /// Makes it unreadable again.
  virtual int event_clear(int fd) = 0;

  /// Blocks the signals in the calling thread (threads made afterwards inherit it) and opens a descriptor that becomes
  /// readable when one of them arrives.
  virtual int signal_create(std::span<const int> signals) = 0;
  /// The number of the signal that arrived, or -EAGAIN.
  virtual int signal_take(int fd) = 0;

  virtual base::Instant now() = 0;
  virtual base::WallTime wall_now() = 0;
  /// Fills `into` with bytes from the system's generator, wholly, or -errno.
  virtual int random(std::span<std::uint8_t> into) = 0;
};

/// The errno value in words, for the end of an operator's sentence: "permission denied".
std::string describe_error(int system_error);

}  // namespace usher::io
