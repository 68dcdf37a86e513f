#include "dialect/json_scanner.hpp"

#include <array>
#include <bitset>
#include <cstring>

namespace usher::dialect {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// True when none of eight bytes ends or breaks a run of plain characters in a string: no quote, no backslash, no
/// control character.
bool all_plain(std::uint64_t bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t tops = 0x8080808080808080;
  const std::uint64_t control = (bytes - ones * 0x20) & ~bytes;
  const std::uint64_t quote = bytes ^ (ones * '"');
  const std::uint64_t backslash = bytes ^ (ones * '\\');
  const std::uint64_t found = control | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash);
  return (found & tops) == 0;
}

/// Checks one value, token by token. Which brackets are open is a bit each: set for an object.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t begin) : text_(text), at_(begin) {}

  JsonScan scan() {
    bool ended = false;
    while (!ended && fault_ == JsonFault::none) {
      ended = value() && after_value();
    }
    return {at_, fault_};
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char current() const { return text_[at_]; }
  bool fail(JsonFault fault) {
    fault_ = fault;
    return false;
  }
  bool fail_here() { return fail(at_end() ? JsonFault::unexpected_end : JsonFault::unexpected_character); }
  void skip_space() { at_ = skip_json_space(text_, at_); }

  bool take(char expected) {
    if (at_end() || current() != expected) return fail_here();
    ++at_;
    return true;
  }

  /// One value, or the opening of an array or object up to where its first value begins. True when a value is
  /// complete; false when another must follow, or on a fault.
  bool value() {
    if (at_end()) return fail_here();
    switch (current()) {
      case '{':
        return open(true);
      case '[':
        return open(false);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  bool open(bool object) {
    if (depth_ == json_depth_max) return fail(JsonFault::too_deep);
    objects_[depth_++] = object;
    ++at_;
    skip_space();
    if (!at_end() && current() == (object ? '}' : ']')) {
      ++at_;
      --depth_;
      return true;
    }
    if (object) name();
    return false;
  }

  /// A member's name and its colon, up to its value.
  bool name() {
    if (at_end() || current() != '"') return fail_here();
    if (!string()) return false;
    skip_space();
    if (!take(':')) return false;
    skip_space();
    return true;
  }

  /// What follows a complete value: any number of closing brackets, or a comma and the way to the next value. True
  /// when the outermost value is complete.
  bool after_value() {
    while (depth_ > 0) {
      const bool object = objects_[depth_ - 1];
      skip_space();
      if (at_end()) return fail_here();
      if (current() == ',') {
        ++at_;
        skip_space();
        if (object) name();
        return false;
      }
      if (!take(object ? '}' : ']')) return false;
      --depth_;
    }
    return true;
  }

  bool word(std::string_view expected) {
    for (const char c : expected) {
      if (!take(c)) return false;
    }
    return true;
  }

  bool string() {
    ++at_;
    while (true) {
      skip_plain();
      if (at_end()) return fail_here();
      const char c = current();
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c != '\\') return fail(JsonFault::control_character);
      if (!escape()) return false;
    }
  }

  void skip_plain() {
    while (at_ + 8 <= text_.size()) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text_.data() + at_, 8);
      if (!all_plain(bytes)) break;
      at_ += 8;
    }
    while (!at_end() && current() != '"' && current() != '\\' && static_cast<unsigned char>(current()) >= 0x20) ++at_;
  }

  bool escape() {
    ++at_;
    if (at_end()) return fail_here();
    const char c = current();
    if (c != 'u') {
      if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return fail(JsonFault::bad_escape);
      ++at_;
      return true;
    }
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_end()) return fail_here();
      if (hex_digit(current()) < 0) return fail(JsonFault::bad_escape);
    }
    return true;
  }

  /// RFC 8259, section 6: [ minus ] int [ frac ] [ exp ].
  bool number() {
    const std::size_t begin = at_;
    if (current() == '-') ++at_;
    if (!at_end() && current() == '0') {
      ++at_;
    } else if (!digits()) {
      return at_ == begin ? fail_here() : fail(at_end() ? JsonFault::unexpected_end : JsonFault::bad_number);
    }
    if (!at_end() && is_digit(current())) return fail(JsonFault::bad_number);
    if (!at_end() && current() == '.') {
      ++at_;
      if (!digits()) return fail(at_end() ? JsonFault::unexpected_end : JsonFault::bad_number);
    }
    if (!at_end() && (current() == 'e' || current() == 'E')) {
      ++at_;
      if (!at_end() && (current() == '+' || current() == '-')) ++at_;
      if (!digits()) return fail(at_end() ? JsonFault::unexpected_end : JsonFault::bad_number);
    }
    return true;
  }

  /// At least one.
  bool digits() {
    const std::size_t begin = at_;
    while (!at_end() && is_digit(current())) ++at_;
    return at_ > begin;
  }

  std::string_view text_;
  std::size_t at_;
  JsonFault fault_ = JsonFault::none;
  std::size_t depth_ = 0;
  std::bitset<json_depth_max> objects_;
};

void append_utf8(std::string& out, std::uint32_t point) {
  const auto push = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    push(point);
  } else if (point < 0x800) {
    push(0xc0 | point >> 6);
    push(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    push(0xe0 | point >> 12);
    push(0x80 | (point >> 6 & 0x3f));
    push(0x80 | (point & 0x3f));
  } else {
    push(0xf0 | point >> 18);
    push(0x80 | (point >> 12 & 0x3f));
    push(0x80 | (point >> 6 & 0x3f));
    push(0x80 | (point & 0x3f));
  }
}

/// The four digits of \uXXXX, of which `at` is the first.
std::uint32_t code_unit(std::string_view text, std::size_t at) {
  std::uint32_t unit = 0;
  for (std::size_t i = 0; i < 4; ++i) unit = unit << 4 | static_cast<std::uint32_t>(hex_digit(text[at + i]));
  return unit;
}

/// The character of the escape \uXXXX whose first digit is at `at`, which is moved behind it; with UTF-16 pairs (RFC
/// 8259, section 7). Nothing for half a pair.
std::optional<std::uint32_t> escaped_point(std::string_view text, std::size_t& at) {
  const std::uint32_t first = code_unit(text, at);
  at += 4;
  if (first < 0xd800 || first > 0xdfff) return first;
  if (first > 0xdbff || text.substr(at, 2) != "\\u") return std::nullopt;
  const std::uint32_t second = code_unit(text, at + 2);
  if (second < 0xdc00 || second > 0xdfff) return std::nullopt;
  at += 6;
  return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

char simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

}  // namespace

const char* describe(JsonFault fault) {
  switch (fault) {
    case JsonFault::none:
      return "well-formed";
    case JsonFault::unexpected_end:
      return "the text ends too early";
    case JsonFault::unexpected_character:
      return "unexpected character";
    case JsonFault::bad_number:
      return "malformed number";
    case JsonFault::bad_escape:
      return "malformed escape in a string";
    case JsonFault::control_character:
      return "control character in a string";
    case JsonFault::too_deep:
      return "nested deeper than 512";
  }
  return "";
}

std::size_t skip_json_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

JsonScan scan_json_value(std::string_view text, std::size_t begin) { return Scanner(text, begin).scan(); }

bool is_json_value(std::string_view text) {
  const JsonScan scan = scan_json_value(text, skip_json_space(text, 0));
  return scan.fault == JsonFault::none && skip_json_space(text, scan.end) == text.size();
}

std::optional<std::string> unquote_json_string(std::string_view quoted) {
  const std::string_view text = quoted.substr(1, quoted.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out.push_back(text[at++]);
      continue;
    }
    const char kind = text[at + 1];
    at += 2;
    if (kind != 'u') {
      out.push_back(simple_escape(kind));
      continue;
    }
    const auto point = escaped_point(text, at);
    if (!point) return std::nullopt;
    append_utf8(out, *point);
  }
  return out;
}

}  // namespace usher::dialect
