#include "io/kernel.hpp"

#include <system_error>

#include "base/text.hpp"

namespace usher::io {

std::string describe_error(int system_error) { return base::to_lower(std::generic_category().message(system_error)); }

}  // namespace usher::io
