#include "app/keys.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace usher::app {
namespace {

constexpr std::array all_sections = {
    Section{"server"},
    Section{"log"},
    Section{"websocket"},
    Section{"tls"},
    Section{"origins"},
    Section{"proxies"},
    Section{"tickets"},
    Section{"auth"},
    Section{"auth.basic"},
    Section{"auth.cookie"},
    Section{"auth.jwt"},
    Section{"auth.api_key", Shape::tables, begin_api_key, end_api_key},
    Section{"auth.grant", Shape::tables, begin_grant, end_grant},
    Section{"broker"},
    Section{"redis"},
    Section{"limits"},
    Section{"channel", Shape::tables, begin_channel, end_channel},
    Section{"channel.history", Shape::table, begin_history, end_history},
    Section{"channel.message", Shape::tables, begin_message, end_message},
    Section{"route", Shape::tables, begin_route, end_route},
    Section{"docs"},
};

constexpr std::string_view limits_prefix = "limits.";

void read_limit(Reading& reading, const Value& value, const Key& key) {
  for (const base::LimitRow& row : base::limit_rows()) {
    if (key.path.substr(limits_prefix.size()) != row.name) continue;
    base::Limits& limits = reading.settings().limits;
    if (const auto* count = std::get_if<std::uint64_t base::Limits::*>(&row.member)) {
      if (const auto number = reading.number(value, row.minimum, row.maximum)) limits.** count = *number;
      return;
    }
    const auto seconds = [](std::uint64_t n) { return std::chrono::seconds(static_cast<std::int64_t>(n)); };
    const auto duration = reading.duration(value, seconds(row.minimum), seconds(row.maximum));
    if (duration) limits.*std::get<base::Duration base::Limits::*>(row.member) = *duration;
    return;
  }
}

/// The limits' rows, as keys. Their paths need a place to live.
const std::vector<Key>& limit_keys() {
  static const std::vector<Key> keys = [] {
    static std::vector<std::string> paths;
    for (const base::LimitRow& row : base::limit_rows())
      paths.push_back(std::string(limits_prefix) + std::string(row.name));
    std::vector<Key> made;
    for (std::size_t i = 0; i < paths.size(); ++i)
      made.push_back({paths[i], read_limit, base::limit_rows()[i].meaning});
    return made;
  }();
  return keys;
}

const std::vector<const Key*>& all_keys() {
  static const std::vector<const Key*> keys = [] {
    std::vector<const Key*> all;
    for (const auto part : {server_keys(), ticket_keys(), auth_keys(), channel_keys(), route_keys(), later_keys(),
                            std::span<const Key>(limit_keys())}) {
      for (const Key& key : part) all.push_back(&key);
    }
    return all;
  }();
  return keys;
}

/// The last name of a path that lies directly below the section.
std::optional<std::string_view> name_below(std::string_view path, std::string_view section) {
  if (!section.empty()) {
    if (!path.starts_with(section) || path.size() <= section.size() || path[section.size()] != '.') return std::nullopt;
    path.remove_prefix(section.size() + 1);
  }
  if (path.find('.') != std::string_view::npos) return std::nullopt;
  return path;
}

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('.') + 1); }

}  // namespace

std::span<const Section> sections() { return all_sections; }

const Section* find_section(std::string_view path) {
  const auto found =
      std::find_if(all_sections.begin(), all_sections.end(), [&](const Section& s) { return s.path == path; });
  return found == all_sections.end() ? nullptr : &*found;
}

const Key* find_key(std::string_view path) {
  const auto& keys = all_keys();
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key* key) { return key->path == path; });
  return found == keys.end() ? nullptr : *found;
}

std::vector<std::string_view> names_below(std::string_view section) {
  std::vector<std::string_view> names;
  for (const Key* key : all_keys()) {
    if (const auto name = name_below(key->path, section)) names.push_back(*name);
  }
  for (const Section& below : all_sections) {
    if (const auto name = name_below(below.path, section)) names.push_back(*name);
  }
  return names;
}

std::optional<std::string_view> only_path_of(std::string_view name) {
  std::optional<std::string_view> path;
  for (const Key* key : all_keys()) {
    if (last_name(key->path) != name) continue;
    if (path) return std::nullopt;
    path = key->path;
  }
  return path;
}

}  // namespace usher::app
