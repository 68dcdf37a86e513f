#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace usher::channel {

/// What a variable of a pattern stood for in a name. Views into the pattern and into the name.
struct Capture {
  std::string_view variable;
  std::string_view value;
};

/// A set of channel names: `room.{room}`, `user:{user}.inbox`, `log.*`, `*`.
///
/// A name is cut into segments at '.' and ':'. `{x}` stands for one or more bytes inside one segment, and there is at
/// most one in a segment, with or without text around it. A `*` at the end stands for whatever follows, also nothing;
/// its segment has no variable. Everything else stands for itself.
class Pattern {
 public:
  /// The error is a sentence for whoever wrote the configuration.
  static base::Result<Pattern> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<std::string>& variables() const { return variables_; }

  bool matches(std::string_view name) const;
  /// What the variables stood for, in their order; nothing when the name does not match.
  std::optional<std::vector<Capture>> match(std::string_view name) const;
  /// True when the name matches and its variable `{user}` is this user, encoded (`encode_user`). False without that
  /// variable.
  bool owned_by(std::string_view name, std::string_view user) const;
  /// True when every name that this pattern matches is matched by `other` too.
  bool contained_in(const Pattern& other) const;
  /// The name with the variables filled in; nothing if one is missing, holds a separator, or the outcome is no name.
  /// A pattern that ends in `*` cannot be filled in.
  std::optional<std::string> expand(const std::vector<Capture>& values) const;

 private:
  enum class Middle : unsigned char { nothing, variable, rest };
  struct Segment {
    std::string prefix;
    Middle middle = Middle::nothing;
    std::string suffix;      ///< only behind a variable
    char separator = '\0';   ///< that ends the segment; none at the last
  };

  static bool segment_matches(const Segment& segment, std::string_view part);
  static bool segment_contained(const Segment& inner, const Segment& outer);
  bool walk(std::string_view name, std::vector<Capture>* captures) const;

  std::string text_;
  std::vector<Segment> segments_;
  std::vector<std::string> variables_;
};

}  // namespace usher::channel
