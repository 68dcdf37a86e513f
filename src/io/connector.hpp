#pragma once

#include "base/result.hpp"
#include "io/descriptor.hpp"
#include "io/loop.hpp"

namespace usher::io {

/// Who wants a connection.
class ConnectHandler {
 public:
  /// Once per start(), from the loop, never inside start(). The socket is ready for Stream::open(). The connector may
  /// be started again or destroyed inside.
  virtual void on_connected(base::Result<Descriptor> socket) = 0;

 protected:
  ~ConnectHandler() = default;
};

/// Opens one client connection at a time, without blocking. TCP sockets get TCP_NODELAY.
class Connector final : private Watcher {
 public:
  static constexpr base::Duration timeout_default = std::chrono::seconds(10);

  Connector(Loop& loop, ConnectHandler& handler);
  ~Connector();

  /// Gives up what it was doing before, without telling.
  void start(const Address& address, base::Duration timeout = timeout_default);
  /// on_connected() is not called any more.
  void cancel();

 private:
  void on_ready(std::uint32_t events) override;
  void timed_out();
  void report();
  void decide(int system_error);
  void stop_watching();

  Loop& loop_;
  ConnectHandler& handler_;
  Descriptor socket_;
  Address address_;
  int outcome_ = 0;  ///< 0 or an errno value, told by report()
  bool watched_ = false;
  Timer timer_;
  Deferred report_;
};

}  // namespace usher::io
