#pragma once

#include <cerrno>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/kernel.hpp"

namespace usher::io {

struct SimulatedEpoll;
struct SimulatedObject;
struct SimulatedSocket;

/// The test's end of a simulated connection. It reads and writes at once and without a limit.
class SimulatedPeer {
 public:
  SimulatedPeer() = default;
  explicit SimulatedPeer(std::shared_ptr<SimulatedSocket> socket) : socket_(std::move(socket)) {}
  explicit operator bool() const { return socket_ != nullptr; }

  void write(std::string_view bytes);
  /// Takes up to `bytes_max` of what usher has written.
  std::string read(std::size_t bytes_max = SIZE_MAX);
  /// Ends the peer's direction; it still reads.
  void end_writing();
  /// Ends both; unread input makes it a reset, as in a real kernel.
  void close();
  void reset();

  /// usher has ended its direction (FIN), and all before it was read.
  bool saw_end() const;
  /// usher has reset the connection.
  bool saw_reset() const;
  /// What usher has written and was not read yet.
  std::size_t unread() const;

 private:
  std::shared_ptr<SimulatedSocket> socket_;
};

/// A kernel in memory: deterministic, on virtual time, single-threaded.
///
/// Time moves only when epoll_wait() finds nothing ready (then by its timeout; not at all for an endless one, which
/// returns at once) and by advance(). Sockets behave like TCP: bounded buffers, ends, resets, and a close with unread
/// input is a reset that destroys what the other side has not read.
class SimulatedKernel final : public Kernel {
 public:
  enum class Call : std::uint8_t {
    receive,
    send,
    send_vector,
    socket,
    bind,
    listen,
    accept,
    connect,
    shutdown_write,
    close,
    set_option,
    get_option,
    local_address,
    peer_address,
    duplicate,
    remove_socket_file,
    change_mode,
    epoll_create,
    epoll_control,
    epoll_wait,
    event_create,
    event_signal,
    event_clear,
    signal_create,
    signal_take,
    random,
  };
  static constexpr std::size_t call_kinds = 26;

  /// What a scripted call does: fails, or moves at most so many bytes.
  struct Step {
    int error = 0;
    std::size_t bytes_max = SIZE_MAX;
    static Step fail(int system_error) { return {system_error, 0}; }
    static Step at_most(std::size_t bytes) { return {0, bytes}; }
    static Step as_usual() { return {}; }
  };

  SimulatedKernel();
  ~SimulatedKernel() override;

  // What tests do.

  /// Connects to a listener of usher's; an empty peer when nobody listens there.
  SimulatedPeer connect_to(const Address& listener, const Address& from = Address());
  /// A connection that is there already: the descriptor is usher's, the peer the test's.
  SimulatedPeer make_pair(int& fd);
  /// From now on the test listens there; connections of usher's come out of next_connection().
  void serve(const Address& address);
  /// An empty peer when there is none.
  SimulatedPeer next_connection(const Address& address);
  /// A connect() there stays undecided for ever.
  void swallow(const Address& address);

  void advance(base::Duration duration);
  void set_wall_time(base::WallTime time);
  void raise_signal(int signal);
  /// Puts a file, which is not a socket, at the path; a dead socket if `socket` is true.
  void put_file(const std::string& path, bool socket);
  bool file_exists(const std::string& path) const;

  /// The next calls of a kind, one step each; afterwards as usual.
  void script(Call call, std::initializer_list<Step> steps);
  /// Every receive or send from now on moves at most so many bytes.
  void limit_receive(std::size_t bytes_max) { receive_max_ = bytes_max; }
  void limit_send(std::size_t bytes_max) { send_max_ = bytes_max; }
  /// How much a peer's kernel buffers before send() says EAGAIN. 64 KiB at first. For connections made afterwards.
  void set_buffer_bytes(std::size_t bytes) { buffer_bytes_ = bytes; }
  /// The n-th call of the kind from now on (1 is the next) fails.
  void fail_call(Call call, std::uint64_t nth, int error);
  /// The n-th failable call of any kind from now on fails with an errno that fits it: for tests that fail each call in
  /// turn. close(), the
  /// clocks, events, and taking a descriptor out of epoll cannot fail.
  void fail_nth(std::uint64_t nth);
  /// The failure that fail_nth() or fail_call() asked for has happened.
  bool failed() const { return failed_; }
  /// The kind of the call that failed.
  Call failed_call() const { return failed_call_; }
  std::uint64_t calls(Call call) const { return calls_[static_cast<std::size_t>(call)]; }

  void limit_descriptors(std::size_t max) { descriptors_max_ = max; }
  std::size_t open_descriptors() const { return objects_.size(); }
  int option(int fd, SocketOption option);

  // The kernel.

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
  base::Instant now() override { return now_; }
  base::WallTime wall_now() override { return wall_; }
  int random(std::span<std::uint8_t> into) override;

 private:
  Step next_step(Call call);
  int add(std::shared_ptr<SimulatedObject> object);
  template <typename T>
  std::shared_ptr<T> find(int fd) const;
  std::shared_ptr<SimulatedSocket> make_socket(Family family);
  std::shared_ptr<SimulatedSocket> listener_at(const Address& address) const;
  std::int64_t send_pieces(int fd, Step step, std::span<const iovec> pieces);

  std::map<int, std::shared_ptr<SimulatedObject>> objects_;
  std::vector<std::weak_ptr<SimulatedSocket>> sockets_;         ///< all there ever were: ends hold each other
  std::map<Address, std::shared_ptr<SimulatedSocket>> served_;  ///< where the test listens
  std::set<Address> swallowed_;
  std::map<std::string, bool> files_;  ///< path → is a socket
  std::map<Call, std::deque<Step>> scripts_;
  std::uint64_t calls_[call_kinds] = {};
  std::uint64_t fail_after_[call_kinds] = {};  ///< 0: no failure planned
  int fail_error_[call_kinds] = {};
  std::uint64_t fail_any_after_ = 0;
  bool failed_ = false;
  Call failed_call_{};
  std::size_t receive_max_ = SIZE_MAX;
  std::size_t send_max_ = SIZE_MAX;
  std::size_t buffer_bytes_ = 64 * 1024;
  std::size_t descriptors_max_ = SIZE_MAX;
  std::uint16_t next_port_ = 40000;
  std::uint64_t random_state_ = 1;
  base::Instant now_;
  base::WallTime wall_;
};

}  // namespace usher::io
