#include "dialect/json.hpp"

#include <charconv>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "dialect/json_scanner.hpp"

namespace usher::dialect {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  out.append(digits, end);
}

/// Seconds with three decimals: 1795357739.123.
void append_seconds(std::string& out, std::int64_t milliseconds) {
  const auto positive = static_cast<std::uint64_t>(milliseconds < 0 ? 0 : milliseconds);
  append_number(out, positive / 1000);
  const auto rest = static_cast<int>(positive % 1000);
  out.push_back('.');
  out.push_back(static_cast<char>('0' + rest / 100));
  out.push_back(static_cast<char>('0' + rest / 10 % 10));
  out.push_back(static_cast<char>('0' + rest % 10));
}

void append_user(std::string& out, std::optional<std::string_view> user) {
  out += "\"user\":";
  if (user) {
    base::append_json_string(out, *user);
  } else {
    out += "null";
  }
}

/// Begins with a comma.
void append_position(std::string& out, const std::optional<PositionView>& position) {
  if (!position) return;
  out += ",\"offset\":";
  append_number(out, position->offset);
  out += ",\"epoch\":";
  base::append_json_string(out, position->epoch);
}

void append_payload(std::string& out, const PublicationView& publication) {
  if (publication.kind == PayloadKind::binary) {
    out += "\"base64\":\"";
    out += base::base64_encode(publication.payload);
    out += '"';
    return;
  }
  out += "\"data\":";
  const bool value = publication.json == PayloadJson::unknown ? is_json_value(publication.payload)
                                                              : publication.json == PayloadJson::value;
  if (value) {
    out += publication.payload;
  } else {
    base::append_json_string(out, publication.payload);
  }
}

}  // namespace

void append_hello(std::string& out, const HelloView& hello) {
  out += "{\"hello\":{\"session\":";
  base::append_json_string(out, hello.session);
  out += ',';
  append_user(out, hello.user);
  append_position(out, hello.position);
  out += "}}";
}

void append_publication(std::string& out, const PublicationView& publication) {
  out += '{';
  if (publication.offset != 0) {
    out += "\"offset\":";
    append_number(out, publication.offset);
    out += ',';
  }
  out += "\"time\":";
  append_seconds(out, publication.time_milliseconds);
  out += ',';
  append_user(out, publication.user);
  out += ",\"info\":";
  out += publication.info.empty() ? std::string_view("null") : publication.info;
  out += ',';
  if (!publication.tags.empty()) {
    out += "\"tags\":";
    out += publication.tags;
    out += ',';
  }
  append_payload(out, publication);
  out += '}';
}

void append_gap(std::string& out, const GapView& gap) {
  out += "{\"gap\":{\"missed\":";
  if (gap.missed) {
    append_number(out, *gap.missed);
  } else {
    out += "null";
  }
  append_position(out, gap.position);
  out += "}}";
}

void append_ack(std::string& out, const AckView& ack) {
  out += "{\"ack\":{\"id\":";
  append_number(out, ack.id);
  if (ack.offset != 0) {
    out += ",\"offset\":";
    append_number(out, ack.offset);
  }
  out += "}}";
}

void append_error(std::string& out, const ErrorView& error) {
  out += "{\"error\":{";
  if (error.id) {
    out += "\"id\":";
    append_number(out, *error.id);
    out += ',';
  }
  out += "\"code\":";
  base::append_json_string(out, error.code);
  out += ",\"message\":";
  base::append_json_string(out, error.message);
  out += "}}";
}

}  // namespace usher::dialect
