#include <algorithm>
#include <array>
#include <utility>

#include "dialect/json.hpp"
#include "server/connection.hpp"
#include "server/session.hpp"
#include "server/session_busy.hpp"
#include "server/session_close.hpp"
#include "server/session_text.hpp"
#include "server/worker.hpp"

// How a session writes and ends: the second half of Session, which begins in session.cpp.

namespace usher::server {
namespace {

/// Grace beyond `websocket.ping` for a sign of life.
constexpr base::Duration pong_grace = std::chrono::seconds(10);

/// Slices of one gathered write.
constexpr std::size_t gather_max = 1024;

}  // namespace

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
    if (taken < gathered.frames || !gathered.more) break;
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
  release_due();
  if (close_due_) {
    write_close();
  } else {
    write_control();
  }
  if (busy_ && may_go_on()) worker().go_on_later(connection_.handle(), {});
}

/// Whoever was paused must be read again: the peer's Close is to come.
void Session::drop_held() {
  if (!busy_) return;
  busy_->held.reset();
  busy_->due.clear();
  busy_->due_bytes = 0;
}

/// An ack goes out once its publication did. Without offsets: once the log has nothing more. A slow session's log is
/// dropped, and what was said about it goes out.
void Session::release_due() {
  if (!busy_ || busy_->due.empty() || close_sent_) return;
  if (!close_due_ && !connection_.stream().writable()) return;
  channel::Hub& hub = worker().channels().hub();
  const bool level = reason_ == base::CloseReason::slow || !hub.behind(subscription_);
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
  const bool idle = busy_->due.empty() && !busy_->held && busy_->unread.empty();
  if (idle && !close_due_ && !connection_.stream().paused()) busy_.reset();
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

/// The Close is last: behind the outcome of what the session published, and behind the log, unless it is the log that
/// the session could not follow. But not for ever.
bool Session::close_must_wait() const {
  if (stop_waiting_ || reason_ == base::CloseReason::slow) return false;
  return unanswered_ > 0 || (busy_ && busy_->held) || worker().channels().hub().behind(subscription_);
}

void Session::write_close() {
  const base::Instant limit = worker().now() + worker().settings().limits.close_timeout;
  if (!close_sent_) {
    if (close_must_wait()) {
      busy().close_deadline = std::min(busy().close_deadline, limit);
      return connection_.arm(deadline());
    }
    protocol_.send_close(static_cast<websocket::CloseCode>(row(reason_).code), close_text(), worker().now());
    end_subscription();
    close_sent_ = true;
    drop_held();
    busy().close_deadline = limit;
  }
  const std::string_view output = protocol_.output();
  const std::size_t size = output.size();
  if (size > 0) connection_.stream().write_copy(output);
  protocol_.consume_output(size);
  if (protocol_.should_close_transport()) {
    return connection_.stream().finish(io::Stream::linger_default, worker().settings().limits.close_timeout);
  }
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
  if (close_due_) return busy_ ? busy_->close_deadline : base::Instant::never();
  const base::Instant life =
      last_seen_ + worker().settings().websocket.ping + (pinged_ ? pong_grace : base::Duration());
  return std::min(expires_, life);
}

void Session::on_deadline() {
  const base::Instant now = worker().now();
  if (close_due_) {
    if (close_sent_) return connection_.stream().reset();
    stop_waiting_ = true;
    return queue_tail();
  }
  if (connection_.stream().paused()) last_seen_ = now;  // it is usher that does not read
  if (now < deadline()) return connection_.arm(deadline());
  if (now >= expires_) return close(base::CloseReason::credential_ended);
  if (pinged_) return close(base::CloseReason::ping_timeout);
  protocol_.send_ping({});
  pinged_ = true;
  write_control();
  connection_.arm(deadline());
}

}  // namespace usher::server
