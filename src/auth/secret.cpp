#include "auth/secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace usher::auth {

void wipe_memory(void* data, std::size_t size) { OPENSSL_cleanse(data, size); }

Secret::Secret(std::string_view text) : bytes_(std::make_unique<char[]>(text.size() + 1)), size_(text.size()) {
  std::ranges::copy(text, bytes_.get());
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() {
  if (bytes_ != nullptr) wipe_memory(bytes_.get(), size_);
}

}  // namespace usher::auth
