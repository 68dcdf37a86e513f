#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::channel {

/// Names one life of a channel's offsets: 1 to 32 characters of base64url. Offsets of different epochs cannot be
/// compared. The default epoch is empty and stands for none.
class Epoch {
 public:
  static constexpr std::size_t size_max = 32;

  Epoch() = default;
  /// Nothing when `text` is not an epoch.
  static std::optional<Epoch> parse(std::string_view text);

  std::string_view text() const { return {characters_.data(), size_}; }
  bool empty() const { return size_ == 0; }
  friend bool operator==(const Epoch& a, const Epoch& b) { return a.text() == b.text(); }

 private:
  std::array<char, size_max> characters_{};
  std::uint8_t size_ = 0;
};

/// Where one stands in a channel: behind the publication with this offset.
struct Position {
  std::uint64_t offset = 0;
  Epoch epoch;
  friend bool operator==(const Position&, const Position&) = default;
};

/// Reads `<offset>:<epoch>`. Nothing when that is not its form. A strange epoch is no error: it was never one of ours
/// and comes out empty, so that no channel will know the position.
std::optional<Position> parse_position(std::string_view text);

/// `<offset>:<epoch>`.
std::string format_position(const Position& position);

}  // namespace usher::channel
