#pragma once

#include <cstdint>

namespace usher::dialect {

/// What a payload is, as WebSocket tells them apart (RFC 6455, section 5.6). A text payload is well-formed UTF-8.
enum class PayloadKind : std::uint8_t { text, binary };

/// Whether a text payload is exactly one JSON value, if somebody has already looked.
enum class PayloadJson : std::uint8_t { unknown, value, other };

}  // namespace usher::dialect
