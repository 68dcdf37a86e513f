// The whole module over real sockets of this machine.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "io/connector.hpp"
#include "io/listener.hpp"
#include "io/real_kernel.hpp"
#include "io/stream.hpp"

namespace usher::io {
namespace {

using namespace std::chrono_literals;

const Address any_port = *Address::parse("127.0.0.1:0");

/// Sends back what it gets; finishes when the peer ends.
class Echo final : public StreamHandler {
 public:
  Stream stream{*this};
  bool closed = false;

  void on_bytes(std::span<char> bytes) override {
    stream.write_copy({bytes.data(), bytes.size()});
    if (stream.pending_bytes() > 0) stream.pause();
  }
  AtEnd on_end() override {
    stream.finish();
    return AtEnd::keep_writing;
  }
  void on_drained() override { stream.resume(); }
  void on_closed(StreamEnd) override { closed = true; }
};

class EchoServer final : public AcceptHandler {
 public:
  explicit EchoServer(Loop& loop) : loop_(loop), listener(loop, *this) {}
  void on_accept(Descriptor socket, const Address& peer) override {
    last_peer = peer;
    int value = 0;
    loop_.kernel().get_option(socket.get(), SocketOption::no_delay, value);
    no_delay = value != 0;
    loop_.kernel().get_option(socket.get(), SocketOption::not_sent_low_water, not_sent_low_water);
    sessions.push_back(std::make_unique<Echo>());
    EXPECT_TRUE(sessions.back()->stream.open(loop_, std::move(socket)).ok());
  }

 private:
  Loop& loop_;

 public:
  Listener listener;
  std::vector<std::unique_ptr<Echo>> sessions;
  Address last_peer;
  bool no_delay = false;
  int not_sent_low_water = 0;
};

/// Connects, sends, and counts what comes back.
class Client final : public ConnectHandler, public StreamHandler {
 public:
  Client(Loop& loop, std::string message) : loop_(loop), message_(std::move(message)), connector_(loop, *this) {}
  void start(const Address& address) { connector_.start(address); }

  void on_connected(base::Result<Descriptor> socket) override {
    ASSERT_TRUE(socket.ok()) << socket.error().message;
    ASSERT_TRUE(stream.open(loop_, std::move(*socket)).ok());
    stream.write_copy(message_);
  }
  void on_bytes(std::span<char> bytes) override {
    received.append(bytes.data(), bytes.size());
    if (received.size() >= message_.size()) stream.close();
  }
  void on_closed(StreamEnd) override { done = true; }

  std::string received;
  bool done = false;

 private:
  Loop& loop_;
  std::string message_;
  Connector connector_;

 public:
  Stream stream{*this};
};

std::string numbered_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return bytes;
}

/// A folder of its own, gone at the end.
struct Folder {
  Folder() {
    char name[] = "/tmp/usher-io-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

TEST(Loopback, EchoesLittleAndMuch) {
  RealKernel kernel;
  Folder folder;
  for (const Address& address :
       {any_port, *Address::parse("[::1]:0"), *Address::parse("[::]:0"), Address::local(folder.path + "/echo.sock")}) {
    SCOPED_TRACE(address.text());
    Loop loop(kernel);
    EchoServer server(loop);
    const auto opened = server.listener.open(address);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    Address target = server.listener.address();
    // Dual stack: IPv4 reaches [::] and is seen as IPv4.
    if (target.ip().is_unspecified() && target.family() == Family::ipv6) {
      target = Address(*IpAddress::parse("127.0.0.1"), target.port());
    }
    for (const std::size_t size : {std::size_t{1}, std::size_t{64}, std::size_t{3'000'000}}) {
      Client client(loop, numbered_bytes(size));
      client.start(target);
      while (!client.done) loop.run_turn(10s);
      EXPECT_TRUE(client.received == numbered_bytes(size));
      while (!server.sessions.back()->closed) loop.run_turn(10s);
    }
    if (address.family() != Family::local) {
      EXPECT_TRUE(server.last_peer.is_loopback()) << server.last_peer.text();
      EXPECT_EQ(server.last_peer.family(), target.family());
      EXPECT_TRUE(server.no_delay);
      EXPECT_EQ(server.not_sent_low_water, 16 * 1024);
    }
  }
}

TEST(Loopback, ResetIsNoticedAlsoWhilePaused) {
  RealKernel kernel;
  Loop loop(kernel);
  EchoServer server(loop);
  ASSERT_TRUE(server.listener.open(any_port).ok());
  for (const bool pause : {false, true}) {
    SCOPED_TRACE(pause);
    Client client(loop, "x");
    client.start(server.listener.address());
    while (!client.done) loop.run_turn(10s);
    Client second(loop, "never echoed in full");
    second.start(server.listener.address());
    const std::size_t before = server.sessions.size();
    while (server.sessions.size() == before || !second.stream.is_open()) loop.run_turn(10s);
    Echo& session = *server.sessions.back();
    if (pause) session.stream.pause();
    second.stream.reset();
    while (!session.closed) loop.run_turn(10s);
  }
}

TEST(Loopback, UnixSocketFileHasItsModeAndStaleOnesAreReplaced) {
  RealKernel kernel;
  Folder folder;
  Loop loop(kernel);
  EchoServer server(loop), second(loop);
  const Address address = Address::local(folder.path + "/usher.sock");
  ListenOptions options;
  options.mode = 0600;
  ASSERT_TRUE(server.listener.open(address, options).ok());
  struct stat status{};
  ASSERT_EQ(stat(address.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_FALSE(second.listener.open(address).ok());
  server.listener.close();
  EXPECT_FALSE(std::filesystem::exists(address.path()));

  {
    // A socket file that its program left behind.
    const Descriptor dead(kernel, kernel.socket(Family::local));
    ASSERT_EQ(kernel.bind(dead.get(), address), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(address.path()));
  EXPECT_TRUE(server.listener.open(address).ok());
  server.listener.close();

  std::ofstream(address.path()) << "not a socket";
  const auto blocked = server.listener.open(address);
  ASSERT_FALSE(blocked.ok());
  EXPECT_NE(blocked.error().message.find("not a socket"), std::string::npos) << blocked.error().message;
  EXPECT_TRUE(std::filesystem::exists(address.path()));
}

TEST(Loopback, PortInUseIsNoticedEvenThoughPortsAreShared) {
  RealKernel kernel;
  Loop loop(kernel);
  EchoServer first(loop), second(loop), stranger(loop);
  ListenOptions options;
  options.port_use = PortUse::first_of_several;
  ASSERT_TRUE(first.listener.open(any_port, options).ok());
  const Address taken = first.listener.address();
  for (const PortUse use : {PortUse::alone, PortUse::first_of_several}) {
    options.port_use = use;
    const auto refused = stranger.listener.open(taken, options);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find("the port is in use"), std::string::npos) << refused.error().message;
  }
  options.port_use = PortUse::next_of_several;
  EXPECT_TRUE(second.listener.open(taken, options).ok());
}

/// A worker of its own: listens on the shared port and echoes until it is stopped.
class Worker {
 public:
  Worker(Kernel& kernel, const Address& address, PortUse use) : loop_(kernel), server_(loop_) {
    ListenOptions options;
    options.port_use = use;
    EXPECT_TRUE(server_.listener.open(address, options).ok());
  }
  const Address& address() const { return server_.listener.address(); }
  void start() {
    thread_ = std::thread([this] { loop_.run(); });
  }
  std::size_t stop() {
    loop_.stop();
    thread_.join();
    return server_.sessions.size();
  }

 private:
  Loop loop_;
  EchoServer server_;
  std::thread thread_;
};

TEST(Loopback, TwoLoopsShareAPort) {
  RealKernel kernel;
  Worker first(kernel, any_port, PortUse::first_of_several);
  Worker second(kernel, first.address(), PortUse::next_of_several);
  first.start();
  second.start();
  Loop loop(kernel);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(std::make_unique<Client>(loop, "hello from many"));
    clients.back()->start(first.address());
  }
  const auto done = [](const auto& client) { return client->done; };
  while (!std::all_of(clients.begin(), clients.end(), done)) loop.run_turn(10s);
  for (const auto& client : clients) EXPECT_EQ(client->received, "hello from many");
  EXPECT_EQ(first.stop() + second.stop(), 64U);
}

}  // namespace
}  // namespace usher::io
