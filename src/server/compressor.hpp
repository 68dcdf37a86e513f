#pragma once

#include <array>
#include <memory>
#include <string>

#include "channel/wire_form.hpp"
#include "dialect/form.hpp"
#include "websocket/deflate.hpp"

namespace usher::server {

/// Deflates publications for the hub: one deflater per window size, made at first need, shared by all sessions of the
/// worker whose window is at least that.
class SharedCompressor final : public channel::FrameCompressor {
 public:
  bool compress(dialect::PayloadKind kind, std::string_view payload, int window_bits, std::string& frame) override;

 private:
  std::array<std::unique_ptr<websocket::Deflater>, dialect::window_bits_max + 1> deflaters_;
  std::string deflated_;
};

}  // namespace usher::server
