#include <cstdio>

#include "app/commands.hpp"
#include "app/documents.hpp"
#include "app/websocket_client.hpp"
#include "auth/api_key.hpp"
#include "auth/digest.hpp"
#include "base/json.hpp"

namespace usher::app {
namespace {

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace

Exit run(const InitOptions&) {
  auth::EntropyBlock entropy(fill_random);
  const auth::Secret key = auth::draw_api_key(entropy);
  print(initial_configuration(auth::digest_text(auth::sha256(key.expose()))));
  std::fprintf(stderr, "the API key, which is shown only now: %.*s\n", static_cast<int>(key.size()),
               key.expose().data());
  return Exit::done;
}

Exit run(const LimitsOptions&) {
  print(limits_document());
  return Exit::done;
}

Exit run(const VersionOptions& options) {
  const std::string version = USHER_VERSION;
  print(options.json ? "{\"version\":" + base::json_string(version) + "}\n" : "usher " + version + "\n");
  return Exit::done;
}

}  // namespace usher::app
