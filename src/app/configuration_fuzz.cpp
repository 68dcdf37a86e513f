#include "app/configuration.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"

namespace {

using usher::app::ConfigurationFile;
using usher::app::ConfigurationSources;

usher::base::Result<std::string> no_file(const std::string& path) {
  return usher::base::Error{path + ": no such file"};
}

}  // namespace

/// The first line is taken for --set and for the environment, the rest for the file. Whatever comes in, there are
/// settings, or problems that each name a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  ConfigurationSources sources;
  sources.read_file = no_file;
  if (end != std::string_view::npos) sources.file = ConfigurationFile{"usher.toml", std::string(input.substr(end + 1))};
  const std::string first(input.substr(0, end));
  if (!first.empty()) {
    sources.set = {first};
    sources.environment = {{"USHER_" + first.substr(0, first.find('=')), first.substr(first.find('=') + 1)}};
  }

  const auto read = usher::app::read_configuration(sources);
  if (read.ok()) {
    ASSERT(read->settings != nullptr && !read->settings->server.listen.empty());
    return 0;
  }
  ASSERT(!read.error().empty());
  for (const usher::app::Problem& problem : read.error()) ASSERT(problem.place.given() && !problem.message.empty());
  return 0;
}
