#include <gtest/gtest.h>

#include "server/simulated_node.hpp"

namespace usher::server {
namespace {

TEST(ConnectionLimit, WhoIsTurnedAwayLearnsWhy) {
  Settings settings = open_settings();
  settings.limits.connections_per_address = 2;
  SimulatedNode node(settings);
  io::SimulatedPeer first = node.connect();
  io::SimulatedPeer second = node.connect();
  node.turn();
  io::SimulatedPeer third = node.connect();
  const std::string answer = node.exchange(third, upgrade_request("/channels/echo.1"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 429 ")) << answer;
  EXPECT_NE(answer.find("too_many_from_address"), std::string::npos);
  EXPECT_NE(answer.find("Usher-Request-Id: "), std::string::npos);
  EXPECT_FALSE(third.saw_reset());
  third.close();
  first.close();
  node.turn();
  io::SimulatedPeer fourth = node.connect();
  EXPECT_TRUE(node.exchange(fourth, upgrade_request("/channels/echo.1")).starts_with("HTTP/1.1 101 "));
}

TEST(RequestDeadline, AHeadThatNeverEndsIsAnsweredAndClosed) {
  SimulatedNode node(open_settings());
  io::SimulatedPeer peer = node.connect();
  node.exchange(peer, "GET / HTTP/1.1\r\nHost: a\r\n");
  for (int second = 0; second < 12; ++second) {
    peer.write("X");
    node.kernel.advance(std::chrono::seconds(1));
    node.turn(2);
  }
  EXPECT_TRUE(peer.read().starts_with("HTTP/1.1 408 "));
  node.kernel.advance(std::chrono::seconds(3));
  node.turn();
  EXPECT_EQ(node.parts.workers[0]->connection_count(), 0u);
}

TEST(RequestDeadline, AnIdleConnectionIsClosedWithoutAWord) {
  SimulatedNode node(open_settings());
  io::SimulatedPeer peer = node.connect();
  node.turn();
  node.kernel.advance(std::chrono::seconds(11));
  node.turn();
  EXPECT_EQ(peer.read(), "");
  EXPECT_TRUE(peer.saw_end());
}

TEST(Access, NobodyMayTakeATicketWhereNoKindIsListed) {
  Settings settings = open_settings();
  settings.tickets.issue_to = {};
  SimulatedNode node(settings);
  io::SimulatedPeer peer = node.connect();
  const std::string answer = node.exchange(peer, "POST /tickets HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 401 ")) << answer;
}

TEST(Pipelining, WhoDoesNotReadIsNotReadEither) {
  SimulatedNode node(open_settings());
  node.kernel.set_buffer_bytes(1024);
  io::SimulatedPeer peer = node.connect();
  std::string requests;
  for (int i = 0; i < 2000; ++i) requests += "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
  peer.write(requests);
  node.turn(100);
  std::size_t answers = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string answer = peer.read();
    for (std::size_t at = answer.find("HTTP/1.1 200"); at != std::string::npos;
         at = answer.find("HTTP/1.1 200", at + 1)) {
      ++answers;
    }
    node.turn(1);
  }
  EXPECT_GT(answers, 1900u) << "all are answered once they are read, but for a status line that a read cuts in two";
}

TEST(KeepAlive, PipelinedRequestsAreAnsweredInOrder) {
  SimulatedNode node(open_settings());
  io::SimulatedPeer peer = node.connect();
  const std::string get = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string missing = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string answers = node.exchange(peer, get + get + missing + get);
  std::size_t ok = 0;
  for (std::size_t at = answers.find("HTTP/1.1 200 "); at != std::string::npos;
       at = answers.find("HTTP/1.1 200 ", at + 1)) {
    ++ok;
  }
  EXPECT_EQ(ok, 2u) << "a refusal ends the connection";
  EXPECT_NE(answers.find("HTTP/1.1 404 "), std::string::npos);
  EXPECT_TRUE(peer.saw_end());
}

}  // namespace
}  // namespace usher::server
