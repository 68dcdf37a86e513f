#include "app/load/processor_time.hpp"

#include <filesystem>
#include <fstream>

namespace usher::app {

std::optional<base::Duration> processor_time(const std::string& pid) {
  std::error_code error;
  std::filesystem::directory_iterator tasks("/proc/" + pid + "/task", error);
  if (error) return std::nullopt;
  base::Duration sum{};
  for (const auto& task : tasks) {
    std::ifstream file(task.path() / "schedstat");
    std::int64_t nanoseconds = 0;
    if (file >> nanoseconds) sum += base::Duration(nanoseconds);
  }
  return sum;
}

}  // namespace usher::app
