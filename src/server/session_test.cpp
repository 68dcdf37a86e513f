#include <gtest/gtest.h>

#include <algorithm>

#include "server/simulated_node.hpp"

namespace usher::server {
namespace {

using websocket::Opcode;

/// Opens a WebSocket and takes the 101 off.
io::SimulatedPeer open(SimulatedNode& node, std::string_view target, std::uint32_t worker = 0,
                       std::string_view more = {}) {
  io::SimulatedPeer peer = node.connect(worker);
  peer.write(upgrade_request(target, more));
  node.turn();
  std::string answer = peer.read();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  return peer;
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return server_frame(Opcode::close, payload + std::string(reason));
}

std::string text(std::string_view payload) { return server_frame(Opcode::text, payload); }

TEST(Session, AMessageReachesEverySubscriberOnBothWorkersOnce) {
  SimulatedNode node(open_settings(), 2);
  std::vector<io::SimulatedPeer> peers;
  for (std::uint32_t i = 0; i < 6; ++i) peers.push_back(open(node, "/channels/echo.1", i % 2));
  peers[3].write(client_frame(Opcode::text, "hello"));
  node.turn();
  for (io::SimulatedPeer& peer : peers) EXPECT_EQ(peer.read(), text("hello"));
}

TEST(Session, TwoWritersAreSeenInOneOrder) {
  SimulatedNode node(open_settings(), 2);
  io::SimulatedPeer first = open(node, "/channels/echo.1", 0);
  io::SimulatedPeer second = open(node, "/channels/echo.1", 1);
  for (int i = 0; i < 50; ++i) {
    first.write(client_frame(Opcode::text, "a" + std::to_string(i)));
    second.write(client_frame(Opcode::text, "b" + std::to_string(i)));
    if (i % 7 == 0) node.turn(1);
  }
  node.turn();
  const std::string seen = first.read();
  EXPECT_EQ(seen, second.read());
  EXPECT_EQ(seen.size(), 2 * (10 * 4 + 40 * 5));
}

TEST(Session, MessagesBeforeAProtocolErrorAreDeliveredBeforeTheClose) {
  for (const std::uint32_t workers : {1u, 2u}) {
    SimulatedNode node(open_settings(), workers);
    for (std::uint32_t i = 0; i < 4; ++i) {
      io::SimulatedPeer peer = open(node, "/channels/echo." + std::to_string(i));
      const std::string reserved_opcode = "\x83\x80\x12\x34\x56\x78";
      const std::string answer = node.exchange(peer, client_frame(Opcode::text, "before") + reserved_opcode);
      EXPECT_TRUE(answer.starts_with(text("before") + "\x88")) << answer;
      EXPECT_EQ(answer.substr(text("before").size() + 2, 2), "\x03\xea");
      EXPECT_TRUE(peer.saw_end());
    }
  }
}

TEST(Session, MessagesBeforeTheClientsCloseAreDeliveredBeforeTheAnswer) {
  SimulatedNode node(open_settings(), 2);
  for (std::uint32_t i = 0; i < 4; ++i) {
    io::SimulatedPeer peer = open(node, "/channels/echo." + std::to_string(i));
    const std::string answer =
        node.exchange(peer, client_frame(Opcode::text, "last") + client_frame(Opcode::close, "\x03\xe8"));
    EXPECT_EQ(answer, text("last") + close_frame(1000, ""));
    EXPECT_TRUE(peer.saw_end());
  }
}

TEST(Session, AnAckComesBehindItsPublication) {
  SimulatedNode node(open_settings(), 2);
  for (std::uint32_t i = 0; i < 4; ++i) {
    io::SimulatedPeer peer = node.connect();
    node.exchange(peer,
                  upgrade_request("/channels/room." + std::to_string(i), "Sec-WebSocket-Protocol: usher.json.v1\r\n"));
    const std::string answer = node.exchange(peer, client_frame(Opcode::text, R"({"data":"x","id":7})"));
    const std::size_t publication = answer.find(R"("data":"x")");
    const std::size_t ack = answer.find(R"({"ack":{"id":7,"offset":1}})");
    ASSERT_NE(publication, std::string::npos) << answer;
    ASSERT_NE(ack, std::string::npos) << answer;
    EXPECT_LT(publication, ack);
  }
}

TEST(Session, WhoMayNotPublishIsToldOrClosed) {
  Settings settings = open_settings();
  settings.channels.front().allow_publish = auth::Allow::nobody;
  SimulatedNode node(settings);
  io::SimulatedPeer raw = open(node, "/channels/echo.1");
  EXPECT_EQ(node.exchange(raw, client_frame(Opcode::text, "x")), close_frame(4403, "not allowed"));
  io::SimulatedPeer json = node.connect();
  node.exchange(json, upgrade_request("/channels/echo.1", "Sec-WebSocket-Protocol: usher.json.v1\r\n"));
  EXPECT_EQ(node.exchange(json, client_frame(Opcode::text, R"({"data":1,"id":2})")),
            text(R"({"error":{"id":2,"code":"forbidden","message":"This session may not publish here."}})"));
}

TEST(Session, ASilentClientIsPingedAndThenClosed) {
  SimulatedNode node(open_settings());
  io::SimulatedPeer peer = open(node, "/channels/room.1");
  node.kernel.advance(std::chrono::seconds(26));
  node.turn();
  EXPECT_EQ(peer.read(), server_frame(Opcode::ping, ""));
  node.exchange(peer, client_frame(Opcode::pong, ""));
  node.kernel.advance(std::chrono::seconds(26));
  node.turn();
  EXPECT_EQ(peer.read(), server_frame(Opcode::ping, ""));
  node.kernel.advance(std::chrono::seconds(11));
  node.turn();
  const std::string close = peer.read();
  EXPECT_TRUE(close.starts_with("\x88")) << close;
  EXPECT_NE(close.find("no answer to ping since=0:"), std::string::npos) << close;
  node.kernel.advance(std::chrono::seconds(6));
  node.turn();
  EXPECT_TRUE(peer.saw_reset());
}

TEST(Session, ASlowRawReaderIsClosedWithItsPosition) {
  Settings settings = open_settings();
  settings.limits.channel_log_bytes = 4096;
  SimulatedNode node(settings);
  node.kernel.set_buffer_bytes(2048);
  io::SimulatedPeer slow = open(node, "/channels/room.1");
  io::SimulatedPeer writer = open(node, "/channels/room.1");
  for (int i = 0; i < 40; ++i) {
    node.exchange(writer, client_frame(Opcode::text, std::string(500, static_cast<char>('a' + i % 26))));
  }
  std::string received;
  for (int i = 0; i < 20; ++i) {
    received += slow.read();
    node.turn();
  }
  const std::size_t close = received.find("too slow since=");
  ASSERT_NE(close, std::string::npos);
  // Whole frames up to the position that the Close names.
  const std::size_t offset = std::stoul(received.substr(close + 15));
  EXPECT_EQ((close - 4) / 504, offset);
}

TEST(Session, ASlowJsonReaderIsToldOfTheGap) {
  Settings settings = open_settings();
  settings.limits.channel_log_bytes = 4096;
  SimulatedNode node(settings);
  node.kernel.set_buffer_bytes(2048);
  io::SimulatedPeer slow = node.connect();
  node.exchange(slow, upgrade_request("/channels/room.1", "Sec-WebSocket-Protocol: usher.json.v1\r\n"));
  io::SimulatedPeer writer = open(node, "/channels/room.1");
  for (int i = 0; i < 40; ++i) node.exchange(writer, client_frame(Opcode::text, std::string(500, 'x')));
  std::string received;
  for (int i = 0; i < 20; ++i) {
    received += slow.read();
    node.turn();
  }
  EXPECT_NE(received.find(R"({"gap":{"missed":)"), std::string::npos);
  EXPECT_NE(received.find(R"({"offset":40,)"), std::string::npos) << "the newest arrives";
}

TEST(Session, ATurnThatTakesInMoreThanTheLogLosesNothing) {
  for (const std::uint32_t workers : {1u, 2u}) {
    Settings settings = open_settings();
    settings.limits.channel_log_bytes = 65536;
    SimulatedNode node(settings, workers);
    node.kernel.set_buffer_bytes(1 << 20);
    for (std::uint32_t i = 0; i < 4; ++i) {
      const std::string target = "/channels/echo." + std::to_string(i);
      io::SimulatedPeer reader = open(node, target, workers - 1);
      io::SimulatedPeer writer = open(node, target);
      std::string burst;
      for (int m = 0; m < 200; ++m) burst += client_frame(Opcode::text, std::string(1000, 'x'));
      writer.write(burst);
      std::string received;
      for (int turns = 0; turns < 100; ++turns) {
        node.turn(1);
        received += reader.read();
        writer.read();
      }
      EXPECT_EQ(received.size(), 200 * text(std::string(1000, 'x')).size()) << workers << " workers";
    }
  }
}

TEST(Session, AFullMailboxLosesNothing) {
  Settings settings = open_settings();
  settings.limits.mailbox_messages = 64;
  SimulatedNode node(settings, 2);
  std::vector<io::SimulatedPeer> writers;
  for (int i = 0; i < 4; ++i) writers.push_back(open(node, "/channels/echo." + std::to_string(i), 0));
  // Only the first worker runs, so mail for the other one piles up until there is no room.
  for (int round = 0; round < 300; ++round) {
    for (io::SimulatedPeer& writer : writers) writer.write(client_frame(Opcode::text, std::to_string(round)));
    node.parts.workers[0]->loop().run_turn(base::Duration(0));
  }
  node.turn(100);
  std::string expected;
  for (int round = 0; round < 300; ++round) expected += text(std::to_string(round));
  for (io::SimulatedPeer& writer : writers) EXPECT_EQ(writer.read(), expected);
}

TEST(Session, DrainClosesEverySessionWithATimeToComeBack) {
  Settings settings = open_settings();
  SimulatedNode node(settings, 2);
  std::vector<io::SimulatedPeer> peers;
  for (std::uint32_t i = 0; i < 20; ++i) peers.push_back(open(node, "/channels/room.1", i % 2));
  node.parts.draining = true;
  for (const auto& worker : node.parts.workers) {
    ASSERT_TRUE(worker->mailbox().try_post(DrainMail{std::chrono::seconds(10)}));
  }
  node.turn();
  std::vector<std::string> closes(peers.size());
  for (int i = 0; i < 500; ++i) {
    node.kernel.advance(std::chrono::milliseconds(20));
    node.turn(2);
    for (std::size_t p = 0; p < peers.size(); ++p) closes[p] += peers[p].read();
    if (i == 100) {
      EXPECT_GT(std::count(closes.begin(), closes.end(), ""), 0) << "not all at once";
    }
  }
  for (const std::string& close : closes) {
    EXPECT_TRUE(close.starts_with("\x88")) << close;
    EXPECT_NE(close.find("retry="), std::string::npos) << close;
    EXPECT_NE(close.find(" since=0:"), std::string::npos) << close;
  }
}

}  // namespace
}  // namespace usher::server
