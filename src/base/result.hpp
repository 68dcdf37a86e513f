#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace usher::base {

/// Why something outside of usher failed: a system call, a file, a library. `message` is a whole sentence without a
/// final full stop, fit for an operator's eyes; it never contains a secret.
struct Error {
  std::string message;
  int system_error = 0;  ///< an errno value, 0 when none applies
};

/// A value, or the reason why there is none.
///
/// C++20 has no std::expected; this is the part of it that usher needs. Reading the wrong side is our own bug and ends
/// the program.
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : content_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    ASSERT(ok());
    return *std::get_if<0>(&content_);
  }
  const T& value() const& {
    ASSERT(ok());
    return *std::get_if<0>(&content_);
  }
  T&& value() && {
    ASSERT(ok());
    return std::move(*std::get_if<0>(&content_));
  }
  const E& error() const {
    ASSERT(!ok());
    return *std::get_if<1>(&content_);
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> content_;
};

/// Success without a value, or the reason of the failure.
template <typename E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : content_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  const E& error() const {
    ASSERT(!ok());
    return *std::get_if<1>(&content_);
  }

 private:
  std::variant<std::monostate, E> content_;
};

}  // namespace usher::base
