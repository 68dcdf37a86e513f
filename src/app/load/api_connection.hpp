#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/api_client.hpp"
#include "http/response_parser.hpp"
#include "io/connector.hpp"
#include "io/stream.hpp"

namespace usher::app {

/// One connection to a server's HTTP API that is kept alive, as back ends hold it: requests are sent at once and
/// answered in order (RFC 9112, section 9.3.2). Lives on its loop; must not move.
class ApiConnection final : private io::ConnectHandler, private io::StreamHandler {
 public:
  using Done = std::function<void(base::Result<HttpAnswer>)>;

  ApiConnection(io::Loop& loop, const io::Address& address, ApiAccess access);

  /// `done` is called once; never inside this call, unless the connection is lost already.
  void post(std::string_view path, std::string body, Done done);

 private:
  void on_connected(base::Result<io::Descriptor> socket) override;
  void on_bytes(std::span<char> bytes) override;
  void on_closed(io::StreamEnd end) override;
  void take_answer();
  void fail(const std::string& why);

  io::Loop& loop_;
  ApiAccess access_;
  io::Connector connector_;
  io::Stream stream_;
  std::string unsent_;  ///< until the connection is there
  std::deque<Done> waiting_;
  std::optional<http::ResponseParser> parser_;
  HttpAnswer answer_;
  std::string failure_;
};

/// Asks the API for a ticket; gives it, or why there is none.
void mint(ApiConnection& api, const std::string& user, std::function<void(base::Result<std::string>)> done);

}  // namespace usher::app
