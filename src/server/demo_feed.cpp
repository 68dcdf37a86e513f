#include "server/demo_feed.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "http/response.hpp"
#include "server/connection.hpp"
#include "server/http_connection.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

/// A page that does not read its stream is cut off.
constexpr std::size_t unread_bytes_max = 65536;

std::string browser_of(const http::RequestHead& head, const Request& request) {
  const std::string* query = request.query.find("demo");
  std::string browser = query != nullptr ? *query : std::string(head.value("Usher-Demo"));
  if (browser.size() > DemoFeed::browser_bytes_max) browser.clear();
  return browser;
}

}  // namespace

void DemoFeed::open(HttpConnection& http) {
  const std::string browser = browser_of(http.head(), http.request());
  if (browser.empty()) return http.refuse(Refusal::bad_query, "demo=<id> names the browser.");
  if (streams_.size() >= streams_max) return http.refuse(Refusal::busy);
  streams_.push_back({http.handle().connection, browser});
  http::Response response;
  response.add("Content-Type", "text/event-stream").add("Cache-Control", "no-store");
  http.answer_stream(std::move(response));
}

void DemoFeed::close(base::Handle connection) {
  std::erase_if(streams_, [connection](const Stream& stream) { return stream.connection == connection; });
}

void DemoFeed::tell(Worker& worker, const DemoEvent& event) {
  std::string chunk;
  http::append_chunk(chunk, "data: " + demo_event_json(event) + "\n\n");
  for (const Stream& stream : streams_) {
    if (stream.browser != event.browser) continue;
    Connection* connection = worker.find_connection(stream.connection);
    if (connection == nullptr) continue;
    if (connection->stream().pending_bytes() > unread_bytes_max) {
      connection->stream().close();
    } else {
      connection->stream().write_copy(chunk);
    }
  }
}

void tell_demo(Worker& worker, const http::RequestHead& head, const Request& request, int status,
               std::string_view reason, std::string_view user) {
  if (!worker.settings().demo) return;
  const std::string browser = browser_of(head, request);
  if (browser.empty()) return;
  DemoEvent event;
  event.browser = browser;
  event.time = worker.wall_now();
  event.method = head.method_name();
  event.path = base::redacted(head.path());
  event.status = status;
  event.reason = reason;
  event.user = user;
  worker.post_to_all(event);
}

}  // namespace usher::server
