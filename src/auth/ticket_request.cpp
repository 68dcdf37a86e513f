#include "auth/ticket_request.hpp"

#include "auth/grant_members.hpp"

namespace usher::auth {

base::Result<TicketRequest> parse_ticket_request(std::string_view json) {
  TicketRequest request;
  if (json.empty()) return request;
  base::Result<MemberReader> members = MemberReader::open(json, ticket_record_bytes_max);
  if (!members) return members.error();
  request.channels = read_channels(*members);
  request.path = read_path(*members, "path");
  if (base::Result<void> finished = members->finish(); !finished) return finished.error();
  return request;
}

base::Result<MintRequest> parse_mint_request(std::string_view json) {
  base::Result<MemberReader> members = MemberReader::open(json, ticket_record_bytes_max);
  if (!members) return members.error();
  members->require_present("user");
  MintRequest request;
  request.grant = read_grant(*members);
  if (const auto seconds = members->whole_number("ttl", 1, session_ttl_max.count())) {
    request.ttl = std::chrono::seconds(*seconds);
  }
  request.address = read_address(*members, "ip");
  request.origin = read_origin(*members, "origin");
  request.path = read_path(*members, "path");
  if (base::Result<void> finished = members->finish(); !finished) return finished.error();
  return request;
}

}  // namespace usher::auth
