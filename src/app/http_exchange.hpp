#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/url.hpp"
#include "http/header_fields.hpp"
#include "http/response_parser.hpp"
#include "io/connector.hpp"
#include "io/loop.hpp"
#include "io/stream.hpp"
#include "io/timer.hpp"

namespace usher::app {

struct HttpRequest {
  std::string method = "POST";
  std::string target;  ///< of the request line
  std::string host;
  std::vector<http::Header> headers;
  std::string body;
};

struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// One request and its answer on a connection of its own. Lives on its loop; used once; must not move.
class HttpExchange final : private io::ConnectHandler, private io::StreamHandler {
 public:
  using Done = std::function<void(base::Result<HttpAnswer>)>;
  static constexpr base::Duration timeout = std::chrono::seconds(30);
  static constexpr std::uint64_t answer_bytes_max = std::uint64_t{16} << 20;

  /// `done` is called once; the exchange may be destroyed inside.
  HttpExchange(io::Loop& loop, Done done);

  void start(const io::Address& address, const HttpRequest& request);

 private:
  void on_connected(base::Result<io::Descriptor> socket) override;
  void on_bytes(std::span<char> bytes) override;
  io::AtEnd on_end() override;
  void on_closed(io::StreamEnd end) override;
  void on_timer();
  void finish(base::Result<HttpAnswer> outcome);

  io::Loop& loop_;
  Done done_;
  io::Connector connector_;
  io::Stream stream_;
  io::Timer timer_;
  std::string bytes_;
  http::ResponseParser parser_;
  HttpAnswer answer_;
  base::Result<HttpAnswer> outcome_;
};

/// The bytes of a request.
std::string serialize(const HttpRequest& request);

/// The same, waited for on a loop of its own.
base::Result<HttpAnswer> exchange(const Url& url, const HttpRequest& request);

}  // namespace usher::app
