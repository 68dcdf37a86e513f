// Each call of the kernel fails once, in accept, read, write and close: no crash, no leak, and whoever is not concerned
// is served.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "io/listener.hpp"
#include "io/simulated_kernel.hpp"
#include "io/stream.hpp"

namespace usher::io {
namespace {

using namespace std::chrono_literals;

const Address address = *Address::parse("127.0.0.1:8080");

class Session final : public StreamHandler {
 public:
  Stream stream{*this};
  int closed = 0;

  void on_bytes(std::span<char> bytes) override {
    const base::Slice slices[] = {{"you said ", 9, nullptr}, {bytes.data(), bytes.size(), nullptr}};
    stream.write(slices);
    stream.pause();
    stream.resume();
  }
  AtEnd on_end() override {
    stream.write_copy(" bye");
    stream.finish();
    return AtEnd::keep_writing;
  }
  void on_closed(StreamEnd) override { ++closed; }
};

class Server final : public AcceptHandler {
 public:
  explicit Server(Loop& loop) : listener(loop, *this), loop_(loop) {}
  void on_accept(Descriptor socket, const Address&) override {
    auto session = std::make_unique<Session>();
    if (session->stream.open(loop_, std::move(socket))) sessions.push_back(std::move(session));
  }
  Listener listener;
  std::vector<std::unique_ptr<Session>> sessions;

 private:
  Loop& loop_;
};

std::string converse(SimulatedKernel& kernel, Loop& loop) {
  SimulatedPeer peer = kernel.connect_to(address);
  if (!peer) return "";
  peer.write("hello");
  for (int turn = 0; turn < 6; ++turn) loop.run_turn(20ms);
  peer.end_writing();
  for (int turn = 0; turn < 6; ++turn) loop.run_turn(20ms);
  std::string heard = peer.read();
  peer.close();
  for (int turn = 0; turn < 4; ++turn) loop.run_turn(1s);
  return heard;
}

/// False when the n-th call did not come any more.
bool run_with_failure(std::uint64_t nth) {
  SimulatedKernel kernel;
  {
    Loop loop(kernel);
    const std::size_t before = kernel.open_descriptors();
    Server server(loop);
    EXPECT_TRUE(server.listener.open(address).ok());
    kernel.script(SimulatedKernel::Call::send_vector, {SimulatedKernel::Step::at_most(11)});
    kernel.fail_nth(nth);
    converse(kernel, loop);
    const bool failed = kernel.failed();
    SCOPED_TRACE("call of kind " + std::to_string(static_cast<int>(kernel.failed_call())));
    kernel.fail_nth(0);
    EXPECT_EQ(converse(kernel, loop), "you said hello bye") << "the next one is served";
    for (const auto& session : server.sessions) EXPECT_EQ(session->closed, 1);
    server.listener.drain_and_close();
    EXPECT_EQ(kernel.open_descriptors(), before);
    if (!failed) return false;
  }
  EXPECT_EQ(kernel.open_descriptors(), 0U);
  return true;
}

TEST(Failure, EachCallFailsOnce) {
  std::uint64_t nth = 1;
  while (run_with_failure(nth)) {
    SCOPED_TRACE("failed call number " + std::to_string(nth));
    ASSERT_FALSE(HasFailure());
    ASSERT_LT(++nth, 500U);
  }
  EXPECT_GT(nth, 25U) << "there were calls to fail";
}

}  // namespace
}  // namespace usher::io
