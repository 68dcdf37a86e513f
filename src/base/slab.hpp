#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "base/assert.hpp"

namespace usher::base {

/// Names an object in a Slab: where it is, and which of the objects that were ever there it is. A handle that outlives
/// its object finds nothing. The default handle never finds anything.
struct Handle {
  std::uint32_t index = UINT32_MAX;
  std::uint32_t generation = 0;

  friend bool operator==(Handle, Handle) = default;
  explicit operator bool() const { return index != UINT32_MAX; }
};

/// Owns objects of one type on one worker, in blocks that never move, and names them by handle.
///
/// Addresses stay valid until `erase`. Not thread-safe. Freed places are reused, newest first, under a new generation.
template <typename T>
class Slab {
 public:
  Slab() = default;
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  ~Slab() {
    for_each([this](Handle handle, T&) { erase(handle); });
  }

  /// Makes an object. `T` is constructed with the arguments.
  template <typename... Arguments>
  Handle emplace(Arguments&&... arguments) {
    if (free_ == none) grow();
    const std::uint32_t index = free_;
    Place& place = at(index);
    free_ = place.next_free;
    ::new (static_cast<void*>(place.storage)) T(std::forward<Arguments>(arguments)...);
    place.next_free = in_use;
    ++size_;
    return {index, place.generation};
  }

  /// The object, or null when it is gone.
  T* find(Handle handle) {
    if (handle.index >= capacity()) return nullptr;
    Place& place = at(handle.index);
    if (place.next_free != in_use || place.generation != handle.generation) return nullptr;
    return object(place);
  }

  /// Destroys the object; the handle must be alive.
  void erase(Handle handle) {
    T* found = find(handle);
    ASSERT(found != nullptr);
    Place& place = at(handle.index);
    found->~T();
    ++place.generation;
    place.next_free = free_;
    free_ = handle.index;
    --size_;
  }

  /// Calls `visit(Handle, T&)` for each object. The visitor may erase the object it is given, no other, and add none.
  template <typename Visitor>
  void for_each(Visitor&& visit) {
    for (std::uint32_t index = 0; index < capacity(); ++index) {
      Place& place = at(index);
      if (place.next_free == in_use) visit(Handle{index, place.generation}, *object(place));
    }
  }

  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t block_size = 64;
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::uint32_t in_use = UINT32_MAX - 1;

  struct Place {
    alignas(T) unsigned char storage[sizeof(T)];
    std::uint32_t generation = 1;
    std::uint32_t next_free = none;
  };

  static T* object(Place& place) { return std::launder(reinterpret_cast<T*>(place.storage)); }
  Place& at(std::uint32_t index) { return blocks_[index / block_size][index % block_size]; }
  std::uint32_t capacity() const { return static_cast<std::uint32_t>(blocks_.size()) * block_size; }

  void grow() {
    const std::uint32_t first = capacity();
    blocks_.push_back(std::make_unique<Place[]>(block_size));
    for (std::uint32_t i = block_size; i-- > 0;) {
      at(first + i).next_free = free_;
      free_ = first + i;
    }
  }

  std::vector<std::unique_ptr<Place[]>> blocks_;
  std::uint32_t free_ = none;
  std::size_t size_ = 0;
};

}  // namespace usher::base
