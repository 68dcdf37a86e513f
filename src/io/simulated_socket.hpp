#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "io/kernel.hpp"

namespace usher::io {

/// What a descriptor of the simulated kernel stands for.
struct SimulatedObject {
  virtual ~SimulatedObject() = default;
  /// As epoll would say, level-triggered.
  virtual std::uint32_t readiness() const = 0;
};

struct SimulatedEvent final : SimulatedObject {
  std::uint32_t readiness() const override { return signalled ? static_cast<std::uint32_t>(EPOLLIN) : 0; }
  bool signalled = false;
};

struct SimulatedSignals final : SimulatedObject {
  std::uint32_t readiness() const override { return arrived.empty() ? 0 : static_cast<std::uint32_t>(EPOLLIN); }
  std::deque<int> arrived;
};

struct SimulatedEpoll final : SimulatedObject {
  struct Interest {
    std::shared_ptr<SimulatedObject> object;
    std::uint32_t events = 0;
    void* data = nullptr;
  };
  std::uint32_t readiness() const override { return 0; }
  std::map<int, Interest> interests;  ///< by descriptor
};

/// One end of a simulated connection, or a listener. Both ends are made alike; one may be the test's.
struct SimulatedSocket final : SimulatedObject {
  enum class State : std::uint8_t { fresh, bound, listening, undecided, connected, refused };

  std::uint32_t readiness() const override;

  /// Bytes that were taken, or -errno.
  std::int64_t take(std::span<char> into);
  /// Bytes that the other end's buffer took, or -errno.
  std::int64_t give(std::string_view bytes);
  /// FIN.
  void end_writing();
  /// RST: what the other end has not read is destroyed.
  void reset();
  /// FIN, or RST if there is unread input or `reset_on_close` is set. A listener resets its backlog.
  void close();
  std::size_t room_at_peer() const;

  Family family = Family::none;
  State state = State::fresh;
  Address local;
  Address remote;
  std::map<SocketOption, int> options;

  std::deque<std::shared_ptr<SimulatedSocket>> backlog;
  std::size_t backlog_max = 0;

  std::shared_ptr<SimulatedSocket> peer;  ///< null after close(), and when this end was reset
  std::string incoming;
  std::size_t incoming_max = SIZE_MAX;
  int error = 0;  ///< pending, as SO_ERROR
  bool peer_ended = false;
  bool was_reset = false;  ///< by the peer
  bool write_ended = false;
  bool closed = false;
};

/// Joins two ends.
void connect_sockets(const std::shared_ptr<SimulatedSocket>& a, const std::shared_ptr<SimulatedSocket>& b);

}  // namespace usher::io
