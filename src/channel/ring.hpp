#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "base/assert.hpp"

namespace usher::channel {

/// A double-ended queue in one piece of memory that grows with its content and is given back when nothing is in it: a
/// silent channel owns none. Growing moves the elements.
template <typename T>
class Ring {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// Bytes of the memory that it owns.
  std::size_t capacity_bytes() const { return capacity_ * sizeof(T); }

  T& operator[](std::size_t index) { return places_[place(index)]; }
  const T& operator[](std::size_t index) const { return places_[place(index)]; }
  T& front() { return (*this)[0]; }
  const T& front() const { return (*this)[0]; }
  T& back() { return (*this)[size_ - 1]; }
  const T& back() const { return (*this)[size_ - 1]; }

  T& push_back(T&& element) {
    if (size_ == capacity_) grow();
    ++size_;
    return back() = std::move(element);
  }

  T& push_front(T&& element) {
    if (size_ == capacity_) grow();
    begin_ = (begin_ + capacity_ - 1) & (capacity_ - 1);
    ++size_;
    return front() = std::move(element);
  }

  void pop_front() {
    ASSERT(size_ > 0);
    if (--size_ == 0) {
      *this = Ring();
      return;
    }
    places_[begin_] = T();
    begin_ = (begin_ + 1) & (capacity_ - 1);
  }

  Ring() = default;
  Ring(Ring&& other) noexcept { swap(other); }
  Ring& operator=(Ring other) noexcept {
    swap(other);
    return *this;
  }

 private:
  static constexpr std::size_t capacity_min = 2;

  std::size_t place(std::size_t index) const { return (begin_ + index) & (capacity_ - 1); }

  void swap(Ring& other) noexcept {
    std::swap(places_, other.places_);
    std::swap(capacity_, other.capacity_);
    std::swap(begin_, other.begin_);
    std::swap(size_, other.size_);
  }

  void grow() {
    const std::size_t capacity = capacity_ == 0 ? capacity_min : capacity_ * 2;
    auto places = std::make_unique<T[]>(capacity);
    for (std::size_t i = 0; i < size_; ++i) places[i] = std::move((*this)[i]);
    places_ = std::move(places);
    capacity_ = capacity;
    begin_ = 0;
  }

  std::unique_ptr<T[]> places_;
  std::size_t capacity_ = 0;  ///< zero or a power of two
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace usher::channel
