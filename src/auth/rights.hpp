#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>

namespace usher::auth {

/// What can be done in a channel.
enum class Right : std::uint8_t { subscribe, publish, presence, history };

/// What an API key may do.
enum class ApiRight : std::uint8_t { publish, tickets, read, disconnect };

/// A set of rights of one kind.
template <typename Member>
class RightSet {
 public:
  constexpr RightSet() = default;
  constexpr RightSet(std::initializer_list<Member> members) {
    for (const Member member : members) add(member);
  }

  constexpr void add(Member member) { bits_ = static_cast<std::uint8_t>(bits_ | bit(member)); }
  constexpr void add(RightSet other) { bits_ = static_cast<std::uint8_t>(bits_ | other.bits_); }
  constexpr bool has_all(RightSet other) const { return (bits_ & other.bits_) == other.bits_; }
  constexpr bool has(Member member) const { return (bits_ & bit(member)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(RightSet, RightSet) = default;

 private:
  static constexpr std::uint8_t bit(Member member) {
    return static_cast<std::uint8_t>(1U << static_cast<std::underlying_type_t<Member>>(member));
  }

  std::uint8_t bits_ = 0;
};

using Rights = RightSet<Right>;
using ApiRights = RightSet<ApiRight>;

inline constexpr std::array all_rights = {Right::subscribe, Right::publish, Right::presence, Right::history};
inline constexpr std::array all_api_rights = {ApiRight::publish, ApiRight::tickets, ApiRight::read,
                                              ApiRight::disconnect};

/// The word in configuration and JSON.
std::string_view right_name(Right right);
std::string_view right_name(ApiRight right);
std::optional<Right> parse_right(std::string_view word);
std::optional<ApiRight> parse_api_right(std::string_view word);

}  // namespace usher::auth
