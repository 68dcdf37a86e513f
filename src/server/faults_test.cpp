#include <gtest/gtest.h>

#include "server/simulated_node.hpp"

namespace usher::server {
namespace {

using websocket::Opcode;

/// Accept, handshake, subscribe, publish, close: by two sessions, while a third is idle in its own channel.
void run_scenario(SimulatedNode& node) {
  io::SimulatedPeer first = node.connect();
  io::SimulatedPeer second = node.connect();
  node.exchange(first, upgrade_request("/channels/room.1", "Sec-WebSocket-Protocol: usher.json.v1\r\n"));
  node.exchange(second, upgrade_request("/channels/room.1?history=5"));
  node.exchange(first, client_frame(Opcode::text, R"({"data":{"a":1},"id":1})"));
  node.exchange(second, client_frame(Opcode::binary, std::string(70000, 'x')));
  node.exchange(second, client_frame(Opcode::text, "hello"));
  node.exchange(first, client_frame(Opcode::close, "\x03\xe8"));
  node.exchange(second, client_frame(Opcode::close, ""));
  node.turn();
}

TEST(Faults, EachFailingCallEndsNobodyElse) {
  std::size_t failures = 0;
  for (std::uint64_t nth = 1; nth < 2000; ++nth) {
    SCOPED_TRACE(nth);
    SimulatedNode node(open_settings());
    io::SimulatedPeer bystander = node.connect();
    ASSERT_TRUE(node.exchange(bystander, upgrade_request("/channels/echo.1")).starts_with("HTTP/1.1 101 "));
    const std::size_t descriptors = node.kernel.open_descriptors();
    node.kernel.fail_nth(nth);
    run_scenario(node);
    if (!node.kernel.failed()) break;
    ++failures;
    // Whatever failed may have put off accepting; virtual time brings it back.
    node.kernel.advance(std::chrono::seconds(2));
    node.turn();
    EXPECT_EQ(node.exchange(bystander, client_frame(Opcode::text, "still here")),
              server_frame(Opcode::text, "still here"));
    io::SimulatedPeer newcomer = node.connect();
    EXPECT_TRUE(node.exchange(newcomer, upgrade_request("/channels/echo.2")).starts_with("HTTP/1.1 101 "));
    newcomer.close();
    node.kernel.advance(std::chrono::seconds(20));
    node.turn();
    EXPECT_EQ(node.kernel.open_descriptors(), descriptors) << "a connection was left open";
  }
  EXPECT_GT(failures, 30u);
}

TEST(Faults, ShortReadsAndWritesChangeNothing) {
  for (const std::size_t limit : {1u, 3u, 7u}) {
    SCOPED_TRACE(limit);
    SimulatedNode node(open_settings(), 2);
    node.kernel.limit_receive(limit);
    node.kernel.limit_send(limit);
    io::SimulatedPeer peer = node.connect(1);
    peer.write(upgrade_request("/channels/echo.1") + client_frame(Opcode::text, "one") +
               client_frame(Opcode::text, "two"));
    std::string answer;
    for (int i = 0; i < 400; ++i) {
      node.turn(1);
      answer += peer.read();
    }
    EXPECT_TRUE(answer.ends_with(server_frame(Opcode::text, "one") + server_frame(Opcode::text, "two"))) << answer;
  }
}

}  // namespace
}  // namespace usher::server
