#include "http/response_parser.hpp"

#include "http/message_framing.hpp"
#include "http/start_line.hpp"

namespace usher::http {
namespace {

constexpr int informational_answers_max = 16;

bool is_passed_over(int status) { return status < 200 && status != 101; }

/// RFC 9112, section 6.3.
BodyReader body_of(AnswerTo request, int status, const MessageFraming& framing) {
  const bool never = request == AnswerTo::head_request || status < 200 || status == 204 || status == 304;
  if (never) return BodyReader();
  if (framing.chunked) return BodyReader(BodyFraming::chunked, 0);
  if (framing.content_length) return BodyReader(BodyFraming::length, *framing.content_length);
  return BodyReader(BodyFraming::until_close, 0);
}

}  // namespace

ResponseParser::ResponseParser(AnswerTo request, std::uint64_t body_limit, const HeadLimits& limits)
    : limits_(limits), reader_(MessageKind::response, limits), body_limit_(body_limit), request_(request) {}

std::size_t ResponseParser::receive(std::string_view bytes) {
  event_ = MessageEvent::none;
  std::size_t consumed = 0;
  while (stage_ == Stage::head && event_ == MessageEvent::none && consumed < bytes.size()) {
    consumed += reader_.receive(bytes.substr(consumed));
    if (reader_.state() == HeadReader::State::complete) finish_head();
    if (reader_.state() == HeadReader::State::failed) fail(reader_.error());
  }
  if (event_ != MessageEvent::none || stage_ == Stage::head || stage_ == Stage::done) return consumed;
  if (stage_ == Stage::failed) {
    event_ = MessageEvent::failed;
    return consumed;
  }
  consumed += body_.receive(bytes.substr(consumed));
  finish_body_event();
  return consumed;
}

void ResponseParser::receive_end() {
  event_ = MessageEvent::none;
  if (stage_ == Stage::head) {
    fail(MessageError::bad_framing);
  } else if (stage_ == Stage::body) {
    body_.receive_end();
    finish_body_event();
  } else {
    event_ = stage_ == Stage::failed ? MessageEvent::failed : MessageEvent::end;
  }
}

void ResponseParser::finish_head() {
  head_ = reader_.take_fields();
  StatusLine line;
  MessageFraming framing;
  MessageError error = parse_status_line(head_.bytes().substr(0, head_.bytes().find('\r')), line);
  if (error == MessageError::none) error = read_framing(head_, line.minor_version, framing);
  if (error == MessageError::none && ++heads_ > informational_answers_max) error = MessageError::header_too_large;
  if (error != MessageError::none) {
    fail(error);
    return;
  }
  if (is_passed_over(line.status)) {
    reader_ = HeadReader(MessageKind::response, limits_);
    return;
  }
  status_ = line.status;
  body_ = body_of(request_, status_, framing);
  body_.set_limit(body_limit_);
  stage_ = Stage::body;
  event_ = MessageEvent::head;
}

void ResponseParser::finish_body_event() {
  event_ = body_.event();
  if (event_ == MessageEvent::failed) fail(body_.error());
  if (event_ == MessageEvent::end) stage_ = Stage::done;
}

void ResponseParser::fail(MessageError error) {
  stage_ = Stage::failed;
  event_ = MessageEvent::failed;
  error_ = error;
}

}  // namespace usher::http
