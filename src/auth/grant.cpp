#include "auth/grant.hpp"

#include <algorithm>

#include "auth/grant_members.hpp"
#include "base/json.hpp"

namespace usher::auth {
namespace {

/// Whether the ceiling gives a right in a channel.
bool names(const Ceiling& ceiling, Right right, std::string_view channel) {
  return std::ranges::any_of(
      ceiling, [&](const ChannelRights& entry) { return entry.rights.has(right) && entry.pattern.matches(channel); });
}

/// What stands before the first variable or star: each name that the pattern matches begins so.
std::string_view literal_front(const base::Pattern& pattern) {
  const std::string_view text = pattern.text();
  return text.substr(0, std::min(text.find_first_of("{*"), text.size()));
}

/// Whether the ceiling gives all these rights in each channel that the pattern matches. `proofs_left` bounds the work:
/// who asks chooses the patterns, and a containment is much dearer to prove than a match.
bool covers(const Ceiling& ceiling, const ChannelRights& wanted, std::size_t& proofs_left) {
  Rights rights;
  for (const ChannelRights& entry : ceiling) {
    if (rights.has_all(wanted.rights)) break;
    if (wanted.pattern.is_literal()) {
      if (entry.pattern.matches(wanted.pattern.text())) rights.add(entry.rights);
      continue;
    }
    if (!literal_front(wanted.pattern).starts_with(literal_front(entry.pattern))) continue;
    if (proofs_left == 0) break;
    --proofs_left;
    if (entry.pattern.contains(wanted.pattern)) rights.add(entry.rights);
  }
  return rights.has_all(wanted.rights);
}

}  // namespace

Grant::Grant(const Grant& other)
    : user(other.user), details_(other.details_ ? std::make_unique<GrantDetails>(*other.details_) : nullptr) {}

Grant& Grant::operator=(const Grant& other) {
  Grant copy(other);
  return *this = std::move(copy);
}

const GrantDetails& Grant::details() const {
  static const GrantDetails none;
  return details_ ? *details_ : none;
}

GrantDetails& Grant::change_details() {
  if (!details_) details_ = std::make_unique<GrantDetails>();
  return *details_;
}

base::Result<Grant> parse_grant(std::string_view json) {
  base::Result<MemberReader> members = MemberReader::open(json, grant_json_bytes_max);
  if (!members) return members.error();
  Grant grant = read_grant(*members);
  if (base::Result<void> finished = members->finish(); !finished) return finished.error();
  return grant;
}

std::string grant_json(const Grant& grant) {
  std::string out = "{\"user\":";
  if (grant.user) {
    base::append_json_string(out, *grant.user);
  } else {
    out += "null";
  }
  append_grant_details(out, grant.details(), AbsentMembers::left_out);
  out += '}';
  return out;
}

base::Result<Grant> narrow(const Grant& granted, Ceiling requested) {
  if (const std::optional<Ceiling>& ceiling = granted.details().channels) {
    std::size_t proofs_left = narrow_proofs_max;
    for (const ChannelRights& wanted : requested) {
      if (covers(*ceiling, wanted, proofs_left)) continue;
      return base::Error{"`channels` asks for more in `" + wanted.pattern.text() + "` than the caller has"};
    }
  }
  Grant narrowed = granted;
  GrantDetails& details = narrowed.change_details();
  details.only_narrowed = details.only_narrowed || !details.channels;
  std::erase_if(details.subscribe,
                [&](const std::string& channel) { return !names(requested, Right::subscribe, channel); });
  details.channels = std::move(requested);
  return narrowed;
}

std::optional<Allow> parse_allow(std::string_view word) {
  if (word == "anyone") return Allow::anyone;
  if (word == "user") return Allow::user;
  if (word == "granted") return Allow::granted;
  if (word == "owner") return Allow::owner;
  if (word == "nobody") return Allow::nobody;
  return std::nullopt;
}

bool allows(const Grant& grant, Allow rule, const Wanted& wanted) {
  const std::optional<Ceiling>& ceiling = grant.details().channels;
  if (ceiling && !names(*ceiling, wanted.right, wanted.channel)) return false;
  switch (rule) {
    case Allow::anyone:
      return true;
    case Allow::user:
      return grant.user.has_value();
    case Allow::granted:
      return ceiling && !grant.details().only_narrowed;
    case Allow::owner:
      return grant.user && !wanted.user_segment.empty() && base::user_in_channel(*grant.user) == wanted.user_segment;
    case Allow::nobody:
      return false;
  }
  return false;
}

}  // namespace usher::auth
