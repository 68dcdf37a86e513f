#include "app/terminal_input.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace usher::app {

TerminalInput::TerminalInput(io::Loop& loop, TerminalInputHandler& handler)
    : loop_(loop), handler_(handler), next_(io::Timer::to<&TerminalInput::on_turn>(this)) {}

TerminalInput::~TerminalInput() { stop(); }

void TerminalInput::start() {
  running_ = true;
  watched_ = loop_.watch(STDIN_FILENO, EPOLLIN, *this) == 0;
  if (!watched_) next_.arm(loop_, loop_.now());
}

void TerminalInput::stop() {
  if (watched_) {
    loop_.unwatch(STDIN_FILENO);
    loop_.forget(*this);
  }
  next_.cancel();
  watched_ = false;
  running_ = false;
}

void TerminalInput::on_ready(std::uint32_t) { read_some(); }

void TerminalInput::on_turn() {
  read_some();
  if (running_) next_.arm(loop_, loop_.now());
}

void TerminalInput::read_some() {
  std::array<char, 16384> buffer;
  const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (size <= 0) {
    stop();
    if (!line_.empty()) handler_.on_line(std::exchange(line_, {}));
    return handler_.on_input_end();
  }
  std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
  while (running_ && !bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    if (end == std::string_view::npos && line_.size() < line_bytes_max) return;
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (line_.ends_with('\r')) line_.pop_back();
    handler_.on_line(std::exchange(line_, {}));
  }
}

}  // namespace usher::app
