#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "io/simulated_kernel.hpp"
#include "server/worker.hpp"
#include "websocket/frame_header.hpp"

namespace usher::server {

/// A whole node on the simulated kernel: its workers take turns on the test's thread, time is the test's.
class SimulatedNode {
 public:
  explicit SimulatedNode(const Settings& settings, std::uint32_t workers = 1) {
    auto shared = std::make_shared<Settings>(settings);
    parts.rules = std::make_shared<const Rules>(shared);
    parts.files = std::make_unique<StaticFiles>();
    parts.connections = std::make_unique<ConnectionCounts>(1000, shared->limits.connections_per_address);
    parts.passwords = std::make_unique<PasswordChecks>(shared->auth.passwords, auth::PasswordQueueLimits{});
    parts.pool = std::make_unique<io::BlockingPool>(1, 16);
    parts.worker_count = workers;
    for (std::uint32_t i = 0; i < workers; ++i) {
      parts.workers.push_back(std::make_unique<Worker>(parts, kernel, i));
    }
    for (const auto& worker : parts.workers) worker->connect_to_siblings();
    for (std::uint32_t i = 0; i < workers; ++i) {
      const bool bound = parts.workers[i]->listen(address(i), Surface::open, io::PortUse::alone, nullptr).ok();
      ASSERT(bound);
    }
  }

  /// Each worker has a port of its own, so that a test can choose where it connects.
  static io::Address address(std::uint32_t worker) {
    return *io::Address::parse("127.0.0.1:" + std::to_string(8080 + worker));
  }

  /// So many turns of each worker; enough by default for whatever was begun to end.
  void turn(int turns = 12) {
    for (int i = 0; i < turns; ++i) {
      for (const auto& worker : parts.workers) worker->loop().run_turn(base::Duration(0));
    }
  }

  io::SimulatedPeer connect(std::uint32_t worker = 0) { return kernel.connect_to(address(worker)); }

  /// Sends the bytes, lets the node act, and gives what it answered.
  std::string exchange(io::SimulatedPeer& peer, std::string_view bytes) {
    peer.write(bytes);
    turn();
    return peer.read();
  }

  io::SimulatedKernel kernel;
  NodeParts parts;
};

/// An opening handshake of version 13 for this target, with further header lines.
inline std::string upgrade_request(std::string_view target, std::string_view more = {}) {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\nHost: usher.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         std::string(more) + "\r\n";
}

inline std::string client_frame(websocket::Opcode opcode, std::string_view payload) {
  std::string frame;
  websocket::append_masked_frame(frame, opcode, websocket::Rsv1::clear, payload, {0x12, 0x34, 0x56, 0x78});
  return frame;
}

inline std::string server_frame(websocket::Opcode opcode, std::string_view payload) {
  std::string frame;
  websocket::append_frame(frame, opcode, websocket::Rsv1::clear, payload);
  return frame;
}

/// Channels that anyone may use: `echo.{id}` without and `room.{room}` with history.
inline Settings open_settings() {
  Settings settings;
  settings.auth.connect_with = {auth::CredentialKind::ticket, auth::CredentialKind::anonymous};
  for (const std::string_view name : {"echo.{id}", "room.{room}"}) {
    ChannelSettings channel{
        .pattern = *base::Pattern::parse(name), .summary = {}, .history = {}, .protocols = {}, .messages = {}};
    channel.allow_subscribe = auth::Allow::anyone;
    channel.allow_publish = auth::Allow::anyone;
    channel.allow_history = auth::Allow::anyone;
    settings.channels.push_back(std::move(channel));
  }
  settings.channels.back().history = HistorySettings{100, std::chrono::minutes(10), std::chrono::hours(1)};
  return settings;
}

}  // namespace usher::server
