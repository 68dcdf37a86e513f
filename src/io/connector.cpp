#include "io/connector.hpp"

#include <cerrno>
#include <utility>

namespace usher::io {

Connector::Connector(Loop& loop, ConnectHandler& handler)
    : loop_(loop),
      handler_(handler),
      timer_(Timer::to<&Connector::timed_out>(this)),
      report_(Deferred::to<&Connector::report>(this)) {}

Connector::~Connector() { cancel(); }

void Connector::start(const Address& address, base::Duration timeout) {
  cancel();
  Kernel& kernel = loop_.kernel();
  address_ = address;
  const int fd = kernel.socket(address.family());
  if (fd < 0) return decide(-fd);
  socket_ = Descriptor(kernel, fd);
  if (address.family() != Family::local) kernel.set_option(fd, SocketOption::no_delay, 1);
  const int result = kernel.connect(fd, address);
  // An interrupted connect goes on in the background, like one in progress.
  if (result != -EINPROGRESS && result != -EINTR) return decide(-result);
  if (const int watched = loop_.watch(fd, EPOLLOUT, *this); watched < 0) return decide(-watched);
  watched_ = true;
  timer_.arm(loop_, loop_.now() + timeout);
}

void Connector::cancel() {
  stop_watching();
  report_.cancel();
  socket_.close();
}

void Connector::stop_watching() {
  timer_.cancel();
  if (!std::exchange(watched_, false)) return;
  loop_.forget(*this);
  loop_.unwatch(socket_.get());
}

void Connector::on_ready(std::uint32_t) { decide(loop_.kernel().socket_error(socket_.get())); }

void Connector::timed_out() { decide(ETIMEDOUT); }

void Connector::decide(int system_error) {
  stop_watching();
  outcome_ = system_error;
  loop_.defer(report_);
}

void Connector::report() {
  if (outcome_ == 0) return handler_.on_connected(std::move(socket_));
  socket_.close();
  handler_.on_connected(
      base::Error{"cannot connect to " + address_.text() + ": " + describe_error(outcome_), outcome_});
}

}  // namespace usher::io
