#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/body_reader.hpp"
#include "http/head_reader.hpp"
#include "http/message_error.hpp"
#include "http/message_event.hpp"

namespace usher::http {

/// Whether the request that is answered was HEAD, whose answer has no body whatever its head says.
enum class AnswerTo { head_request, other_request };

/// The client's side of RequestParser, for the command-line client: reads one answer. Informational answers are passed
/// over, but for 101, which ends with its head: what follows belongs to the other protocol.
class ResponseParser {
 public:
  explicit ResponseParser(AnswerTo request, std::uint64_t body_limit, const HeadLimits& limits = {});

  /// As RequestParser::receive.
  std::size_t receive(std::string_view bytes);
  /// The connection has ended. Afterwards the event is `end`, or `failed` if the answer is cut off.
  void receive_end();

  MessageEvent event() const { return event_; }
  int status() const { return status_; }
  const HeaderFields& head() const { return head_; }
  std::string_view body() const { return body_.data(); }
  MessageError error() const { return error_; }

 private:
  enum class Stage { head, body, done, failed };

  void finish_head();
  void finish_body_event();
  void fail(MessageError error);

  HeadLimits limits_;
  HeadReader reader_;
  HeaderFields head_;
  BodyReader body_;
  std::uint64_t body_limit_;
  AnswerTo request_;
  int status_ = 0;
  int heads_ = 0;
  Stage stage_ = Stage::head;
  MessageEvent event_ = MessageEvent::none;
  MessageError error_ = MessageError::none;
};

}  // namespace usher::http
