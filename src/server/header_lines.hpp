#pragma once

#include <string_view>
#include <vector>

#include "http/request.hpp"

namespace usher::server {

/// The values of all lines of a header, in order. Views into the head.
std::vector<std::string_view> header_lines(const http::RequestHead& head, std::string_view name);

}  // namespace usher::server
