#include "websocket/control_output.hpp"

#include "base/assert.hpp"

namespace usher::websocket {
namespace {

// What was sent is cut off when it has become this much, so that a peer that takes it in pieces cannot make it grow.
constexpr std::size_t kept_bytes_max = 1024;

}  // namespace

void ControlOutput::consume(std::size_t size) {
  ASSERT(size <= bytes_.size() - sent_);
  sent_ += size;
  if (sent_ < kept_bytes_max) return;
  bytes_.erase(0, sent_);
  pong_size_ = pong_begin_ < sent_ ? 0 : pong_size_;
  pong_begin_ -= pong_size_ > 0 ? sent_ : 0;
  sent_ = 0;
}

void ControlOutput::append(Role role, Opcode opcode, std::string_view payload, MaskKey key) {
  ASSERT(payload.size() <= control_payload_bytes_max);
  const std::size_t begin = bytes_.size();
  if (role == Role::server) {
    append_frame(bytes_, opcode, Rsv1::clear, payload);
  } else {
    append_masked_frame(bytes_, opcode, Rsv1::clear, payload, key);
  }
  if (opcode != Opcode::pong) return;
  pong_begin_ = begin;
  pong_size_ = bytes_.size() - begin;
}

void ControlOutput::withdraw_pong() {
  if (pong_size_ == 0 || pong_begin_ < sent_) return;
  bytes_.erase(pong_begin_, pong_size_);
  pong_size_ = 0;
}

}  // namespace usher::websocket
