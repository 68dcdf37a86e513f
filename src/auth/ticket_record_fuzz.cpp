#include <cstddef>
#include <cstdint>
#include <string_view>

#include "auth/ticket.hpp"
#include "auth/ticket_request.hpp"
#include "base/assert.hpp"

// Records come from Redis, where any back end may have written them, and bodies from clients. What is accepted must
// come out of its own written form unchanged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto record = usher::auth::parse_ticket_record(text)) {
    const std::string written = usher::auth::ticket_record_json(*record);
    const auto again = usher::auth::parse_ticket_record(written);
    ASSERT(again.ok());
    ASSERT(usher::auth::ticket_record_json(*again) == written);
  }
  if (const auto grant = usher::auth::parse_grant(text)) {
    const std::string written = usher::auth::grant_json(*grant);
    const auto again = usher::auth::parse_grant(written);
    ASSERT(again.ok());
    ASSERT(usher::auth::grant_json(*again) == written);
  }
  (void)usher::auth::parse_ticket_request(text);
  (void)usher::auth::parse_mint_request(text);
  return 0;
}
