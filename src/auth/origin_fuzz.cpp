#include <cstddef>
#include <cstdint>
#include <string_view>

#include "auth/origin.hpp"
#include "base/assert.hpp"

// An Origin header is what an attacker's page makes of it. Normalising twice is normalising once, and a list admits
// exactly the normal form of what it names.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  usher::auth::OriginList list;
  ASSERT(list.add("https://app.example.com").ok());
  ASSERT(list.add("https://*.wild.example").ok());
  const auto normal = usher::auth::normalise_origin(text);
  if (!normal) {
    ASSERT(!list.allows(text));
    return 0;
  }
  ASSERT(usher::auth::normalise_origin(*normal) == normal);
  ASSERT(list.allows(text) == list.allows(*normal));
  ASSERT(list.allows(text) == (*normal == "https://app.example.com" ||
                               (normal->starts_with("https://") && normal->ends_with(".wild.example"))));
  return 0;
}
