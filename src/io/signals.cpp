#include "io/signals.hpp"

#include <cerrno>
#include <span>
#include <utility>

namespace usher::io {

Signals::Signals(Loop& loop, std::function<void(int signal)> handler) : loop_(loop), handler_(std::move(handler)) {}

Signals::~Signals() {
  if (!source_) return;
  loop_.forget(*this);
  loop_.unwatch(source_.get());
}

base::Result<void> Signals::open(std::initializer_list<int> signals) {
  Kernel& kernel = loop_.kernel();
  const int fd = kernel.signal_create(std::span(signals.begin(), signals.size()));
  if (fd < 0) return base::Error{"cannot receive signals: " + describe_error(-fd), -fd};
  Descriptor source(kernel, fd);
  const int result = loop_.watch(fd, EPOLLIN, *this);
  if (result < 0) return base::Error{"cannot watch signals: " + describe_error(-result), -result};
  source_ = std::move(source);
  return {};
}

void Signals::on_ready(std::uint32_t) {
  for (;;) {
    const int signal = loop_.kernel().signal_take(source_.get());
    if (signal == -EINTR) continue;
    if (signal < 0) return;
    handler_(signal);
  }
}

}  // namespace usher::io
