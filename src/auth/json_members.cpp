#include "auth/json_members.hpp"

#include <charconv>

#include "base/json.hpp"

namespace usher::auth {
namespace {

std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

}  // namespace

base::Result<MemberReader> MemberReader::open(std::string_view json, std::size_t bytes_max) {
  base::Result<JsonValue> document = parse_json(json, bytes_max);
  if (!document) return document.error();
  if (document->kind != JsonValue::Kind::object) return base::Error{"the JSON must be an object"};
  return MemberReader(*std::move(document));
}

const JsonValue* MemberReader::take(std::string_view name) {
  for (std::size_t i = 0; i < object_.items.size(); ++i) {
    const JsonValue& member = object_.items[i];
    if (member.name != name) continue;
    taken_[i] = true;
    return member.kind == JsonValue::Kind::null ? nullptr : &member;
  }
  return nullptr;
}

std::string MemberReader::text(std::string_view name, std::size_t bytes_max) {
  const JsonValue* const member = take(name);
  if (member == nullptr) return {};
  if (member->kind != JsonValue::Kind::string || member->text.empty() || member->text.size() > bytes_max) {
    fail(quoted(name) + " must be a text of 1 to " + std::to_string(bytes_max) + " bytes");
    return {};
  }
  return member->text;
}

std::optional<std::int64_t> MemberReader::whole_number(std::string_view name, std::int64_t least, std::int64_t most) {
  const JsonValue* const member = take(name);
  if (member == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = member->text.data() + member->text.size();
  const auto [stop, error] = std::from_chars(member->text.data(), end, number);
  const bool whole = member->kind == JsonValue::Kind::number && error == std::errc{} && stop == end;
  if (!whole || number < least || number > most) {
    fail(quoted(name) + " must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return number;
}

std::string MemberReader::json(std::string_view name) {
  std::string out;
  if (const JsonValue* const member = take(name)) append_json(out, *member);
  return out;
}

void MemberReader::require_present(std::string_view name) {
  for (const JsonValue& member : object_.items) {
    if (member.name == name) return;
  }
  fail(quoted(name) + " is missing");
}

void MemberReader::fail(std::string message) {
  if (error_.empty()) error_ = std::move(message);
}

base::Result<void> MemberReader::finish() const {
  if (!error_.empty()) return base::Error{error_};
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    if (!taken_[i]) return base::Error{base::json_string(object_.items[i].name) + " is not known here"};
  }
  return {};
}

}  // namespace usher::auth
