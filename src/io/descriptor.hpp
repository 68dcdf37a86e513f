#pragma once

#include <utility>

#include "io/kernel.hpp"

namespace usher::io {

/// Owns an open descriptor of a kernel; closes it unless it was released.
class Descriptor {
 public:
  Descriptor() = default;
  Descriptor(Kernel& kernel, int fd) : kernel_(&kernel), fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : kernel_(other.kernel_), fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      kernel_ = other.kernel_;
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  /// The caller owns it from now on.
  int release() { return std::exchange(fd_, -1); }
  void close() {
    if (fd_ >= 0) kernel_->close(std::exchange(fd_, -1));
  }

 private:
  Kernel* kernel_ = nullptr;
  int fd_ = -1;
};

}  // namespace usher::io
