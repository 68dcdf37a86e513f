#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "websocket/frame_header.hpp"

namespace usher::websocket {

/// Which side of the connection we are. Clients mask what they send, servers do not (RFC 6455, section 5.1).
enum class Role : std::uint8_t { server, client };

/// Control frames that wait to be sent. Exists only while there are some.
class ControlOutput {
 public:
  std::string_view unsent() const { return std::string_view(bytes_).substr(sent_); }
  void consume(std::size_t size);

  void append(Role role, Opcode opcode, std::string_view payload, MaskKey key);

  /// Takes the newest pong back, unless its first byte is sent.
  void withdraw_pong();

 private:
  std::string bytes_;
  std::size_t sent_ = 0;
  std::size_t pong_begin_ = 0;
  std::size_t pong_size_ = 0;  ///< 0: there is none
};

}  // namespace usher::websocket
