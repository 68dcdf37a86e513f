#include "server/connection.hpp"

#include <utility>

#include "server/worker.hpp"

namespace usher::server {

Connection::Connection(Worker& worker, std::optional<auth::Address> address, Surface surface)
    : worker_(worker),
      stream_(*this),
      timer_(io::Timer::to<&Connection::on_deadline>(this)),
      address_(std::move(address)),
      http_(std::make_unique<HttpConnection>(*this, surface)) {}

Connection::~Connection() = default;

bool Connection::start(base::Handle self, io::Descriptor socket) {
  self_ = self;
  return stream_.open(worker_.loop(), std::move(socket)).ok();
}

void Connection::become(std::unique_ptr<Session> session, std::string unread) {
  session_ = std::move(session);
  stream_.pause();
  worker_.go_on_later(self_, std::move(unread));
  arm(session_->deadline());
}

void Connection::go_on(std::string unread) {
  if (!session_) return http_->on_drained();
  if (!http_) return session_->go_on();
  const bool peer_ended = http_ && http_->peer_ended();
  http_.reset();
  stream_.resume();
  if (!unread.empty()) session_->on_bytes(unread);
  if (peer_ended) session_->on_end();
}

void Connection::arm(base::Instant at) { timer_.arm(worker_.loop(), at); }

void Connection::on_bytes(std::span<char> bytes) {
  if (session_) {
    session_->on_bytes(bytes);
  } else {
    http_->on_bytes({bytes.data(), bytes.size()});
  }
}

io::AtEnd Connection::on_end() {
  if (session_) {
    session_->on_end();
    return io::AtEnd::keep_writing;
  }
  http_->on_end();
  if (http_->may_close()) stream_.finish();
  return io::AtEnd::keep_writing;
}

void Connection::on_drained() {
  if (session_) {
    session_->on_drained();
  } else {
    http_->on_drained();
  }
}

void Connection::on_closed(io::StreamEnd end) {
  if (session_) session_->on_closed(end);
  worker_.on_connection_closed(*this);
}

void Connection::on_deadline() {
  if (session_) {
    session_->on_deadline();
  } else {
    http_->on_deadline();
  }
}

}  // namespace usher::server
