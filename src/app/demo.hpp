#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace usher::app {

/// Where the demo's files are: beside the program (`../demo`, `../share/usher/demo`), or where it was built. Nothing
/// when they are nowhere.
std::optional<std::string> find_demo_folder();

/// The path of usher.js, looked for in the same way; empty when it is nowhere.
std::string find_client_script();

struct RandomPassword {
  std::string user;
  std::string password;
};

/// A password of its own for each user of an htpasswd text, drawn now, and the htpasswd text for them.
struct RandomPasswords {
  std::vector<RandomPassword> passwords;
  std::string htpasswd;
};
base::Result<RandomPasswords> draw_passwords(std::string_view htpasswd);

}  // namespace usher::app
