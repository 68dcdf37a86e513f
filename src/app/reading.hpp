#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/configuration.hpp"
#include "app/configuration_value.hpp"

namespace usher::app {

/// A word of an enumeration in the configuration. Without a value: the word is known, what it stands for does not exist
/// yet.
template <typename T>
struct Word {
  std::string_view name;
  std::optional<T> value;
};

/// The reading of one configuration: what has been read, what was wrong with it, and the small readers that all keys
/// are made of. Each small reader reports what is wrong and then returns nothing.
class Reading {
 public:
  explicit Reading(const ConfigurationSources& sources);

  server::Settings& settings() { return *settings_; }
  const ConfigurationSources& sources() const { return sources_; }

  /// The key that is being read, as messages name it: "tickets.ttl".
  const std::string& key() const { return key_; }
  void set_key(std::string key) { key_ = std::move(key); }

  void fail(const Place& place, std::string message);
  /// Begins with the key that is being read.
  void fail_key(const Place& place, std::string_view message);
  void fail_later(const Place& place, std::string_view what);
  void warn(const Place& place, std::string message);

  std::optional<std::string> text(const Value& value);
  std::optional<bool> flag(const Value& value);
  std::optional<std::uint64_t> number(const Value& value, std::uint64_t minimum, std::uint64_t maximum);
  std::optional<base::Duration> duration(const Value& value, base::Duration minimum, base::Duration maximum);
  bool is_table(const Value& value);
  /// The items of a list; of a flag or a variable also `a, b`. Nothing when it is no list.
  std::optional<std::vector<Value>> list(const Value& value);

  template <typename T, std::size_t N>
  std::optional<T> word(const Value& value, const std::array<Word<T>, N>& words) {
    std::array<std::string_view, N> names;
    for (std::size_t i = 0; i < N; ++i) names[i] = words[i].name;
    const std::optional<std::size_t> index = index_of_word(value, names);
    if (!index) return std::nullopt;
    const Word<T>& found = words[*index];
    if (!found.value) fail_later(value.place, "\"" + std::string(found.name) + "\"");
    return found.value;
  }

  /// A list of such words.
  template <typename T, std::size_t N>
  std::optional<std::vector<T>> words(const Value& value, const std::array<Word<T>, N>& known) {
    const std::optional<std::vector<Value>> items = list(value);
    if (!items) return std::nullopt;
    std::vector<T> found;
    for (const Value& item : *items) {
      if (const std::optional<T> one = word(item, known)) found.push_back(*one);
    }
    return found;
  }

  /// The content of the file that the value names.
  struct NamedFile {
    std::string name;  ///< where it is
    std::string text;
  };
  std::optional<NamedFile> file(const Value& value);
  /// The value itself, or what `file:PATH` or `env:NAME` stand for, without a line end.
  std::optional<std::string> secret(const Value& value);

  /// Remembers where a key was given, for the checks that look at several.
  void given(const std::string& path, const Place& place) { given_.emplace(path, place); }
  /// Null when the key was not given.
  const Place* place_of(const std::string& path) const;

  /// Where the tables that there may be several of were written, by their index; and what checks need of them.
  struct DraftPlaces {
    Place table;
    Place name;     ///< of what names it: a channel's pattern, a route's path, a user
    Place content;  ///< of what it is about: a route's channel, a key's digest, a grant's kind
    bool path_read = false;
    bool content_read = false;
  };
  std::vector<DraftPlaces> channels;
  std::vector<DraftPlaces> routes;
  std::vector<DraftPlaces> messages;  ///< of the channel that is being read
  std::vector<DraftPlaces> api_keys;
  std::vector<DraftPlaces> grants;
  std::vector<auth::ApiKey> api_key_drafts;
  std::vector<std::pair<std::string, Place>> owner_rules;  ///< of the channel that is being read: key and place

  std::vector<Problem> take_problems();
  std::vector<Problem> take_warnings();
  std::shared_ptr<server::Settings> take_settings() { return std::move(settings_); }

 private:
  std::string_view main_file() const;
  std::optional<std::size_t> index_of_word(const Value& value, std::span<const std::string_view> names);
  std::optional<std::string> read_named(const Place& place, const std::string& name);

  const ConfigurationSources& sources_;
  std::shared_ptr<server::Settings> settings_;
  std::string key_;
  std::map<std::string, Place> given_;
  std::vector<Problem> problems_;
  std::vector<Problem> warnings_;
};

/// `"a", "b" or "c"`.
std::string alternatives(std::span<const std::string_view> words);

}  // namespace usher::app
