// The first byte chooses the settings, the second the size of the pieces; the rest is what the peer sends. Whole and
// chunked input must give the same events, output and state.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "websocket/connection.hpp"
#include "websocket/feeding.hpp"

namespace usher::websocket {
namespace {

ConnectionSettings settings_from(unsigned choice) {
  constexpr Version versions[] = {Version::rfc6455, Version::hybi08, Version::hybi07, Version::rfc6455};
  ConnectionSettings settings;
  settings.role = (choice & 1U) != 0 ? Role::client : Role::server;
  settings.version = versions[choice >> 1 & 3U];
  if ((choice & 8U) != 0) settings.deflate = DeflateParameters();
  settings.message_bytes_max = (choice & 16U) != 0 ? 100 : 100'000;
  settings.message_fragments_max = (choice & 32U) != 0 ? 3 : 10'000;
  return settings;
}

void check_events(const Outcome& outcome, const ConnectionSettings& settings) {
  for (std::size_t i = 0; i < outcome.events.size(); ++i) {
    const std::string& event = outcome.events[i];
    const bool is_end = event.starts_with("failed ") || event.starts_with("close ");
    ASSERT(!is_end || (i + 1 == outcome.events.size() && outcome.state == Connection::State::closed));
    if (event.starts_with("text ")) ASSERT(usher::base::valid_utf8(event));
    if (event.starts_with("text ")) ASSERT(event.size() - 5 <= settings.message_bytes_max);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static ConnectionResources resources;
  resources.draw_mask_key = [] { return MaskKey{1, 2, 3, 4}; };
  const ConnectionSettings settings = settings_from(data[0]);
  const std::size_t piece_bytes = 1 + data[1] % 64U;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);

  const Outcome whole = feed_whole(settings, resources, bytes);
  check_events(whole, settings);
  ASSERT(feed_in_pieces(settings, resources, bytes, piece_bytes) == whole);
  ASSERT(feed_in_pieces(settings, resources, bytes, 1) == whole);
  return 0;
}

}  // namespace usher::websocket
