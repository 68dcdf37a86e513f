#include "channel/spare_blocks.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace usher::channel {
namespace {

TEST(SpareBlocks, EveryByteOfEverySizeIsOnesOwn) {
  std::vector<std::pair<char*, std::size_t>> taken;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t size = 1; size <= SpareBlocks::block_bytes_max + 40; size += 7) {
      auto* block = static_cast<char*>(SpareBlocks::take(size));
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % __STDCPP_DEFAULT_NEW_ALIGNMENT__, 0u) << size;
      std::memset(block, static_cast<int>(size % 128), size);
      taken.emplace_back(block, size);
    }
    for (const auto& [block, size] : taken) {
      EXPECT_EQ(block[0], static_cast<char>(size % 128));
      EXPECT_EQ(block[size - 1], static_cast<char>(size % 128));
      SpareBlocks::give(block, size);
    }
    taken.clear();
  }
}

// More than are kept, of one size; then they are taken again, each once.
TEST(SpareBlocks, NoBlockIsGivenOutTwice) {
  constexpr std::size_t size = 200;
  constexpr std::size_t count = 2 * SpareBlocks::kept_bytes_of_a_size_max / size;
  for (int round = 0; round < 3; ++round) {
    std::set<void*> blocks;
    for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(blocks.insert(SpareBlocks::take(size)).second);
    for (void* block : blocks) SpareBlocks::give(block, size);
  }
}

// The leak and thread sanitizers watch: what a thread kept is gone with it.
TEST(SpareBlocks, MayBeGivenBackOnAnotherThread) {
  std::vector<void*> blocks;
  std::thread([&] {
    for (int i = 0; i < 100; ++i) blocks.push_back(SpareBlocks::take(100));
  }).join();
  std::thread([&] {
    for (void* block : blocks) SpareBlocks::give(block, 100);
    void* again = SpareBlocks::take(100);
    SpareBlocks::give(again, 100);
  }).join();
}

}  // namespace
}  // namespace usher::channel
