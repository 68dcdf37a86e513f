#pragma once

#include <string>

#include "base/time.hpp"

namespace usher::http {

/// A date as HTTP writes it: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7).
std::string format_date(base::WallTime time);

}  // namespace usher::http
