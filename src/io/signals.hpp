#pragma once

#include <functional>
#include <initializer_list>

#include "base/result.hpp"
#include "io/descriptor.hpp"
#include "io/loop.hpp"

namespace usher::io {

/// Turns signals into calls from a loop: a handler may then do anything. Open it before other threads are made, because
/// they inherit that the signals are blocked.
class Signals final : private Watcher {
 public:
  Signals(Loop& loop, std::function<void(int signal)> handler);
  ~Signals();

  base::Result<void> open(std::initializer_list<int> signals);

 private:
  void on_ready(std::uint32_t events) override;

  Loop& loop_;
  std::function<void(int)> handler_;
  Descriptor source_;
};

}  // namespace usher::io
