#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "http/header_fields.hpp"
#include "http/message_error.hpp"

namespace usher::http {

enum class Method { get, head, post, put, delete_, patch, options, other };

/// The head of a request that was accepted: its start line is well formed, its version is 1.0 or 1.1, its target is in
/// origin, absolute or asterisk form, and it names exactly one valid host (an HTTP/1.0 request may name none).
class RequestHead : public HeaderFields {
 public:
  RequestHead() = default;

  Method method() const { return method_; }
  std::string_view method_name() const { return text(method_name_); }

  /// The request target as it came.
  std::string_view target() const { return text(target_); }
  /// The path of the target, still percent-encoded; begins with '/', or is "*" (RFC 9112, section 3.2.4).
  std::string_view path() const { return path_.size == 0 ? std::string_view("/") : text(path_); }
  /// What follows the first '?', still encoded; empty when there is none.
  std::string_view query() const { return text(query_); }
  /// Host and port as the target or, where that names none, the Host header has them (RFC 9112, section 3.2.2). Never a
  /// base for trust: a client writes here what it likes.
  std::string_view host() const { return text(host_); }

  /// 0 or 1: of HTTP/1.x.
  int minor_version() const { return minor_version_; }

 private:
  friend class RequestParser;

  explicit RequestHead(HeaderFields fields) : HeaderFields(std::move(fields)) {}
  MessageError read_start_line();
  MessageError read_target();
  MessageError read_host();

  Method method_ = Method::other;
  int minor_version_ = 1;
  HeadSpan method_name_;
  HeadSpan target_;
  HeadSpan path_;
  HeadSpan query_;
  HeadSpan host_;
};

/// The values of all cookies of this name, in order. Names are compared exactly; a value is as it came, quotation marks
/// included (RFC 6265, section 4.2.1). The views die with the head.
std::vector<std::string_view> cookie_values(const HeaderFields& head, std::string_view name);

/// Whether `Accept` names text/event-stream and does not give it the weight 0. A wildcard does not count: only who
/// asks for a stream gets one.
bool accepts_event_stream(const HeaderFields& head);

}  // namespace usher::http
