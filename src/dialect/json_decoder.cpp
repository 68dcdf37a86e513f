#include <charconv>
#include <utility>

#include "base/base64.hpp"
#include "dialect/json.hpp"
#include "dialect/json_scanner.hpp"

namespace usher::dialect {
namespace {

/// Integers that every JSON reader can hold exactly (RFC 8259, section 6).
constexpr std::uint64_t id_max = (std::uint64_t{1} << 53) - 1;

/// An unknown member's name is shown in the reason as far as this.
constexpr std::size_t shown_name_bytes_max = 40;

enum class Member : unsigned char { data, base64, id, unknown };

Member member_of(std::string_view name) {
  if (name == "data") return Member::data;
  if (name == "base64") return Member::base64;
  if (name == "id") return Member::id;
  return Member::unknown;
}

bool has_escape(std::string_view text) { return text.find('\\') != std::string_view::npos; }

std::optional<std::uint64_t> parse_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id > id_max) return std::nullopt;
  return id;
}

/// The name as the reason shows it: printable ASCII only, and not too long.
std::string shown(std::string_view name) {
  std::string text(name.substr(0, shown_name_bytes_max));
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) c = '?';
  }
  if (name.size() > shown_name_bytes_max) text += "...";
  return text;
}

/// Reads one client message member by member.
class Decoder {
 public:
  Decoder(std::string_view text, std::string& scratch) : text_(text), scratch_(scratch) {}

  base::Result<ClientMessage, ClientMessageFault> decode() {
    if (!read_object()) return ClientMessageFault{std::move(reason_), message_.id};
    return message_;
  }

 private:
  bool fail(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  bool fail_json(JsonFault fault, std::size_t at) {
    return fail(std::string("not JSON at byte ") + std::to_string(at) + ": " + describe(fault));
  }

  bool fail_here() {
    return fail_json(at_ < text_.size() ? JsonFault::unexpected_character : JsonFault::unexpected_end, at_);
  }

  void skip_space() { at_ = skip_json_space(text_, at_); }
  bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }

  bool take(char expected) {
    if (!next_is(expected)) return fail_here();
    ++at_;
    return true;
  }

  bool take_value(std::string_view& value) {
    const JsonScan scan = scan_json_value(text_, at_);
    if (scan.fault != JsonFault::none) return fail_json(scan.fault, scan.end);
    value = text_.substr(at_, scan.end - at_);
    at_ = scan.end;
    return true;
  }

  bool read_object() {
    skip_space();
    if (!next_is('{')) return fail("the message must be a JSON object");
    ++at_;
    skip_space();
    if (next_is('}')) {
      ++at_;
    } else if (!read_members()) {
      return false;
    }
    skip_space();
    if (at_ != text_.size()) return fail("something follows the JSON object");
    if (!has_payload_) return fail("the message needs the member \"data\" or \"base64\"");
    return true;
  }

  bool read_members() {
    while (true) {
      skip_space();
      if (!read_member()) return false;
      skip_space();
      if (next_is('}')) {
        ++at_;
        return true;
      }
      if (!take(',')) return false;
    }
  }

  bool read_member() {
    if (!next_is('"')) return fail_here();
    std::string_view name;
    if (!take_value(name)) return false;
    skip_space();
    if (!take(':')) return false;
    skip_space();
    std::string_view value;
    if (!take_value(value)) return false;
    if (!has_escape(name)) return accept(name.substr(1, name.size() - 2), value);
    const auto unquoted = unquote_json_string(name);
    return accept(unquoted ? std::string_view(*unquoted) : name, value);
  }

  bool accept(std::string_view name, std::string_view value) {
    switch (member_of(name)) {
      case Member::data:
        if (!claim_payload()) return false;
        message_.kind = PayloadKind::text;
        message_.payload = value;
        return true;
      case Member::base64:
        return claim_payload() && accept_base64(value);
      case Member::id:
        if (message_.id) return fail("the member \"id\" is there twice");
        message_.id = parse_id(value);
        if (!message_.id) return fail("the member \"id\" must be an integer from 0 to 9007199254740991");
        return true;
      case Member::unknown:
        break;
    }
    return fail("unknown member \"" + shown(name) + "\"; there are data, base64 and id");
  }

  bool claim_payload() {
    if (has_payload_) return fail("only one of \"data\" and \"base64\" may be there, and once");
    has_payload_ = true;
    return true;
  }

  bool accept_base64(std::string_view value) {
    if (value.front() != '"') return fail("the member \"base64\" must be a string");
    std::optional<std::string> bytes;
    if (has_escape(value)) {
      const auto unquoted = unquote_json_string(value);
      if (unquoted) bytes = base::base64_decode(*unquoted);
    } else {
      bytes = base::base64_decode(value.substr(1, value.size() - 2));
    }
    if (!bytes) return fail("the member \"base64\" is not base64 with padding (RFC 4648, section 4)");
    scratch_ = std::move(*bytes);
    message_.kind = PayloadKind::binary;
    message_.payload = scratch_;
    return true;
  }

  std::string_view text_;
  std::string& scratch_;
  std::size_t at_ = 0;
  bool has_payload_ = false;
  ClientMessage message_;
  std::string reason_;
};

}  // namespace

base::Result<ClientMessage, ClientMessageFault> decode_client_message(std::string_view text, std::string& scratch) {
  return Decoder(text, scratch).decode();
}

}  // namespace usher::dialect
