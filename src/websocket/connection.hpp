#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"
#include "websocket/close_code.hpp"
#include "websocket/control_output.hpp"
#include "websocket/deflate.hpp"
#include "websocket/extension.hpp"
#include "websocket/frame_header.hpp"
#include "websocket/incoming.hpp"
#include "websocket/version.hpp"

namespace usher::websocket {

/// What one worker lends to all of its connections, so that an idle one owns nothing.
struct ConnectionResources {
  Inflater inflater;
  MaskKey (*draw_mask_key)() = nullptr;  ///< unpredictable keys for the client role's own control frames
};

struct ConnectionSettings {
  Role role = Role::server;
  Version version = Version::rfc6455;
  std::size_t message_bytes_max = 64 * 1024;        ///< of a whole message, after inflation
  std::uint32_t message_fragments_max = 16 * 1024;  ///< frames of one message, empty ones too
  std::optional<DeflateParameters> deflate = std::nullopt;
};

/// What happened on the connection. Views die at the next `next_event` or `receive`.
struct Event {
  enum class Kind : std::uint8_t {
    none,     ///< nothing more in the input
    message,  ///< `opcode` is text or binary; a text is valid UTF-8
    ping,     ///< `payload`; the pong is already in the output
    pong,     ///< `payload`; asked for or not
    close,   ///< the peer's Close: `code` (no_status: it had none), `payload` is the reason; an answer is in the output
    failed,  ///< the peer broke a rule: `code` as it was sent to it, `payload` says which rule; the last event
  };
  Kind kind = Kind::none;
  Opcode opcode = Opcode::continuation;
  CloseCode code = CloseCode::no_status;
  std::string_view payload;
};

/// The WebSocket protocol after the opening handshake (RFC 6455, sections 5 to 7), for either side, sans I/O.
///
/// Feed it with `receive`, take events until there is none, send `output`. Data frames are not sent through it: the
/// caller frames them itself (`append_frame`, `write_server_header`) while `may_send` holds, and writes `output`
/// between frames. It keeps no liveness: pings are the caller's idea.
///
/// Owned by one session on one worker. An idle connection owns no heap memory: a message that lies in the input in one
/// frame is delivered from there, unmasked in place; only what arrives in pieces is gathered, by what arrived and never
/// by what was announced, and freed when it was delivered.
class Connection {
 public:
  enum class State : std::uint8_t {
    open,
    closing,  ///< our Close is sent; what arrives is thrown away up to the peer's Close
    closed,   ///< both Closes are done, or the connection failed, or the deadline passed
  };

  /// Our Close must be answered within this time, and our answer be written.
  static constexpr base::Duration closing_timeout = std::chrono::seconds(5);

  /// `resources` outlive the connection.
  Connection(const ConnectionSettings& settings, ConnectionResources& resources);

  /// Takes the next bytes from the peer. The earlier ones must be used up (`next_event` said none). The bytes are
  /// changed in place and must live until then.
  void receive(std::span<char> input, base::Instant now);

  /// The next event of what was received. Call until it is none.
  Event next_event();

  /// What was received and not looked at yet, untouched: a caller that pauses keeps these bytes and gives them to
  /// `receive` later.
  std::span<char> take_unread();

  /// Control frames that want to be sent, whole or the rest of a frame. Stays valid until the next call of a member
  /// that is not const.
  std::string_view output() const { return output_ ? output_->unsent() : std::string_view(); }

  /// The first `size` bytes of `output` are on their way.
  void consume_output(std::size_t size);

  /// Every ping is answered; but while the socket takes nothing, the newest pong replaces the older ones that nobody
  /// has begun to send (section 5.5.3), so that a flood of pings leaves one.
  void set_writable(bool writable) { writable_ = writable; }

  /// At most 125 bytes. Does nothing when the connection is not open.
  void send_ping(std::string_view payload);

  /// Begins the closing handshake. The code is translated for drafts (see code_for); the reason is UTF-8 and is cut to
  /// 123 bytes at a code point. Does nothing when the connection is not open.
  void send_close(CloseCode code, std::string_view reason, base::Instant now);

  /// Data frames may be sent only while the connection is open (section 5.5.1).
  bool may_send() const { return state_ == State::open; }
  State state() const { return state_; }

  /// Nothing is left to do but to close the transport: the server at once, the client only after a failure or when the
  /// server did not do it in time (section 7.1.1).
  bool should_close_transport() const;

  /// When `on_deadline` wants to be called: the end of the closing handshake, or never.
  base::Instant deadline() const { return deadline_; }

  /// Gives the closing handshake up when its time is over.
  void on_deadline(base::Instant now);

 private:
  Event usual_message();
  Event step();
  ParsedHeader header_in_input();
  ParsedHeader header_in_pieces();
  void keep_header_bytes(std::size_t size);
  FrameRules rules() const;
  Event check_size(const FrameHeader& header);
  Event whole_frame(const FrameHeader& header);
  Event part_of_frame();
  Event begin_data_frame(const FrameHeader& header);
  Event append_data(std::span<char> bytes);
  Event end_data_frame(bool fin);
  std::span<char> take(std::size_t size);
  Event control(Opcode opcode, std::string_view payload);
  Event close_received(std::string_view payload);
  Event deliver(Opcode opcode, bool compressed, std::string_view payload);
  Event fail(CloseCode code, std::string_view reason);
  Incoming& incoming();
  void send_control(Opcode opcode, std::string_view payload);
  void end(base::Instant now);

  std::span<char> input_;
  ConnectionResources* resources_;
  std::unique_ptr<Incoming> incoming_;     ///< only while a frame or a message is in pieces
  std::unique_ptr<ControlOutput> output_;  ///< only while something is unsent
  base::Instant received_at_;
  base::Instant deadline_ = base::Instant::never();
  std::size_t message_bytes_max_;
  std::uint32_t message_fragments_max_;
  Role role_;
  Version version_;
  State state_ = State::open;
  bool deflate_;
  bool writable_ = true;
  bool transport_is_over_ = false;  ///< failed or given up: waiting for the peer has no sense
};

static_assert(sizeof(Connection) <= 96, "an idle connection is small");

}  // namespace usher::websocket
