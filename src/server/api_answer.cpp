#include "server/api_answer.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "dialect/json_scanner.hpp"

namespace usher::server {
namespace {

std::string_view message_of(ApiError error) {
  switch (error) {
    case ApiError::internal:
      return "internal server error";
    case ApiError::unknown_channel:
      return "unknown channel";
    case ApiError::permission_denied:
      return "permission denied";
    case ApiError::bad_request:
      return "bad request";
    case ApiError::not_available:
      return "not available";
    case ApiError::unrecoverable_position:
      return "unrecoverable position";
  }
  return "";
}

}  // namespace

std::string api_result(std::string_view result) { return fmt::format(R"({{"result":{}}})", result); }

std::string api_error(ApiError error, std::string_view message) {
  return fmt::format(R"({{"error":{{"code":{},"message":{}}}}})", static_cast<int>(error),
                     base::json_string(message.empty() ? message_of(error) : message));
}

void answer_api(HttpConnection& http, std::string body) {
  http::Response response;
  response.add("Content-Type", "application/json").add("Cache-Control", "no-store");
  response.body = std::move(body);
  http.answer(std::move(response));
}

std::string publish_result(const broker::Published& published) {
  if (!published.position) return "{}";
  return fmt::format(R"({{"offset":{},"epoch":"{}"}})", published.position->offset, published.position->epoch.text());
}

void append_publication(std::string& out, const channel::Publication& publication) {
  out += R"({"data":)";
  if (publication.kind() == dialect::PayloadKind::binary) {
    out += R"({"base64":")" + base::base64_encode(publication.payload()) + "\"}";
  } else if (publication.json() != dialect::PayloadJson::other && dialect::is_json_value(publication.payload())) {
    out += publication.payload();
  } else {
    base::append_json_string(out, publication.payload());
  }
  fmt::format_to(std::back_inserter(out), R"(,"offset":{})", publication.offset());
  if (publication.user()) {
    out += R"(,"info":{"user":)" + base::json_string(*publication.user());
    if (!publication.info().empty()) fmt::format_to(std::back_inserter(out), R"(,"conn_info":{})", publication.info());
    out += '}';
  }
  if (!publication.tags().empty()) fmt::format_to(std::back_inserter(out), R"(,"tags":{})", publication.tags());
  out += '}';
}

}  // namespace usher::server
