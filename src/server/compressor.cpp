#include "server/compressor.hpp"

#include "websocket/frame_header.hpp"

namespace usher::server {

bool SharedCompressor::compress(dialect::PayloadKind kind, std::string_view payload, int window_bits,
                                std::string& frame) {
  auto& deflater = deflaters_[static_cast<std::size_t>(window_bits)];
  if (!deflater) deflater = std::make_unique<websocket::Deflater>(window_bits);
  deflated_.clear();
  deflater->deflate(payload, deflated_);
  if (deflated_.size() >= payload.size()) return false;
  const auto opcode = kind == dialect::PayloadKind::text ? websocket::Opcode::text : websocket::Opcode::binary;
  websocket::append_frame(frame, opcode, websocket::Rsv1::set, deflated_);
  return true;
}

}  // namespace usher::server
