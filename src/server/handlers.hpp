#pragma once

#include "server/http_connection.hpp"

namespace usher::server {

class Connection;
class Worker;

/// Does what a request asks for, once its body is complete and its credential verified. The request is answered when
/// this returns, or later through its handle.
void handle_request(Connection& connection, HttpConnection& http, Request& request);

/// `POST /channels/{channel}`.
void publish_by_post(Worker& worker, HttpConnection& http, Request& request);

/// `POST /tickets` and `POST /api/tickets`.
void issue_ticket(Worker& worker, Connection& connection, HttpConnection& http, Request& request);
void mint_ticket(Worker& worker, HttpConnection& http, Request& request);

/// The commands below `/api/`.
void api_publish(Worker& worker, HttpConnection& http, Request& request);
void api_broadcast(Worker& worker, HttpConnection& http, Request& request);
void api_history(Worker& worker, HttpConnection& http, Request& request);
void api_channels(Worker& worker, HttpConnection& http, Request& request);
void api_info(Worker& worker, HttpConnection& http, Request& request);

/// Documents and pages.
void serve_asyncapi(Worker& worker, HttpConnection& http, Request& request);
void serve_docs(Worker& worker, HttpConnection& http, Request& request);
void serve_docs_style(HttpConnection& http);

/// Publishes for whoever is not a session; waits up to `limits.publish_wait` for room. `done` is called once.
void publish_with_patience(Worker& worker, std::string_view channel, const ChannelPolicy& policy,
                           channel::PublicationDraft&& draft, std::function<void(const broker::Published&)> done);

}  // namespace usher::server
