#pragma once

#include <memory>
#include <optional>
#include <string>

#include "auth/address.hpp"
#include "base/slab.hpp"
#include "io/stream.hpp"
#include "io/timer.hpp"
#include "server/http_connection.hpp"
#include "server/session.hpp"

namespace usher::server {

class Worker;

/// One accepted byte stream: first HTTP, then perhaps a WebSocket session. Lives in its worker's slab from the accept
/// until the stream is closed.
class Connection final : public io::StreamHandler {
 public:
  Connection(Worker& worker, std::optional<auth::Address> address, Surface surface);
  ~Connection();

  /// Takes over the socket. `self` is the place in the slab. False when that failed: erase it.
  bool start(base::Handle self, io::Descriptor socket);

  Worker& worker() { return worker_; }
  io::Stream& stream() { return stream_; }
  base::Handle handle() const { return self_; }
  /// Absent on a unix socket.
  const std::optional<auth::Address>& address() const { return address_; }
  HttpConnection* http() { return http_.get(); }
  Session* session() { return session_.get(); }

  /// From HTTP to WebSocket. Reading goes on at the end of the turn, with what came behind the request, when nothing of
  /// the HTTP side is on the stack any more.
  void become(std::unique_ptr<Session> session, std::string unread);
  /// Reads on: as a session, or where the HTTP side had stopped.
  void go_on(std::string unread);

  /// The one deadline that is waited for; `never` for none.
  void arm(base::Instant at);

  void on_bytes(std::span<char> bytes) override;
  io::AtEnd on_end() override;
  void on_drained() override;
  void on_closed(io::StreamEnd end) override;

 private:
  void on_deadline();

  Worker& worker_;
  io::Stream stream_;
  io::Timer timer_;
  base::Handle self_;
  std::optional<auth::Address> address_;
  std::unique_ptr<HttpConnection> http_;
  std::unique_ptr<Session> session_;
};

}  // namespace usher::server
