#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/problem.hpp"
#include "base/result.hpp"
#include "server/settings.hpp"

namespace usher::app {

struct ConfigurationFile {
  std::string name;  ///< for messages, and the start of relative paths
  std::string text;
};

/// Everything that a configuration is made of. A flag goes before the environment, the environment before the file.
struct ConfigurationSources {
  using ReadFile = std::function<base::Result<std::string>(const std::string& path)>;

  std::optional<ConfigurationFile> file;
  std::vector<std::pair<std::string, std::string>> environment;  ///< all of it: `USHER_…`, and for `env:NAME`
  std::vector<std::string> set;                                  ///< `KEY=VALUE` of each --set
  std::vector<std::string> listen;     ///< of each --listen; together they replace server.listen
  std::optional<std::string> workers;  ///< of --workers
  ReadFile read_file;                  ///< how files that the configuration names are read
};

struct Configuration {
  std::shared_ptr<server::Settings> settings;
  std::vector<Problem> warnings;
};

/// Reads and checks a configuration as a whole: all problems at once, in the order of their places. An error of the
/// grammar of the file stands alone. A key whose feature does not exist yet is an error unless its value means "off".
base::Result<Configuration, std::vector<Problem>> read_configuration(const ConfigurationSources& sources);

}  // namespace usher::app
