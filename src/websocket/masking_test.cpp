#include "websocket/masking.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace usher::websocket {
namespace {

constexpr MaskKey key = {0x37, 0xfa, 0x21, 0x3d};

std::string by_definition(std::string_view bytes, std::uint64_t offset) {
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    result += static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ key[(i + offset) % 4]);
  }
  return result;
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 37 + 11);
  return bytes;
}

TEST(Masking, TheExampleOfTheStandard) {
  std::string bytes = "\x7f\x9f\x4d\x51\x58";  // RFC 6455, section 5.7
  unmask(bytes, key);
  EXPECT_EQ(bytes, "Hello");
}

// The buffers have exactly the size that is used: a sanitizer sees every step outside.
TEST(Masking, EveryLengthAtEveryAlignmentAndOffset) {
  for (std::size_t size = 0; size <= 300; ++size) {
    const std::string plain = pattern(size);
    for (std::size_t alignment = 0; alignment < 32; ++alignment) {
      const auto buffer = std::make_unique<char[]>(alignment + size);
      char* begin = buffer.get() + alignment;
      std::copy(plain.begin(), plain.end(), begin);
      unmask({begin, size}, key, alignment);
      ASSERT_EQ(std::string_view(begin, size), by_definition(plain, alignment)) << size << " at " << alignment;
    }
  }
}

TEST(Masking, PiecesGiveTheSameAsTheWhole) {
  const std::string plain = pattern(77);
  for (std::size_t split = 0; split <= plain.size(); ++split) {
    std::string bytes = plain;
    unmask(std::span(bytes).first(split), key);
    unmask(std::span(bytes).subspan(split), key, split);
    EXPECT_EQ(bytes, by_definition(plain, 0)) << split;
  }
}

TEST(Masking, SeesWhetherAllIsAscii) {
  for (std::size_t size = 0; size <= 70; ++size) {
    std::string masked = by_definition(std::string(size, '\x7F'), 1);
    EXPECT_TRUE(unmask(std::span(masked), key, 1)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string bytes(size, 'x');
      bytes[at] = '\x80';
      masked = by_definition(bytes, 2);
      EXPECT_FALSE(unmask(std::span(masked), key, 2)) << size << " at " << at;
    }
  }
}

TEST(Masking, OffsetsBeyond32Bits) {
  std::string bytes = pattern(9);
  unmask(bytes, key, (std::uint64_t{1} << 62) + 3);
  EXPECT_EQ(bytes, by_definition(pattern(9), 3));
}

}  // namespace
}  // namespace usher::websocket
