#include "http/request.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "base/text.hpp"
#include "http/start_line.hpp"
#include "http/uri.hpp"

namespace usher::http {
namespace {

struct MethodName {
  std::string_view name;
  Method method;
};

// Methods are compared exactly (RFC 9110, section 9.1).
constexpr std::array<MethodName, 7> method_names{{
    {"GET", Method::get},
    {"HEAD", Method::head},
    {"POST", Method::post},
    {"PUT", Method::put},
    {"DELETE", Method::delete_},
    {"PATCH", Method::patch},
    {"OPTIONS", Method::options},
}};

Method method_of(std::string_view name) {
  for (const MethodName& each : method_names) {
    if (each.name == name) return each.method;
  }
  return Method::other;
}

/// Takes "http://" or "https://" off the front.
bool take_scheme(std::string_view& target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (base::equals_ignoring_case(target.substr(0, scheme.size()), scheme)) {
      target.remove_prefix(scheme.size());
      return true;
    }
  }
  return false;
}

bool is_zero_weight(std::string_view parameter) {
  if (parameter.size() < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=') return false;
  const std::string_view weight = parameter.substr(2);
  return weight.find_first_not_of("0.") == std::string_view::npos;
}

bool names_event_stream(std::string_view media_range) {
  std::string_view part;
  if (!base::next_element(media_range, ';', part) || !base::equals_ignoring_case(part, "text/event-stream")) {
    return false;
  }
  while (base::next_element(media_range, ';', part)) {
    if (is_zero_weight(part)) return false;
  }
  return true;
}

}  // namespace

MessageError RequestHead::read_start_line() {
  RequestLine line;
  const MessageError error = parse_request_line(bytes().substr(0, bytes().find('\r')), line);
  if (error != MessageError::none) return error;
  method_ = method_of(line.method);
  method_name_ = span_of(line.method);
  target_ = span_of(line.target);
  minor_version_ = line.minor_version;
  return read_target();
}

MessageError RequestHead::read_target() {
  std::string_view rest = target();
  const auto allowed = [](char c) { return c > ' ' && c < 0x7f && c != '#'; };
  if (!std::all_of(rest.begin(), rest.end(), allowed) || !escapes_well_formed(rest)) return MessageError::bad_target;
  if (rest == "*") {
    // RFC 9112, section 3.2.4: the asterisk form is for OPTIONS only.
    path_ = target_;
    return method_ == Method::options ? MessageError::none : MessageError::bad_target;
  }
  if (take_scheme(rest)) {
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    if (!is_authority(rest.substr(0, end))) return MessageError::bad_host;
    host_ = span_of(rest.substr(0, end));
    rest.remove_prefix(end);
  } else if (rest.front() != '/') {
    return MessageError::bad_target;
  }
  const std::size_t question_mark = rest.find('?');
  path_ = span_of(rest.substr(0, question_mark));
  if (question_mark != std::string_view::npos) query_ = span_of(rest.substr(question_mark + 1));
  return MessageError::none;
}

MessageError RequestHead::read_host() {
  const std::optional<std::string_view> host = find("host");
  if (!host) return minor_version_ == 0 ? MessageError::none : MessageError::bad_host;
  // RFC 9112, section 3.2: any request with more than one Host, or an invalid one, is refused.
  if (count("host") != 1 || !is_authority(*host)) return MessageError::bad_host;
  if (host_.size == 0) host_ = span_of(*host);
  return MessageError::none;
}

std::vector<std::string_view> cookie_values(const HeaderFields& head, std::string_view name) {
  std::vector<std::string_view> values;
  head.for_each("cookie", [&](std::string_view rest) {
    std::string_view pair;
    while (base::next_element(rest, ';', pair)) {
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && base::trim(pair.substr(0, equals)) == name) {
        values.push_back(base::trim(pair.substr(equals + 1)));
      }
    }
  });
  return values;
}

bool accepts_event_stream(const HeaderFields& head) {
  bool found = false;
  head.for_each("accept", [&found](std::string_view rest) {
    std::string_view media_range;
    while (!found && base::next_element(rest, ',', media_range)) found = names_event_stream(media_range);
  });
  return found;
}

}  // namespace usher::http
