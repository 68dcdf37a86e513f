#include "app/configuration.hpp"

#include <algorithm>
#include <utility>

#include "app/keys.hpp"
#include "app/nearest.hpp"
#include "app/toml_document.hpp"
#include "base/text.hpp"

namespace usher::app {
namespace {

constexpr std::string_view variable_prefix = "USHER_";
/// Every key stands in a section. A name without this is no key but someone else's, such as USHER_URL of the commands.
constexpr std::string_view level_separator = "__";

void read_section(Reading& reading, const std::string& section, const Value& table);

std::string unknown_key(const std::string& section, const std::string& name) {
  std::string message = "unknown key '" + name + "'";
  if (!section.empty()) message += " in [" + section + "]";
  const std::vector<std::string_view> known = names_below(section);
  if (const auto near = nearest(name, known)) return message + "; did you mean '" + std::string(*near) + "'?";
  if (const auto elsewhere = only_path_of(name)) return message + "; did you mean '" + std::string(*elsewhere) + "'?";
  std::string all;
  for (const std::string_view candidate : known) all += (all.empty() ? "" : ", ") + std::string(candidate);
  return message + "; known are " + all;
}

void read_table(Reading& reading, const Section& section, const Value& table) {
  reading.set_key(std::string(section.path));
  if (!reading.is_table(table)) return;
  if (section.begin != nullptr) section.begin(reading, table);
  read_section(reading, std::string(section.path), table);
  reading.set_key(std::string(section.path));
  if (section.end != nullptr) section.end(reading, table);
}

void read_member(Reading& reading, const std::string& path, const Member& member) {
  if (const Section* section = find_section(path)) {
    reading.set_key(path);
    if (section->shape == Shape::table) return read_table(reading, *section, member.value);
    if (member.value.kind != Value::Kind::list) {
      return reading.fail(member.place, "write [[" + path + "]], not [" + path + "]: there may be several");
    }
    for (const Value& table : member.value.items) read_table(reading, *section, table);
    return;
  }
  const Key* key = find_key(path);
  ASSERT(key != nullptr);
  reading.set_key(path);
  reading.given(path, member.value.place);
  key->read(reading, member.value, *key);
}

void read_section(Reading& reading, const std::string& section, const Value& table) {
  for (const Member& member : table.members) {
    const std::string path = section.empty() ? member.name : section + "." + member.name;
    if (find_section(path) == nullptr && find_key(path) == nullptr) {
      reading.fail(member.place, unknown_key(section, member.name));
      continue;
    }
    read_member(reading, path, member);
  }
}

void override_value(Reading& reading, Value& root, const std::string& path, Value value) {
  const Place place = value.place;
  if (const auto problem = put(root, path, std::move(value))) reading.fail(place, *problem);
}

void add_environment(Reading& reading, Value& root) {
  for (const auto& [name, text] : reading.sources().environment) {
    if (!name.starts_with(variable_prefix)) continue;
    if (name.find(level_separator) == std::string::npos) continue;
    std::string path = base::to_lower(std::string_view(name).substr(variable_prefix.size()));
    for (std::size_t at = path.find(level_separator); at != std::string::npos;
         at = path.find(level_separator, at + 1)) {
      path.replace(at, 2, ".");
    }
    override_value(reading, root, path, parse_loose_value(text, {name}));
  }
}

void add_flags(Reading& reading, Value& root) {
  for (const std::string& assignment : reading.sources().set) {
    const std::size_t equals = assignment.find('=');
    const Place place{"--set " + assignment.substr(0, equals)};
    if (equals == std::string::npos) {
      reading.fail(place, "needs KEY=VALUE, as in --set tickets.ttl=10s");
      continue;
    }
    override_value(reading, root, assignment.substr(0, equals),
                   parse_loose_value(std::string_view(assignment).substr(equals + 1), place));
  }
  if (!reading.sources().listen.empty()) {
    Value listen;
    listen.kind = Value::Kind::list;
    listen.place = {"--listen"};
    for (const std::string& address : reading.sources().listen) {
      Value item;
      item.kind = Value::Kind::text;
      item.place = {"--listen"};
      item.text = address;
      listen.items.push_back(std::move(item));
    }
    override_value(reading, root, "server.listen", std::move(listen));
  }
  if (reading.sources().workers) {
    override_value(reading, root, "server.workers", parse_loose_value(*reading.sources().workers, {"--workers"}));
  }
}

}  // namespace

base::Result<Configuration, std::vector<Problem>> read_configuration(const ConfigurationSources& sources) {
  Value root;
  if (sources.file) {
    auto parsed = parse_toml(sources.file->text, sources.file->name);
    if (!parsed.ok()) return std::vector{parsed.error()};
    root = std::move(parsed).value();
  }
  Reading reading(sources);
  add_environment(reading, root);
  add_flags(reading, root);
  read_section(reading, "", root);
  check_together(reading);
  std::vector<Problem> problems = reading.take_problems();
  if (!problems.empty()) return problems;
  return Configuration{reading.take_settings(), reading.take_warnings()};
}

}  // namespace usher::app
