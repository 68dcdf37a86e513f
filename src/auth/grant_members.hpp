#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/address.hpp"
#include "auth/grant.hpp"
#include "auth/json_members.hpp"

namespace usher::auth {

// Members that the JSON forms of grants, ticket records and ticket requests share. Each reader reports what is wrong
// to the MemberReader and returns something empty then.

constexpr std::size_t path_bytes_max = 2048;
constexpr std::size_t origin_bytes_max = 512;
constexpr std::size_t issuer_bytes_max = 128;
constexpr std::size_t ticket_record_bytes_max = grant_json_bytes_max + 8192;
constexpr std::int64_t unix_time_max = 253402300799;  ///< the end of the year 9999

Grant read_grant(MemberReader& members);
std::optional<Ceiling> read_channels(MemberReader& members);
std::optional<Address> read_address(MemberReader& members, std::string_view name);
/// Normalised.
std::string read_origin(MemberReader& members, std::string_view name);
/// Begins with a slash.
std::string read_path(MemberReader& members, std::string_view name);

enum class AbsentMembers : std::uint8_t { left_out, as_null };

/// Appends `,"channels":…,"subscribe":…,"info":…,"meta":…,"session_ttl":…`.
void append_grant_details(std::string& out, const GrantDetails& details, AbsentMembers absent);

}  // namespace usher::auth
