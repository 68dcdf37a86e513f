#include "http/problem.hpp"

#include <string>

#include "base/json.hpp"

namespace usher::http {
namespace {

void append_name(std::string& out, std::string_view name) {
  out += out.empty() ? '{' : ',';
  base::append_json_string(out, name);
  out += ':';
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
  append_name(out, name);
  base::append_json_string(out, text);
}

void append_number(std::string& out, std::string_view name, std::int64_t number) {
  append_name(out, name);
  out += std::to_string(number);
}

}  // namespace

Response problem(int status, std::string_view code, std::string_view detail, std::span<const ProblemMember> members) {
  Response response;
  response.status = status;
  response.add("Content-Type", "application/problem+json").add("Cache-Control", "no-store");
  std::string& body = response.body;
  append_text(body, "type", "about:blank");
  append_text(body, "title", reason_phrase(status));
  append_number(body, "status", status);
  append_text(body, "code", code);
  append_text(body, "detail", detail);
  for (const ProblemMember& member : members) {
    if (const auto* text = std::get_if<std::string_view>(&member.value)) {
      append_text(body, member.name, *text);
    } else {
      append_number(body, member.name, std::get<std::int64_t>(member.value));
    }
  }
  body += '}';
  return response;
}

Response problem(MessageError error) {
  const MessageErrorInfo& row = info(error);
  return problem(row.status, row.code, row.detail);
}

}  // namespace usher::http
