#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"

namespace usher::app {

/// How long the threads of a process that live now have been on a processor: the first number of each
/// /proc/PID/task/TID/schedstat, in nanoseconds. Nothing when there is no such process.
std::optional<base::Duration> processor_time(const std::string& pid);

}  // namespace usher::app
