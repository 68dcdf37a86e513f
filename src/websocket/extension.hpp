#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "websocket/version.hpp"

namespace usher::websocket {

struct ExtensionParameter {
  std::string_view name;
  std::optional<std::string> value;  ///< unquoted
};

/// One element of Sec-WebSocket-Extensions. `name` and the parameters' names are views into the header.
struct Extension {
  std::string_view name;
  std::vector<ExtensionParameter> parameters;
};

/// Elements beyond these are checked and then dropped, which declines them: nobody needs more, and memory is bounded.
constexpr std::size_t extensions_max = 32;
constexpr std::size_t extension_parameters_max = 8;

/// Reads all lines of Sec-WebSocket-Extensions as one list (RFC 6455, section 9.1). Nothing when any of it breaks the
/// grammar. Drafts 07 and 08 know no quoted values. Time is linear in the size of the header.
std::optional<std::vector<Extension>> parse_extensions(std::span<const std::string_view> lines, Version version);

/// What was agreed about permessage-deflate (RFC 7692). usher never keeps a context from one message to the next.
struct DeflateParameters {
  std::uint8_t server_window_bits = 12;  ///< 9–12 for usher as server: its frames are deflated with this window
  std::uint8_t client_window_bits = 15;  ///< 8–15: the window that the client's frames may need

  friend bool operator==(const DeflateParameters&, const DeflateParameters&) = default;
};

struct NegotiatedDeflate {
  DeflateParameters parameters;
  std::string response;  ///< the value of Sec-WebSocket-Extensions in the 101
};

/// Takes the first offer of permessage-deflate that can be served. An offer with an unknown, repeated or ill-valued
/// parameter, or with a server window of 8 bits (which zlib cannot make), is declined; the connection then goes on
/// without compression. Drafts 07 and 08 get none.
std::optional<NegotiatedDeflate> negotiate_deflate(std::span<const Extension> offers, Version version);

/// What the client role offers.
constexpr std::string_view deflate_offer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// Checks a server's answer to `deflate_offer` (RFC 7692, section 7.1): exactly one extension, each parameter known,
/// once, well-valued and allowed as an answer. Nothing when the connection must be failed.
std::optional<DeflateParameters> accept_deflate_response(std::span<const Extension> answer);

}  // namespace usher::websocket
