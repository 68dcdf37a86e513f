#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "app/reading.hpp"

namespace usher::app {

/// What stands below a name that has keys of its own.
enum class Shape : std::uint8_t {
  table,   ///< `[name]`, or `name = { … }`
  tables,  ///< `[[name]]`, any number of times
};

/// A name with keys of its own. `begin` and `end`, where there are any, frame the reading of each table.
struct Section {
  std::string_view path;
  Shape shape = Shape::table;
  void (*begin)(Reading&, const Value&) = nullptr;
  void (*end)(Reading&, const Value&) = nullptr;
};

/// A key: how it is read, and in a few words what it is for.
struct Key {
  std::string_view path;  ///< `tickets.ttl`; below [[channel]] `channel.name`
  void (*read)(Reading&, const Value&, const Key&);
  std::string_view meaning;
  std::string_view off =
      {};  ///< of a key whose feature does not exist yet: a word besides the usual that changes nothing
};

/// The parts of the one table of keys, by the file that has them.
std::span<const Key> server_keys();
std::span<const Key> ticket_keys();
std::span<const Key> auth_keys();
std::span<const Key> channel_keys();
std::span<const Key> route_keys();
std::span<const Key> later_keys();
std::span<const Section> sections();

/// Everything that a configuration may have: what the file, --set and the environment are checked against, and what an
/// unknown key is compared with. The limits of base/limits.hpp are among them.
const Section* find_section(std::string_view path);
const Key* find_key(std::string_view path);
/// The keys, and names with keys, directly below a section; "" is the top.
std::vector<std::string_view> names_below(std::string_view section);
/// The path of the one key that has this name, wherever it is.
std::optional<std::string_view> only_path_of(std::string_view name);

/// Readers of whole tables that have hooks in `sections()`.
void begin_channel(Reading& reading, const Value& table);
void end_channel(Reading& reading, const Value& table);
void begin_history(Reading& reading, const Value& table);
void end_history(Reading& reading, const Value& table);
void begin_message(Reading& reading, const Value& table);
void end_message(Reading& reading, const Value& table);
void begin_route(Reading& reading, const Value& table);
void end_route(Reading& reading, const Value& table);
void begin_api_key(Reading& reading, const Value& table);
void end_api_key(Reading& reading, const Value& table);
void begin_grant(Reading& reading, const Value& table);
void end_grant(Reading& reading, const Value& table);

/// `{ "room.*" = ["subscribe"] }`.
std::optional<auth::Ceiling> read_ceiling(Reading& reading, const Value& value);
/// A list of `ticket`, `basic`, `api_key`, `anonymous`; the other kinds do not exist yet.
std::optional<std::vector<auth::CredentialKind>> read_kinds(Reading& reading, const Value& value);
std::optional<base::Pattern> read_pattern(Reading& reading, const Value& value, std::string_view separators);
std::optional<server::RefuseWith> read_refuse(Reading& reading, const Value& value);

/// Reports what is wrong between keys: routes without a channel, variables that are missing, the same pattern twice.
void check_together(Reading& reading);

}  // namespace usher::app
