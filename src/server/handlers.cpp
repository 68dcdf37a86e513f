#include "server/handlers.hpp"

#include "server/connection.hpp"
#include "server/local_access.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

void serve_metrics(Worker& worker, HttpConnection& http) {
  std::vector<const WorkerMetrics*> workers;
  for (const auto& sibling : worker.node().workers) workers.push_back(&sibling->metrics());
  http::Response response;
  response.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8").add("Cache-Control", "no-store");
  response.body = metrics_text(workers, worker.rules().pattern_texts());
  http.answer(std::move(response));
}

/// One word for everyone; whoever may look at the metrics also learns of what the word is made.
void serve_health(Worker& worker, HttpConnection& http, bool ready) {
  http::Response response;
  response.status = ready ? 200 : 503;
  const auth::ApiKey* key = worker.settings().auth.api_keys.find(http.head().value("X-API-Key"));
  const bool detailed = http.surface() == Surface::manage || came_from_here(worker.rules(), http.head()) ||
                        (key != nullptr && key->allows(auth::ApiRight::read));
  response.add("Content-Type", detailed ? "application/json" : "text/plain").add("Cache-Control", "no-store");
  if (detailed) {
    response.body = ready ? R"({"status":"ok","tickets":"ok","broker":"ok"})"
                          : R"({"status":"draining","tickets":"ok","broker":"ok"})";
  } else {
    response.body = ready ? "ok" : "draining";
  }
  response.body += '\n';
  http.answer(std::move(response));
}

void serve_file(HttpConnection& http, const http::StaticFile* file) {
  if (file == nullptr) return http.refuse(Refusal::not_found);
  http::Response response = http::static_file_response(http.head(), *file);
  http::add_security_headers(response, page_policy);
  http.answer(std::move(response));
}

}  // namespace

void handle_request(Connection& connection, HttpConnection& http, Request& request) {
  Worker& worker = connection.worker();
  switch (request.route.row->kind) {
    case RouteKind::channel:
      return publish_by_post(worker, http, request);
    case RouteKind::tickets:
      return issue_ticket(worker, connection, http, request);
    case RouteKind::api_tickets:
      return mint_ticket(worker, http, request);
    case RouteKind::api_publish:
      return api_publish(worker, http, request);
    case RouteKind::api_broadcast:
      return api_broadcast(worker, http, request);
    case RouteKind::api_history:
      return api_history(worker, http, request);
    case RouteKind::api_channels:
      return api_channels(worker, http, request);
    case RouteKind::api_info:
      return api_info(worker, http, request);
    case RouteKind::metrics:
      return serve_metrics(worker, http);
    case RouteKind::health_live:
      return serve_health(worker, http, true);
    case RouteKind::health_ready:
      return serve_health(worker, http, !worker.draining());
    case RouteKind::asyncapi:
      return serve_asyncapi(worker, http, request);
    case RouteKind::docs:
      return serve_docs(worker, http, request);
    case RouteKind::docs_style:
      return serve_docs_style(http);
    case RouteKind::client_script:
      return serve_file(http, worker.node().files->client_script());
    case RouteKind::demo_events:
      return worker.demo_feed().open(http);
    case RouteKind::static_file:
      return serve_file(http, worker.node().files->find(http.head().path()));
  }
}

}  // namespace usher::server
