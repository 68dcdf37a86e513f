#include "websocket/connection.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace usher::websocket {
namespace {

std::string_view text_of(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

/// What a message may have while it is compressed: data that does not compress grows a little, by five bytes for each
/// stored block.
constexpr std::uint64_t received_bytes_max(std::uint64_t message_bytes_max, bool compressed) {
  return compressed ? message_bytes_max + message_bytes_max / 64 + 64 : message_bytes_max;
}

/// At most `size` bytes of the text, cut between two code points.
std::string_view cut_text(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

constexpr std::size_t close_code_bytes = 2;

}  // namespace

Connection::Connection(const ConnectionSettings& settings, ConnectionResources& resources)
    : resources_(&resources),
      message_bytes_max_(settings.message_bytes_max),
      message_fragments_max_(settings.message_fragments_max),
      role_(settings.role),
      version_(settings.version),
      deflate_(settings.deflate.has_value()) {}

void Connection::receive(std::span<char> input, base::Instant now) {
  ASSERT(input_.empty());
  if (state_ == State::closed) return;
  input_ = input;
  received_at_ = now;
}

Event Connection::next_event() {
  // What the last event showed may have been in there.
  if (incoming_ && (state_ == State::closed || incoming_->idle())) incoming_.reset();
  while (!input_.empty()) {
    if (Event event = usual_message(); event.kind != Event::Kind::none) return event;
    if (Event event = step(); event.kind != Event::Kind::none) return event;
  }
  return {};
}

std::span<char> Connection::take_unread() { return take(input_.size()); }

/// What almost all traffic is made of, in one look: a whole message in one plain frame that lies in the input. Anything
/// else is untouched and left to `step`, which would do the same with this one.
Event Connection::usual_message() {
  if (incoming_ || state_ != State::open || role_ != Role::server) return {};
  const WholeMessageHeader header = parse_whole_message_header(text_of(input_));
  if (header.size == 0 || header.length > input_.size() - header.size || header.length > message_bytes_max_) return {};
  MaskKey key;
  std::memcpy(key.data(), input_.data() + header.size - key.size(), key.size());
  const std::span<char> payload = input_.subspan(header.size, header.length);
  input_ = input_.subspan(std::size_t{header.size} + header.length);
  const bool ascii = unmask(payload, key);
  if (!ascii && header.opcode == Opcode::text && !base::valid_utf8(text_of(payload))) {
    return fail(CloseCode::invalid_payload, "a text message is not UTF-8");
  }
  return {.kind = Event::Kind::message, .opcode = header.opcode, .payload = text_of(payload)};
}

/// One frame, or as much of it as there is.
Event Connection::step() {
  if (incoming_ && incoming_->missing > 0) return part_of_frame();
  const bool began_earlier = incoming_ && incoming_->header_size > 0;
  const ParsedHeader parsed = began_earlier ? header_in_pieces() : header_in_input();
  switch (parsed.status) {
    case ParsedHeader::Status::needs_more:
      return {};
    case ParsedHeader::Status::error:
      return fail(CloseCode::protocol_error, describe(parsed.error));
    case ParsedHeader::Status::header:
      break;
  }
  const FrameHeader& header = parsed.header;
  if (!is_control(header.opcode)) {
    if (Event refused = check_size(header); refused.kind != Event::Kind::none) return refused;
  }
  if (header.length <= input_.size()) return whole_frame(header);
  Incoming& pieces = incoming();
  pieces.frame = header;
  pieces.missing = header.length;
  pieces.control_size = 0;
  if (!is_control(header.opcode)) {
    if (Event refused = begin_data_frame(header); refused.kind != Event::Kind::none) return refused;
  }
  return part_of_frame();
}

/// The usual case: the header lies in the input.
ParsedHeader Connection::header_in_input() {
  const ParsedHeader parsed = parse_frame_header(text_of(input_), rules());
  if (parsed.status == ParsedHeader::Status::header) {
    take(parsed.size);
  } else if (parsed.status == ParsedHeader::Status::needs_more) {
    keep_header_bytes(input_.size());
  }
  return parsed;
}

/// A header that began in an earlier input is put together aside.
ParsedHeader Connection::header_in_pieces() {
  const std::size_t before = incoming_->header_size;
  keep_header_bytes(std::min(input_.size(), frame_header_bytes_max - before));
  const ParsedHeader parsed = parse_frame_header({incoming_->header_bytes.data(), incoming_->header_size}, rules());
  if (parsed.status == ParsedHeader::Status::header) {
    // What was taken too much belongs to the payload.
    const std::size_t excess = incoming_->header_size - parsed.size;
    input_ = {input_.data() - excess, input_.size() + excess};
    incoming_->header_size = 0;
  }
  return parsed;
}

FrameRules Connection::rules() const {
  return {.masked = role_ == Role::server,
          .minimal_lengths = version_ == Version::rfc6455,
          .rsv1_allowed = deflate_,
          .inside_message = incoming_ && incoming_->message_open};
}

/// RFC 6455, section 10.4. The header is enough to know; nothing is kept for a message that will not be accepted.
Event Connection::check_size(const FrameHeader& header) {
  if (state_ != State::open) return {};
  const bool continues = header.opcode == Opcode::continuation;
  const std::uint64_t before = continues ? incoming_->message.size() : 0;
  const std::uint64_t most = received_bytes_max(message_bytes_max_, continues ? incoming_->compressed : header.rsv1);
  if (header.length > most - before) return fail(CloseCode::message_too_big, "the message is too big");
  return {};
}

Event Connection::whole_frame(const FrameHeader& header) {
  const std::span<char> payload = take(header.length);
  if (header.masked) unmask(payload, header.key);
  if (is_control(header.opcode)) return control(header.opcode, text_of(payload));
  if (header.fin && header.opcode != Opcode::continuation) return deliver(header.opcode, header.rsv1, text_of(payload));
  if (Event refused = begin_data_frame(header); refused.kind != Event::Kind::none) return refused;
  if (Event refused = append_data(payload); refused.kind != Event::Kind::none) return refused;
  return end_data_frame(header.fin);
}

Event Connection::part_of_frame() {
  Incoming& pieces = *incoming_;
  const FrameHeader& header = pieces.frame;
  const std::uint64_t size = std::min<std::uint64_t>(pieces.missing, input_.size());
  const std::span<char> bytes = take(size);
  if (header.masked) unmask(bytes, header.key, header.length - pieces.missing);
  pieces.missing -= size;
  if (is_control(header.opcode)) {
    std::copy(bytes.begin(), bytes.end(), pieces.control.begin() + pieces.control_size);
    pieces.control_size = static_cast<std::uint8_t>(pieces.control_size + size);
    if (pieces.missing > 0) return {};
    return control(header.opcode, {pieces.control.data(), pieces.control_size});
  }
  if (Event refused = append_data(bytes); refused.kind != Event::Kind::none) return refused;
  return pieces.missing > 0 ? Event{} : end_data_frame(header.fin);
}

/// A frame of a message that cannot be delivered from the input: it has several frames, or this one is in pieces.
Event Connection::begin_data_frame(const FrameHeader& header) {
  Incoming& pieces = incoming();
  // Section 5.4: the first frame tells the type. Section 6.1 of RFC 7692: and whether the message is compressed.
  if (header.opcode != Opcode::continuation) {
    pieces.message_open = true;
    pieces.opcode = header.opcode;
    pieces.compressed = header.rsv1;
    pieces.fragments = 0;
    pieces.message.clear();
    pieces.text = Utf8Validator();
  }
  if (++pieces.fragments > message_fragments_max_) {
    return fail(CloseCode::message_too_big, "the message has too many fragments");
  }
  return {};
}

Event Connection::append_data(std::span<char> bytes) {
  if (state_ != State::open) return {};
  Incoming& pieces = *incoming_;
  if (pieces.opcode == Opcode::text && !pieces.compressed && !pieces.text.append(text_of(bytes))) {
    return fail(CloseCode::invalid_payload, "a text message is not UTF-8");
  }
  pieces.message.append(bytes.begin(), bytes.end());
  return {};
}

Event Connection::end_data_frame(bool fin) {
  if (!fin) return {};
  Incoming& pieces = *incoming_;
  pieces.message_open = false;
  if (state_ != State::open) return {};
  if (pieces.compressed) return deliver(pieces.opcode, true, pieces.message);
  if (!pieces.text.complete()) return fail(CloseCode::invalid_payload, "a text message is not UTF-8");
  return {.kind = Event::Kind::message, .opcode = pieces.opcode, .payload = pieces.message};
}

/// A whole message whose text was not checked yet.
Event Connection::deliver(Opcode opcode, bool compressed, std::string_view payload) {
  if (state_ != State::open) return {};
  if (compressed) {
    const Inflater::Message message = resources_->inflater.inflate(payload, message_bytes_max_);
    if (message.outcome == Inflater::Outcome::too_big)
      return fail(CloseCode::message_too_big, "the message is too big");
    if (message.outcome == Inflater::Outcome::corrupt) {
      return fail(CloseCode::invalid_payload, "a compressed message cannot be inflated");
    }
    payload = message.bytes;
  }
  if (opcode == Opcode::text && !base::valid_utf8(payload)) {
    return fail(CloseCode::invalid_payload, "a text message is not UTF-8");
  }
  return {.kind = Event::Kind::message, .opcode = opcode, .payload = payload};
}

Event Connection::control(Opcode opcode, std::string_view payload) {
  if (opcode == Opcode::close) return close_received(payload);
  // Nothing follows our own Close, so a ping is not answered any more (section 5.5.1).
  if (state_ != State::open) return {};
  if (opcode == Opcode::pong) return {.kind = Event::Kind::pong, .opcode = opcode, .payload = payload};
  if (!writable_ && output_) output_->withdraw_pong();
  send_control(Opcode::pong, payload);
  return {.kind = Event::Kind::ping, .opcode = opcode, .payload = payload};
}

/// Section 5.5.1: an empty body, or a code and a reason in UTF-8.
Event Connection::close_received(std::string_view payload) {
  Event event{.kind = Event::Kind::close, .opcode = Opcode::close, .payload = {}};
  if (payload.size() == 1) return fail(CloseCode::protocol_error, "a Close has half a code");
  if (payload.size() >= close_code_bytes) {
    const auto high = static_cast<unsigned char>(payload[0]);
    const auto low = static_cast<unsigned char>(payload[1]);
    const auto code = static_cast<std::uint16_t>(high << 8 | low);
    if (!valid_received(code, version_))
      return fail(CloseCode::protocol_error, "a Close has a code that is not allowed");
    event.code = CloseCode{code};
    event.payload = payload.substr(close_code_bytes);
    if (!base::valid_utf8(event.payload)) return fail(CloseCode::invalid_payload, "a Close reason is not UTF-8");
  }
  // The answer echoes the code.
  if (state_ == State::open) send_control(Opcode::close, payload.substr(0, close_code_bytes));
  end(received_at_);
  return event;
}

/// Section 7.1.7: a Close that says why, and no more input.
Event Connection::fail(CloseCode code, std::string_view reason) {
  code = code_for(code, version_);
  send_close(code, reason, received_at_);
  end(received_at_);
  transport_is_over_ = true;
  return {.kind = Event::Kind::failed, .opcode = Opcode::close, .code = code, .payload = reason};
}

void Connection::end(base::Instant now) {
  state_ = State::closed;
  input_ = {};
  // The deadline is absolute: the second Close does not buy more time.
  if (deadline_.is_never()) deadline_ = now + closing_timeout;
}

void Connection::send_ping(std::string_view payload) {
  if (state_ == State::open) send_control(Opcode::ping, payload);
}

void Connection::send_close(CloseCode code, std::string_view reason, base::Instant now) {
  if (state_ != State::open) return;
  const auto number = static_cast<std::uint16_t>(code_for(code, version_));
  std::array<char, control_payload_bytes_max> body{};
  body[0] = static_cast<char>(number >> 8);
  body[1] = static_cast<char>(number & 0xFFU);
  reason = cut_text(reason, body.size() - close_code_bytes);
  std::copy(reason.begin(), reason.end(), body.begin() + close_code_bytes);
  send_control(Opcode::close, {body.data(), close_code_bytes + reason.size()});
  state_ = State::closing;
  deadline_ = now + closing_timeout;
}

void Connection::send_control(Opcode opcode, std::string_view payload) {
  if (!output_) output_ = std::make_unique<ControlOutput>();
  MaskKey key{};
  if (role_ == Role::client) {
    ASSERT(resources_->draw_mask_key != nullptr);
    key = resources_->draw_mask_key();
  }
  output_->append(role_, opcode, payload, key);
}

void Connection::consume_output(std::size_t size) {
  if (size == 0) return;
  ASSERT(output_ != nullptr);
  output_->consume(size);
  if (output_->unsent().empty()) output_.reset();
}

bool Connection::should_close_transport() const {
  if (state_ != State::closed) return false;
  if (deadline_.is_never()) return true;
  return !output_ && (role_ == Role::server || transport_is_over_);
}

void Connection::on_deadline(base::Instant now) {
  if (now < deadline_) return;
  end(now);
  deadline_ = base::Instant::never();
  transport_is_over_ = true;
}

void Connection::keep_header_bytes(std::size_t size) {
  Incoming& pieces = incoming();
  const std::span<char> bytes = take(size);
  std::copy(bytes.begin(), bytes.end(), pieces.header_bytes.begin() + pieces.header_size);
  pieces.header_size = static_cast<std::uint8_t>(pieces.header_size + size);
}

std::span<char> Connection::take(std::size_t size) {
  const std::span<char> taken = input_.first(size);
  input_ = input_.subspan(size);
  return taken;
}

Incoming& Connection::incoming() {
  if (!incoming_) incoming_ = std::make_unique<Incoming>();
  return *incoming_;
}

}  // namespace usher::websocket
