#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "base/assert.hpp"
#include "channel/spare_blocks.hpp"

namespace usher::channel {

/// A double-ended queue in one piece of memory that grows with its content and is given back when nothing is in it: a
/// silent channel owns none. Growing moves the elements.
template <typename T>
class Ring {
 public:
  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    while (!empty()) pop_front();
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  T& operator[](std::size_t index) { return places_[place(index)]; }
  const T& operator[](std::size_t index) const { return places_[place(index)]; }
  T& front() { return places_[begin_]; }
  const T& front() const { return places_[begin_]; }

  template <typename... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    if (size_ == capacity_) grow();
    T* made = ::new (static_cast<void*>(places_ + place(size_))) T{std::forward<Arguments>(arguments)...};
    ++size_;
    return *made;
  }

  template <typename... Arguments>
  T& emplace_front(Arguments&&... arguments) {
    if (size_ == capacity_) grow();
    const std::size_t before = place(capacity_ - 1);
    T* made = ::new (static_cast<void*>(places_ + before)) T{std::forward<Arguments>(arguments)...};
    begin_ = before;
    ++size_;
    return *made;
  }

  void pop_front() {
    ASSERT(size_ > 0);
    std::destroy_at(places_ + begin_);
    begin_ = place(1);
    if (--size_ == 0) give_memory_back();
  }

 private:
  static_assert(std::is_nothrow_move_constructible_v<T>);
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  static constexpr std::size_t capacity_min = 2;

  std::size_t place(std::size_t index) const { return (begin_ + index) & (capacity_ - 1); }

  void grow() {
    const std::size_t capacity = capacity_ == 0 ? capacity_min : capacity_ * 2;
    T* places = static_cast<T*>(SpareBlocks::take(capacity * sizeof(T)));
    for (std::size_t i = 0; i < size_; ++i) {
      T& old = (*this)[i];
      ::new (static_cast<void*>(places + i)) T(std::move(old));
      std::destroy_at(&old);
    }
    give_memory_back();
    places_ = places;
    capacity_ = capacity;
  }

  void give_memory_back() {
    if (capacity_ > 0) SpareBlocks::give(places_, capacity_ * sizeof(T));
    places_ = nullptr;
    capacity_ = 0;
    begin_ = 0;
  }

  T* places_ = nullptr;
  std::size_t capacity_ = 0;  ///< zero or a power of two
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace usher::channel
