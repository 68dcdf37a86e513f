#pragma once

#include <string>
#include <string_view>

#include "io/loop.hpp"
#include "io/timer.hpp"

namespace usher::app {

class TerminalInputHandler {
 public:
  /// A line, without its end.
  virtual void on_line(std::string_view line) = 0;
  virtual void on_input_end() = 0;

 protected:
  ~TerminalInputHandler() = default;
};

/// Standard input, line by line, on a loop. Lines above 1 MiB are cut there. What is left without a line end at the end
/// is a line too.
class TerminalInput final : private io::Watcher {
 public:
  static constexpr std::size_t line_bytes_max = std::size_t{1} << 20;

  TerminalInput(io::Loop& loop, TerminalInputHandler& handler);
  ~TerminalInput();

  void start();
  void stop();

 private:
  void on_ready(std::uint32_t events) override;
  void on_turn();
  void read_some();

  io::Loop& loop_;
  TerminalInputHandler& handler_;
  io::Timer next_;  ///< of a plain file, which cannot be waited for: it is always ready
  std::string line_;
  bool watched_ = false;
  bool running_ = false;
};

}  // namespace usher::app
