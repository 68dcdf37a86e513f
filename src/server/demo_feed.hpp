#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/slab.hpp"
#include "http/request.hpp"
#include "server/demo_event.hpp"

namespace usher::server {

class HttpConnection;
class Worker;
struct Request;

/// The open streams of `/demo/events` on one worker. Exists for `serve --demo` only: it tells a page what the server
/// saw of the page's own requests, since a browser is not told why a handshake was refused.
class DemoFeed {
 public:
  static constexpr std::size_t streams_max = 256;
  static constexpr std::size_t browser_bytes_max = 64;

  /// Answers the request with a stream.
  void open(HttpConnection& http);
  void close(base::Handle connection);
  /// Writes the event to the pages that it is meant for.
  void tell(Worker& worker, const DemoEvent& event);

 private:
  struct Stream {
    base::Handle connection;
    std::string browser;
  };
  std::vector<Stream> streams_;
};

/// Tells all workers' feeds, if this is a demo and the request names its browser.
void tell_demo(Worker& worker, const http::RequestHead& head, const Request& request, int status,
               std::string_view reason, std::string_view user);

}  // namespace usher::server
