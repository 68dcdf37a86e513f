#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/load/frame_counter.hpp"
#include "http/response_parser.hpp"
#include "io/connector.hpp"
#include "io/loop.hpp"
#include "io/stream.hpp"

namespace usher::app {

class LoadSocket;

/// What the owner of a LoadSocket hears. Anything may be called on the socket inside.
class LoadSocketHandler {
 public:
  /// The handshake is done, and the hello of the dialect json is there where one is expected.
  virtual void on_open(LoadSocket& socket) = 0;
  /// So many messages ended in the bytes that just came.
  virtual void on_messages(LoadSocket& socket, std::uint32_t count) = 0;
  /// Once per open(); `why` is empty after a close() that the server answered.
  virtual void on_end(LoadSocket& socket, const std::string& why) = 0;

 protected:
  ~LoadSocketHandler() = default;
};

/// A WebSocket that costs little, to make load: it sends frames that were made before, counts messages and trusts the
/// server (WebSocketClient does not). Lives on its loop; must not move while open; may be opened again after on_end().
class LoadSocket final : private io::ConnectHandler, private io::StreamHandler {
 public:
  /// What a server says before anything else.
  enum class Greeting : std::uint8_t { none, hello };

  LoadSocket(io::Loop& loop, LoadSocketHandler& handler, std::uint32_t number, Greeting greeting)
      : loop_(loop), handler_(handler), connector_(loop, *this), stream_(*this), number_(number), greeting_(greeting) {}

  /// `head` is the whole request.
  void open(const io::Address& address, std::string head);
  /// Whole masked frames.
  void send(std::string_view frames) { stream_.write_copy(frames); }
  /// Begins the closing handshake.
  void close();

  std::uint32_t number() const { return number_; }
  /// All that was received after the handshake.
  std::uint64_t received_bytes() const { return received_bytes_; }

 private:
  void on_connected(base::Result<io::Descriptor> socket) override;
  void on_bytes(std::span<char> bytes) override;
  io::AtEnd on_end() override;
  void on_closed(io::StreamEnd end) override;
  std::size_t read_answer(std::string_view bytes);
  void fail(std::string why);

  io::Loop& loop_;
  LoadSocketHandler& handler_;
  io::Connector connector_;
  io::Stream stream_;
  std::unique_ptr<http::ResponseParser> answer_;  ///< during the handshake
  FrameCounter counter_;
  std::string text_;  ///< the request; then what a refusal says
  std::string why_;
  std::uint64_t received_bytes_ = 0;
  std::uint32_t number_;
  Greeting greeting_;
  bool hello_due_ = false;
  bool closing_ = false;
};

}  // namespace usher::app
