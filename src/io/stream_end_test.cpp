#include "io/stream_fixture.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace usher::io {
namespace {

using namespace std::chrono_literals;
using Call = SimulatedKernel::Call;
using Cause = StreamEnd::Cause;
using Owner = StreamOwner;

using StreamEndTest = StreamFixture;

TEST_F(StreamEndTest, CloseIsToldFromTheReap) {
  owner.on_bytes_act = [&] {
    owner.stream.close();
    owner.stream.close();
    owner.stream.write_copy("nothing");
    owner.stream.finish();
    EXPECT_EQ(owner.heard, "");
  };
  peer.write("x");
  turn();
  EXPECT_EQ(owner.heard, "closed ");
  EXPECT_EQ(owner.end.cause, Cause::closed);
  turn();
  EXPECT_EQ(owner.heard, "closed ");
}

TEST_F(StreamEndTest, CloseWithUnreadInputDestroysTheAnswerAndFinishDoesNot) {
  struct Case {
    std::string_view name;
    void (*end)(Stream&);
    std::string_view seen;
    bool reset;
  };
  const Case cases[] = {
      {"close", [](Stream& stream) { stream.close(); }, "", true},
      {"reset", [](Stream& stream) { stream.reset(); }, "", true},
      {"finish", [](Stream& stream) { stream.finish(); }, "answer", false},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    Owner server;
    SimulatedPeer client;
    open(server, client);
    server.stream.pause();
    client.write("more than the server wants to read");
    server.stream.write_copy("answer");
    test.end(server.stream);
    turn();
    EXPECT_EQ(client.saw_reset(), test.reset);
    EXPECT_EQ(client.read(), test.seen);
    client.close();
    turn();
    turn();
    EXPECT_EQ(server.heard, "closed ");
    EXPECT_EQ(server.received, "");
  }
}

TEST_F(StreamEndTest, FinishFlushesFirst) {
  kernel.limit_send(4);
  owner.stream.write_copy("a long answer");
  owner.stream.finish();
  EXPECT_FALSE(owner.stream.writable());
  EXPECT_FALSE(peer.saw_end());
  for (int i = 0; i < 4; ++i) turn();
  EXPECT_EQ(peer.read(), "a long answer");
  EXPECT_TRUE(peer.saw_end());
  peer.close();
  turn();
  EXPECT_EQ(owner.heard, "closed ");
  EXPECT_EQ(owner.end.cause, Cause::finished);
}

TEST_F(StreamEndTest, LingerEndsByItsDeadline) {
  owner.stream.finish(2s);
  const base::Instant begin = loop.now();
  for (int i = 0; i < 30 && owner.heard.empty(); ++i) {
    peer.write("still talking");
    turn();
    turn(100ms);
  }
  EXPECT_EQ(owner.heard, "closed ");
  EXPECT_EQ(owner.end.cause, Cause::finished);
  EXPECT_GE(loop.now() - begin, base::Duration(2s));
  EXPECT_LE(loop.now() - begin, base::Duration(2100ms));
}

TEST_F(StreamEndTest, UnflushedFinishEndsInAReset) {
  kernel.set_buffer_bytes(10);
  Owner server;
  SimulatedPeer client;
  open(server, client);
  server.stream.write_copy("more than the buffer holds");
  server.stream.finish(1s, 2s);
  while (server.heard.empty()) turn(1s);
  EXPECT_EQ(server.end.cause, Cause::unflushed);
  EXPECT_TRUE(client.saw_reset());
}

TEST_F(StreamEndTest, OwnerMayDestroyOrReopenInOnClosed) {
  auto server = std::make_unique<Owner>();
  SimulatedPeer client;
  open(*server, client);
  server->on_closed_act = [&] {
    // The function that runs is a part of what is destroyed.
    const auto doomed = std::move(server);
  };
  server->stream.close();
  turn();
  EXPECT_EQ(server, nullptr);

  owner.on_closed_act = [&] {
    owner.on_closed_act = nullptr;
    open(owner, peer);
  };
  owner.stream.close();
  turn();
  peer.write("again");
  turn();
  EXPECT_EQ(owner.received, "again");
}

TEST_F(StreamEndTest, StreamsMayCloseAndDestroyEachOtherInOneTurn) {
  std::array<std::unique_ptr<Owner>, 8> owners;
  std::array<SimulatedPeer, 8> peers;
  int heard = 0;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    owners[i] = std::make_unique<Owner>();
    open(*owners[i], peers[i]);
    owners[i]->on_bytes_act = [&, i] {
      ++heard;
      for (std::size_t other = 0; other < owners.size(); ++other) {
        if (other != i) owners[other].reset();
      }
    };
    peers[i].write("x");
  }
  turn();
  EXPECT_EQ(heard, 1);
}

TEST_F(StreamEndTest, ReplacedDescriptorDoesNotGetTheOldOnesEvents) {
  Owner first, second;
  SimulatedPeer first_peer, second_peer, third_peer;
  open(first, first_peer);
  open(second, second_peer);
  Owner third;
  first.on_bytes_act = [&] {
    // The third gets the second's number, for which this turn's poll has an event.
    second.stream.close();
    open(third, third_peer);
  };
  first_peer.write("x");
  second_peer.write("for the second");
  turn();
  turn();
  EXPECT_EQ(second.received + third.received, "");
}

TEST_F(StreamEndTest, FailedOpenClosesTheSocket) {
  kernel.fail_call(Call::epoll_control, 1, ENOSPC);
  int fd = -1;
  SimulatedPeer other_end = kernel.make_pair(fd);
  Owner refused;
  EXPECT_FALSE(refused.stream.open(loop, Descriptor(kernel, fd)).ok());
  EXPECT_TRUE(other_end.saw_end());
  turn();
  EXPECT_EQ(refused.heard, "");
}

}  // namespace
}  // namespace usher::io
