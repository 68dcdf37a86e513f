// Whatever a client sends: our scanner accepts what nlohmann's parser accepts, a message that is accepted comes back
// out of the encoder as it went in, and a refusal says why in a close frame's room.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "dialect/json.hpp"
#include "dialect/json_scanner.hpp"

namespace usher::dialect {
namespace {

/// The other parser converts: it refuses half surrogate pairs and numbers beyond a double, skips a byte order mark, and
/// has no limit of depth.
bool comparable(std::string_view text) {
  const bool surrogates = text.find("\\u") != std::string_view::npos;
  const bool large_numbers = text.size() > 300 || text.find_first_of("eE") != std::string_view::npos;
  const bool byte_order_mark = !text.empty() && text.front() == '\xef';
  return !surrogates && !large_numbers && !byte_order_mark && text.find('\0') == std::string_view::npos;
}

void check_round_trip(const ClientMessage& message) {
  std::string text;
  append_publication(text, {.kind = message.kind, .payload = message.payload});
  ASSERT(is_json_value(text));
  if (message.kind == PayloadKind::binary) return;
  ASSERT(is_json_value(message.payload));
  ASSERT(text.ends_with(std::string("\"data\":") + std::string(message.payload) + "}"));
}

/// Aborts when one of the promises is broken.
void check(std::string_view text) {
  const bool accepted = is_json_value(text);
  if (comparable(text)) ASSERT(accepted == nlohmann::json::accept(text));

  std::string scratch;
  const auto message = decode_client_message(text, scratch);
  if (message.ok()) {
    ASSERT(accepted);
    check_round_trip(*message);
  } else {
    ASSERT(!message.error().reason.empty() && message.error().reason.size() <= 123);
    ASSERT(base::valid_utf8(message.error().reason));
  }
}

}  // namespace
}  // namespace usher::dialect

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (usher::base::valid_utf8(text)) usher::dialect::check(text);
  return 0;
}
