#include "websocket/utf8.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace usher::websocket {
namespace {

std::string encode(std::uint32_t point) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  if (point < 0x10000) {
    return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
  }
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), byte(0x80 | (point >> 6 & 0x3F)),
          byte(0x80 | (point & 0x3F))};
}

enum Fate : char { dead, open, whole };

/// Knows all code points by having encoded each of them: what the beginning of one may look like, and what is one.
class Oracle {
 public:
  Oracle() : two_(1 << 16, dead), three_(1 << 24, dead), one_(256, dead) {
    for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
      if (point >= 0xD800 && point <= 0xDFFF) continue;
      const std::string bytes = encode(point);
      std::uint32_t prefix = 0;
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        prefix = prefix << 8 | static_cast<unsigned char>(bytes[i]);
        if (i < 3) table(i + 1)[prefix] = i + 1 == bytes.size() ? whole : open;
      }
    }
  }

  Fate fate(std::uint32_t prefix, std::size_t size) const {
    if (size == 1) return static_cast<Fate>(one_[prefix]);
    return static_cast<Fate>(size == 2 ? two_[prefix] : three_[prefix]);
  }

 private:
  std::vector<char>& table(std::size_t size) { return size == 1 ? one_ : size == 2 ? two_ : three_; }

  std::vector<char> two_;
  std::vector<char> three_;
  std::vector<char> one_;
};

bool append(Utf8Validator& validator, unsigned byte) {
  const char character = static_cast<char>(byte);
  return validator.append({&character, 1});
}

/// Tries every byte behind an open code point, and so on, comparing each verdict with the oracle's.
std::uint64_t walk(const Oracle& oracle, const Utf8Validator& before, std::uint32_t prefix, std::size_t size) {
  std::uint64_t wrong = 0;
  for (unsigned byte = 0; byte < 256; ++byte) {
    Utf8Validator validator = before;
    const std::uint32_t longer = prefix << 8 | byte;
    const bool accepted = append(validator, byte);
    if (size == 3) {
      // The fourth byte: whatever continues is good, since the three before it are the beginning of something.
      wrong += accepted != (byte >= 0x80 && byte <= 0xBF) || (accepted && !validator.complete());
      continue;
    }
    const Fate fate = oracle.fate(longer, size + 1);
    wrong += accepted != (fate != dead) || (accepted && validator.complete() != (fate == whole));
    if (fate == open) wrong += walk(oracle, validator, longer, size + 1);
  }
  return wrong;
}

TEST(Utf8, EverySequenceIsJudgedAtTheEarliestByte) {
  const Oracle oracle;
  EXPECT_EQ(walk(oracle, Utf8Validator(), 0, 0), 0U);
}

TEST(Utf8, EverySequenceOfThreeBytesAgreesWithTheVectorisedCheck) {
  std::uint64_t wrong = 0;
  for (std::uint32_t value = 0; value < 1U << 24; value += 1) {
    const char bytes[] = {static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
    const std::string_view text(bytes, sizeof bytes);
    Utf8Validator validator;
    const bool accepted = validator.append(text) && validator.complete();
    wrong += accepted != base::valid_utf8(text);
  }
  EXPECT_EQ(wrong, 0U);
}

struct Case {
  const char* name;
  std::string text;
  bool valid;
};

const Case cases[] = {
    {"empty", "", true},
    {"Greek", "κόσμε", true},
    {"four bytes", "\xF0\x9F\x98\x80", true},
    {"last code point", "\xF4\x8F\xBF\xBF", true},
    {"above the last", "\xF4\x90\x80\x80", false},
    {"surrogate", "\xED\xA0\x80", false},
    {"overlong slash", "\xC0\xAF", false},
    {"overlong in three", "\xE0\x9F\xBF", false},
    {"overlong in four", "\xF0\x8F\xBF\xBF", false},
    {"lone continuation", "\x80", false},
    {"five bytes", "\xF8\x88\x80\x80\x80", false},
    {"FE", "\xFE", false},
    {"cut", "\xE2\x82", false},
};

// Long text before and after, so that the vectorised way is taken as well, split at every place.
TEST(Utf8, PiecesGiveTheSameAsTheWhole) {
  for (const Case& c : cases) {
    constexpr std::size_t paddings[] = {0, 31, 64};
    for (const std::size_t padding : paddings) {
      const std::string text = std::string(padding, 'a') + c.text + (c.valid ? std::string(padding, 'b') : "");
      for (std::size_t split = 0; split <= text.size(); ++split) {
        Utf8Validator validator;
        const std::string_view all = text;
        const bool accepted =
            validator.append(all.substr(0, split)) && validator.append(all.substr(split)) && validator.complete();
        EXPECT_EQ(accepted, c.valid) << c.name << " split at " << split;
      }
    }
  }
}

TEST(Utf8, RandomTextInRandomPieces) {
  constexpr unsigned seed = 20;
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    while (text.size() < 200) {
      const auto point = static_cast<std::uint32_t>(random() % 4 == 0 ? random() % 0x110000 : random() % 0x80);
      if (point < 0xD800 || point > 0xDFFF) text += encode(point);
    }
    if (round % 2 == 0) text[random() % text.size()] = static_cast<char>(random());
    Utf8Validator validator;
    bool accepted = true;
    for (std::size_t at = 0; accepted && at < text.size();) {
      const std::size_t size = 1 + random() % 90;
      accepted = validator.append(std::string_view(text).substr(at, size));
      at += size;
    }
    ASSERT_EQ(accepted && validator.complete(), base::valid_utf8(text)) << "seed " << seed << " round " << round;
  }
}

}  // namespace
}  // namespace usher::websocket
