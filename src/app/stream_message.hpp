#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::app {

/// A message of the dialect `usher.json.v1`, as a client reads it. Views into the text.
struct StreamMessage {
  enum class Kind : std::uint8_t { hello, publication, gap, error, other };
  Kind kind = Kind::other;
  std::string_view offset;   ///< digits; empty: the channel has no history
  std::string_view epoch;    ///< only of hello and gap
  std::string_view data;     ///< JSON text of a publication
  std::string_view base64;   ///< in place of data
  std::string_view missed;   ///< of a gap: digits or null
  std::string_view message;  ///< of an error
};

/// Members that are not known do not matter. Text that is not a JSON object is `other`.
StreamMessage read_stream_message(std::string_view text);

/// A publication as one line without its end: what a string says if that fits in a line, other JSON as it came, base64
/// for binary.
std::string publication_line(const StreamMessage& message);

/// The message with the member `channel` put in front of the others, byte for byte the same otherwise.
std::string with_channel(std::string_view text, std::string_view channel);

}  // namespace usher::app
