#include "app/stream_message.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "dialect/json_scanner.hpp"

namespace usher::app {
namespace {

std::string_view inside_quotes(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

/// Calls `visit(name, value)` for each member of the object; both are JSON text, the name without its quotes.
template <typename Visitor>
void for_each_member(std::string_view object, Visitor&& visit) {
  std::size_t at = dialect::skip_json_space(object, 0);
  if (at >= object.size() || object[at] != '{') return;
  ++at;
  while (true) {
    at = dialect::skip_json_space(object, at);
    const dialect::JsonScan name = dialect::scan_json_value(object, at);
    if (name.fault != dialect::JsonFault::none || object[at] != '"') return;
    const std::string_view name_text = object.substr(at, name.end - at);
    at = dialect::skip_json_space(object, name.end);
    if (at >= object.size() || object[at] != ':') return;
    at = dialect::skip_json_space(object, at + 1);
    const dialect::JsonScan value = dialect::scan_json_value(object, at);
    if (value.fault != dialect::JsonFault::none) return;
    visit(inside_quotes(name_text), object.substr(at, value.end - at));
    at = dialect::skip_json_space(object, value.end);
    if (at >= object.size() || object[at] != ',') return;
    ++at;
  }
}

void read_inner(StreamMessage& message, std::string_view object) {
  for_each_member(object, [&](std::string_view name, std::string_view value) {
    if (name == "offset") message.offset = value;
    if (name == "epoch") message.epoch = inside_quotes(value);
    if (name == "missed") message.missed = value;
    if (name == "message") message.message = inside_quotes(value);
  });
}

}  // namespace

StreamMessage read_stream_message(std::string_view text) {
  using Kind = StreamMessage::Kind;
  StreamMessage message;
  for_each_member(text, [&](std::string_view name, std::string_view value) {
    if (name == "hello" || name == "gap" || name == "error") {
      message.kind = name == "hello" ? Kind::hello : name == "gap" ? Kind::gap : Kind::error;
      read_inner(message, value);
    } else if (name == "data" || name == "base64") {
      message.kind = Kind::publication;
      (name == "data" ? message.data : message.base64) = name == "data" ? value : inside_quotes(value);
    } else if (name == "offset") {
      message.offset = value;
    }
  });
  return message;
}

std::string publication_line(const StreamMessage& message) {
  if (message.data.empty()) return std::string(message.base64);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (message.data.front() == '"') {
    const auto text = dialect::unquote_json_string(message.data);
    if (text && std::none_of(text->begin(), text->end(), is_control)) return *text;
  }
  std::string line(message.data);
  // Outside of strings these are white space, and inside they cannot be.
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  return line;
}

std::string with_channel(std::string_view text, std::string_view channel) {
  const std::size_t brace = text.find('{');
  if (brace == std::string_view::npos) return std::string(text);
  return "{\"channel\":" + base::json_string(channel) + "," + std::string(text.substr(brace + 1));
}

}  // namespace usher::app
