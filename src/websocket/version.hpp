#pragma once

#include <cstdint>

namespace usher::websocket {

/// What the client named in Sec-WebSocket-Version. Draft 07 is 7; drafts 08 to 12 share 8; drafts 13 to 17 and RFC 6455
/// are 13. Frames are the same in all three; the few differences are rows in the tables of handshake.cpp,
/// frame_header.cpp and close_code.cpp.
enum class Version : std::uint8_t { hybi07 = 7, hybi08 = 8, rfc6455 = 13 };

}  // namespace usher::websocket
