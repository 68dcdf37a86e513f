#include "app/http_exchange.hpp"

#include <optional>
#include <utility>

#include "io/real_kernel.hpp"

namespace usher::app {

HttpExchange::HttpExchange(io::Loop& loop, Done done)
    : loop_(loop),
      done_(std::move(done)),
      connector_(loop, *this),
      stream_(*this),
      timer_(io::Timer::to<&HttpExchange::on_timer>(this)),
      parser_(http::AnswerTo::other_request, answer_bytes_max),
      outcome_(base::Error{"the server ended the connection without an answer"}) {}

void HttpExchange::start(const io::Address& address, const HttpRequest& request) {
  bytes_ = serialize(request);
  connector_.start(address);
}

void HttpExchange::on_connected(base::Result<io::Descriptor> socket) {
  base::Error error;
  if (socket.ok()) {
    const auto opened = stream_.open(loop_, std::move(socket).value());
    if (opened.ok()) {
      timer_.arm(loop_, loop_.now() + timeout);
      stream_.write_copy(std::exchange(bytes_, {}));
      return;
    }
    error = opened.error();
  } else {
    error = socket.error();
  }
  // The callee may destroy this.
  const Done done = std::move(done_);
  done(base::Error{connect_advice(error), error.system_error});
}

void HttpExchange::on_bytes(std::span<char> bytes) {
  std::string_view rest(bytes.data(), bytes.size());
  while (true) {
    rest.remove_prefix(parser_.receive(rest));
    switch (parser_.event()) {
      case http::MessageEvent::none:
        return;
      case http::MessageEvent::head:
        answer_.status = parser_.status();
        break;
      case http::MessageEvent::body:
        answer_.body += parser_.body();
        break;
      case http::MessageEvent::end:
        return finish(std::move(answer_));
      case http::MessageEvent::failed:
        return finish(base::Error{"the answer is no HTTP: " + std::string(http::info(parser_.error()).detail)});
    }
  }
}

io::AtEnd HttpExchange::on_end() {
  parser_.receive_end();
  if (parser_.event() == http::MessageEvent::end) finish(std::move(answer_));
  return io::AtEnd::close;
}

void HttpExchange::on_timer() { finish(base::Error{"the server did not answer in time"}); }

void HttpExchange::finish(base::Result<HttpAnswer> outcome) {
  outcome_ = std::move(outcome);
  stream_.close();
}

void HttpExchange::on_closed(io::StreamEnd) {
  timer_.cancel();
  const Done done = std::move(done_);
  auto outcome = std::move(outcome_);
  done(std::move(outcome));
}

std::string serialize(const HttpRequest& request) {
  std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + request.host + "\r\n";
  for (const http::Header& header : request.headers) bytes += header.name + ": " + header.value + "\r\n";
  bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\nConnection: close\r\n\r\n";
  return bytes + request.body;
}

base::Result<HttpAnswer> exchange(const Url& url, const HttpRequest& request) {
  const auto address = resolve(url);
  if (!address.ok()) return address.error();
  io::RealKernel kernel;
  io::Loop loop(kernel);
  std::optional<base::Result<HttpAnswer>> outcome;
  HttpExchange one(loop, [&](base::Result<HttpAnswer> answer) {
    outcome = std::move(answer);
    loop.stop();
  });
  one.start(*address, request);
  loop.run();
  return std::move(*outcome);
}

}  // namespace usher::app
