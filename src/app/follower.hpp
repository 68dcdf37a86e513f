#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/api_client.hpp"
#include "app/websocket_client.hpp"

namespace usher::app {

/// Follows one channel for `usher subscribe`: mints a ticket, opens a socket with `usher.json.v1`, hands each
/// publication on, and comes back with a fresh ticket and its position when the connection ends. Lives on its loop.
class Follower final : private WebSocketClientHandler {
 public:
  struct Target {
    io::Address address;
    ApiAccess access;
    std::string user;
    std::string channel;
  };
  struct Events {
    std::function<void(std::string_view text)> publication;  ///< the message as it came
    std::function<void(std::string_view text)> notice;       ///< one line for the user
    std::function<void(std::string_view why)> gave_up;       ///< last; the follower does nothing more
  };

  static constexpr base::Duration back_off_first = std::chrono::milliseconds(500);
  static constexpr base::Duration back_off_max = std::chrono::seconds(30);
  /// The server pings more often; who hears nothing for so long is not connected any more.
  static constexpr base::Duration silence_max = std::chrono::seconds(90);

  Follower(io::Loop& loop, Target target, Events events);

  void start();

 private:
  void on_open(std::string_view) override {}
  void on_message(websocket::Opcode kind, std::string_view payload) override;
  void on_end(const ClientEnd& end) override;
  void on_wire(Direction direction, base::Duration, std::string_view) override;
  void on_ticket(const base::Result<HttpAnswer>& answer);
  void on_timer();
  void on_silence();
  void connect(const std::string& ticket);
  void come_back(std::string_view why);
  void give_up(std::string_view why);

  io::Loop& loop_;
  Target target_;
  Events events_;
  std::unique_ptr<HttpExchange> exchange_;
  std::unique_ptr<WebSocketClient> client_;
  io::Timer retry_;
  io::Timer silence_;
  base::Duration back_off_ = back_off_first;
  bool was_open_ = false;
  std::string offset_;  ///< where the stream goes on; empty: from now on
  std::string epoch_;
};

/// Whether a close code asks to come back, by usher's table; unknown codes and none do.
bool should_come_back(websocket::CloseCode code);

}  // namespace usher::app
