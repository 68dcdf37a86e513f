#pragma once

#include <array>
#include <cstddef>

namespace usher::channel {

/// Memory for what a turn makes and drops again by the thousand: publications, wire forms and the rings of logs. Each
/// thread keeps the small blocks that it gave back, and takes them again, newest first: malloc is fast for the first
/// few of a size only.
///
/// A thread keeps at most `kept_bytes_max`, until it ends; what is more goes back to the system's allocator at once, as
/// do blocks of more than `block_bytes_max`. A block may be given back on another thread than the one that took it.
/// Under AddressSanitizer nothing is kept, so that it sees every use of freed memory.
class SpareBlocks {
 public:
  static constexpr std::size_t block_bytes_max = 1024;
  static constexpr std::size_t step_bytes = 32;  ///< sizes are rounded up to a multiple
  static constexpr std::size_t step_count = block_bytes_max / step_bytes;
  static constexpr std::size_t kept_bytes_of_a_size_max = 128 * 1024;
  static constexpr std::size_t kept_bytes_max = step_count * kept_bytes_of_a_size_max;

  /// Uninitialized memory for `size` > 0 bytes, aligned as operator new aligns.
  static void* take(std::size_t size) {
    if (size > block_bytes_max) return take_new(size);
    Shelf& shelf = shelves_[step_of(size)];
    Block* block = shelf.newest;
    if (block == nullptr) return take_new(rounded(size));
    shelf.newest = block->next;
    ++shelf.room;
    return block;
  }

  /// `size` as it was taken.
  static void give(void* memory, std::size_t size) noexcept {
    if (size > block_bytes_max) return give_back(memory);
    Shelf& shelf = shelves_[step_of(size)];
    if (shelf.room == 0) return give_back(memory);
    --shelf.room;
    shelf.newest = ::new (memory) Block{shelf.newest};
  }

 private:
  struct Block {
    Block* next;
  };
  /// The spare blocks of one size.
  struct Shelf {
    Block* newest = nullptr;
    std::size_t room = 0;  ///< how many more may be kept; none before the thread has opened its shelves
  };
  /// Lives as long as the thread: gives everything back at its end.
  struct Keeper {
    Keeper();
    ~Keeper();
  };

  static constexpr std::size_t step_of(std::size_t size) { return (size - 1) / step_bytes; }
  static constexpr std::size_t rounded(std::size_t size) { return (step_of(size) + 1) * step_bytes; }
  static void* take_new(std::size_t size);
  static void give_back(void* memory) noexcept;

  static constinit thread_local std::array<Shelf, step_count> shelves_;
};

}  // namespace usher::channel
