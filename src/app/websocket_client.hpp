#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/trace_format.hpp"
#include "http/response_parser.hpp"
#include "io/connector.hpp"
#include "io/loop.hpp"
#include "io/stream.hpp"
#include "io/timer.hpp"
#include "websocket/client_handshake.hpp"
#include "websocket/connection.hpp"

namespace usher::app {

/// How the life of a WebSocketClient ended.
struct ClientEnd {
  enum class Stage : std::uint8_t {
    connecting,  ///< there was no connection; `message` says why and what to do
    handshake,   ///< the server did not agree; `status` (0: no answer), `body` and `message` say how
    open,        ///< it was open; `closing` tells the rest
  };
  Stage stage = Stage::connecting;
  std::string message;
  int status = 0;
  std::string body;
  ClosingStory closing;

  /// The code of the server's Close, or 1006 where there was none.
  websocket::CloseCode code() const;
  std::string_view reason() const;
};

/// What a client hears. Anything may be called on the client inside.
class WebSocketClientHandler {
 public:
  virtual void on_open(std::string_view protocol) = 0;
  virtual void on_message(websocket::Opcode kind, std::string_view payload) = 0;
  /// Once, and last. The client may be destroyed inside.
  virtual void on_end(const ClientEnd& end) = 0;

  /// For the trace: the heads, and all bytes after them. Times are counted from `start`.
  virtual void on_head(Direction, base::Duration, std::string_view) {}
  virtual void on_wire(Direction, base::Duration, std::string_view) {}

 protected:
  ~WebSocketClientHandler() = default;
};

/// One WebSocket to a server, over io and the client role of websocket. Used once. Lives on its loop; must not move.
class WebSocketClient final : private io::ConnectHandler, private io::StreamHandler {
 public:
  static constexpr base::Duration handshake_timeout = std::chrono::seconds(10);
  static constexpr std::size_t message_bytes_max = std::size_t{16} << 20;
  static constexpr std::uint64_t refusal_bytes_max = 65536;

  WebSocketClient(io::Loop& loop, WebSocketClientHandler& handler);
  ~WebSocketClient();

  /// The key is drawn here.
  void start(const io::Address& address, websocket::ClientRequest request);
  /// Sends one message in one frame. Does nothing unless the connection is open.
  void send(websocket::Opcode kind, std::string_view payload);
  /// Begins the closing handshake; before the connection is open, gives up.
  void close(websocket::CloseCode code, std::string_view reason);

 private:
  void on_connected(base::Result<io::Descriptor> socket) override;
  void on_bytes(std::span<char> bytes) override;
  io::AtEnd on_end() override;
  void on_closed(io::StreamEnd end) override;
  void on_timer();
  std::size_t read_answer(std::string_view bytes);
  void decide();
  void read_frames(std::span<char> bytes);
  void after_work();
  void write(std::string_view bytes);
  void fail_handshake(std::string message);
  void report();
  void note_close(Direction direction, websocket::CloseCode code, std::string_view reason);
  base::Duration elapsed() const { return loop_.kernel().now() - started_; }

  io::Loop& loop_;
  WebSocketClientHandler& handler_;
  io::Connector connector_;
  io::Stream stream_;
  io::Timer timer_;
  base::Instant started_;
  websocket::ClientRequest request_;
  http::ResponseParser answer_;
  websocket::ConnectionResources resources_;
  std::optional<websocket::Connection> connection_;
  ClientEnd end_;
};

/// Fills the span with unpredictable bytes.
void fill_random(std::span<std::uint8_t> into);

}  // namespace usher::app
