#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "http/body_reader.hpp"
#include "http/head_reader.hpp"
#include "http/message_error.hpp"
#include "http/message_event.hpp"
#include "http/message_framing.hpp"
#include "http/request.hpp"

namespace usher::http {

/// Reads the requests of one connection, one after the other (RFC 9112). Sans I/O; owned by the connection, which drops
/// it when another protocol takes over. Each byte is looked at once; nothing but the head is kept.
///
///     while (true) {
///       bytes.remove_prefix(parser.receive(bytes));
///       switch (parser.event()) {
///         case MessageEvent::none: return;             // wait for more
///         case MessageEvent::head: decide(parser.head()); parser.set_body_limit(…); break;
///         case MessageEvent::body: keep(parser.body()); break;
///         case MessageEvent::end: answer(); parser.reset(); break;
///         case MessageEvent::failed: answer(parser.error()); close(); return;
///       }
///     }
///
/// Call `receive` again after each event, also with no bytes left: a request without a body ends there.
class RequestParser {
 public:
  explicit RequestParser(const HeadLimits& limits = {});

  /// Consumes bytes up to and including the next event; returns how many. After `end` nothing is consumed until
  /// `reset`.
  std::size_t receive(std::string_view bytes);

  /// The event of the last `receive`.
  MessageEvent event() const { return event_; }

  /// From the event `head` until `reset`. Empty before.
  const RequestHead& head() const { return head_; }
  /// Gives the head away, for a request that outlives the parser.
  RequestHead take_head() { return std::move(head_); }

  /// The most bytes that the body may have: 0 unless set, and again after `reset`. To be set at the event `head`. An
  /// announced length above it fails at the next `receive`, before a byte of it has come.
  void set_body_limit(std::uint64_t bytes) { body_.set_limit(bytes); }

  /// With the event `body`: a view into the bytes of the last `receive`.
  std::string_view body() const { return body_.data(); }

  /// With the event `failed`.
  MessageError error() const { return error_; }

  /// The request wants another protocol (`Upgrade`, named by `Connection`, in HTTP/1.1). It has no body; what follows
  /// the head is not consumed and belongs to who takes over. If nobody does, the answer must close the connection.
  bool is_upgrade() const { return upgrade_; }

  /// Whether the connection may serve another request after this one. False for an upgrade and after a failure.
  bool keep_alive() const { return keep_alive_; }

  /// The client waits for "100 Continue" before it sends the body (RFC 9110, section 10.1.1). False once a byte of the
  /// body came. Ask after a `receive` behind the head gave `none`, so that a body above the limit is refused instead.
  bool wants_continue() const;

  /// Nothing of a request has come since the start or since `reset`: the connection may be closed without an answer.
  bool idle() const { return stage_ == Stage::head && reader_.untouched(); }

  /// Prepares for the next request, after `end`. Frees what this one held.
  void reset();

 private:
  enum class Stage { head, body, done, failed };

  void finish_head();
  MessageError read_head();
  MessageError read_expectation(const MessageFraming& framing);
  void fail(MessageError error);

  HeadLimits limits_;
  HeadReader reader_;
  RequestHead head_;
  BodyReader body_;
  Stage stage_ = Stage::head;
  MessageEvent event_ = MessageEvent::none;
  MessageError error_ = MessageError::none;
  bool upgrade_ = false;
  bool keep_alive_ = false;
  bool expects_continue_ = false;
};

/// The head of a request that is there as a whole, with nothing behind it; nothing when it would be refused.
std::optional<RequestHead> parse_request_head(std::string_view bytes);

}  // namespace usher::http
