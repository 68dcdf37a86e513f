#include "server/session.hpp"

#include <utility>

#include "dialect/json.hpp"
#include "server/connection.hpp"
#include "server/session_busy.hpp"
#include "server/session_close.hpp"
#include "server/session_text.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

channel::OnLoss on_loss_of(OnSlow on_slow, SessionDialect dialect) {
  const bool raw = dialect == SessionDialect::raw;
  switch (on_slow) {
    case OnSlow::gap:
      return raw ? channel::OnLoss::disconnect : channel::OnLoss::tell_gap;
    case OnSlow::latest:
      return raw ? channel::OnLoss::silent_latest : channel::OnLoss::tell_latest;
    case OnSlow::disconnect:
      return channel::OnLoss::disconnect;
  }
  return channel::OnLoss::disconnect;
}

dialect::Form form_of(const SessionStart& start) {
  const dialect::Form plain = start.dialect == SessionDialect::raw ? dialect::Form::raw : dialect::Form::json;
  return start.deflate ? dialect::deflated(plain, start.deflate->server_window_bits) : plain;
}

websocket::ConnectionSettings protocol_settings(const SessionStart& start, const base::Limits& limits) {
  websocket::ConnectionSettings settings;
  settings.version = start.version;
  settings.message_bytes_max = limits.message_bytes;
  settings.message_fragments_max = static_cast<std::uint32_t>(limits.fragments_per_message);
  settings.deflate = start.deflate;
  return settings;
}

}  // namespace

Session::Session(Connection& connection, SessionStart&& start)
    : connection_(connection),
      protocol_(protocol_settings(start, connection.worker().settings().limits), connection.worker().websocket()),
      grant_(std::move(start.grant)),
      policy_(start.policy),
      last_seen_(connection.worker().now()),
      form_(form_of(start)),
      may_publish_(start.may_publish) {
  if (const auto ttl = grant_.details().session_ttl) expires_ = last_seen_ + *ttl;
  worker().metrics().sessions[static_cast<std::size_t>(dialect())].add();
}

Session::~Session() { worker().metrics().sessions[static_cast<std::size_t>(dialect())].subtract(); }

Worker& Session::worker() const { return connection_.worker(); }

Session::Busy& Session::busy() {
  if (!busy_) busy_ = std::make_unique<Busy>();
  return *busy_;
}

void Session::begin(channel::ChannelId channel, const broker::Subscribed& subscribed) {
  channel_ = channel;
  if (dialect() == SessionDialect::json) {
    std::optional<channel::Position> position = subscribed.top;
    if (position) position->offset = subscribed.start_offset;
    const std::string id = worker().draw_session_id();
    std::string text;
    dialect::append_hello(
        text, {id, grant_.user ? std::optional<std::string_view>(*grant_.user) : std::nullopt, view_of(position)});
    connection_.stream().write_copy(text_frame(text));
  }
  subscription_ = worker().channels().hub().subscribe(
      channel, connection_.handle(), form_, on_loss_of(policy_->settings->on_slow, dialect()), subscribed.backlog);
}

// Reading.

void Session::on_bytes(std::span<char> bytes) {
  last_seen_ = worker().now();
  pinged_ = false;
  protocol_.receive(bytes, last_seen_);
  handle_events();
}

void Session::handle_events() {
  for (;;) {
    const websocket::Event event = protocol_.next_event();
    if (event.kind == websocket::Event::Kind::none) break;
    handle(event);
    worker().relieve();
    if (busy_ && (busy_->held || busy_->due_bytes > due_bytes_max)) {
      keep_unread();
      break;
    }
  }
  if (!close_due_) write_control();
}

void Session::handle(const websocket::Event& event) {
  using Kind = websocket::Event::Kind;
  switch (event.kind) {
    case Kind::message:
      if (!has_reason()) take_message(event);
      return;
    case Kind::close:
      if (!has_reason()) reason_ = base::CloseReason::client_closed;
      break;
    case Kind::failed:
      if (!has_reason()) reason_ = reason_of_failure(event.code);
      break;
    default:
      return;
  }
  close_due_ = true;
  queue_tail();
}

void Session::take_message(const websocket::Event& event) {
  const bool text = event.opcode == websocket::Opcode::text;
  if (dialect() == SessionDialect::json) {
    return text ? take_json(event.payload) : close(base::CloseReason::unsupported_data);
  }
  if (!may_publish_) return close(base::CloseReason::forbidden);
  channel::PublicationParts parts;
  parts.kind = text ? dialect::PayloadKind::text : dialect::PayloadKind::binary;
  parts.payload = event.payload;
  publish(parts, std::nullopt);
}

void Session::take_json(std::string_view text) {
  std::string scratch;
  const auto message = dialect::decode_client_message(text, scratch);
  if (!message.ok()) return close(base::CloseReason::bad_message, message.error().reason);
  if (!may_publish_) return reject(message->id, "forbidden", "This session may not publish here.");
  channel::PublicationParts parts;
  parts.kind = message->kind;
  parts.json =
      message->kind == dialect::PayloadKind::text ? dialect::PayloadJson::value : dialect::PayloadJson::unknown;
  parts.payload = message->payload;
  publish(parts, message->id);
}

void Session::publish(channel::PublicationParts& parts, std::optional<std::uint64_t> id) {
  if (grant_.user) parts.user = *grant_.user;
  parts.info = grant_.details().info;
  channel::PublicationDraft draft(parts);
  if (!try_publish(draft, id)) busy().held = Busy::Held{std::move(draft), id};
}

/// False when there is no room: the draft is still ours.
bool Session::try_publish(channel::PublicationDraft& draft, std::optional<std::uint64_t> id) {
  Channels& channels = worker().channels();
  if (const auto published = channels.publish_at_once(channel_, *policy_, draft)) {
    say_outcome(id, *published);
    return true;
  }
  ++unanswered_;
  if (channels.publish(channel_, *policy_, draft, connection_.handle(), id) == broker::Acceptance::taken) return true;
  --unanswered_;
  return false;
}

void Session::keep_unread() {
  const std::span<char> rest = protocol_.take_unread();
  busy_->unread.assign(rest.data(), rest.size());
  connection_.stream().pause();
  if (busy_->held) worker().wait_for_room(connection_.handle());
}

void Session::on_room() {
  if (!busy_ || !busy_->held) return;
  if (!subscription_) return busy_->held.reset();
  if (!try_publish(busy_->held->draft, busy_->held->id)) return worker().wait_for_room(connection_.handle());
  busy_->held.reset();
  go_on();
}

bool Session::may_go_on() const {
  return connection_.stream().paused() && !busy_->held && busy_->due_bytes <= due_bytes_max;
}

void Session::go_on() {
  if (!busy_ || !may_go_on()) return;
  connection_.stream().resume();
  std::string unread = std::exchange(busy_->unread, {});
  if (!unread.empty()) on_bytes(unread);
}

void Session::on_end() {
  end_subscription();
  connection_.stream().finish(io::Stream::linger_default, worker().settings().limits.close_timeout);
}

// What a publication came to.

void Session::on_published(std::optional<std::uint64_t> id, const broker::Published& published) {
  --unanswered_;
  if (close_due_) queue_tail();
  say_outcome(id, published);
}

void Session::say_outcome(std::optional<std::uint64_t> id, const broker::Published& published) {
  if (published.outcome == broker::PublishOutcome::accepted) {
    if (!id) return;
    const std::uint64_t offset = published.position ? published.position->offset : 0;
    std::string text;
    dialect::append_ack(text, {*id, offset});
    return say(text, offset);
  }
  if (dialect() == SessionDialect::raw) return close(base::CloseReason::broker_unavailable);
  const bool refused = published.outcome == broker::PublishOutcome::refused;
  const RefusalRow& answer = row(refused ? Refusal::broker_unavailable : Refusal::publish_unknown);
  reject(id, answer.code, answer.detail);
}

void Session::reject(std::optional<std::uint64_t> id, std::string_view code, std::string_view message) {
  std::string text;
  dialect::append_error(text, {id, code, message});
  say(text, 0);
}

void Session::say(std::string_view text, std::uint64_t after_offset) {
  std::string frame = text_frame(text);
  busy().due_bytes += frame.size();
  busy_->due.push_back({std::move(frame), after_offset});
  queue_tail();
}

}  // namespace usher::server
