#include "app/reading.hpp"

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

#include "app/duration.hpp"
#include "base/text.hpp"

namespace usher::app {
namespace {

/// First the configuration file from top to bottom, then the files that it names, then flags and variables.
void sort_by_place(std::vector<Problem>& problems, std::string_view main_file) {
  const auto order = [&](const Problem& problem) {
    const Place& place = problem.place;
    const int rank = place.line == 0 ? 2 : place.source == main_file ? 0 : 1;
    return std::tuple(rank, std::string_view(place.source), place.line, place.column);
  };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const Problem& a, const Problem& b) { return order(a) < order(b); });
}

/// Paths in a file are relative to it; what flags and variables name, to the working directory.
std::string path_from(const Place& place, const std::string& name) {
  if (name.starts_with('/') || place.line == 0) return name;
  const std::size_t slash = place.source.rfind('/');
  return slash == std::string::npos ? name : place.source.substr(0, slash + 1) + name;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

Reading::Reading(const ConfigurationSources& sources)
    : sources_(sources), settings_(std::make_shared<server::Settings>()) {}

void Reading::fail(const Place& place, std::string message) { problems_.push_back({place, std::move(message)}); }

void Reading::fail_key(const Place& place, std::string_view message) {
  fail(place, key_ + ": " + std::string(message));
}

void Reading::fail_later(const Place& place, std::string_view what) {
  fail_key(place, std::string(what) + " is not available yet");
}

void Reading::warn(const Place& place, std::string message) { warnings_.push_back({place, std::move(message)}); }

std::optional<std::string> Reading::text(const Value& value) {
  if (value.kind == Value::Kind::text) return value.text;
  if (value.raw) return value.raw;
  fail_key(value.place, "must be a text, not " + std::string(kind_name(value.kind)));
  return std::nullopt;
}

std::optional<bool> Reading::flag(const Value& value) {
  if (value.kind == Value::Kind::boolean) return value.boolean;
  fail_key(value.place, "must be true or false, not " + std::string(kind_name(value.kind)));
  return std::nullopt;
}

std::optional<std::uint64_t> Reading::number(const Value& value, std::uint64_t minimum, std::uint64_t maximum) {
  if (value.kind != Value::Kind::integer) {
    const std::string_view found = value.kind == Value::Kind::real ? "one with a point" : kind_name(value.kind);
    fail_key(value.place, "must be a whole number, not " + std::string(found));
    return std::nullopt;
  }
  const std::uint64_t number = value.integer < 0 ? 0 : static_cast<std::uint64_t>(value.integer);
  if (value.integer >= 0 && number >= minimum && number <= maximum) return number;
  fail_key(value.place, std::to_string(value.integer) + " is out of range: " + std::to_string(minimum) + " to " +
                            std::to_string(maximum));
  return std::nullopt;
}

std::optional<base::Duration> Reading::duration(const Value& value, base::Duration minimum, base::Duration maximum) {
  constexpr std::string_view form = R"(write a whole number and its unit, as in "500ms", "25s", "10m" or "24h")";
  if (value.kind != Value::Kind::text) {
    const bool bare = value.kind == Value::Kind::integer || value.kind == Value::Kind::real;
    fail_key(value.place, (bare ? "a duration needs a unit: " : "must be a duration: ") + std::string(form));
    return std::nullopt;
  }
  const std::optional<base::Duration> read = parse_duration(value.text);
  if (!read) {
    fail_key(value.place, quoted(value.text) + " is no duration: " + std::string(form));
    return std::nullopt;
  }
  if (*read >= minimum && *read <= maximum) return read;
  fail_key(value.place, value.text + " is out of range: " + duration_text(minimum) + " to " + duration_text(maximum));
  return std::nullopt;
}

bool Reading::is_table(const Value& value) {
  if (value.kind == Value::Kind::table) return true;
  fail_key(value.place, "must be a table, not " + std::string(kind_name(value.kind)));
  return false;
}

std::optional<std::vector<Value>> Reading::list(const Value& value) {
  if (value.kind == Value::Kind::list) return value.items;
  const bool from_file = value.place.line != 0;
  if (from_file || value.kind != Value::Kind::text) {
    fail_key(value.place, "must be a list, not " + std::string(kind_name(value.kind)));
    return std::nullopt;
  }
  std::vector<Value> items;
  std::string_view rest = value.text;
  std::string_view element;
  while (base::next_element(rest, ',', element)) {
    Value item;
    item.kind = Value::Kind::text;
    item.place = value.place;
    item.text = std::string(element);
    items.push_back(std::move(item));
  }
  return items;
}

std::optional<std::size_t> Reading::index_of_word(const Value& value, std::span<const std::string_view> names) {
  const std::optional<std::string> word = text(value);
  if (!word) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *word);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  fail_key(value.place, quoted(*word) + " is not known: " + alternatives(names));
  return std::nullopt;
}

std::optional<std::string> Reading::read_named(const Place& place, const std::string& name) {
  if (!name.empty() && sources_.read_file) {
    auto content = sources_.read_file(path_from(place, name));
    if (content.ok()) return std::move(content).value();
    const bool missing = content.error().system_error == ENOENT;
    fail_key(place, content.error().message + (missing ? " (relative paths begin at the configuration's folder)" : ""));
    return std::nullopt;
  }
  fail_key(place, "names no file");
  return std::nullopt;
}

std::optional<Reading::NamedFile> Reading::file(const Value& value) {
  const std::optional<std::string> name = text(value);
  if (!name) return std::nullopt;
  std::optional<std::string> content = read_named(value.place, *name);
  if (!content) return std::nullopt;
  return NamedFile{path_from(value.place, *name), std::move(*content)};
}

std::optional<std::string> Reading::secret(const Value& value) {
  const std::optional<std::string> written = text(value);
  if (!written) return std::nullopt;
  if (written->starts_with("file:")) {
    std::optional<std::string> content = read_named(value.place, written->substr(5));
    if (content) content->erase(content->find_last_not_of("\r\n") + 1);
    return content;
  }
  if (!written->starts_with("env:")) return written;
  const std::string name = written->substr(4);
  for (const auto& [variable, content] : sources_.environment) {
    if (variable == name) return content;
  }
  fail_key(value.place, "the environment has no " + name);
  return std::nullopt;
}

const Place* Reading::place_of(const std::string& path) const {
  const auto found = given_.find(path);
  return found == given_.end() ? nullptr : &found->second;
}

std::string_view Reading::main_file() const {
  return sources_.file ? std::string_view(sources_.file->name) : std::string_view();
}

std::vector<Problem> Reading::take_problems() {
  sort_by_place(problems_, main_file());
  return std::move(problems_);
}

std::vector<Problem> Reading::take_warnings() {
  sort_by_place(warnings_, main_file());
  return std::move(warnings_);
}

std::string alternatives(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += quoted(words[i]);
  }
  return text;
}

}  // namespace usher::app
