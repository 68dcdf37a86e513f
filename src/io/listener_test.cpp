#include "io/listener.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/connector.hpp"
#include "io/simulated_kernel.hpp"
#include "io/stream.hpp"

namespace usher::io {
namespace {

using namespace std::chrono_literals;
using Call = SimulatedKernel::Call;
using Step = SimulatedKernel::Step;

const Address tcp = *Address::parse("127.0.0.1:8080");
const Address path = *Address::parse("unix:/run/usher.sock");

/// Keeps what it accepts.
struct Host final : AcceptHandler {
  void on_accept(Descriptor socket, const Address& peer) override {
    if (listener_to_close != nullptr) listener_to_close->close();
    sockets.push_back(std::move(socket));
    peers.push_back(peer);
  }
  std::vector<Descriptor> sockets;
  std::vector<Address> peers;
  Listener* listener_to_close = nullptr;
};

struct ListenerTest : testing::Test {
  SimulatedKernel kernel;
  Loop loop{kernel};
  Host host;
  Listener listener{loop, host};
  std::size_t base_descriptors = kernel.open_descriptors();
};

TEST_F(ListenerTest, AcceptsWithPeerAndOptions) {
  ASSERT_TRUE(listener.open(tcp).ok());
  const Address from = *Address::parse("192.0.2.7:4711");
  const SimulatedPeer peer = kernel.connect_to(tcp, from);
  loop.run_turn(0s);
  ASSERT_EQ(host.sockets.size(), 1U);
  EXPECT_EQ(host.peers[0], from);
  EXPECT_EQ(kernel.option(host.sockets[0].get(), SocketOption::no_delay), 1);
  EXPECT_EQ(kernel.option(host.sockets[0].get(), SocketOption::not_sent_low_water), 16 * 1024);
  EXPECT_EQ(listener.counts().accepted, 1U);
}

TEST_F(ListenerTest, PortZeroIsReplacedByTheRealOne) {
  ASSERT_TRUE(listener.open(*Address::parse("127.0.0.1:0")).ok());
  EXPECT_NE(listener.address().port(), 0);
}

TEST_F(ListenerTest, TakesBatches) {
  ASSERT_TRUE(listener.open(tcp).ok());
  for (int i = 0; i < 100; ++i) kernel.connect_to(tcp);
  loop.run_turn(0s);
  EXPECT_EQ(host.sockets.size(), static_cast<std::size_t>(Listener::accepts_per_turn));
  loop.run_turn(0s);
  EXPECT_EQ(host.sockets.size(), 100U);
}

TEST_F(ListenerTest, FailuresOfOnePeerDoNotStopTheOthers) {
  ASSERT_TRUE(listener.open(tcp).ok());
  kernel.script(Call::accept, {Step::fail(ECONNABORTED), Step::fail(EINTR), Step::fail(EPROTO)});
  kernel.connect_to(tcp);
  loop.run_turn(0s);
  EXPECT_EQ(host.sockets.size(), 1U);
  EXPECT_EQ(listener.counts().aborted, 2U);
}

TEST_F(ListenerTest, WithoutDescriptorsItWaitsInsteadOfSpinning) {
  ASSERT_TRUE(listener.open(tcp).ok());
  kernel.limit_descriptors(kernel.open_descriptors() + 1);
  for (int i = 0; i < 3; ++i) kernel.connect_to(tcp);
  const base::Instant begin = kernel.now();
  int turns = 0;
  while (kernel.now() - begin < 10s) {
    loop.run_turn(10s);
    ++turns;
  }
  EXPECT_LT(turns, 60);
  EXPECT_GE(listener.counts().exhausted, 10U);
  EXPECT_EQ(host.sockets.size(), 1U);

  kernel.limit_descriptors(1000);
  while (host.sockets.size() < 3 && turns < 100) {
    loop.run_turn(1s);
    ++turns;
  }
  EXPECT_EQ(host.sockets.size(), 3U) << "those who waited are served";
}

TEST_F(ListenerTest, RefusalsSayHowToHelp) {
  struct Case {
    std::string_view name;
    Address address;
    Call call;
    int error;
    std::string_view words;
  };
  const Case cases[] = {
      {"in use", tcp, Call::bind, EADDRINUSE, "cannot listen on 127.0.0.1:8080: the port is in use"},
      {"in use at listen", tcp, Call::listen, EADDRINUSE, "the port is in use"},
      {"low port", *Address::parse("0.0.0.0:80"), Call::bind, EACCES, "ports below 1024 need CAP_NET_BIND_SERVICE"},
      {"policy", tcp, Call::bind, EACCES, "security policy"},
      {"no such address", tcp, Call::bind, EADDRNOTAVAIL, "no such address"},
      {"no IPv6", *Address::parse("[::]:80"), Call::socket, EAFNOSUPPORT, "does not speak"},
      {"no descriptors", tcp, Call::socket, EMFILE, "ulimit -n"},
      {"no folder", path, Call::bind, ENOENT, "folder of the socket does not exist"},
      {"folder not ours", path, Call::bind, EACCES, "owner and mode"},
      {"mode refused", path, Call::change_mode, EPERM, "owner and mode"},
      {"anything", tcp, Call::epoll_control, ENOSPC, "no space left"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    kernel.fail_call(test.call, 1, test.error);
    const auto opened = listener.open(test.address);
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().message.find(test.words), std::string::npos) << opened.error().message;
    EXPECT_EQ(opened.error().system_error, test.error);
    EXPECT_FALSE(listener.is_open());
    EXPECT_EQ(kernel.open_descriptors(), base_descriptors);
    EXPECT_FALSE(kernel.file_exists(path.path()));
  }
}

TEST_F(ListenerTest, SeveralShareAPortThatNobodyElseHas) {
  Listener second(loop, host), stranger(loop, host);
  ListenOptions options;
  options.port_use = PortUse::first_of_several;
  ASSERT_TRUE(listener.open(tcp, options).ok());
  EXPECT_FALSE(stranger.open(tcp, options).ok()) << "another process would be first too";
  EXPECT_FALSE(stranger.open(tcp).ok());
  options.port_use = PortUse::next_of_several;
  EXPECT_TRUE(second.open(tcp, options).ok());
}

TEST_F(ListenerTest, UnixSocketComesAndGoesWithItsFile) {
  ASSERT_TRUE(listener.open(path).ok());
  EXPECT_TRUE(kernel.file_exists(path.path()));
  kernel.connect_to(path);
  loop.run_turn(0s);
  ASSERT_EQ(host.peers.size(), 1U);
  EXPECT_EQ(host.peers[0].family(), Family::none);
  listener.close();
  EXPECT_FALSE(kernel.file_exists(path.path()));
}

TEST_F(ListenerTest, UnixSocketFileIsReplacedOnlyWhenNobodyAnswers) {
  kernel.put_file(path.path(), true);
  EXPECT_TRUE(listener.open(path).ok()) << "stale";

  Listener second(loop, host);
  const auto refused = second.open(path);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("another program answers"), std::string::npos);
  EXPECT_TRUE(kernel.file_exists(path.path()));

  listener.close();
  kernel.put_file(path.path(), false);
  const auto blocked = listener.open(path);
  ASSERT_FALSE(blocked.ok());
  EXPECT_NE(blocked.error().message.find("not a socket"), std::string::npos);
  EXPECT_TRUE(kernel.file_exists(path.path()));
}

TEST_F(ListenerTest, SharedSocketServesTwoLoops) {
  Loop other_loop(kernel);
  Listener other(other_loop, host);
  ASSERT_TRUE(listener.open(path).ok());
  ASSERT_TRUE(other.share(listener).ok());
  kernel.connect_to(path);
  other_loop.run_turn(0s);
  EXPECT_EQ(host.sockets.size(), 1U);
  other.close();
  EXPECT_TRUE(kernel.file_exists(path.path())) << "the file is the first one's";
  kernel.connect_to(path);
  other_loop.run_turn(0s);
  loop.run_turn(0s);
  EXPECT_EQ(host.sockets.size(), 2U);
}

TEST_F(ListenerTest, DrainServesTheBacklogThenCloses) {
  ASSERT_TRUE(listener.open(tcp).ok());
  std::vector<SimulatedPeer> peers;
  for (int i = 0; i < 200; ++i) peers.push_back(kernel.connect_to(tcp));
  listener.drain_and_close();
  EXPECT_EQ(host.sockets.size(), 200U);
  EXPECT_FALSE(listener.is_open());
  EXPECT_FALSE(kernel.connect_to(tcp));
  for (const SimulatedPeer& peer : peers) EXPECT_FALSE(peer.saw_reset());
}

TEST_F(ListenerTest, DrainWithoutDescriptorsEnds) {
  ASSERT_TRUE(listener.open(tcp).ok());
  const SimulatedPeer peer = kernel.connect_to(tcp);
  kernel.limit_descriptors(kernel.open_descriptors());
  loop.run_turn(0s);
  listener.drain_and_close();
  EXPECT_FALSE(listener.is_open());
  EXPECT_TRUE(peer.saw_reset());
  EXPECT_EQ(kernel.open_descriptors(), base_descriptors);
}

TEST_F(ListenerTest, MayBeClosedInsideOnAccept) {
  ASSERT_TRUE(listener.open(tcp).ok());
  host.listener_to_close = &listener;
  kernel.connect_to(tcp);
  kernel.connect_to(tcp);
  loop.run_turn(0s);
  EXPECT_EQ(host.sockets.size(), 1U);
  EXPECT_FALSE(listener.is_open());
}

// Connector.

struct Caller final : ConnectHandler {
  void on_connected(base::Result<Descriptor> result) override {
    ++calls;
    if (result) {
      socket = std::move(*result);
    } else {
      error = result.error().message;
    }
  }
  Descriptor socket;
  std::string error;
  int calls = 0;
};

struct ConnectorTest : testing::Test {
  SimulatedKernel kernel;
  Loop loop{kernel};
  Caller caller;
  Connector connector{loop, caller};
};

TEST_F(ConnectorTest, Connects) {
  for (const Address& address : {tcp, path}) {
    SCOPED_TRACE(address.text());
    kernel.serve(address);
    caller.calls = 0;
    connector.start(address);
    EXPECT_EQ(caller.calls, 0) << "never inside start()";
    loop.run_turn(0s);
    EXPECT_EQ(caller.calls, 1);
    ASSERT_TRUE(caller.socket);
    SimulatedPeer server = kernel.next_connection(address);
    ASSERT_TRUE(server);
    server.write("x");
    char byte = 0;
    EXPECT_EQ(kernel.receive(caller.socket.get(), {&byte, 1}), 1);
  }
}

TEST_F(ConnectorTest, FailuresSayWhere) {
  const std::size_t before = kernel.open_descriptors();
  struct Case {
    Address address;
    Call call;
    int error;
    std::string_view words;
  };
  const Case cases[] = {
      {tcp, Call::receive, 0, "cannot connect to 127.0.0.1:8080: connection refused"},
      {path, Call::receive, 0, "cannot connect to unix:/run/usher.sock: no such file or directory"},
      {tcp, Call::socket, EMFILE, "too many open files"},
      {tcp, Call::connect, ENETUNREACH, "network is unreachable"},
      {tcp, Call::epoll_control, ENOSPC, "no space left"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.words);
    if (test.error != 0) kernel.fail_call(test.call, 1, test.error);
    caller.error.clear();
    connector.start(test.address);
    loop.run_turn(0s);
    EXPECT_NE(caller.error.find(test.words), std::string::npos) << caller.error;
    EXPECT_EQ(kernel.open_descriptors(), before);
  }
}

TEST_F(ConnectorTest, TimesOutAndCancels) {
  kernel.swallow(tcp);
  connector.start(tcp, 3s);
  for (int i = 0; i < 10 && caller.calls == 0; ++i) loop.run_turn(1s);
  EXPECT_NE(caller.error.find("timed out"), std::string::npos) << caller.error;
  connector.start(tcp, 3s);
  connector.cancel();
  for (int i = 0; i < 10; ++i) loop.run_turn(1s);
  EXPECT_EQ(caller.calls, 1);
}

}  // namespace
}  // namespace usher::io
