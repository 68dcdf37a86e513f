#pragma once

#include <string_view>

namespace usher::dialect {

/// The dialect `usher.raw.v1`: one channel on one socket; each publication is one WebSocket message, the payload as it
/// was published, and each message of a client is a publication. There is nothing to encode or decode: its form is the
/// frame that a publication carries already. It is also what a socket speaks that offered no subprotocol, or one of
/// the channel's own.
inline constexpr std::string_view raw_subprotocol = "usher.raw.v1";

}  // namespace usher::dialect
