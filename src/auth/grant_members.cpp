#include "auth/grant_members.hpp"

#include "auth/origin.hpp"
#include "base/json.hpp"

namespace usher::auth {
namespace {

constexpr std::size_t user_bytes_max = 128;

std::optional<Rights> rights_of(const JsonValue& list) {
  if (list.kind != JsonValue::Kind::array) return std::nullopt;
  Rights rights;
  for (const JsonValue& item : list.items) {
    const std::optional<Right> right = parse_right(item.text);
    if (item.kind != JsonValue::Kind::string || !right) return std::nullopt;
    rights.add(*right);
  }
  return rights;
}

void read_subscribe(MemberReader& members, Grant& grant) {
  const JsonValue* const list = members.take("subscribe");
  if (list == nullptr) return;
  if (list->kind != JsonValue::Kind::array || list->items.size() > grant_subscribe_max) {
    return members.fail("`subscribe` must be an array of at most " + std::to_string(grant_subscribe_max) + " channels");
  }
  for (const JsonValue& item : list->items) {
    if (item.kind != JsonValue::Kind::string || !base::valid_channel_name(item.text)) {
      return members.fail("`subscribe` must hold names of channels");
    }
    grant.change_details().subscribe.push_back(item.text);
  }
}

void append_ceiling(std::string& out, const Ceiling& ceiling) {
  out += '{';
  for (const ChannelRights& entry : ceiling) {
    if (out.back() != '{') out += ',';
    base::append_json_string(out, entry.pattern.text());
    out += ":[";
    for (const Right right : all_rights) {
      if (!entry.rights.has(right)) continue;
      if (out.back() != '[') out += ',';
      base::append_json_string(out, right_name(right));
    }
    out += ']';
  }
  out += '}';
}

void append_channel_list(std::string& out, const std::vector<std::string>& channels) {
  out += '[';
  for (const std::string& channel : channels) {
    if (out.back() != '[') out += ',';
    base::append_json_string(out, channel);
  }
  out += ']';
}

}  // namespace

Grant read_grant(MemberReader& members) {
  Grant grant;
  if (const std::string user = members.text("user", user_bytes_max); !user.empty()) {
    if (!base::valid_user_name(user)) members.fail("`user` must be UTF-8 without control characters");
    grant.user = user;
  }
  if (std::optional<Ceiling> channels = read_channels(members)) {
    grant.change_details().channels = std::move(channels);
  }
  if (members.json("only_narrowed") == "true") grant.change_details().only_narrowed = true;
  read_subscribe(members, grant);
  if (std::string info = members.json("info"); !info.empty()) grant.change_details().info = std::move(info);
  if (std::string meta = members.json("meta"); !meta.empty()) grant.change_details().meta = std::move(meta);
  if (const auto seconds = members.whole_number("session_ttl", 1, session_ttl_max.count())) {
    grant.change_details().session_ttl = std::chrono::seconds(*seconds);
  }
  return grant;
}

std::optional<Ceiling> read_channels(MemberReader& members) {
  const JsonValue* const channels = members.take("channels");
  if (channels == nullptr) return std::nullopt;
  if (channels->kind != JsonValue::Kind::object || channels->items.size() > grant_patterns_max) {
    members.fail("`channels` must be an object of at most " + std::to_string(grant_patterns_max) + " patterns");
    return Ceiling{};
  }
  Ceiling ceiling;
  for (const JsonValue& entry : channels->items) {
    base::Result<base::Pattern> pattern = base::Pattern::parse(entry.name);
    if (!pattern) {
      members.fail("`channels` has a pattern that cannot be read: " + pattern.error().message);
      return Ceiling{};
    }
    const std::optional<Rights> rights = rights_of(entry);
    if (!rights) {
      members.fail("`channels` must name for each pattern an array of subscribe, publish, presence, history");
      return Ceiling{};
    }
    ceiling.push_back({*std::move(pattern), *rights});
  }
  return ceiling;
}

std::optional<Address> read_address(MemberReader& members, std::string_view name) {
  const std::string text = members.text(name, 64);
  if (text.empty()) return std::nullopt;
  const std::optional<Address> address = Address::parse(text);
  if (!address) members.fail("`" + std::string(name) + "` must be an IP address");
  return address;
}

std::string read_origin(MemberReader& members, std::string_view name) {
  const std::string text = members.text(name, origin_bytes_max);
  if (text.empty()) return {};
  const std::optional<std::string> origin = normalise_origin(text);
  if (!origin) members.fail("`" + std::string(name) + "` must be an origin, as https://app.example.com");
  return origin.value_or("");
}

std::string read_path(MemberReader& members, std::string_view name) {
  std::string path = members.text(name, path_bytes_max);
  if (!path.empty() && path.front() != '/') members.fail("`" + std::string(name) + "` must begin with `/`");
  return path;
}

void append_grant_details(std::string& out, const GrantDetails& details, AbsentMembers absent) {
  const bool all = absent == AbsentMembers::as_null;
  if (details.channels) {
    out += ",\"channels\":";
    append_ceiling(out, *details.channels);
    if (details.only_narrowed) out += ",\"only_narrowed\":true";
  } else if (all) {
    out += ",\"channels\":null";
  }
  if (all || !details.subscribe.empty()) {
    out += ",\"subscribe\":";
    append_channel_list(out, details.subscribe);
  }
  if (all || !details.info.empty()) out.append(",\"info\":").append(details.info.empty() ? "null" : details.info);
  if (all || !details.meta.empty()) out.append(",\"meta\":").append(details.meta.empty() ? "null" : details.meta);
  if (details.session_ttl) {
    out += ",\"session_ttl\":" + std::to_string(details.session_ttl->count());
  } else if (all) {
    out += ",\"session_ttl\":null";
  }
}

}  // namespace usher::auth
