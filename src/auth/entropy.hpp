#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "auth/secret.hpp"

namespace usher::auth {

/// Hands out random bytes from a block that is filled by whoever owns the source of entropy, so that a ticket does not
/// cost a system call. Bytes are wiped from the block as they are handed out. Owned by one worker.
class EntropyBlock {
 public:
  /// Fills all of the span with unpredictable bytes; it cannot fail (a program without entropy has to end).
  using Fill = std::function<void(std::span<std::uint8_t>)>;

  explicit EntropyBlock(Fill fill) : fill_(std::move(fill)) {}
  EntropyBlock(const EntropyBlock&) = delete;
  EntropyBlock& operator=(const EntropyBlock&) = delete;
  ~EntropyBlock();

  /// `prefix` and 43 characters of base64url: 256 bits.
  Secret draw(std::string_view prefix);

 private:
  static constexpr std::size_t draw_bytes = 32;
  static constexpr std::size_t block_bytes = 64 * draw_bytes;

  Fill fill_;
  std::array<std::uint8_t, block_bytes> block_{};
  std::size_t used_ = block_bytes;
};

}  // namespace usher::auth
