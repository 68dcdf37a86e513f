#pragma once

#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

namespace usher::http {

/// Lets the page of an allowed origin read an answer: exactly that origin, credentials allowed, never "*". The caller
/// has compared the origin with its list.
void allow_origin(Response& response, std::string_view origin);

/// The answer depends on the Origin header, also where the origin is not allowed or absent.
void vary_by_origin(Response& response);

/// OPTIONS with Origin and Access-Control-Request-Method (Fetch standard, section 3.2.2).
bool is_preflight(const RequestHead& head);

/// What a resource lets pages of other origins do.
struct CorsRules {
  std::string_view methods;  ///< as a list: "POST, OPTIONS"
  std::string_view headers;  ///< request headers beyond the safe ones, as a list
  int max_age_seconds = 600;
};

/// Answers a preflight from an allowed origin with 204; `allow_origin` is still to be called.
Response preflight_response(const CorsRules& rules);

}  // namespace usher::http
