#pragma once

#include "io/kernel.hpp"

namespace usher::io {

/// Linux. Has no state: one object serves all threads.
class RealKernel final : public Kernel {
 public:
  std::int64_t receive(int fd, std::span<char> into) override;
  std::int64_t send(int fd, std::span<const char> bytes) override;
  std::int64_t send_vector(int fd, std::span<const iovec> pieces) override;
  int socket(Family family) override;
  int bind(int fd, const Address& address) override;
  int listen(int fd, int backlog) override;
  int accept(int fd, Address& peer) override;
  int connect(int fd, const Address& address) override;
  int shutdown_write(int fd) override;
  int close(int fd) override;
  int set_option(int fd, SocketOption option, int value) override;
  int get_option(int fd, SocketOption option, int& value) override;
  int socket_error(int fd) override;
  int local_address(int fd, Address& address) override;
  int peer_address(int fd, Address& address) override;
  int duplicate(int fd) override;
  int remove_socket_file(const std::string& path) override;
  int change_mode(const std::string& path, unsigned mode) override;
  int epoll_create() override;
  int epoll_control(int epoll, int operation, int fd, std::uint32_t events, void* data) override;
  int epoll_wait(int epoll, std::span<epoll_event> into, int timeout) override;
  int event_create() override;
  int event_signal(int fd) override;
  int event_clear(int fd) override;
  int signal_create(std::span<const int> signals) override;
  int signal_take(int fd) override;
  base::Instant now() override;
  base::WallTime wall_now() override;
  int random(std::span<std::uint8_t> into) override;
};

}  // namespace usher::io
