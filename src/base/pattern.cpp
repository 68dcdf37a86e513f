#include "base/pattern.hpp"

#include <algorithm>
#include <bitset>
#include <deque>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace usher::base {
namespace {

constexpr std::size_t states_max = Pattern::bytes_max + 1;
constexpr std::size_t proof_steps_max = 20000;
using States = std::bitset<states_max>;

bool is_channel_character(char c) {
  return c > 0x20 && c < 0x7f && std::string_view("/*{}\"\\").find(c) == std::string_view::npos;
}

struct LessStates {
  bool operator()(const std::pair<std::size_t, States>& a, const std::pair<std::size_t, States>& b) const {
    if (a.first != b.first) return a.first < b.first;
    for (std::size_t i = 0; i < states_max; ++i) {
      if (a.second[i] != b.second[i]) return b.second[i];
    }
    return false;
  }
};

}  // namespace

bool valid_channel_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && std::all_of(name.begin(), name.end(), is_channel_character);
}

bool valid_user_name(std::string_view name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !name.empty() && name.size() <= 128 && std::none_of(name.begin(), name.end(), is_control) && valid_utf8(name);
}

std::string user_in_channel(std::string_view user) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : user) {
    if (is_channel_character(c) && c != '.' && c != ':' && c != '%') {
      result.push_back(c);
      continue;
    }
    result.push_back('%');
    result.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    result.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  return result;
}

Result<Pattern> Pattern::parse(std::string_view text, std::string_view separators) {
  if (text.empty() || text.size() > bytes_max) return Error{"a pattern has 1 to 255 bytes"};
  Pattern pattern{std::string(text), std::string(separators)};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '*') {
      if (i + 1 != text.size()) return Error{"'*' stands for the rest and can only be the last character"};
      pattern.tokens_.push_back({Kind::rest});
      pattern.literal_ = false;
    } else if (c == '{') {
      const std::size_t end = text.find('}', i);
      if (end == std::string_view::npos) return Error{"'{' has no matching '}'"};
      if (!is_token(text.substr(i + 1, end - i - 1))) return Error{"a variable needs a name, as in {room}"};
      if (end + 1 < text.size() && text[end + 1] == '{') return Error{"something must stand between two variables"};
      pattern.tokens_.push_back(
          {Kind::segment, 0, static_cast<std::uint16_t>(i + 1), static_cast<std::uint16_t>(end - i - 1)});
      pattern.literal_ = false;
      i = end;
    } else if (c == '}' || c <= 0x20 || c >= 0x7f || c == '"' || c == '\\') {
      return Error{"a pattern is visible ASCII without '\"', '\\' and lone '}'"};
    } else {
      pattern.tokens_.push_back({Kind::character, c});
    }
  }
  return pattern;
}

bool Pattern::takes(const Token& token, char c) const {
  switch (token.kind) {
    case Kind::character:
      return token.character == c;
    case Kind::segment:
      return !is_separator(c);
    case Kind::rest:
      return true;
  }
  return false;
}

std::string_view Pattern::name_of(const Token& token) const {
  return std::string_view(text_).substr(token.name_begin, token.name_size);
}

bool Pattern::accepts(const std::vector<Token>& tokens, std::size_t state) {
  return state == tokens.size() || (state + 1 == tokens.size() && tokens[state].kind == Kind::rest);
}

bool Pattern::matches(std::string_view name) const {
  if (literal_) return name == text_;
  return match(name).has_value();
}

std::optional<Pattern::Variables> Pattern::match(std::string_view name) const {
  if (literal_) return name == text_ ? std::optional(Variables{}) : std::nullopt;
  if (name.size() > bytes_max) return std::nullopt;

  // reachable[i] holds the places in the name from where tokens i.. match to the end; built from the back.
  std::vector<States> reachable(tokens_.size() + 1);
  reachable[tokens_.size()].set(name.size());
  for (std::size_t i = tokens_.size(); i-- > 0;) {
    const Token& token = tokens_[i];
    if (token.kind == Kind::rest) {
      reachable[i].set();
      continue;
    }
    for (std::size_t at = name.size(); at-- > 0;) {
      if (!takes(token, name[at])) continue;
      const bool ends_here = reachable[i + 1][at + 1];
      const bool goes_on = token.kind == Kind::segment && reachable[i][at + 1];
      reachable[i].set(at, ends_here || goes_on);
    }
  }
  if (!reachable[0][0]) return std::nullopt;

  Variables variables;
  std::size_t at = 0;
  for (std::size_t i = 0; i < tokens_.size() && tokens_[i].kind != Kind::rest; ++i) {
    const std::size_t begin = at++;
    if (tokens_[i].kind == Kind::character) continue;
    std::size_t end = at;
    for (std::size_t next = at; next <= name.size() && !is_separator(name[next - 1]); ++next) {
      if (reachable[i + 1][next]) end = next;
    }
    at = end;
    variables.emplace_back(name_of(tokens_[i]), name.substr(begin, end - begin));
  }
  return variables;
}

// A walk over all that `other` can produce, one character class at a time, beside the set of states in which this
// pattern can then be. A place where `other` may end and this pattern may not is a counterexample.
bool Pattern::contains(const Pattern& other) const {
  std::string alphabet = separators_ + other.separators_;
  for (const auto* tokens : {&tokens_, &other.tokens_}) {
    for (const Token& token : *tokens) {
      if (token.kind == Kind::character) alphabet.push_back(token.character);
    }
  }
  // One character that no literal names stands for all such.
  for (char c = 0x7e; c > 0x20; --c) {
    if (alphabet.find(c) == std::string::npos) {
      alphabet.push_back(c);
      break;
    }
  }
  std::sort(alphabet.begin(), alphabet.end());
  alphabet.erase(std::unique(alphabet.begin(), alphabet.end()), alphabet.end());

  using Place = std::pair<std::size_t, States>;
  std::set<Place, LessStates> seen;
  std::deque<Place> open;
  States start;
  start.set(0);
  open.push_back({0, start});
  seen.insert(open.front());
  while (!open.empty()) {
    const auto [state, mine] = open.front();
    open.pop_front();
    bool accepted = false;
    for (std::size_t i = 0; i <= tokens_.size(); ++i) accepted = accepted || (mine[i] && accepts(tokens_, i));
    if (accepts(other.tokens_, state) && !accepted) return false;
    if (state == other.tokens_.size()) continue;
    const Token& token = other.tokens_[state];
    for (const char c : alphabet) {
      if (!other.takes(token, c)) continue;
      States next;
      for (std::size_t i = 0; i < tokens_.size(); ++i) {
        if (!mine[i] || !takes(tokens_[i], c)) continue;
        if (tokens_[i].kind != Kind::character) next.set(i);
        if (tokens_[i].kind != Kind::rest) next.set(i + 1);
      }
      for (const std::size_t to : {state, state + 1}) {
        if (to == state && token.kind == Kind::character) continue;
        if (to == state + 1 && token.kind == Kind::rest) continue;
        if (seen.insert({to, next}).second) open.push_back({to, next});
      }
    }
    if (seen.size() > proof_steps_max) return false;
  }
  return true;
}

std::optional<std::string> Pattern::fill(const Variables& variables) const {
  std::string result;
  for (const Token& token : tokens_) {
    if (token.kind == Kind::rest) return std::nullopt;
    if (token.kind == Kind::character) {
      result.push_back(token.character);
      continue;
    }
    const auto found = std::find_if(variables.begin(), variables.end(),
                                    [&](const auto& variable) { return variable.first == name_of(token); });
    if (found == variables.end()) return std::nullopt;
    result += found->second;
  }
  return result;
}

std::vector<std::string> Pattern::variable_names() const {
  std::vector<std::string> names;
  for (const Token& token : tokens_) {
    if (token.kind == Kind::segment) names.emplace_back(name_of(token));
  }
  return names;
}

}  // namespace usher::base
