#include "server/header_lines.hpp"

namespace usher::server {

std::vector<std::string_view> header_lines(const http::RequestHead& head, std::string_view name) {
  std::vector<std::string_view> values;
  head.for_each(name, [&values](std::string_view value) { values.push_back(value); });
  return values;
}

}  // namespace usher::server
