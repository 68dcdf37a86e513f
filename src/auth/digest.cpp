#include "auth/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/assert.hpp"
#include "base/base64.hpp"

namespace usher::auth {
namespace {

/// Fetched once: in OpenSSL 3 each use of EVP_sha256() looks the algorithm up again.
const EVP_MD* fetched_sha256() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ASSERT(algorithm != nullptr);
  return algorithm;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  Digest digest{};
  const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, fetched_sha256(), nullptr);
  ASSERT(done == 1);
  return digest;
}

bool digests_equal(const Digest& a, const Digest& b) { return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

std::string digest_text(const Digest& digest) {
  return base::hex_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::optional<Digest> parse_digest(std::string_view hex) {
  Digest digest{};
  if (hex.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return digest;
}

}  // namespace usher::auth
