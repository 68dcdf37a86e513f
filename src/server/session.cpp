#include "server/session.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "dialect/json.hpp"
#include "server/connection.hpp"
#include "server/session_close.hpp"
#include "server/worker.hpp"
#include "websocket/frame_header.hpp"

namespace usher::server {
namespace {

/// Grace beyond `websocket.ping` for a sign of life.
constexpr base::Duration pong_grace = std::chrono::seconds(10);

/// A client that publishes and does not read is not read further once so much waits to tell it.
constexpr std::size_t due_bytes_max = 16384;

/// Slices of one gathered write.
constexpr std::size_t gather_max = 1024;

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

std::optional<dialect::PositionView> view_of(const std::optional<channel::Position>& position) {
  if (!position) return std::nullopt;
  return dialect::PositionView{position->offset, position->epoch.text()};
}

std::string text_frame(std::string_view text) {
  std::string frame;
  websocket::append_frame(frame, websocket::Opcode::text, websocket::Rsv1::clear, text);
  return frame;
}

}  // namespace

/// What most sessions never have, kept apart so that an idle one is small.
struct Session::Busy {
  /// A publication that found no room.
  struct Held {
    channel::PublicationDraft draft;
    std::optional<std::uint64_t> id;
  };
  /// An ack or an error, which comes behind the publication that it speaks of.
  struct Due {
    std::string frame;
    std::uint64_t after_offset = 0;  ///< 0: behind all that the log has
  };

  std::optional<Held> held;
  std::string unread;  ///< came in behind what is held
  std::deque<Due> due;
  std::size_t due_bytes = 0;
  std::string close_detail;
};

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

void Session::publish(const channel::PublicationParts& described, std::optional<std::uint64_t> id) {
  channel::PublicationParts parts = described;
  if (grant_.user) parts.user = *grant_.user;
  parts.info = grant_.details().info;
  channel::PublicationDraft draft(parts);
  ++unanswered_;
  if (worker().channels().publish(channel_, *policy_, draft, connection_.handle(), id) == broker::Acceptance::taken) {
    return;
  }
  --unanswered_;
  busy().held = Busy::Held{std::move(draft), id};
}

void Session::keep_unread() {
  const std::span<char> rest = protocol_.take_unread();
  busy_->unread.assign(rest.data(), rest.size());
  connection_.stream().pause();
  if (busy_->held) worker().wait_for_room(connection_.handle());
}

void Session::on_room() {
  if (!busy_ || !busy_->held) return;
  ++unanswered_;
  const broker::Acceptance acceptance =
      worker().channels().publish(channel_, *policy_, busy_->held->draft, connection_.handle(), busy_->held->id);
  if (acceptance == broker::Acceptance::no_room) {
    --unanswered_;
    return worker().wait_for_room(connection_.handle());
  }
  busy_->held.reset();
  go_on();
}

void Session::go_on() {
  if (!connection_.stream().paused() || busy_->held || busy_->due_bytes > due_bytes_max) return;
  connection_.stream().resume();
  std::string unread = std::exchange(busy_->unread, {});
  if (!unread.empty()) on_bytes(unread);
}

void Session::on_end() {
  end_subscription();
  connection_.stream().finish();
}

// What a publication came to.

void Session::on_published(std::optional<std::uint64_t> id, const broker::Published& published) {
  --unanswered_;
  if (close_due_) queue_tail();
  if (published.outcome == broker::PublishOutcome::accepted) {
    if (!id) return;
    const std::uint64_t offset = published.position ? published.position->offset : 0;
    std::string text;
    dialect::append_ack(text, {*id, offset});
    return say(std::move(text), offset);
  }
  if (dialect() == SessionDialect::raw) return close(base::CloseReason::broker_unavailable);
  const bool refused = published.outcome == broker::PublishOutcome::refused;
  const RefusalRow& answer = row(refused ? Refusal::broker_unavailable : Refusal::publish_unknown);
  reject(id, answer.code, answer.detail);
}

void Session::reject(std::optional<std::uint64_t> id, std::string_view code, std::string_view message) {
  std::string text;
  dialect::append_error(text, {id, code, message});
  say(std::move(text), 0);
}

void Session::say(std::string text, std::uint64_t after_offset) {
  std::string frame = text_frame(text);
  busy().due_bytes += frame.size();
  busy_->due.push_back({std::move(frame), after_offset});
  queue_tail();
}

// Writing.

void Session::on_drained() {
  protocol_.set_writable(true);
  worker().channels().hub().set_blocked(subscription_, false);
  queue_tail();
}

void Session::flush_log() {
  if (close_sent_ || !subscription_) return;
  channel::Hub& hub = worker().channels().hub();
  io::Stream& stream = connection_.stream();
  std::array<base::Slice, gather_max>& slices = worker().slices();
  while (stream.writable()) {
    const channel::Gathered gathered = hub.gather(subscription_, slices);
    if (gathered.gap) {
      if (const auto gap = hub.take_gap(subscription_)) send_gap(*gap);
      continue;
    }
    if (gathered.frames == 0) return;
    const std::size_t taken = stream.write({slices.data(), gathered.frames});
    hub.advance(subscription_, taken);
    worker().metrics().channels[policy_->index].deliveries.add(taken);
    if (taken < gathered.frames) break;
  }
  protocol_.set_writable(stream.writable());
  if (!stream.writable()) hub.set_blocked(subscription_, true);
}

void Session::send_gap(const channel::Gap& gap) {
  worker().metrics().channels[policy_->index].gap_missed.add(gap.missed.value_or(0));
  std::string text;
  dialect::append_gap(text, {gap.missed, view_of(gap.position)});
  connection_.stream().write_copy(text_frame(text));
}

void Session::queue_tail() {
  if (in_tail_) return;
  in_tail_ = true;
  worker().queue_tail(connection_.handle());
}

void Session::flush_tail() {
  in_tail_ = false;
  if (!connection_.stream().is_open()) return;
  flush_log();
  release_due(close_due_ && unanswered_ == 0);
  if (close_due_) {
    write_close();
  } else {
    write_control();
  }
  if (busy_) go_on();
}

/// An ack goes out once its publication did. Without offsets: once the log has nothing more.
void Session::release_due(bool all) {
  if (!busy_ || busy_->due.empty() || close_sent_) return;
  channel::Hub& hub = worker().channels().hub();
  const bool level = all || !hub.behind(subscription_);
  const auto position = hub.position_of(subscription_);
  std::string frames;
  while (!busy_->due.empty()) {
    Busy::Due& due = busy_->due.front();
    const bool seen = level || (due.after_offset > 0 && position && position->offset >= due.after_offset);
    if (!seen) break;
    busy_->due_bytes -= due.frame.size();
    frames += due.frame;
    busy_->due.pop_front();
  }
  if (!frames.empty()) connection_.stream().write_copy(frames);
  if (busy_->due.empty() && !busy_->held && busy_->unread.empty() && busy_->close_detail.empty()) {
    if (!connection_.stream().paused()) busy_.reset();
  }
}

void Session::write_control() {
  const std::string_view output = protocol_.output();
  if (output.empty()) return;
  if (!connection_.stream().writable()) return protocol_.set_writable(false);
  const std::size_t size = output.size();
  connection_.stream().write_copy(output);
  protocol_.consume_output(size);
}

// Ending.

void Session::close(base::CloseReason reason, std::string_view detail) {
  if (has_reason() || close_due_) return;
  reason_ = reason;
  close_due_ = true;
  if (!detail.empty()) busy().close_detail = detail;
  queue_tail();
}

void Session::write_close() {
  const base::Instant now = worker().now();
  if (!close_sent_) {
    protocol_.send_close(static_cast<websocket::CloseCode>(row(reason_).code), close_text(), now);
    if (unanswered_ > 0 && !stop_waiting_) return connection_.arm(deadline());
    end_subscription();
    close_sent_ = true;
  }
  const std::string_view output = protocol_.output();
  const std::size_t size = output.size();
  if (size > 0) connection_.stream().write_copy(output);
  protocol_.consume_output(size);
  if (protocol_.should_close_transport()) return connection_.stream().finish();
  connection_.arm(deadline());
}

std::string Session::close_text() const {
  const std::string detail = busy_ ? busy_->close_detail : std::string();
  std::optional<channel::Position> position;
  if (dialect() == SessionDialect::raw) position = worker().channels().hub().position_of(subscription_);
  return close_frame_text(reason_, detail, position);
}

void Session::end_subscription() {
  if (!subscription_) return;
  worker().channels().unfollow(std::exchange(subscription_, {}), channel_);
}

void Session::on_closed(io::StreamEnd) {
  end_subscription();
  worker().metrics().closed[static_cast<std::size_t>(reason_)].add();
}

base::Instant Session::deadline() const {
  if (close_due_) return protocol_.deadline();
  const base::Instant life =
      last_seen_ + worker().settings().websocket.ping + (pinged_ ? pong_grace : base::Duration());
  return std::min(expires_, life);
}

void Session::on_deadline() {
  const base::Instant now = worker().now();
  if (close_due_) {
    protocol_.on_deadline(now);
    if (!close_sent_) {
      stop_waiting_ = true;
      return queue_tail();
    }
    if (protocol_.should_close_transport()) return connection_.stream().reset();
    return connection_.arm(deadline());
  }
  if (now < deadline()) return connection_.arm(deadline());
  if (now >= expires_) return close(base::CloseReason::credential_ended);
  if (pinged_) return close(base::CloseReason::ping_timeout);
  protocol_.send_ping({});
  pinged_ = true;
  write_control();
  connection_.arm(deadline());
}

}  // namespace usher::server
