#include "server/opening.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "dialect/json.hpp"
#include "dialect/raw.hpp"
#include "server/connection.hpp"
#include "server/demo_feed.hpp"
#include "server/header_lines.hpp"
#include "server/worker.hpp"
#include "websocket/extension.hpp"

namespace usher::server {
namespace {

websocket::UpgradeRequest upgrade_request(const http::RequestHead& head) {
  websocket::UpgradeRequest request;
  request.is_get = head.method() == http::Method::get;
  request.is_http_1_1 = head.minor_version() == 1;
  request.has_body =
      head.count("Transfer-Encoding") > 0 || (head.count("Content-Length") > 0 && head.value("Content-Length") != "0");
  request.upgrade = header_lines(head, "Upgrade");
  request.connection = header_lines(head, "Connection");
  request.key = header_lines(head, "Sec-WebSocket-Key");
  request.version = header_lines(head, "Sec-WebSocket-Version");
  request.protocol = header_lines(head, "Sec-WebSocket-Protocol");
  request.extensions = header_lines(head, "Sec-WebSocket-Extensions");
  request.origin = header_lines(head, "Origin");
  request.sec_origin = header_lines(head, "Sec-WebSocket-Origin");
  return request;
}

/// Which refusal of ours a broken handshake is; the detail comes from the protocol.
Refusal refusal_for(const websocket::Refusal& refusal, websocket::HandshakeError error) {
  using websocket::HandshakeError;
  if (refusal.status == 405) return Refusal::method_not_allowed;
  if (refusal.status == 426) return refusal.names_versions ? Refusal::websocket_version : Refusal::upgrade_required;
  if (error == HandshakeError::key_missing || error == HandshakeError::key_malformed) return Refusal::websocket_key;
  return Refusal::bad_request;
}

}  // namespace

Opening::Opening(Connection& connection, HttpConnection& http, Request& request)
    : connection_(connection), http_(http), request_(request), upgrade_(upgrade_request(http.head())) {}

Worker& Opening::worker() const { return connection_.worker(); }

void Opening::start() {
  using Step = void (Opening::*)();
  constexpr std::array<Step, 5> steps = {&Opening::check_request, &Opening::choose_protocol, &Opening::check_version,
                                         &Opening::check_origin, &Opening::check_credential};
  for (const Step step : steps) {
    (this->*step)();
    if (done()) return;
  }
}

void Opening::check_request() {
  auto offer = websocket::check_well_formed(upgrade_);
  if (!offer.ok()) return refuse_handshake(offer.error());
  offer_ = std::move(offer).value();
  if (!request_.route.target) return refuse(Refusal::not_found);
  if (request_.route.target->policy == nullptr) return refuse(Refusal::unknown_channel);
  check_query();
}

void Opening::check_version() {
  auto opening = websocket::check_version_and_key(upgrade_);
  if (!opening.ok()) return refuse_handshake(opening.error());
  opening_ = std::move(opening).value();
  if (worker().draining()) refuse(Refusal::draining);
}

/// `since` or `history`, in channels that have a history.
void Opening::check_query() {
  const std::size_t since_count = request_.query.count("since");
  const std::size_t history_count = request_.query.count("history");
  if (since_count + history_count == 0) return;
  if (!policy().rule.history) return refuse(Refusal::bad_query, "This channel has no history.");
  if (since_count + history_count > 1) return refuse(Refusal::bad_query);
  if (since_count == 1) {
    start_.since = channel::parse_position(*request_.query.find("since"));
    if (!start_.since) refuse(Refusal::bad_query, "since is <offset>:<epoch>.");
    return;
  }
  const auto newest = base::parse_decimal(*request_.query.find("history"));
  if (!newest || *newest > UINT32_MAX) return refuse(Refusal::bad_query, "history is a number.");
  start_.newest = static_cast<std::uint32_t>(*newest);
}

void Opening::check_origin() {
  // Version 7 names the page in a header of its own, but an Origin that is there must be allowed in every version.
  for (const std::string_view origin : upgrade_.origin) {
    if (!worker().origin_allowed(origin, http_.head().host())) return refuse(Refusal::origin);
  }
  if (!opening_.origin) return;
  if (!worker().origin_allowed(*opening_.origin, http_.head().host())) return refuse(Refusal::origin);
  request_.origin = auth::normalise_origin(*opening_.origin);
}

/// The first offered subprotocol that is spoken on this channel; without one the socket is raw, unnamed.
void Opening::choose_protocol() {
  const std::vector<std::string>& own = policy().settings->protocols;
  for (const std::string_view offered : offer_.protocols) {
    const bool json = offered == dialect::json_subprotocol;
    if (!json && offered != dialect::raw_subprotocol && std::find(own.begin(), own.end(), offered) == own.end()) {
      continue;
    }
    protocol_ = offered;
    dialect_ = json ? SessionDialect::json : SessionDialect::raw;
    return;
  }
}

void Opening::check_credential() {
  const ChannelTarget& target = *request_.route.target;
  const Shown shown{&http_.head(), &request_.query, offer_.protocols, connection_.address(), request_.origin};
  Admission& admission = worker().admission();
  auto chosen = admission.choose(shown, {target.connect_with, worker().settings().tickets.accept_in});
  if (!chosen.ok()) return refuse(chosen.error());
  const auto* ticket = std::get_if<auth::ShownTicket>(&*chosen);
  if (ticket != nullptr && ticket->place == auth::TicketPlace::protocol && protocol_.empty()) {
    return refuse(Refusal::subprotocol_needed);
  }
  admission.verify(*chosen, shown, true, [this, request = http_.handle(), &owner = worker()](auto result) {
    if (owner.find_request(request) != nullptr) on_admitted(std::move(result));
  });
}

void Opening::on_admitted(base::Result<Admitted, AdmissionFailure> result) {
  if (!result.ok()) return refuse(result.error());
  admitted_ = std::move(result).value();
  check_rights();
}

void Opening::check_rights() {
  const std::string& channel = request_.route.target->channel;
  const bool wants_history = start_.since || start_.newest > 0;
  if (!policy().allows(admitted_->grant, auth::Right::subscribe, channel)) return refuse(Refusal::forbidden);
  if (wants_history && !policy().allows(admitted_->grant, auth::Right::history, channel)) {
    return refuse(Refusal::forbidden, "The credential does not allow history in this channel.");
  }
  subscribe();
}

void Opening::subscribe() {
  if (!worker().channels().has_room_for(request_.route.target->channel, worker().settings().limits.channels)) {
    return refuse(Refusal::too_many_channels);
  }
  worker().channels().follow(request_.route.target->channel, policy(), start_,
                             [this, request = http_.handle(), &owner = worker()](channel::ChannelId channel,
                                                                                 const broker::Subscribed& subscribed) {
                               return owner.find_request(request) != nullptr && on_followed(channel, subscribed);
                             });
}

bool Opening::on_followed(channel::ChannelId channel, const broker::Subscribed& subscribed) {
  switch (subscribed.outcome) {
    case broker::SubscribeOutcome::active:
      accept(&subscribed, channel);
      return true;
    case broker::SubscribeOutcome::position_gone:
      accept_and_close(base::CloseReason::position_gone);
      return false;
    case broker::SubscribeOutcome::unavailable:
      refuse(Refusal::broker_unavailable);
      return false;
  }
  return false;
}

void Opening::accept(const broker::Subscribed* subscribed, channel::ChannelId channel) {
  done_ = true;
  SessionStart start;
  start.policy = &policy();
  start.dialect = dialect_;
  start.version = opening_.version;
  std::string extensions;
  if (subscribed != nullptr && worker().settings().websocket.compression) {
    if (auto deflate = websocket::negotiate_deflate(offer_.extensions, opening_.version)) {
      start.deflate = deflate->parameters;
      extensions = std::move(deflate->response);
    }
  }
  if (admitted_) {
    start.may_publish = policy().allows(admitted_->grant, auth::Right::publish, request_.route.target->channel);
    start.grant = std::move(admitted_->grant);
  }
  const bool is_ticket = admitted_ && admitted_->kind == auth::CredentialKind::ticket;
  if (subscribed != nullptr) {
    tell_demo(worker(), http_.head(), request_, 101, is_ticket ? "redeemed" : "accepted",
              start.grant.user.value_or(""));
  }
  base::log(
      base::LogLevel::debug, "session opened",
      {{"id", request_.id}, {"channel", request_.route.target->channel}, {"user", start.grant.user.value_or("")}});
  connection_.stream().write_copy(websocket::upgrade_response({opening_.accept, extensions, protocol_}));
  auto session = std::make_unique<Session>(connection_, std::move(start));
  if (subscribed != nullptr) session->begin(channel, *subscribed);
  connection_.become(std::move(session), http_.take_unread());
}

void Opening::accept_and_close(base::CloseReason reason) {
  accept(nullptr, {});
  connection_.session()->close(reason);
}

void Opening::refuse(Refusal refusal, std::string_view detail) {
  const std::uint16_t status = row(refusal).status;
  const bool by_close = request_.route.target && request_.route.target->refuse == RefuseWith::close &&
                        !opening_.accept.empty() && (status == 401 || status == 403);
  if (by_close) {
    http_.count_refusal(refusal);
    return accept_and_close(status == 401 ? base::CloseReason::credential_ended : base::CloseReason::forbidden);
  }
  done_ = true;
  http_.refuse(refusal, detail);
}

void Opening::refuse(const AdmissionFailure& failure) {
  http_.note_ticket(failure.ticket);
  refuse(failure.refusal);
}

void Opening::refuse_handshake(websocket::HandshakeError error) {
  const websocket::Refusal refusal = websocket::refusal_of(error);
  done_ = true;
  http_.refuse(refusal_for(refusal, error), refusal.detail);
}

}  // namespace usher::server
