#include "app/websocket_client.hpp"

#include <array>
#include <span>
#include <utility>

#include "app/url.hpp"
#include "base/base64.hpp"
#include "io/real_kernel.hpp"

namespace usher::app {
namespace {

using websocket::CloseCode;
using websocket::Event;
using websocket::Opcode;

constexpr std::size_t key_bytes = 16;

websocket::MaskKey draw_mask_key() {
  websocket::MaskKey key;
  fill_random(key);
  return key;
}

std::string draw_handshake_key() {
  std::array<std::uint8_t, key_bytes> bytes;
  fill_random(bytes);
  return base::base64_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

websocket::ServerResponse response_of(int status, const http::HeaderFields& head) {
  const auto lines = [&](std::string_view name) {
    websocket::HeaderLines values;
    head.for_each(name, [&](std::string_view value) { values.push_back(value); });
    return values;
  };
  return {status,
          lines("Upgrade"),
          lines("Connection"),
          lines("Sec-WebSocket-Accept"),
          lines("Sec-WebSocket-Protocol"),
          lines("Sec-WebSocket-Extensions")};
}

}  // namespace

void fill_random(std::span<std::uint8_t> into) {
  static io::RealKernel kernel;
  // Without entropy no key would be one.
  ASSERT(kernel.random(into) >= 0);
}

CloseCode ClientEnd::code() const {
  for (const auto* part : {&closing.first, &closing.second}) {
    if (*part && (*part)->direction == Direction::received) return (*part)->code;
  }
  return CloseCode::abnormal;
}

std::string_view ClientEnd::reason() const {
  for (const auto* part : {&closing.first, &closing.second}) {
    if (*part && (*part)->direction == Direction::received) return (*part)->reason;
  }
  return {};
}

WebSocketClient::WebSocketClient(io::Loop& loop, WebSocketClientHandler& handler)
    : loop_(loop),
      handler_(handler),
      connector_(loop, *this),
      stream_(*this),
      timer_(io::Timer::to<&WebSocketClient::on_timer>(this)),
      answer_(http::AnswerTo::other_request, refusal_bytes_max) {
  resources_.draw_mask_key = draw_mask_key;
}

WebSocketClient::~WebSocketClient() = default;

void WebSocketClient::start(const io::Address& address, websocket::ClientRequest request) {
  request_ = std::move(request);
  request_.key = draw_handshake_key();
  started_ = loop_.kernel().now();
  connector_.start(address);
}

void WebSocketClient::send(Opcode kind, std::string_view payload) {
  if (!connection_ || !connection_->may_send()) return;
  std::string frame;
  websocket::append_masked_frame(frame, kind, websocket::Rsv1::clear, payload, draw_mask_key());
  write(frame);
}

void WebSocketClient::close(CloseCode code, std::string_view reason) {
  if (!connection_) {
    fail_handshake("given up before the connection was open");
    // A stream that is not open has no end to report: the timer does.
    if (!stream_.is_open()) {
      connector_.cancel();
      timer_.arm(loop_, loop_.now());
    }
    return;
  }
  if (!connection_->may_send()) return;
  connection_->send_close(code, reason, loop_.now());
  note_close(Direction::sent, code, reason);
  after_work();
}

void WebSocketClient::on_connected(base::Result<io::Descriptor> socket) {
  base::Error error;
  if (socket.ok()) {
    const auto opened = stream_.open(loop_, std::move(socket).value());
    if (opened.ok()) {
      end_.stage = ClientEnd::Stage::handshake;
      timer_.arm(loop_, loop_.now() + handshake_timeout);
      const std::string head = websocket::client_request(request_);
      handler_.on_head(Direction::sent, elapsed(), head);
      stream_.write_copy(head);
      return;
    }
    error = opened.error();
  } else {
    error = socket.error();
  }
  end_.message = connect_advice(error);
  report();
}

void WebSocketClient::on_bytes(std::span<char> bytes) {
  if (!connection_) {
    bytes = bytes.subspan(read_answer({bytes.data(), bytes.size()}));
    if (!connection_ || bytes.empty()) return;
  }
  read_frames(bytes);
}

std::size_t WebSocketClient::read_answer(std::string_view bytes) {
  std::size_t used = 0;
  while (!connection_ && end_.message.empty()) {
    used += answer_.receive(bytes.substr(used));
    switch (answer_.event()) {
      case http::MessageEvent::none:
        return used;
      case http::MessageEvent::head:
        handler_.on_head(Direction::received, elapsed(), answer_.head().bytes());
        end_.status = answer_.status();
        if (end_.status == 101) decide();
        break;
      case http::MessageEvent::body:
        end_.body += answer_.body();
        break;
      case http::MessageEvent::end:
        fail_handshake(std::string(websocket::describe(websocket::ResponseError::status)));
        break;
      case http::MessageEvent::failed:
        fail_handshake("the answer is no HTTP: " + std::string(http::info(answer_.error()).detail));
        break;
    }
  }
  return used;
}

void WebSocketClient::decide() {
  const auto accepted = websocket::check_server_response(response_of(end_.status, answer_.head()), request_);
  if (!accepted.ok()) return fail_handshake(std::string(websocket::describe(accepted.error())));
  timer_.cancel();
  end_.stage = ClientEnd::Stage::open;
  websocket::ConnectionSettings settings;
  settings.role = websocket::Role::client;
  settings.version = request_.version;
  settings.message_bytes_max = message_bytes_max;
  settings.deflate = accepted->deflate;
  connection_.emplace(settings, resources_);
  handler_.on_open(accepted->protocol);
}

void WebSocketClient::read_frames(std::span<char> bytes) {
  handler_.on_wire(Direction::received, elapsed(), {bytes.data(), bytes.size()});
  connection_->receive(bytes, loop_.now());
  while (true) {
    const Event event = connection_->next_event();
    switch (event.kind) {
      case Event::Kind::none:
        return after_work();
      case Event::Kind::message:
        handler_.on_message(event.opcode, event.payload);
        break;
      case Event::Kind::ping:
      case Event::Kind::pong:
        break;
      case Event::Kind::close:
        note_close(Direction::received, event.code, event.payload);
        // The machine has put the answer into its output, with the same code, unless ours went first.
        if (!end_.closing.second) note_close(Direction::sent, event.code, {});
        break;
      case Event::Kind::failed:
        note_close(Direction::sent, event.code, event.payload);
        end_.message = "the server broke a rule: " + std::string(event.payload);
        break;
    }
  }
}

/// Sends what the machine wants to send, and obeys its deadline.
void WebSocketClient::after_work() {
  if (const std::string_view output = connection_->output(); !output.empty()) {
    const std::size_t size = output.size();
    write(output);
    connection_->consume_output(size);
  }
  if (connection_->should_close_transport()) return stream_.finish();
  timer_.arm(loop_, connection_->deadline());
}

void WebSocketClient::write(std::string_view bytes) {
  handler_.on_wire(Direction::sent, elapsed(), bytes);
  stream_.write_copy(bytes);
}

void WebSocketClient::fail_handshake(std::string message) {
  end_.message = std::move(message);
  stream_.close();
}

void WebSocketClient::on_timer() {
  if (!stream_.is_open()) return report();
  if (!connection_) return fail_handshake("the server did not answer in time");
  connection_->on_deadline(loop_.now());
  after_work();
}

io::AtEnd WebSocketClient::on_end() {
  if (!connection_ && end_.message.empty()) {
    answer_.receive_end();
    fail_handshake(answer_.event() == http::MessageEvent::end
                       ? std::string(websocket::describe(websocket::ResponseError::status))
                       : "the server ended the connection without an answer");
  }
  return io::AtEnd::close;
}

void WebSocketClient::on_closed(io::StreamEnd end) {
  timer_.cancel();
  end_.closing.ended_at = elapsed();
  using Cause = io::StreamEnd::Cause;
  end_.closing.end = end.cause == Cause::peer_failed || end.cause == Cause::unflushed ? TransportEnd::broken
                     : end.cause == Cause::peer_ended                                 ? TransportEnd::server_ended
                                                                                      : TransportEnd::client_ended;
  if (end.cause == Cause::peer_failed && end_.message.empty()) {
    end_.message = "the connection broke: " + io::describe_error(end.system_error);
  }
  report();
}

void WebSocketClient::report() {
  // The handler may destroy this.
  const ClientEnd told = std::move(end_);
  handler_.on_end(told);
}

void WebSocketClient::note_close(Direction direction, CloseCode code, std::string_view reason) {
  auto& place = end_.closing.first ? end_.closing.second : end_.closing.first;
  if (place) return;
  place = ClosePart{direction, elapsed(), code, std::string(reason)};
}

}  // namespace usher::app
