#include "app/demo.hpp"

#include <crypt.h>

#include <array>
#include <memory>

#include "app/process.hpp"
#include "app/websocket_client.hpp"
#include "auth/secret.hpp"
#include "base/base64.hpp"
#include "base/text.hpp"

namespace usher::app {
namespace {

constexpr std::size_t password_random_bytes = 12;
constexpr unsigned long bcrypt_cost = 10;

/// The folders below which demo/ and clients/ may be.
std::vector<std::string> roots() {
  const std::string program = program_folder();
  std::vector<std::string> folders;
  if (!program.empty()) folders = {program + "/..", program + "/../share/usher"};
  folders.push_back(source_folder());
  return folders;
}

std::string draw_text() {
  std::array<std::uint8_t, password_random_bytes> bytes;
  fill_random(bytes);
  return base::base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<std::string> hash(const std::string& password) {
  std::array<char, 16> random;
  fill_random({reinterpret_cast<std::uint8_t*>(random.data()), random.size()});
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (crypt_gensalt_rn("$2b$", bcrypt_cost, random.data(), static_cast<int>(random.size()), setting.data(),
                       static_cast<int>(setting.size())) == nullptr) {
    return std::nullopt;
  }
  const auto data = std::make_unique<crypt_data>();
  const char* hashed = crypt_rn(password.c_str(), setting.data(), data.get(), sizeof(crypt_data));
  return hashed == nullptr ? std::nullopt : std::optional<std::string>(hashed);
}

}  // namespace

std::optional<std::string> find_demo_folder() {
  for (const std::string& root : roots()) {
    if (is_file(root + "/demo/demo.toml")) return root + "/demo";
  }
  return std::nullopt;
}

std::string find_client_script() {
  std::vector<std::string> paths;
  for (const std::string& root : roots()) paths.push_back(root + "/clients/js/usher.js");
  return first_file(paths).value_or("");
}

base::Result<RandomPasswords> draw_passwords(std::string_view htpasswd) {
  RandomPasswords drawn;
  std::string_view line;
  while (base::next_element(htpasswd, '\n', line)) {
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || colon == std::string_view::npos) continue;
    RandomPassword one{std::string(line.substr(0, colon)), draw_text()};
    const auto hashed = hash(one.password);
    if (!hashed) return base::Error{"crypt(3) of this system does not know bcrypt"};
    drawn.htpasswd += one.user + ":" + *hashed + "\n";
    drawn.passwords.push_back(std::move(one));
  }
  return drawn;
}

}  // namespace usher::app
