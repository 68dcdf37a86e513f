#include "websocket/deflate.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace usher::websocket {
namespace {

using Outcome = Inflater::Outcome;

constexpr std::size_t plenty = 64 * 1024 * 1024;

struct Case {
  const char* name;
  std::string compressed;
  Outcome outcome;
  std::string expected;
};

const Case cases[] = {
    // The first five are RFC 7692, section 7.2.3.
    {"one block", std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), Outcome::whole, "Hello"},
    {"no compression", std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11), Outcome::whole, "Hello"},
    {"BFINAL", std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8), Outcome::whole, "Hello"},
    {"two blocks", std::string("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13), Outcome::whole, "Hello"},
    {"empty", std::string("\x00", 1), Outcome::whole, ""},
    {"BFINAL and nothing behind", std::string("\xf3\x48\xcd\xc9\xc9\x07\x00", 7), Outcome::whole, "Hello"},
    {"two series", std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\xf2\x48\xcd\xc9\xc9\x07\x00", 14), Outcome::whole,
     "HelloHello"},
    {"reserved block type", "\x07", Outcome::corrupt, ""},
    {"stored length does not fit", std::string("\x00\x05\x00\x00\x00", 5), Outcome::corrupt, ""},
    {"cut in a stored block", std::string("\x00\x20\x00\xdf\xff\x48", 6), Outcome::corrupt, ""},
    {"nothing", "", Outcome::corrupt, ""},
    {"distance too far", std::string("\x02\x03\x02", 3), Outcome::corrupt, ""},
};

TEST(Inflater, ReadsWhatTheStandardShows) {
  Inflater inflater;
  for (const Case& c : cases) {
    const Inflater::Message message = inflater.inflate(c.compressed, plenty);
    EXPECT_EQ(message.outcome, c.outcome) << c.name;
    EXPECT_EQ(message.bytes, c.expected) << c.name;
  }
}

std::string some_text(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) {
    text += random() % 3 == 0 ? std::string(random() % 300, static_cast<char>(random())) : std::to_string(random());
  }
  text.resize(size);
  return text;
}

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(Deflater, EveryWindowAndSizeComesBack) {
  Inflater inflater;
  for (int bits = 9; bits <= 15; ++bits) {
    Deflater deflater(bits);
    constexpr std::size_t sizes[] = {0, 1, 64, 511, 512, 16383, 16384, 16385, 65536, 300'000};
    for (const std::size_t size : sizes) {
      for (const std::string& plain : {some_text(size, 5), noise(size)}) {
        std::string compressed = "before";
        deflater.deflate(plain, compressed);
        ASSERT_TRUE(compressed.starts_with("before"));
        const Inflater::Message message = inflater.inflate(std::string_view(compressed).substr(6), plenty);
        ASSERT_EQ(message.outcome, Outcome::whole) << bits << " bits, " << size;
        ASSERT_TRUE(message.bytes == plain) << bits << " bits, " << size;
      }
    }
  }
}

TEST(Deflater, AnEmptyMessageIsOneZeroByte) {
  Deflater deflater(12);
  std::string out;
  deflater.deflate("", out);
  EXPECT_EQ(out, std::string(1, '\0'));
}

TEST(Deflater, MessagesDoNotDependOnEachOther) {
  Deflater deflater(12);
  std::string first;
  std::string second;
  deflater.deflate(some_text(5000, 1), first);
  deflater.deflate(some_text(5000, 1), second);
  EXPECT_EQ(first, second);
}

TEST(Inflater, TheLimitIsExact) {
  Deflater deflater(15);
  Inflater inflater;
  constexpr std::size_t sizes[] = {1, 100, 16384, 16385, 100'000};
  for (const std::size_t size : sizes) {
    std::string compressed;
    deflater.deflate(std::string(size, 'a'), compressed);
    EXPECT_EQ(inflater.inflate(compressed, size).outcome, Outcome::whole) << size;
    EXPECT_EQ(inflater.inflate(compressed, size - 1).outcome, Outcome::too_big) << size;
  }
}

// Every series of blocks is small, the sum is not.
TEST(Inflater, TheLimitIsOnTheWholeMessage) {
  std::string compressed;
  for (int i = 0; i < 1000; ++i) compressed += std::string("\xf3\x48\xcd\xc9\xc9\x07\x00", 7);
  Inflater inflater;
  EXPECT_EQ(inflater.inflate(compressed, 5000).outcome, Outcome::whole);
  EXPECT_EQ(inflater.inflate(compressed, 4999).outcome, Outcome::too_big);
}

TEST(Inflater, IsReusableAfterAnError) {
  Inflater inflater;
  EXPECT_EQ(inflater.inflate("\x07", plenty).outcome, Outcome::corrupt);
  EXPECT_EQ(inflater.inflate(std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), plenty).bytes, "Hello");
}

}  // namespace
}  // namespace usher::websocket
