#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "io/real_kernel.hpp"
#include "server/simulated_node.hpp"

namespace usher::server {
namespace {

using websocket::Opcode;

/// Workers on threads of their own and real sockets: what the thread sanitizer is to look at.
class RunningNode {
 public:
  explicit RunningNode(std::uint32_t workers) {
    auto settings = std::make_shared<Settings>(open_settings());
    settings->limits.mailbox_messages = 64;
    parts_.rules = std::make_shared<const Rules>(settings);
    parts_.files = std::make_unique<StaticFiles>();
    parts_.connections = std::make_unique<ConnectionCounts>(1000, 1000);
    parts_.passwords = std::make_unique<PasswordChecks>(nullptr, auth::PasswordQueueLimits{});
    parts_.pool = std::make_unique<io::BlockingPool>(1, 16);
    parts_.worker_count = workers;
    for (std::uint32_t i = 0; i < workers; ++i) {
      parts_.workers.push_back(std::make_unique<Worker>(parts_, kernel_, i));
    }
    for (const auto& worker : parts_.workers) {
      worker->connect_to_siblings();
      const bool bound =
          worker->listen(*io::Address::parse("127.0.0.1:0"), Surface::open, io::PortUse::alone, nullptr).ok();
      ASSERT(bound);
    }
    for (const auto& worker : parts_.workers) {
      threads_.emplace_back([loop = &worker->loop()] { loop->run(); });
    }
  }
  ~RunningNode() {
    parts_.stopping = true;
    for (const auto& worker : parts_.workers) worker->loop().stop();
    for (std::thread& thread : threads_) thread.join();
    parts_.pool.reset();
  }

  std::uint16_t port(std::uint32_t worker) const {
    return parts_.workers[worker]->listeners().front()->address().port();
  }

 private:
  io::RealKernel kernel_;
  NodeParts parts_;
  std::vector<std::thread> threads_;
};

/// A blocking client.
class Client {
 public:
  Client(std::uint16_t port, std::string_view target) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool connected = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    ASSERT(connected);
    send(upgrade_request(target));
    std::string head;
    while (!head.ends_with("\r\n\r\n")) head += receive(1);
    ASSERT(head.starts_with("HTTP/1.1 101 "));
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) {
    const bool sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    ASSERT(sent);
  }
  /// Exactly so many bytes.
  std::string receive(std::size_t size) {
    std::string bytes(size, '\0');
    const bool whole = ::recv(fd_, bytes.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size);
    ASSERT(whole);
    return bytes;
  }

 private:
  int fd_;
};

TEST(Threads, EveryoneSeesTheSameOrderOnTwoWorkers) {
  constexpr int clients = 8;
  constexpr int messages = 200;
  RunningNode node(2);
  for (const std::string_view channel : {"/channels/echo.1", "/channels/echo.2", "/channels/room.1"}) {
    std::vector<std::unique_ptr<Client>> open;
    for (std::uint32_t i = 0; i < clients; ++i) open.push_back(std::make_unique<Client>(node.port(i % 2), channel));
    std::vector<std::string> seen(clients);
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i) {
      threads.emplace_back([&, i] {
        for (int m = 0; m < messages; ++m) {
          open[static_cast<std::size_t>(i)]->send(
              client_frame(Opcode::text, std::to_string(i) + ":" + std::to_string(100 + m)));
        }
        seen[static_cast<std::size_t>(i)] = open[static_cast<std::size_t>(i)]->receive(clients * messages * 7);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& one : seen) EXPECT_EQ(one, seen.front());
    std::set<std::string> distinct;
    for (std::size_t at = 0; at < seen.front().size(); at += 7) distinct.insert(seen.front().substr(at, 7));
    EXPECT_EQ(distinct.size(), static_cast<std::size_t>(clients * messages));
  }
}

TEST(Threads, SessionsComeAndGoWhileOthersPublish) {
  RunningNode node(2);
  Client writer(node.port(0), "/channels/room.1");
  std::thread visitors([&node] {
    for (std::uint32_t i = 0; i < 100; ++i) {
      Client visitor(node.port(i % 2), i % 3 == 0 ? "/channels/room.1?history=5" : "/channels/room.1");
      visitor.send(client_frame(Opcode::text, "visit"));
      visitor.receive(2);
    }
  });
  for (int i = 0; i < 300; ++i) writer.send(client_frame(Opcode::text, "x"));
  visitors.join();
  // A fragment that is never ended leaves something to free.
  Client(node.port(1), "/channels/room.1").send(std::string("\x01\x81\x12\x34\x56\x78\x73", 7));
}

}  // namespace
}  // namespace usher::server
