#include <vector>

#include "app/load/load_run.hpp"

namespace usher::app {
namespace {

class TicketRun final : private LoadRun {
 public:
  explicit TicketRun(const LoadOptions& options) : LoadRun(options), asked_at_(options.sockets) {}

  base::Result<LoadReport> run() {
    for (const auto& socket : sockets()) begin(*socket);
    return measure([] { return base::Duration(std::chrono::milliseconds(100)); });
  }

 private:
  void begin(LoadSocket& socket) {
    ++report().sent;
    asked_at_[socket.number()] = now();
    open(socket);
  }

  void on_open(LoadSocket& socket) override {
    ++report().received;
    report().latency.record(now() - asked_at_[socket.number()]);
    socket.close();
  }

  void on_messages(LoadSocket&, std::uint32_t) override {}

  void on_end(LoadSocket& socket, const std::string& why) override {
    if (!why.empty()) return fail("socket " + std::to_string(socket.number()) + ": " + why);
    begin(socket);
  }

  std::vector<base::Instant> asked_at_;
};

}  // namespace

base::Result<LoadReport> run_tickets(const LoadOptions& options) { return TicketRun(options).run(); }

}  // namespace usher::app
