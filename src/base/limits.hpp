#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "base/time.hpp"

namespace usher::base {

/// Every bound that an operator can set, with its default. Nothing in usher grows without one of these.
///
/// Memory of one idle WebSocket is below 600 bytes and does not depend on any of them. What a connection may hold at
/// most while it is busy: `header_bytes` before the upgrade; afterwards `message_bytes` for one message in pieces, and
/// the rest of one frame that the kernel did not take (again at most `message_bytes` and its envelope). A worker holds
/// at most `channel_log_bytes` per channel for sessions that are behind.
struct Limits {
  std::uint64_t message_bytes = 65536;
  std::uint64_t fragments_per_message = 16384;
  std::uint64_t channels_per_session = 128;
  std::uint64_t channels = 100000;
  std::uint64_t channel_log_bytes = std::uint64_t{4} << 20;
  std::uint64_t connections = 0;
  std::uint64_t connections_per_address = 4096;
  std::uint64_t request_line_bytes = 8192;
  std::uint64_t header_bytes = 16384;
  std::uint64_t headers = 100;
  std::uint64_t ticket_body_bytes = 16384;
  std::uint64_t api_body_bytes = std::uint64_t{1} << 20;
  std::uint64_t password_checks = 64;
  std::uint64_t password_checks_per_address = 2;
  std::uint64_t mailbox_messages = 4096;
  std::uint64_t unsent_bytes = 16384;
  Duration request_head_timeout = std::chrono::seconds(10);
  Duration request_body_timeout = std::chrono::seconds(30);
  Duration keep_alive_timeout = std::chrono::seconds(60);
  Duration close_timeout = std::chrono::seconds(5);
  Duration publish_wait = std::chrono::seconds(5);
};

struct LimitRow {
  std::string_view name;  ///< below [limits] in the configuration
  std::variant<std::uint64_t Limits::*, Duration Limits::*> member;
  std::uint64_t minimum;     ///< seconds for durations
  std::uint64_t maximum;     ///< seconds for durations
  std::string_view unit;     ///< "bytes", "seconds" or what is counted
  std::string_view meaning;  ///< for docs/limits.md
  std::string_view beyond;   ///< what happens to who goes beyond
};

/// All of them, in the order of docs/limits.md.
std::span<const LimitRow> limit_rows();

}  // namespace usher::base
