#include "server/http_connection.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/text.hpp"
#include "http/cors.hpp"
#include "http/date.hpp"
#include "server/connection.hpp"
#include "server/demo_feed.hpp"
#include "server/handlers.hpp"
#include "server/header_lines.hpp"
#include "server/local_access.hpp"
#include "server/opening.hpp"
#include "server/refusal_response.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

constexpr std::string_view cors_request_headers = "Authorization, Content-Type, Usher-Demo, X-API-Key";

/// The tags of a publication are headers of any name.
std::string allowed_headers(const http::RequestHead& head) {
  std::string allowed(cors_request_headers);
  const std::string asked = head.joined("Access-Control-Request-Headers");
  std::string_view rest = asked;
  std::string_view name;
  while (base::next_element(rest, ',', name)) {
    if (base::is_token(name) && base::to_lower(name).starts_with("usher-tag-")) allowed += ", " + std::string(name);
  }
  return allowed;
}

constexpr base::Duration stream_heartbeat = std::chrono::seconds(25);

http::HeadLimits head_limits(const base::Limits& limits) {
  http::HeadLimits head;
  head.start_line_bytes = limits.request_line_bytes;
  head.header_bytes = limits.header_bytes;
  head.header_count = limits.headers;
  return head;
}

std::uint64_t body_limit(BodyKind kind, const base::Limits& limits) {
  switch (kind) {
    case BodyKind::none:
      return 0;
    case BodyKind::publication:
      return limits.message_bytes;
    case BodyKind::ticket_request:
      return limits.ticket_body_bytes;
    case BodyKind::api_command:
      return limits.api_body_bytes;
  }
  return 0;
}

}  // namespace

HttpConnection::HttpConnection(Connection& connection, Surface surface)
    : connection_(connection), parser_(head_limits(connection.worker().settings().limits)), surface_(surface) {
  connection_.arm(worker().now() + settings().limits.request_head_timeout);
}

HttpConnection::~HttpConnection() = default;

Worker& HttpConnection::worker() const { return connection_.worker(); }
const Settings& HttpConnection::settings() const { return worker().settings(); }
RequestHandle HttpConnection::handle() const { return {connection_.handle(), number_}; }

// Reading.

void HttpConnection::on_bytes(std::string_view bytes) {
  if (stage_ == Stage::reading) {
    consume(bytes);
  } else if (stage_ == Stage::answering) {
    unread_ += bytes;
  }
}

void HttpConnection::consume(std::string_view bytes) {
  consuming_ = true;
  const std::uint32_t first = number_;
  while (stage_ == Stage::reading) {
    if (must_hold_back(number_ - first)) {
      hold_back(bytes);
      break;
    }
    if (parser_.idle() && !bytes.empty()) connection_.arm(worker().now() + settings().limits.request_head_timeout);
    bytes.remove_prefix(parser_.receive(bytes));
    const http::MessageEvent event = parser_.event();
    if (event == http::MessageEvent::none) break;
    if (event == http::MessageEvent::head) {
      unread_ = bytes;
      on_head();
    } else if (event == http::MessageEvent::body) {
      request_.body += parser_.body();
    } else if (event == http::MessageEvent::end) {
      unread_ = bytes;
      stage_ = Stage::answering;
      if (head().method() == http::Method::options) {
        answer_options();
      } else {
        handle_request(connection_, *this, request_);
      }
    } else {
      refuse(refusal_for(parser_.error()), http::info(parser_.error()).detail);
    }
    if (event != http::MessageEvent::body && stage_ == Stage::reading) bytes = unread_;
  }
  consuming_ = false;
  if (stage_ == Stage::reading && parser_.wants_continue()) connection_.stream().write_copy(http::continue_response);
  if (stage_ == Stage::answering) connection_.stream().pause();
  if (stage_ == Stage::reading && peer_ended_ && !held_back_) connection_.stream().finish();
}

/// A client that sends requests and does not read the answers waits, and so does one that sends very many at once.
bool HttpConnection::must_hold_back(std::uint32_t answered) const {
  constexpr std::uint32_t answers_per_turn = 16;
  return parser_.idle() && (answered >= answers_per_turn || !connection_.stream().writable());
}

void HttpConnection::hold_back(std::string_view unread) {
  held_back_ = true;
  unread_ = unread;
  connection_.stream().pause();
  if (connection_.stream().writable()) worker().go_on_later(connection_.handle(), {});
}

void HttpConnection::on_drained() {
  if (!std::exchange(held_back_, false)) return;
  go_on();
}

void HttpConnection::on_head() {
  ++number_;
  request_ = Request();
  request_.id = worker().draw_request_id();
  ticket_.reset();
  stage_ = Stage::answering;
  if (!host_allowed()) return refuse(Refusal::host_not_allowed);
  auto query = http::Query::parse(head().query());
  if (!query) return refuse(Refusal::bad_request, "The query has a malformed escape.");
  request_.query = std::move(*query);
  auto route = find_route(worker().rules(), head().path(), surface_);
  if (route) request_.route = std::move(*route);
  if (is_websocket()) {
    opening_ = std::make_unique<Opening>(connection_, *this, request_);
    return opening_->start();
  }
  if (!route) return refuse(Refusal::not_found);
  check_request();
}

/// An attempt to open a WebSocket, well-formed or not, where one could be.
bool HttpConnection::is_websocket() const {
  if (request_.route.row != nullptr && request_.route.row->kind != RouteKind::channel) return false;
  return head().list_contains("Upgrade", "websocket") || head().count("Sec-WebSocket-Key") > 0 ||
         head().count("Sec-WebSocket-Version") > 0 ||
         (request_.route.target && head().method() == http::Method::get && head().count("Upgrade") > 0);
}

bool HttpConnection::host_allowed() const {
  const auto& demo = settings().demo;
  if (!demo || demo->is_public) return true;
  const std::string origin = "http://" + base::to_lower(head().host());
  return is_loopback_host(head().host()) && settings().origins.allows(origin);
}

void HttpConnection::check_request() {
  const RouteRow& row = *request_.route.row;
  if (!method_allowed(row, head().method_name())) return refuse(Refusal::method_not_allowed);
  const bool no_channel = row.kind == RouteKind::channel && request_.route.target->policy == nullptr;
  if (no_channel) return refuse(Refusal::unknown_channel);
  check_cross_origin();
  if (stage_ != Stage::answering) return;
  if (row.kind == RouteKind::channel && head().method() == http::Method::get) return refuse(Refusal::upgrade_required);
  if (head().method() == http::Method::options) return read_body();
  admit();
}

/// CORS, and the rule that a page from elsewhere changes nothing here.
void HttpConnection::check_cross_origin() {
  const RouteRow& row = *request_.route.row;
  if (row.cross_origin == CrossOrigin::ignored) return;
  const std::vector<std::string_view> origins = header_lines(head(), "Origin");
  if (row.cross_origin == CrossOrigin::refused) {
    if (!origins.empty()) refuse(Refusal::origin, "This is not for pages: no request with an Origin is answered.");
    return;
  }
  const auth::OriginVerdict verdict = worker().judge_origins(origins, head().host());
  if (verdict == auth::OriginVerdict::refused) return refuse(Refusal::origin);
  if (verdict == auth::OriginVerdict::allowed) request_.origin = auth::normalise_origin(origins.front());
}

void HttpConnection::answer_options() {
  const std::string_view methods = request_.route.row->methods;
  if (request_.origin && http::is_preflight(head())) {
    return answer(http::preflight_response({methods, allowed_headers(head())}));
  }
  http::Response response;
  response.status = 204;
  answer(std::move(response.add("Allow", methods)));
}

// Who asks.

void HttpConnection::admit() {
  const CredentialNeed need = credential_need(worker().rules(), request_.route, head(), surface_);
  if (need.need == CredentialNeed::Need::nothing) return read_body();
  const Shown shown{&head(), &request_.query, {}, connection_.address(), request_.origin};
  auto chosen = worker().admission().choose(shown, {need.kinds, need.places});
  if (!chosen.ok()) {
    const bool may_come_without =
        need.need == CredentialNeed::Need::optional && chosen.error().refusal == Refusal::credential_needed;
    return may_come_without ? read_body() : refuse(chosen.error());
  }
  if (worker().draining() && std::holds_alternative<auth::ShownTicket>(*chosen)) return refuse(Refusal::draining);
  worker().admission().verify(*chosen, shown, need.origin_needed, [request = handle(), &owner = worker()](auto result) {
    HttpConnection* http = owner.find_request(request);
    if (http != nullptr) http->on_admitted(std::move(result));
  });
}

void HttpConnection::on_admitted(base::Result<Admitted, AdmissionFailure> result) {
  if (!result.ok()) return refuse(result.error());
  request_.admitted = std::move(result).value();
  const auth::ApiKey* key = request_.admitted->api_key;
  if (key != nullptr && !key->allows(request_.route.row->right)) {
    return refuse(Refusal::forbidden, "The API key does not have the right that this needs.");
  }
  read_body();
}

void HttpConnection::read_body() {
  const bool preflight = head().method() == http::Method::options;
  parser_.set_body_limit(preflight ? 0 : body_limit(request_.route.row->body, settings().limits));
  connection_.arm(worker().now() + settings().limits.request_body_timeout);
  stage_ = Stage::reading;
  if (!consuming_) go_on();
}

/// Reads on after a pause, with what was kept.
void HttpConnection::go_on() {
  connection_.stream().resume();
  const std::string kept = std::exchange(unread_, {});
  consume(kept);
}

// Answering.

void HttpConnection::answer(http::Response response) {
  finish_headers(response);
  const bool keep_alive =
      parser_.event() == http::MessageEvent::end && parser_.keep_alive() && !peer_ended_ && !worker().draining();
  write(response, keep_alive);
  if (!keep_alive) {
    stage_ = Stage::over;
    return connection_.stream().finish();
  }
  parser_.reset();
  request_ = Request();
  stage_ = Stage::reading;
  connection_.arm(worker().now() + settings().limits.keep_alive_timeout);
  if (!consuming_) go_on();
}

void HttpConnection::write(const http::Response& response, bool keep_alive) {
  const std::string date = http::format_date(worker().wall_now());
  http::ResponseContext context;
  context.head_request = head().method() == http::Method::head;
  context.keep_alive = keep_alive;
  context.http10 = head().minor_version() == 0;
  context.date = date;
  connection_.stream().write_copy(http::serialize(response, context));
}

void HttpConnection::answer_stream(http::Response response) {
  finish_headers(response);
  http::ResponseContext context;
  const std::string date = http::format_date(worker().wall_now());
  context.keep_alive = false;
  context.http10 = head().minor_version() == 0;
  context.date = date;
  connection_.stream().write_copy(http::serialize_stream_head(response, context));
  stage_ = Stage::streaming;
  connection_.arm(worker().now() + stream_heartbeat);
}

void HttpConnection::finish_headers(http::Response& response) const {
  if (!request_.id.empty()) response.add("Usher-Request-Id", request_.id);
  if (request_.route.row == nullptr || request_.route.row->cross_origin != CrossOrigin::shared) return;
  http::vary_by_origin(response);
  if (request_.origin) http::allow_origin(response, head().value("Origin"));
}

void HttpConnection::refuse(const AdmissionFailure& failure) {
  note_ticket(failure.ticket);
  refuse(failure.refusal);
}

void HttpConnection::refuse(Refusal refusal, std::string_view detail) {
  if (request_.id.empty()) request_.id = worker().draw_request_id();
  count_refusal(refusal);
  http::Response response = refusal_response(refusal, detail, request_.route.row);
  if (response.status == 401) add_challenge(response);
  answer(std::move(response));
}

void HttpConnection::count_refusal(Refusal refusal) const {
  WorkerMetrics& metrics = worker().metrics();
  auto& counters = opening_ ? metrics.refused : metrics.requests_refused;
  counters[static_cast<std::size_t>(refusal)].add();
  const std::string_view reason = ticket_ ? auth::ticket_refusal_name(*ticket_) : row(refusal).code;
  const std::string address = connection_.address() ? connection_.address()->text() : "unix";
  base::log(base::LogLevel::info, opening_ ? "handshake refused" : "request refused",
            {{"id", request_.id},
             {"status", row(refusal).status},
             {"code", row(refusal).code},
             {"reason", reason},
             {"address", address},
             {"method", head().method_name()},
             {"path", head().path()}});
  tell_demo(worker(), head(), request_, row(refusal).status, reason, {});
}

bool HttpConnection::takes_basic() const {
  if (request_.route.row == nullptr) return false;
  const auto& connect_with =
      request_.route.target ? request_.route.target->connect_with : std::span<const auth::CredentialKind>();
  const CredentialNeed need = credential_need(worker().rules(), request_.route, head(), surface_);
  const std::span<const auth::CredentialKind> kinds = opening_ ? connect_with : std::span(need.kinds);
  return std::find(kinds.begin(), kinds.end(), auth::CredentialKind::basic) != kinds.end();
}

/// Basic is asked for only where it is taken and no page is behind the request: else the browser opens its own box.
void HttpConnection::add_challenge(http::Response& response) const {
  const bool page = head().count("Origin") > 0 || head().value("Sec-Fetch-Mode") == "cors";
  const bool basic = settings().auth.passwords != nullptr && !page && takes_basic();
  response.add("WWW-Authenticate", basic ? R"(Basic realm="usher", charset="UTF-8")" : "Ticket");
}

// Ends.

void HttpConnection::on_deadline() {
  if (stage_ == Stage::streaming) {
    // A comment (HTML standard, section 9.2.6) finds out who is gone, and keeps proxies from cutting the rest.
    if (connection_.stream().pending_bytes() > 0) return connection_.stream().reset();
    std::string chunk;
    http::append_chunk(chunk, ":\n\n");
    connection_.stream().write_copy(chunk);
    return connection_.arm(worker().now() + stream_heartbeat);
  }
  if (stage_ != Stage::reading) return;
  if (held_back_ || connection_.stream().pending_bytes() > 0) return connection_.stream().reset();
  if (parser_.idle()) return connection_.stream().finish();
  refuse(Refusal::request_timeout);
}

}  // namespace usher::server
