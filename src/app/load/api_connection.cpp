#include "app/load/api_connection.hpp"

#include <utility>

#include "app/url.hpp"
#include "io/kernel.hpp"

namespace usher::app {
namespace {

std::string keep_alive_request(const HttpRequest& request) {
  std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + request.host + "\r\n";
  for (const http::Header& header : request.headers) bytes += header.name + ": " + header.value + "\r\n";
  return bytes + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
}

}  // namespace

ApiConnection::ApiConnection(io::Loop& loop, const io::Address& address, ApiAccess access)
    : loop_(loop), access_(std::move(access)), connector_(loop, *this), stream_(*this) {
  parser_.emplace(http::AnswerTo::other_request, HttpExchange::answer_bytes_max);
  connector_.start(address);
}

void ApiConnection::post(std::string_view path, std::string body, Done done) {
  if (!failure_.empty()) return done(base::Error{failure_});
  waiting_.push_back(std::move(done));
  const std::string request = keep_alive_request(api_request(access_, path, std::move(body)));
  if (stream_.is_open()) {
    stream_.write_copy(request);
  } else {
    unsent_ += request;
  }
}

void ApiConnection::on_connected(base::Result<io::Descriptor> socket) {
  if (!socket.ok()) return fail(connect_advice(socket.error()));
  const auto opened = stream_.open(loop_, std::move(socket).value());
  if (!opened.ok()) return fail(opened.error().message);
  stream_.write_copy(std::exchange(unsent_, {}));
}

void ApiConnection::on_bytes(std::span<char> bytes) {
  std::string_view rest(bytes.data(), bytes.size());
  while (true) {
    rest.remove_prefix(parser_->receive(rest));
    switch (parser_->event()) {
      case http::MessageEvent::none:
        return;
      case http::MessageEvent::head:
        answer_.status = parser_->status();
        break;
      case http::MessageEvent::body:
        answer_.body += parser_->body();
        break;
      case http::MessageEvent::end:
        take_answer();
        break;
      case http::MessageEvent::failed:
        stream_.close();
        return;
    }
  }
}

void ApiConnection::take_answer() {
  parser_.emplace(http::AnswerTo::other_request, HttpExchange::answer_bytes_max);
  HttpAnswer answer = std::exchange(answer_, {});
  if (waiting_.empty()) return stream_.close();
  const Done done = std::move(waiting_.front());
  waiting_.pop_front();
  done(std::move(answer));
}

void ApiConnection::on_closed(io::StreamEnd) { fail("the server ended the connection to its API"); }

void ApiConnection::fail(const std::string& why) {
  failure_ = why;
  for (const Done& done : std::exchange(waiting_, {})) done(base::Error{why});
}

void mint(ApiConnection& api, const std::string& user, std::function<void(base::Result<std::string>)> done) {
  TicketWish wish;
  wish.user = user;
  api.post("/api/tickets", ticket_body(wish), [done = std::move(done)](base::Result<HttpAnswer> answer) {
    if (!answer.ok()) return done(answer.error());
    if (const auto failure = api_failure(*answer)) return done(base::Error{*failure});
    const auto ticket = json_member(answer->body, "ticket");
    if (!ticket) return done(base::Error{"the answer has no ticket: is this usher?"});
    done(*ticket);
  });
}

}  // namespace usher::app
