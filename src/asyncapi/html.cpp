#include "asyncapi/html.hpp"

namespace usher::asyncapi {
namespace {

/// A value that takes no more than this is not broken into lines.
constexpr std::size_t line_bytes_max = 40;

std::string dumped(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

Html& Html::text(std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out_ += "&amp;";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '>':
        out_ += "&gt;";
        break;
      case '"':
        out_ += "&quot;";
        break;
      case '\'':
        out_ += "&#39;";
        break;
      default:
        out_.push_back(c);
    }
  }
  return *this;
}

Html& Html::prose(std::string_view text) {
  while (true) {
    const std::size_t begin = text.find('`');
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('`', begin + 1);
    if (end == std::string_view::npos) return this->text(text);
    this->text(text.substr(0, begin)).raw("<code>").text(text.substr(begin + 1, end - begin - 1)).raw("</code>");
    text.remove_prefix(end + 1);
  }
}

Html& Html::json(const Json& value) {
  append_json(value, 0);
  return *this;
}

void Html::append_json(const Json& value, std::size_t depth) {
  if (!value.is_structured() || value.empty()) return append_scalar(value);
  const bool object = value.is_object();
  const bool broken = dumped(value).size() + depth * 2 > line_bytes_max;
  out_ += object ? (broken ? "{" : "{ ") : "[";
  bool first = true;
  for (const auto& [name, member] : value.items()) {
    if (!first) out_ += broken ? "," : ", ";
    first = false;
    if (broken) append_line_break(depth + 1);
    if (object) append_name(name);
    append_json(member, depth + 1);
  }
  if (broken) append_line_break(depth);
  out_ += object ? (broken ? "}" : " }") : "]";
}

void Html::append_scalar(const Json& value) {
  if (value.is_string()) {
    raw("<span class=\"s\">").text(dumped(value)).raw("</span>");
  } else if (value.is_structured()) {
    text(dumped(value));
  } else {
    raw("<span class=\"n\">").text(dumped(value)).raw("</span>");
  }
}

void Html::append_name(const std::string& name) { raw("<span class=\"k\">").text(dumped(Json(name))).raw("</span>: "); }

void Html::append_line_break(std::size_t depth) {
  out_.push_back('\n');
  out_.append(depth * 2, ' ');
}

}  // namespace usher::asyncapi
