#include "app/problem.hpp"

namespace usher::app {

std::string Place::text() const {
  if (line == 0) return source;
  const std::string in_line = source + ":" + std::to_string(line);
  return column == 0 ? in_line : in_line + ":" + std::to_string(column);
}

}  // namespace usher::app
