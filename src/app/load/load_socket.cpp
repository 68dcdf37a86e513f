#include "app/load/load_socket.hpp"

#include <utility>

#include "app/url.hpp"
#include "base/text.hpp"
#include "io/kernel.hpp"

namespace usher::app {
namespace {

constexpr std::uint64_t refusal_bytes_max = 65536;
constexpr websocket::MaskKey close_key = {1, 2, 3, 4};

std::string describe_close(websocket::CloseCode code) {
  return "the server closed with " + std::to_string(static_cast<unsigned>(code));
}

}  // namespace

void LoadSocket::open(const io::Address& address, std::string head) {
  text_ = std::move(head);
  why_.clear();
  counter_ = {};
  closing_ = false;
  answer_ = std::make_unique<http::ResponseParser>(http::AnswerTo::other_request, refusal_bytes_max);
  connector_.start(address);
}

void LoadSocket::on_connected(base::Result<io::Descriptor> socket) {
  if (!socket.ok()) return handler_.on_end(*this, connect_advice(socket.error()));
  const auto opened = stream_.open(loop_, std::move(socket).value());
  if (!opened.ok()) return handler_.on_end(*this, opened.error().message);
  stream_.write_copy(std::exchange(text_, {}));
}

void LoadSocket::on_bytes(std::span<char> bytes) {
  std::string_view rest(bytes.data(), bytes.size());
  if (answer_) {
    rest.remove_prefix(read_answer(rest));
    if (answer_) return;
  }
  received_bytes_ += rest.size();
  std::uint32_t messages = counter_.receive(rest);
  if (hello_due_ && messages > 0) {
    hello_due_ = false;
    --messages;
    handler_.on_open(*this);
  }
  if (messages > 0) handler_.on_messages(*this, messages);
  if (const std::string pongs = counter_.take_pongs(); !pongs.empty()) send(pongs);
  if (counter_.ended()) {
    if (!closing_) why_ = describe_close(counter_.code());
    stream_.close();
  }
}

std::size_t LoadSocket::read_answer(std::string_view bytes) {
  std::size_t used = 0;
  while (true) {
    used += answer_->receive(bytes.substr(used));
    switch (answer_->event()) {
      case http::MessageEvent::none:
        return used;
      case http::MessageEvent::head:
        if (answer_->status() != 101) break;
        answer_.reset();
        hello_due_ = greeting_ == Greeting::hello;
        if (!hello_due_) handler_.on_open(*this);
        return used;
      case http::MessageEvent::body:
        text_ += answer_->body();
        break;
      case http::MessageEvent::end:
        fail("the server refused: " + std::to_string(answer_->status()) + " " + std::string(base::trim(text_)));
        return used;
      case http::MessageEvent::failed:
        fail("the answer is no HTTP");
        return used;
    }
  }
}

void LoadSocket::close() {
  closing_ = true;
  std::string frame;
  websocket::append_masked_frame(frame, websocket::Opcode::close, websocket::Rsv1::clear, "\x03\xe8", close_key);
  send(frame);
}

void LoadSocket::fail(std::string why) {
  why_ = std::move(why);
  stream_.close();
}

io::AtEnd LoadSocket::on_end() {
  if (why_.empty() && !closing_) why_ = "the server ended the connection";
  return io::AtEnd::close;
}

void LoadSocket::on_closed(io::StreamEnd end) {
  if (end.cause == io::StreamEnd::Cause::peer_failed && why_.empty()) {
    why_ = "the connection broke: " + io::describe_error(end.system_error);
  }
  // The handler may open this again.
  const std::string why = std::exchange(why_, {});
  handler_.on_end(*this, why);
}

}  // namespace usher::app
