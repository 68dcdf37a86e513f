#include "app/follower.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/refusal_text.hpp"
#include "app/stream_message.hpp"
#include "base/close_reason.hpp"
#include "base/json.hpp"
#include "http/uri.hpp"

namespace usher::app {
namespace {

using websocket::CloseCode;

constexpr CloseCode position_gone = static_cast<CloseCode>(4404);

/// Between half of it and all of it, so that many clients do not come back in step.
base::Duration jittered(base::Duration time) {
  std::array<std::uint8_t, 1> random;
  fill_random(random);
  return time / 2 + time / 2 * random[0] / 255;
}

bool is_passing(int status) { return status == 401 || status == 429 || status >= 500; }

}  // namespace

bool should_come_back(CloseCode code) {
  for (const base::CloseReasonRow& row : base::close_reasons()) {
    if (row.code == static_cast<std::uint16_t>(code)) return row.come_back != base::Return::no;
  }
  return true;
}

Follower::Follower(io::Loop& loop, Target target, Events events)
    : loop_(loop),
      target_(std::move(target)),
      events_(std::move(events)),
      retry_(io::Timer::to<&Follower::on_timer>(this)),
      silence_(io::Timer::to<&Follower::on_silence>(this)) {}

void Follower::start() {
  TicketWish wish;
  wish.user = target_.user;
  wish.channels = "{" + base::json_string(target_.channel) + ":[\"subscribe\",\"history\"]}";
  exchange_ =
      std::make_unique<HttpExchange>(loop_, [this](const base::Result<HttpAnswer>& answer) { on_ticket(answer); });
  exchange_->start(target_.address, api_request(target_.access, "/api/tickets", ticket_body(wish)));
}

void Follower::on_ticket(const base::Result<HttpAnswer>& answer) {
  if (!answer.ok()) {
    if (!was_open_) return give_up(answer.error().message);
    return come_back(answer.error().message);
  }
  if (const auto failure = api_failure(answer.value())) {
    // A server that answers so once may be starting; a key that it does not know stays unknown.
    if (answer.value().status >= 500) return come_back(*failure);
    return give_up(*failure);
  }
  const auto ticket = json_member(answer.value().body, "ticket");
  if (!ticket) return give_up("the answer has no ticket: is this usher?");
  connect(*ticket);
}

void Follower::connect(const std::string& ticket) {
  websocket::ClientRequest request;
  request.target = "/channels/" + http::percent_encode(target_.channel);
  if (!offset_.empty()) request.target += "?since=" + offset_ + ":" + epoch_;
  request.host = target_.access.url.authority;
  request.protocols = {"usher.json.v1"};
  request.headers = {{"Authorization", "Ticket " + ticket}};
  WebSocketClientHandler& handler = *this;
  client_ = std::make_unique<WebSocketClient>(loop_, handler);
  client_->start(target_.address, std::move(request));
}

void Follower::on_message(websocket::Opcode, std::string_view payload) {
  const StreamMessage message = read_stream_message(payload);
  if (!message.offset.empty()) offset_ = std::string(message.offset);
  if (!message.epoch.empty()) epoch_ = std::string(message.epoch);
  switch (message.kind) {
    case StreamMessage::Kind::hello:
      was_open_ = true;
      back_off_ = back_off_first;
      break;
    case StreamMessage::Kind::publication:
      events_.publication(payload);
      break;
    case StreamMessage::Kind::gap:
      events_.notice("missed " + (message.missed == "null" ? "an unknown number of" : std::string(message.missed)) +
                     " messages");
      break;
    case StreamMessage::Kind::error:
      events_.notice(message.message);
      break;
    case StreamMessage::Kind::other:
      break;
  }
}

void Follower::on_end(const ClientEnd& end) {
  silence_.cancel();
  if (end.stage == ClientEnd::Stage::connecting) return come_back(end.message);
  if (end.stage == ClientEnd::Stage::handshake) {
    const std::string why = refusal_text(end);
    return end.status == 0 || is_passing(end.status) ? come_back(why) : give_up(why);
  }
  if (!should_come_back(end.code())) return give_up(ending_text(end));
  if (end.code() == position_gone) {
    offset_.clear();
    epoch_.clear();
    events_.notice("the history does not reach back to where we were: messages were missed");
    return start();
  }
  come_back("the connection ended");
}

void Follower::on_wire(Direction direction, base::Duration, std::string_view) {
  if (direction == Direction::received) silence_.arm(loop_, loop_.now() + silence_max);
}

void Follower::on_silence() { client_->close(CloseCode::going_away, ""); }

void Follower::come_back(std::string_view why) {
  events_.notice(std::string(why) + "; coming back");
  retry_.arm(loop_, loop_.now() + jittered(back_off_));
  back_off_ = std::min(back_off_ * 2, back_off_max);
}

void Follower::give_up(std::string_view why) { events_.gave_up(why); }

void Follower::on_timer() { start(); }

}  // namespace usher::app
