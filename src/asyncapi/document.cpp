#include "asyncapi/document.hpp"

#include <nlohmann/json.hpp>

namespace usher::asyncapi {

std::string document(const Description& description) {
  nlohmann::ordered_json root;
  root["asyncapi"] = "3.0.0";
  root["info"] = {{"title", "usher"}, {"version", description.version}};
  root["servers"]["usher"] = {{"host", description.host}, {"protocol", description.scheme}};
  root["channels"] = nlohmann::ordered_json::object();
  root["operations"] = nlohmann::ordered_json::object();
  return root.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace usher::asyncapi
