#include "auth/rights.hpp"

namespace usher::auth {

std::string_view right_name(Right right) {
  switch (right) {
    case Right::subscribe:
      return "subscribe";
    case Right::publish:
      return "publish";
    case Right::presence:
      return "presence";
    case Right::history:
      return "history";
  }
  return "";
}

std::string_view right_name(ApiRight right) {
  switch (right) {
    case ApiRight::publish:
      return "publish";
    case ApiRight::tickets:
      return "tickets";
    case ApiRight::read:
      return "read";
    case ApiRight::disconnect:
      return "disconnect";
  }
  return "";
}

std::optional<Right> parse_right(std::string_view word) {
  for (const Right right : all_rights) {
    if (right_name(right) == word) return right;
  }
  return std::nullopt;
}

std::optional<ApiRight> parse_api_right(std::string_view word) {
  for (const ApiRight right : all_api_rights) {
    if (right_name(right) == word) return right;
  }
  return std::nullopt;
}

}  // namespace usher::auth
