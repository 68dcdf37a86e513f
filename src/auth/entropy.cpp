#include "auth/entropy.hpp"

#include <string>

#include "base/base64.hpp"

namespace usher::auth {

EntropyBlock::~EntropyBlock() { wipe_memory(block_.data(), block_.size()); }

Secret EntropyBlock::draw(std::string_view prefix) {
  if (used_ == block_.size()) {
    fill_(block_);
    used_ = 0;
  }
  std::uint8_t* const bytes = block_.data() + used_;
  std::string encoded = base::base64url_encode({reinterpret_cast<const char*>(bytes), draw_bytes});
  wipe_memory(bytes, draw_bytes);
  used_ += draw_bytes;

  std::string text;
  text.reserve(prefix.size() + encoded.size());
  text.append(prefix).append(encoded);
  Secret secret(text);
  wipe_memory(encoded.data(), encoded.size());
  wipe_memory(text.data(), text.size());
  return secret;
}

}  // namespace usher::auth
