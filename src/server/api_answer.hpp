#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "broker/broker.hpp"
#include "server/http_connection.hpp"

namespace usher::server {

/// The error codes of the server API, as Centrifugo's HTTP API numbers them.
enum class ApiError : std::uint16_t {
  internal = 100,
  unknown_channel = 102,
  permission_denied = 103,
  bad_request = 107,
  not_available = 108,
  unrecoverable_position = 112,
};

/// `{"result":…}` around the text of a JSON object.
std::string api_result(std::string_view result);
/// `{"error":{"code":…,"message":…}}`; the message is the code's own unless one is given.
std::string api_error(ApiError error, std::string_view message = {});

/// Answers 200 with this body.
void answer_api(HttpConnection& http, std::string body);

/// The result object of one publication: `{"offset":7,"epoch":"…"}`, or `{}` without history.
std::string publish_result(const broker::Published& published);

/// Appends one publication as `history` returns it.
void append_publication(std::string& out, const channel::Publication& publication);

}  // namespace usher::server
