#pragma once

#include <string>
#include <string_view>

namespace usher::app {

/// What `usher init` prints: a configuration with comments that starts as it is. `key_digest` is the SHA-256 of the API
/// key, 64 hexadecimal digits.
std::string initial_configuration(std::string_view key_digest);

/// docs/limits.md, made from the table of limits.
std::string limits_document();

}  // namespace usher::app
