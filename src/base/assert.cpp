#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace usher::base {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: usher broke its own rule: %s\n", file, line, condition);
  std::abort();
}

}  // namespace usher::base
