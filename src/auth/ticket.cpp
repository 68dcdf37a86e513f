#include "auth/ticket.hpp"

#include "auth/grant_members.hpp"
#include "auth/json_members.hpp"
#include "base/base64.hpp"
#include "base/json.hpp"

namespace usher::auth {
namespace {

constexpr std::int64_t record_version = 1;
constexpr std::int64_t milliseconds_per_second = 1000;

void append_text_or_null(std::string& out, std::string_view text) {
  if (text.empty()) {
    out += "null";
  } else {
    base::append_json_string(out, text);
  }
}

void append_time_or_null(std::string& out, std::optional<base::WallTime> time) {
  if (!time) {
    out += "null";
    return;
  }
  out += std::to_string(time->milliseconds / milliseconds_per_second);
}

std::optional<base::WallTime> round_up(std::optional<base::WallTime> time) {
  if (!time) return time;
  return base::WallTime{time->milliseconds + milliseconds_per_second - 1};
}

std::optional<base::WallTime> read_time(MemberReader& members, std::string_view name) {
  const std::optional<std::int64_t> seconds = members.whole_number(name, 0, unix_time_max);
  if (!seconds) return std::nullopt;
  return base::WallTime{*seconds * milliseconds_per_second};
}

}  // namespace

bool well_formed_ticket(std::string_view text) {
  if (text.size() != ticket_bytes || !text.starts_with(ticket_prefix)) return false;
  std::optional<std::string> bits = base::base64url_decode(text.substr(ticket_prefix.size()));
  if (!bits) return false;
  wipe_memory(bits->data(), bits->size());
  return true;
}

Secret draw_ticket(EntropyBlock& entropy) { return entropy.draw(ticket_prefix); }

TicketHash ticket_hash(std::string_view ticket) { return sha256(ticket); }

std::string ticket_record_json(const TicketRecord& record) {
  std::string out = "{\"v\":" + std::to_string(record_version) + ",\"user\":";
  append_text_or_null(out, record.grant.user.value_or(""));
  out += ",\"issued_at\":";
  append_time_or_null(out, record.issued_at);
  out += ",\"expires_at\":";
  append_time_or_null(out, round_up(record.expires_at));
  out += ",\"ip\":";
  append_text_or_null(out, record.address ? record.address->text() : "");
  out += ",\"origin\":";
  append_text_or_null(out, record.origin);
  out += ",\"path\":";
  append_text_or_null(out, record.path);
  append_grant_details(out, record.grant.details(), AbsentMembers::as_null);
  out += ",\"issuer\":";
  append_text_or_null(out, record.issuer);
  out += '}';
  return out;
}

base::Result<TicketRecord> parse_ticket_record(std::string_view json) {
  base::Result<MemberReader> document = MemberReader::open(json, ticket_record_bytes_max);
  if (!document) return document.error();
  MemberReader& members = *document;

  const std::optional<std::int64_t> version = members.whole_number("v", 0, INT32_MAX);
  if (version != record_version) members.fail("`v` must be 1");
  members.require_present("user");
  TicketRecord record;
  record.grant = read_grant(members);
  record.issued_at = read_time(members, "issued_at");
  record.expires_at = read_time(members, "expires_at");
  record.address = read_address(members, "ip");
  record.origin = read_origin(members, "origin");
  record.path = read_path(members, "path");
  record.issuer = members.text("issuer", issuer_bytes_max);
  if (base::Result<void> finished = members.finish(); !finished) return finished.error();
  return record;
}

}  // namespace usher::auth
