#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "auth/ticket_request.hpp"
#include "server/connection.hpp"
#include "server/demo_feed.hpp"
#include "server/handlers.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

/// `expires_at` is in whole seconds: rounded down, so that a ticket lives at least as long as it says.
std::string ticket_json(std::string_view ticket, base::Duration ttl, base::WallTime expires) {
  return fmt::format(R"({{"ticket":"{}","expires_in":{},"expires_at":{}}})", ticket,
                     std::chrono::duration_cast<std::chrono::seconds>(ttl).count(), expires.seconds());
}

/// Draws a ticket for the record, stores it and answers with it.
void store_ticket(Worker& worker, HttpConnection& http, auth::TicketRecord record, base::Duration ttl) {
  const broker::Moment now = worker.moment();
  ttl = std::min(ttl, worker.settings().tickets.ttl_max);
  record.issued_at = now.wall;
  record.expires_at = now.wall + ttl;
  auto ticket = std::make_shared<auth::Secret>(auth::draw_ticket(worker.entropy()));
  auto done = [&worker, request = http.handle(), ticket, ttl, expires = *record.expires_at](auth::PutOutcome outcome) {
    HttpConnection* waiting = worker.find_request(request);
    if (outcome == auth::PutOutcome::stored) worker.metrics().tickets_issued.add();
    if (waiting == nullptr) return;
    if (outcome != auth::PutOutcome::stored) {
      const bool full = outcome == auth::PutOutcome::full;
      return waiting->refuse(full ? Refusal::too_many_tickets : Refusal::tickets_unavailable);
    }
    const auto& admitted = waiting->request().admitted;
    tell_demo(worker, waiting->head(), waiting->request(), 201, "issued",
              admitted ? admitted->grant.user.value_or("") : std::string());
    http::Response response;
    response.status = 201;
    response.add("Content-Type", "application/json").add("Cache-Control", "no-store");
    response.body = ticket_json(ticket->expose(), ttl, expires);
    waiting->answer(std::move(response));
  };
  worker.tickets().put(auth::ticket_hash(ticket->expose()), std::move(record), ttl, now.instant, std::move(done));
}

/// A key that is limited to channels hands out tickets for these and no others.
void bound_by_key(const auth::ApiKey& key, auth::Grant& grant) {
  if (key.channels.empty()) return;
  auth::Rights all;
  for (const auth::Right right : auth::all_rights) all.add(right);
  auth::Ceiling ceiling;
  for (const base::Pattern& pattern : key.channels) ceiling.push_back({pattern, all});
  grant.change_details().channels = std::move(ceiling);
}

}  // namespace

void issue_ticket(Worker& worker, Connection& connection, HttpConnection& http, Request& request) {
  auto asked = auth::parse_ticket_request(request.body);
  if (!asked.ok()) return http.refuse(Refusal::bad_body, asked.error().message);
  auth::Grant granted = request.admitted->grant;
  if (request.admitted->api_key != nullptr) bound_by_key(*request.admitted->api_key, granted);
  auth::TicketRecord record;
  record.grant = granted;
  if (asked->channels) {
    auto narrowed = auth::narrow(granted, std::move(*asked->channels));
    if (!narrowed.ok()) return http.refuse(Refusal::forbidden, narrowed.error().message);
    record.grant = std::move(*narrowed);
  }
  record.path = std::move(asked->path);
  record.address = connection.address();
  record.origin = request.origin.value_or("");
  record.issuer = auth::credential_kind_name(request.admitted->kind);
  store_ticket(worker, http, std::move(record), worker.settings().tickets.ttl);
}

void mint_ticket(Worker& worker, HttpConnection& http, Request& request) {
  auto asked = auth::parse_mint_request(request.body);
  if (!asked.ok()) return http.refuse(Refusal::bad_body, asked.error().message);
  const auth::ApiKey& key = *request.admitted->api_key;
  if (!key.channels.empty()) {
    const auto& ceiling = asked->grant.details().channels;
    const bool within =
        ceiling && std::all_of(ceiling->begin(), ceiling->end(),
                               [&key](const auth::ChannelRights& one) { return key.reaches_all(one.pattern); });
    if (!within) return http.refuse(Refusal::forbidden, "The API key's channels do not contain these.");
  }
  const base::Duration ttl = asked->ttl.value_or(worker.settings().tickets.ttl);
  auth::TicketRecord record;
  record.grant = std::move(asked->grant);
  record.address = asked->address;
  record.origin = std::move(asked->origin);
  record.path = std::move(asked->path);
  record.issuer = key.name;
  store_ticket(worker, http, std::move(record), ttl);
}

}  // namespace usher::server
