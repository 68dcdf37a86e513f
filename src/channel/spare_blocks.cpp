#include "channel/spare_blocks.hpp"

#include <new>
#include <utility>

namespace usher::channel {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool keeps_blocks = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool keeps_blocks = false;
#else
constexpr bool keeps_blocks = true;
#endif
#else
constexpr bool keeps_blocks = true;
#endif

}  // namespace

constinit thread_local std::array<SpareBlocks::Shelf, SpareBlocks::step_count> SpareBlocks::shelves_{};

SpareBlocks::Keeper::Keeper() {
  if (!keeps_blocks) return;
  for (std::size_t step = 0; step < step_count; ++step) {
    shelves_[step].room = kept_bytes_of_a_size_max / ((step + 1) * step_bytes);
  }
}

SpareBlocks::Keeper::~Keeper() {
  for (Shelf& shelf : shelves_) {
    shelf.room = 0;
    while (shelf.newest != nullptr) give_back(std::exchange(shelf.newest, shelf.newest->next));
  }
}

// A thread's first block opens its shelves.
void* SpareBlocks::take_new(std::size_t size) {
  static thread_local const Keeper keeper;
  return ::operator new(size);
}

void SpareBlocks::give_back(void* memory) noexcept { ::operator delete(memory); }

}  // namespace usher::channel
