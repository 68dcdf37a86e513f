#include "http/cors.hpp"

#include <algorithm>
#include <string>

namespace usher::http {

void allow_origin(Response& response, std::string_view origin) {
  response.add("Access-Control-Allow-Origin", origin).add("Access-Control-Allow-Credentials", "true");
  // Without this a page could not read the id that its error report needs, nor when to come back.
  response.add("Access-Control-Expose-Headers", "Usher-Request-Id, Retry-After");
  vary_by_origin(response);
}

void vary_by_origin(Response& response) {
  const auto is_there = [](const Header& header) { return header.name == "Vary" && header.value == "Origin"; };
  if (std::any_of(response.headers.begin(), response.headers.end(), is_there)) return;
  response.add("Vary", "Origin");
}

bool is_preflight(const RequestHead& head) {
  return head.method() == Method::options && head.count("origin") > 0 &&
         head.count("access-control-request-method") > 0;
}

Response preflight_response(const CorsRules& rules) {
  Response response;
  response.status = 204;
  response.add("Access-Control-Allow-Methods", rules.methods);
  if (!rules.headers.empty()) response.add("Access-Control-Allow-Headers", rules.headers);
  response.add("Access-Control-Max-Age", std::to_string(rules.max_age_seconds));
  vary_by_origin(response);
  return response;
}

}  // namespace usher::http
