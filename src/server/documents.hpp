#pragma once

#include <string>

namespace usher::server {

/// docs/errors.md, from the table of refusals.
std::string errors_document();

/// docs/close-codes.md, from the table of close reasons.
std::string close_codes_document();

}  // namespace usher::server
