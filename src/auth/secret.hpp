#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace usher::auth {

/// Text that must never be printed: a ticket, a key, a password. There is no way into a log or a stream but `expose`,
/// which is easy to find. The bytes are wiped when the owner goes. Moves leave no copy behind.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The text itself, for the one place that needs it. The view dies with this object.
  std::string_view expose() const { return {bytes_.get(), size_}; }
  /// The same with a NUL behind it, for C.
  const char* c_str() const { return bytes_ == nullptr ? "" : bytes_.get(); }
  std::size_t size() const { return size_; }

 private:
  void wipe();

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

/// Overwrites memory in a way that the compiler does not remove.
void wipe_memory(void* data, std::size_t size);

}  // namespace usher::auth
