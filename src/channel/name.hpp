#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace usher::channel {

inline constexpr std::size_t name_bytes_max = 255;
inline constexpr std::size_t user_bytes_max = 128;

/// One byte that a channel's name may have: visible ASCII without / * { } " and backslash.
bool is_name_byte(char byte);

/// 1 to 255 such bytes.
bool valid_name(std::string_view name);

/// 1 to 128 bytes of well-formed UTF-8.
bool valid_user(std::string_view user);

/// The user as one segment of a name: '.', ':', '%' and what a name may not have become %XX, upper case. Different
/// users never have the same encoding.
std::string encode_user(std::string_view user);

}  // namespace usher::channel
