#include "auth/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <type_traits>
#include <utility>

#include "auth/digest.hpp"
#include "auth/entropy.hpp"

namespace usher::auth {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

TEST(Secret, CannotBePrintedOrCopied) {
  static_assert(!Printable<Secret>);
  static_assert(!std::is_copy_constructible_v<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
}

TEST(Secret, MovesWithoutLeavingACopy) {
  Secret first("sesame");
  EXPECT_EQ(first.expose(), "sesame");
  EXPECT_STREQ(first.c_str(), "sesame");
  Secret second(std::move(first));
  EXPECT_EQ(second.expose(), "sesame");
  second = Secret("tulip");
  EXPECT_EQ(second.expose(), "tulip");
  EXPECT_STREQ(Secret().c_str(), "");
}

TEST(Secret, WipesWhatItIsTold) {
  char bytes[] = "sesame";
  wipe_memory(bytes, 3);
  EXPECT_EQ(std::string_view(bytes, 6), std::string_view("\0\0\0ame", 6));
}

TEST(Entropy, WipesWhatItHandedOutAndFillsAgainWhenEmpty) {
  int fills = 0;
  std::span<std::uint8_t> block;
  EntropyBlock entropy([&](std::span<std::uint8_t> bytes) {
    ++fills;
    block = bytes;
    std::ranges::fill(bytes, static_cast<std::uint8_t>(fills));
  });
  EXPECT_EQ(entropy.draw("ust_").expose(), "ust_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE");
  EXPECT_TRUE(std::ranges::all_of(block.first(32), [](std::uint8_t byte) { return byte == 0; }));
  EXPECT_TRUE(std::ranges::all_of(block.subspan(32), [](std::uint8_t byte) { return byte == 1; }));
  for (std::size_t i = 1; i < block.size() / 32; ++i) (void)entropy.draw("");
  EXPECT_EQ(fills, 1);
  EXPECT_TRUE(std::ranges::all_of(block, [](std::uint8_t byte) { return byte == 0; }));
  EXPECT_EQ(entropy.draw("").expose(), "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI");
  EXPECT_EQ(fills, 2);
}

TEST(Digest, IsSha256) {
  // FIPS 180-2, appendix B.1, and the empty message.
  EXPECT_EQ(digest_text(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_text(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, DiffersWhereverAByteDiffers) {
  const Digest digest = sha256("abc");
  EXPECT_TRUE(digests_equal(digest, sha256("abc")));
  for (std::size_t i = 0; i < digest.size(); ++i) {
    Digest other = digest;
    other[i] ^= 1;
    EXPECT_FALSE(digests_equal(digest, other)) << i;
  }
}

TEST(Digest, IsReadFromHex) {
  const std::string text = digest_text(sha256("abc"));
  EXPECT_EQ(parse_digest(text), sha256("abc"));
  std::string upper = text;
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(parse_digest(upper), sha256("abc"));
  EXPECT_FALSE(parse_digest(text.substr(1)));
  EXPECT_FALSE(parse_digest(text + "0"));
  EXPECT_FALSE(parse_digest("g" + text.substr(1)));
  EXPECT_FALSE(parse_digest(""));
}

}  // namespace
}  // namespace usher::auth
