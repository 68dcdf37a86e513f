#include "http/request_parser.hpp"

#include "base/text.hpp"

namespace usher::http {

RequestParser::RequestParser(const HeadLimits& limits) : limits_(limits), reader_(MessageKind::request, limits) {}

std::size_t RequestParser::receive(std::string_view bytes) {
  event_ = MessageEvent::none;
  std::size_t consumed = 0;
  switch (stage_) {
    case Stage::head:
      consumed = reader_.receive(bytes);
      if (reader_.state() == HeadReader::State::complete) finish_head();
      if (reader_.state() == HeadReader::State::failed) fail(reader_.error());
      break;
    case Stage::body:
      consumed = body_.receive(bytes);
      event_ = body_.event();
      if (event_ == MessageEvent::failed) fail(body_.error());
      if (event_ == MessageEvent::end) stage_ = Stage::done;
      break;
    case Stage::done:
      break;
    case Stage::failed:
      event_ = MessageEvent::failed;
      break;
  }
  return consumed;
}

void RequestParser::finish_head() {
  head_ = RequestHead(reader_.take_fields());
  const MessageError error = read_head();
  if (error != MessageError::none) {
    head_ = RequestHead();
    fail(error);
    return;
  }
  stage_ = Stage::body;
  event_ = MessageEvent::head;
}

MessageError RequestParser::read_head() {
  MessageError error = head_.read_start_line();
  if (error == MessageError::none) error = head_.read_host();
  MessageFraming framing;
  if (error == MessageError::none) error = read_framing(head_, head_.minor_version(), framing);
  if (error == MessageError::none) error = read_expectation(framing);
  if (error != MessageError::none) return error;

  // Who takes over after an upgrade, and who does not, must agree on where the request ends.
  if (framing.upgrade && framing.has_body()) return MessageError::upgrade_with_body;
  upgrade_ = framing.upgrade;
  keep_alive_ = framing.keep_alive && !framing.upgrade;
  if (framing.chunked) {
    body_ = BodyReader(BodyFraming::chunked, 0);
  } else if (framing.has_body()) {
    body_ = BodyReader(BodyFraming::length, *framing.content_length);
  }
  return MessageError::none;
}

MessageError RequestParser::read_expectation(const MessageFraming& framing) {
  // RFC 9110, section 10.1.1: HTTP/1.0 knows no expectations.
  if (head_.minor_version() == 0 || head_.count("expect") == 0) return MessageError::none;
  if (!base::equals_ignoring_case(head_.joined("expect"), "100-continue")) return MessageError::expectation_failed;
  expects_continue_ = framing.has_body();
  return MessageError::none;
}

bool RequestParser::wants_continue() const { return expects_continue_ && stage_ == Stage::body && body_.untouched(); }

void RequestParser::reset() { *this = RequestParser(limits_); }

void RequestParser::fail(MessageError error) {
  stage_ = Stage::failed;
  event_ = MessageEvent::failed;
  error_ = error;
  keep_alive_ = false;
  upgrade_ = false;
}

std::optional<RequestHead> parse_request_head(std::string_view bytes) {
  RequestParser parser;
  if (parser.receive(bytes) != bytes.size() || parser.event() != MessageEvent::head) return std::nullopt;
  return parser.take_head();
}

}  // namespace usher::http
