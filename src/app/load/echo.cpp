#include <utility>
#include <vector>

#include "app/load/load_run.hpp"
#include "app/load/pace.hpp"

namespace usher::app {
namespace {

class EchoRun final : private LoadRun {
 public:
  explicit EchoRun(const LoadOptions& options) : LoadRun(options), flows_(options.sockets) {
    const std::string frame = message_frame();
    for (std::size_t i = 0; i < options.depth; ++i) frames_ += frame;
    frame_bytes_ = frame.size();
  }

  base::Result<LoadReport> run() {
    if (const auto opened = open_all(); !opened.ok()) return opened.error();
    pace_ = Pace(now(), options().rate);
    if (!pace_.open_loop()) {
      for (const auto& socket : sockets()) send_batch(*socket);
    }
    return measure([this] { return pace_.open_loop() ? send_due() : base::Duration(std::chrono::milliseconds(100)); });
  }

 private:
  /// One socket's messages.
  struct Flow {
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;
    base::Instant batch_at;  ///< when the last ones were sent, without a rate
  };

  void on_messages(LoadSocket& socket, std::uint32_t count) override {
    Flow& flow = flows_[socket.number()];
    const base::Instant at = now();
    report().received += count;
    for (; count > 0; --count, ++flow.answered) {
      const base::Instant from = pace_.open_loop() ? due(socket.number(), flow.answered) : flow.batch_at;
      report().latency.record(at - from);
    }
    if (pace_.open_loop()) {
      send_what_is_due(socket, at);
    } else if (flow.answered == flow.sent) {
      send_batch(socket);
    }
  }

  void send_batch(LoadSocket& socket) {
    Flow& flow = flows_[socket.number()];
    flow.sent += options().depth;
    report().sent += options().depth;
    flow.batch_at = now();
    socket.send(frames_);
  }

  /// The messages of all sockets take turns.
  base::Instant due(std::size_t socket, std::uint64_t number) const {
    return pace_.due(number * flows_.size() + socket);
  }

  void send_what_is_due(LoadSocket& socket, base::Instant at) {
    Flow& flow = flows_[socket.number()];
    while (flow.sent - flow.answered < options().depth && due(socket.number(), flow.sent) <= at) {
      ++flow.sent;
      ++report().sent;
      socket.send(std::string_view(frames_).substr(0, frame_bytes_));
    }
  }

  /// A socket that may not send its message yet does so when it may.
  base::Duration send_due() {
    const base::Instant at = now();
    for (; pace_.due(next_) <= at; ++next_) send_what_is_due(*sockets()[next_ % sockets().size()], at);
    // The kernel waits in whole milliseconds; what is left is spun away.
    return pace_.due(next_) - at - std::chrono::milliseconds(1);
  }

  std::vector<Flow> flows_;
  Pace pace_{{}, 0};
  std::string frames_;
  std::size_t frame_bytes_ = 0;
  std::uint64_t next_ = 0;  ///< the message that is due next
};

}  // namespace

base::Result<LoadReport> run_echo(const LoadOptions& options) { return EchoRun(options).run(); }

}  // namespace usher::app
