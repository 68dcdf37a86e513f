#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/load/api_connection.hpp"
#include "app/load/load.hpp"
#include "app/load/load_socket.hpp"
#include "io/loop.hpp"
#include "io/real_kernel.hpp"

namespace usher::app {

/// What the loads have in common: a loop, sockets that open with tickets or without, and the time that counts. A load
/// ends at the first thing that goes wrong, for what it measured would mean nothing.
class LoadRun : public LoadSocketHandler {
 public:
  explicit LoadRun(const LoadOptions& options);
  LoadRun(const LoadRun&) = delete;
  LoadRun& operator=(const LoadRun&) = delete;

 protected:
  ~LoadRun() = default;

  /// Opens all sockets and waits for them.
  base::Result<void> open_all();
  /// Warm-up and span, `turn` before each turn of the loop: it does what is due and says how long the loop may wait.
  base::Result<LoadReport> measure(const std::function<base::Duration()>& turn);
  /// Has its ticket minted when one is needed, then connects.
  void open(LoadSocket& socket);
  void fail(std::string why);

  base::Instant now() { return loop_.kernel().now(); }
  const LoadOptions& options() const { return options_; }
  std::vector<std::unique_ptr<LoadSocket>>& sockets() { return sockets_; }
  ApiConnection& api() { return *api_; }
  LoadReport& report() { return report_; }
  io::Loop& loop() { return loop_; }
  /// A masked frame that the server takes as one message with so long a payload.
  std::string message_frame() const;

 private:
  static constexpr std::size_t opening_max = 64;  ///< sockets that open at once

  std::string head_for(const LoadSocket& socket, const std::string& ticket) const;
  std::uint64_t received_bytes() const;
  void on_open(LoadSocket& socket) override;
  void on_end(LoadSocket& socket, const std::string& why) override;

  const LoadOptions& options_;
  io::RealKernel kernel_;
  io::Loop loop_{kernel_};
  std::optional<ApiConnection> api_;
  std::vector<std::unique_ptr<LoadSocket>> sockets_;
  LoadReport report_;
  std::size_t asked_ = 0;  ///< sockets that were told to open
  std::size_t open_ = 0;
  std::string failure_;
};

/// The text of a message of the dialect, of which `payload_bytes` are payload.
std::string message_text(const std::string& protocol, std::size_t payload_bytes);

}  // namespace usher::app
