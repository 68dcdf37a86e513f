#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dialect/payload.hpp"

namespace usher::dialect {

/// The dialect `usher.json.v1`: one channel on one socket, each message a JSON object. All views live as long as what
/// they were made from.
inline constexpr std::string_view json_subprotocol = "usher.json.v1";

/// Where one stands in a channel with history.
struct PositionView {
  std::uint64_t offset = 0;
  std::string_view epoch{};
};

struct HelloView {
  std::string_view session{};
  std::optional<std::string_view> user{};
  std::optional<PositionView> position{};  ///< nothing in a channel without history
};

struct PublicationView {
  std::uint64_t offset = 0;  ///< 0 in a channel without history
  std::int64_t time_milliseconds = 0;
  std::optional<std::string_view> user{};
  std::string_view info{};  ///< JSON text; empty for null
  std::string_view tags{};  ///< the text of a JSON object; empty for none
  PayloadKind kind = PayloadKind::text;
  PayloadJson json = PayloadJson::unknown;
  std::string_view payload{};
};

struct GapView {
  std::optional<std::uint64_t> missed{};   ///< nothing when it cannot be known
  std::optional<PositionView> position{};  ///< nothing in a channel without history
};

struct AckView {
  std::uint64_t id = 0;
  std::uint64_t offset = 0;  ///< 0 in a channel without history
};

struct ErrorView {
  std::optional<std::uint64_t> id{};
  std::string_view code{};
  std::string_view message{};
};

/// Each appends the text of one message. Members that do not apply are left out; `user` and `info` are always there,
/// null when absent.
void append_hello(std::string& out, const HelloView& hello);
void append_publication(std::string& out, const PublicationView& publication);
void append_gap(std::string& out, const GapView& gap);
void append_ack(std::string& out, const AckView& ack);
void append_error(std::string& out, const ErrorView& error);

/// What a client asks to publish.
struct ClientMessage {
  PayloadKind kind = PayloadKind::text;
  std::string_view payload{};         ///< the JSON text of `data` byte for byte, or the bytes that `base64` stood for
  std::optional<std::uint64_t> id{};  ///< the client wants an ack
};

/// The message cannot be read: Close 4400.
struct ClientMessageFault {
  std::string reason{};               ///< at most 123 bytes, fit for a close reason; says what is wrong
  std::optional<std::uint64_t> id{};  ///< when it was read before the fault
};

/// Reads `{"data": any}` or `{"base64": "…"}`, each with or without `"id": integer below 2^53`. Anything else in the
/// object, a member twice, or anything around the object is a fault. `text` is well-formed UTF-8. The payload is a
/// view into `text`, or into `scratch` when it was base64.
base::Result<ClientMessage, ClientMessageFault> decode_client_message(std::string_view text, std::string& scratch);

}  // namespace usher::dialect
