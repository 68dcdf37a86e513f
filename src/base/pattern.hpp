#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace usher::base {

/// Visible ASCII without `/ * { } " \`, 1 to 255 bytes.
bool valid_channel_name(std::string_view name);

/// 1 to 128 bytes of UTF-8 without control characters.
bool valid_user_name(std::string_view name);

/// The user as it stands in a channel's name: bytes that a channel may not have, and `.`, `:` and `%`, are
/// percent-encoded with upper-case digits.
std::string user_in_channel(std::string_view user);

/// A pattern for names: literal text, `{name}` for one segment (at least one character, none of the separators), and at
/// the very end `*` for the rest, which may be empty.
///
/// Matching takes time in proportion to pattern times name. Where a name can be cut in more than one way, earlier
/// variables take as much as they can.
class Pattern {
 public:
  /// The variables of a match, in the order of the pattern; the values are views into the name that was matched.
  using Variables = std::vector<std::pair<std::string_view, std::string_view>>;

  /// Channels are cut at `.` and `:`.
  static constexpr std::string_view channel_separators = ".:";
  static constexpr std::string_view path_separators = "/";
  static constexpr std::size_t bytes_max = 255;

  /// The error's message says what is wrong with the text.
  static Result<Pattern> parse(std::string_view text, std::string_view separators = channel_separators);

  bool matches(std::string_view name) const;

  /// The variables, or nothing when the name does not match. Views into `name` and into this pattern.
  std::optional<Variables> match(std::string_view name) const;

  /// Whether each name that `other` matches is matched by this pattern too. Where that would take too long to prove,
  /// the answer is no.
  bool contains(const Pattern& other) const;

  /// Fills the variables into this pattern's text: `room.{room}` with room = 7 gives `room.7`. Nothing when a variable
  /// is missing, or the pattern ends in `*`.
  std::optional<std::string> fill(const Variables& variables) const;

  const std::string& text() const { return text_; }
  bool is_literal() const { return literal_; }
  std::vector<std::string> variable_names() const;

 private:
  enum class Kind : std::uint8_t { character, segment, rest };
  struct Token {
    Kind kind;
    char character = 0;
    std::uint16_t name_begin = 0;
    std::uint16_t name_size = 0;
  };

  Pattern(std::string text, std::string separators) : text_(std::move(text)), separators_(std::move(separators)) {}
  bool takes(const Token& token, char c) const;
  bool is_separator(char c) const { return separators_.find(c) != std::string::npos; }
  std::string_view name_of(const Token& token) const;
  static bool accepts(const std::vector<Token>& tokens, std::size_t state);

  std::string text_;
  std::string separators_;
  std::vector<Token> tokens_;
  bool literal_ = true;
};

}  // namespace usher::base
