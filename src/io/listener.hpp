#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "io/descriptor.hpp"
#include "io/loop.hpp"

namespace usher::io {

/// Who takes in connections.
class AcceptHandler {
 public:
  /// `peer` has family none for unix sockets. A socket that is not kept is closed. The listener may be closed inside,
  /// but not destroyed.
  virtual void on_accept(Descriptor socket, const Address& peer) = 0;

 protected:
  ~AcceptHandler() = default;
};

/// Who else listens on a TCP address. A first listener makes sure that no other process does: with SO_REUSEPORT alone
/// two servers would silently share the port.
enum class PortUse : std::uint8_t { alone, first_of_several, next_of_several };

struct ListenOptions {
  PortUse port_use = PortUse::alone;
  int backlog = 4096;
  /// `[::]` takes IPv4 too (dual stack) unless this is set.
  bool ipv6_only = false;
  /// Unsent bytes above which a socket is not writable (TCP_NOTSENT_LOWAT), so that slow peers show early.
  int not_sent_low_water = 16 * 1024;
  /// The mode of a unix socket's file.
  unsigned mode = 0660;
};

/// A listening socket on a loop. Accepted TCP sockets inherit TCP_NODELAY and TCP_NOTSENT_LOWAT. When descriptors run
/// out it stops accepting for a while, twice as long each time up to a second, instead of spinning; the peers wait in
/// the backlog.
class Listener final : private Watcher {
 public:
  /// At most this many accepts per turn.
  static constexpr int accepts_per_turn = 64;
  static constexpr base::Duration back_off_first = std::chrono::milliseconds(20);
  static constexpr base::Duration back_off_max = std::chrono::seconds(1);

  struct Counts {
    std::uint64_t accepted = 0;
    std::uint64_t aborted = 0;    ///< accepts that failed because of the peer or the network
    std::uint64_t exhausted = 0;  ///< no descriptor or no memory left: times that accepting was stopped
  };

  Listener(Loop& loop, AcceptHandler& handler);
  ~Listener();

  /// Binds and listens. The file of a unix socket is replaced only if nobody answers behind it. The error says what
  /// failed and how to help: the port is in use, no permission, no such address.
  base::Result<void> open(const Address& address, const ListenOptions& options = {});
  /// Shares another listener's socket, also one of another loop: for unix sockets, which have no SO_REUSEPORT. The
  /// other must be open and must not be used by its own thread meanwhile.
  base::Result<void> share(const Listener& other);

  bool is_open() const { return static_cast<bool>(socket_); }
  /// Where it is really bound: with the port that the kernel chose for port 0.
  const Address& address() const { return address_; }
  const Counts& counts() const { return counts_; }

  /// Accepts what is in the backlog, until there is nothing, then closes: whoever was let in by the kernel is served.
  void drain_and_close();
  void close();

 private:
  enum class Accepted : std::uint8_t { yes, retry, nothing_left, exhausted };

  void on_ready(std::uint32_t events) override;
  Accepted accept_one();
  void back_off();
  void resume();

  Loop& loop_;
  AcceptHandler& handler_;
  Descriptor socket_;
  Address address_;
  Counts counts_;
  std::uint32_t events_ = 0;  ///< what epoll is asked for
  Timer back_off_timer_;
  base::Duration next_back_off_ = back_off_first;
  bool back_off_ = false;  ///< not watched until the timer fires
  bool owns_file_ = false;
};

}  // namespace usher::io
