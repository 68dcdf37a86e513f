#pragma once

#include <string>
#include <string_view>

namespace usher::base {

/// Appends a JSON string with its quotes (RFC 8259, section 7). The text must be UTF-8; bytes that are not are written
/// as U+FFFD, so the result is always valid.
void append_json_string(std::string& out, std::string_view text);

/// The JSON string on its own.
std::string json_string(std::string_view text);

}  // namespace usher::base
