#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/static_file.hpp"
#include "server/settings.hpp"

namespace usher::server {

/// The files that are served as they are, read once at start: the demo's page and usher.js.
class StaticFiles {
 public:
  /// The error names the file that cannot be read.
  static base::Result<StaticFiles> load(const Settings& settings);

  /// By the path of a request, such as `/` or `/style.css`; null when there is none.
  const http::StaticFile* find(std::string_view path) const;
  const http::StaticFile* client_script() const { return find_name("usher.js"); }

 private:
  const http::StaticFile* find_name(const std::string& name) const;

  std::map<std::string, http::StaticFile> files_;  ///< by path relative to the folder
};

}  // namespace usher::server
