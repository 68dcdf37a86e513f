#include "io/stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/simulated_kernel.hpp"

namespace usher::io {
namespace {

using namespace std::chrono_literals;
using Call = SimulatedKernel::Call;
using Step = SimulatedKernel::Step;
using Cause = StreamEnd::Cause;

static_assert(sizeof(Stream) <= 48);

/// Writes down what it hears; `on_*_act` say what it does inside.
struct Owner final : StreamHandler {
  void on_bytes(std::span<char> bytes) override {
    received.append(bytes.data(), bytes.size());
    ++reads;
    if (on_bytes_act) on_bytes_act();
  }
  AtEnd on_end() override {
    heard += "end ";
    if (on_end_act) on_end_act();
    return at_end;
  }
  void on_hangup() override { heard += "hangup "; }
  void on_drained() override {
    heard += "drained ";
    if (on_drained_act) on_drained_act();
  }
  void on_closed(StreamEnd why) override {
    heard += "closed ";
    end = why;
    if (on_closed_act) on_closed_act();
  }

  Stream stream{*this};
  AtEnd at_end = AtEnd::close;
  std::string received;
  std::string heard;
  int reads = 0;
  StreamEnd end;
  std::function<void()> on_bytes_act, on_end_act, on_drained_act, on_closed_act;
};

std::vector<base::Slice> slices_of(const std::vector<std::string>& texts) {
  std::vector<base::Slice> slices;
  for (const std::string& text : texts) slices.push_back({text.data(), text.size(), nullptr});
  return slices;
}

struct StreamTest : testing::Test {
  void SetUp() override {
    base_descriptors = kernel.open_descriptors();
    open(owner, peer);
  }
  void TearDown() override {
    owner.stream.close();
    turn();
    EXPECT_EQ(kernel.open_descriptors(), base_descriptors);
  }
  void open(Owner& whose, SimulatedPeer& other_end) {
    int fd = -1;
    other_end = kernel.make_pair(fd);
    ASSERT_TRUE(whose.stream.open(loop, Descriptor(kernel, fd)).ok());
  }
  void turn(base::Duration wait = 0s) { loop.run_turn(wait); }

  SimulatedKernel kernel;
  Loop loop{kernel};
  std::size_t base_descriptors = 0;
  Owner owner;
  SimulatedPeer peer;
};

// Reading.

TEST_F(StreamTest, BytesArrive) {
  peer.write("hello");
  turn();
  EXPECT_EQ(owner.received, "hello");
  EXPECT_EQ(kernel.calls(Call::receive), 1U) << "one read per readable event";
}

TEST_F(StreamTest, ShortReadsArriveInPieces) {
  kernel.limit_receive(2);
  peer.write("hello");
  for (int i = 0; i < 3; ++i) turn();
  EXPECT_EQ(owner.received, "hello");
  EXPECT_EQ(owner.reads, 3);
}

TEST_F(StreamTest, OneTurnReadsNoMoreThanItsShare) {
  peer.write(std::string(Loop::receive_buffer_bytes * 10, 'x'));
  turn();
  EXPECT_EQ(owner.received.size(), Loop::receive_buffer_bytes * Stream::reads_per_turn);
  for (int i = 0; i < 2; ++i) turn();
  EXPECT_EQ(owner.received.size(), Loop::receive_buffer_bytes * 10);
}

TEST_F(StreamTest, InterruptedAndEmptyReadsAreTriedAgain) {
  kernel.script(Call::receive, {Step::fail(EINTR), Step::fail(EAGAIN)});
  peer.write("hello");
  turn();
  EXPECT_EQ(owner.received, "");
  turn();
  EXPECT_EQ(owner.received, "hello");
}

TEST_F(StreamTest, ReadFailureClosesOnce) {
  peer.write("lost");
  peer.reset();
  turn();
  turn();
  EXPECT_EQ(owner.heard, "closed ");
  EXPECT_EQ(owner.end.cause, Cause::peer_failed);
  EXPECT_EQ(owner.end.system_error, ECONNRESET);
  EXPECT_EQ(owner.received, "");
}

TEST_F(StreamTest, PeersEndClosesByDefault) {
  peer.write("last");
  peer.end_writing();
  turn();
  turn();
  EXPECT_EQ(owner.received, "last");
  EXPECT_EQ(owner.heard, "end closed ");
  EXPECT_EQ(owner.end.cause, Cause::peer_ended);
}

TEST_F(StreamTest, AfterPeersEndWritingGoesOnAndNothingSpins) {
  owner.at_end = AtEnd::keep_writing;
  peer.end_writing();
  turn();
  const base::Instant before = kernel.now();
  turn(1s);
  EXPECT_EQ(kernel.now(), before + 1s) << "nothing was ready";
  owner.stream.write_copy("answer");
  EXPECT_EQ(peer.read(), "answer");
  owner.stream.finish();
  turn();
  EXPECT_EQ(owner.heard, "end closed ");
  EXPECT_EQ(owner.end.cause, Cause::finished);
  EXPECT_TRUE(peer.saw_end());
}

TEST_F(StreamTest, FinishInsideOnEndWritesTheRest) {
  kernel.script(Call::send, {Step::at_most(2)});
  owner.on_end_act = [&] {
    owner.stream.write_copy("answer");
    owner.stream.finish();
  };
  peer.end_writing();
  for (int i = 0; i < 3; ++i) turn();
  EXPECT_EQ(peer.read(), "answer");
  EXPECT_EQ(owner.end.cause, Cause::finished);
}

// Pausing.

TEST_F(StreamTest, PausedStreamDoesNotReadAndResumes) {
  owner.stream.pause();
  peer.write("hello");
  turn();
  EXPECT_EQ(owner.received, "");
  EXPECT_TRUE(owner.stream.paused());
  owner.stream.resume();
  turn();
  EXPECT_EQ(owner.received, "hello");
  const std::uint64_t before = kernel.calls(Call::epoll_control);
  owner.stream.resume();
  EXPECT_EQ(kernel.calls(Call::epoll_control), before) << "only a change costs a call";
}

TEST_F(StreamTest, PauseInsideOnBytesStopsTheReadingAtOnce) {
  owner.on_bytes_act = [&] { owner.stream.pause(); };
  peer.write(std::string(Loop::receive_buffer_bytes * 2, 'x'));
  turn();
  turn();
  EXPECT_EQ(owner.reads, 1);
}

TEST_F(StreamTest, PausedStreamHearsTheEndOnceWithoutSpinning) {
  owner.stream.pause();
  peer.write("unread");
  peer.end_writing();
  turn();
  EXPECT_EQ(owner.heard, "hangup ");
  const base::Instant before = kernel.now();
  turn(1s);
  EXPECT_EQ(kernel.now(), before + 1s);
  owner.stream.resume();
  turn();
  turn();
  EXPECT_EQ(owner.received, "unread");
  EXPECT_EQ(owner.heard, "hangup end closed ");
}

TEST_F(StreamTest, PausedStreamHearsAReset) {
  owner.stream.pause();
  peer.reset();
  turn();
  EXPECT_EQ(owner.heard, "closed ");
  EXPECT_EQ(owner.end.system_error, ECONNRESET);
}

TEST_F(StreamTest, PausedUnixStreamThatIsHungUpDoesNotSpinAndKeepsWhatIsUnread) {
  const Address address = Address::local("/run/peer");
  kernel.serve(address);
  const int fd = kernel.socket(Family::local);
  ASSERT_EQ(kernel.connect(fd, address), 0);
  SimulatedPeer other_end = kernel.next_connection(address);
  Owner local;
  ASSERT_TRUE(local.stream.open(loop, Descriptor(kernel, fd)).ok());
  local.stream.pause();
  other_end.write("unread");
  other_end.close();
  turn();
  EXPECT_EQ(local.heard, "hangup ");
  const base::Instant before = kernel.now();
  turn(1s);
  EXPECT_EQ(kernel.now(), before + 1s);
  local.stream.resume();
  turn();
  turn();
  EXPECT_EQ(local.received, "unread");
  EXPECT_EQ(local.heard, "hangup end closed ");
}

// Writing.

TEST_F(StreamTest, WritesOneSliceBySendAndManyByOneCall) {
  const std::vector<std::string> texts = {"one ", "", "two ", "three"};
  const auto slices = slices_of(texts);
  EXPECT_EQ(owner.stream.write(std::span(slices).first(1)), 1U);
  EXPECT_EQ(owner.stream.write(std::span(slices).subspan(1)), 3U);
  EXPECT_EQ(peer.read(), "one two three");
  EXPECT_EQ(kernel.calls(Call::send), 1U);
  EXPECT_EQ(kernel.calls(Call::send_vector), 1U);
  EXPECT_TRUE(owner.stream.writable());
}

TEST_F(StreamTest, GathersAreCutAtTheKernelsLimit) {
  const std::vector<std::string> texts(2500, "x");
  EXPECT_EQ(owner.stream.write(slices_of(texts)), 2500U);
  EXPECT_EQ(kernel.calls(Call::send_vector), 3U);
  EXPECT_EQ(peer.read().size(), 2500U);
}

TEST_F(StreamTest, ShortWriteAtEveryByte) {
  const std::vector<std::string> texts = {"abc", "", "de", "fghi"};
  const std::string whole = "abcdefghi";
  for (std::size_t cut = 1; cut <= whole.size(); ++cut) {
    SCOPED_TRACE(cut);
    owner.heard.clear();
    kernel.script(Call::send_vector, {Step::at_most(cut)});
    const auto slices = slices_of(texts);
    const std::size_t taken = owner.stream.write(slices);
    std::size_t taken_bytes = 0;
    for (std::size_t i = 0; i < taken; ++i) taken_bytes += texts[i].size();
    EXPECT_GE(taken_bytes, cut);
    EXPECT_EQ(owner.stream.pending_bytes(), taken_bytes - cut);
    EXPECT_EQ(owner.stream.writable(), cut == whole.size());
    if (cut < whole.size()) {
      EXPECT_EQ(owner.stream.write(slices), 0U) << "takes none while it is not writable";
      turn();
      EXPECT_EQ(owner.heard, "drained ");
    }
    EXPECT_EQ(owner.stream.pending_bytes(), 0U);
    owner.stream.write(std::span(slices).subspan(taken));
    EXPECT_EQ(peer.read(), whole);
  }
}

TEST_F(StreamTest, FullKernelTakesNoneAndTellsWhenItDrains) {
  kernel.script(Call::send, {Step::fail(EINTR), Step::fail(EAGAIN)});
  const std::vector<std::string> texts = {"hello"};
  EXPECT_EQ(owner.stream.write(slices_of(texts)), 0U);
  EXPECT_EQ(owner.stream.pending_bytes(), 0U);
  turn();
  EXPECT_EQ(owner.heard, "drained ");
  EXPECT_EQ(owner.stream.write(slices_of(texts)), 1U);
  EXPECT_EQ(peer.read(), "hello");
  turn();
  EXPECT_EQ(owner.heard, "drained ") << "only after a time of not being writable";
}

TEST_F(StreamTest, PendingBytesGoOutInPieces) {
  kernel.limit_send(3);
  owner.stream.write_copy("hello ");
  owner.stream.write_copy("world");
  EXPECT_EQ(owner.stream.pending_bytes(), 8U);
  turn();
  EXPECT_EQ(owner.stream.pending_bytes(), 5U);
  owner.stream.write_copy("!");
  for (int i = 0; i < 2; ++i) turn();
  EXPECT_EQ(owner.heard, "drained ");
  EXPECT_EQ(peer.read(), "hello world!");
}

TEST_F(StreamTest, SlowPeerFillsBuffersAndCatchesUp) {
  kernel.set_buffer_bytes(1000);
  Owner slow;
  SimulatedPeer reader;
  open(slow, reader);
  const std::vector<std::string> texts(100, std::string(33, 'x'));
  const auto slices = slices_of(texts);
  std::size_t written = 0;
  std::size_t read = 0;
  while (read < 3300) {
    written += slow.stream.write(std::span(slices).subspan(written));
    EXPECT_LT(slow.stream.pending_bytes(), 33U) << "at most the rest of one slice is kept";
    read += reader.read(700).size();
    turn();
  }
  EXPECT_EQ(read, 3300U);
  slow.stream.close();
  turn();
}

TEST_F(StreamTest, NothingIsWatchedForWritingWithoutNeed) {
  owner.stream.write_copy("hello");
  const base::Instant before = kernel.now();
  turn(1s);
  EXPECT_EQ(kernel.now(), before + 1s);
}

TEST_F(StreamTest, WritingInsideOnDrainedMayBlockAgain) {
  kernel.script(Call::send, {Step::at_most(1), Step::as_usual(), Step::at_most(1)});
  owner.on_drained_act = [&] {
    owner.on_drained_act = nullptr;
    owner.stream.write_copy("second");
  };
  owner.stream.write_copy("first ");
  for (int i = 0; i < 3; ++i) turn();
  EXPECT_EQ(peer.read(), "first second");
  EXPECT_EQ(owner.heard, "drained drained ");
}

TEST_F(StreamTest, WriteFailureIsToldLater) {
  peer.close();
  owner.stream.write_copy("into the void");
  owner.stream.write_copy("and noticed");
  EXPECT_FALSE(owner.stream.is_open());
  EXPECT_EQ(owner.heard, "");
  turn();
  EXPECT_EQ(owner.heard, "closed ");
  EXPECT_EQ(owner.end.cause, Cause::peer_failed);
}

// Ends.

TEST_F(StreamTest, CloseIsToldFromTheReap) {
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

TEST_F(StreamTest, CloseWithUnreadInputDestroysTheAnswerAndFinishDoesNot) {
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

TEST_F(StreamTest, FinishFlushesFirst) {
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

TEST_F(StreamTest, LingerEndsByItsDeadline) {
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

TEST_F(StreamTest, UnflushedFinishEndsInAReset) {
  kernel.set_buffer_bytes(10);
  Owner server;
  SimulatedPeer client;
  open(server, client);
  server.stream.write_copy("more than the buffer holds");
  server.stream.finish(2s);
  while (server.heard.empty()) turn(1s);
  EXPECT_EQ(server.end.cause, Cause::unflushed);
  EXPECT_TRUE(client.saw_reset());
}

TEST_F(StreamTest, OwnerMayDestroyOrReopenInOnClosed) {
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

TEST_F(StreamTest, StreamsMayCloseAndDestroyEachOtherInOneTurn) {
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

TEST_F(StreamTest, ReplacedDescriptorDoesNotGetTheOldOnesEvents) {
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

TEST_F(StreamTest, FailedOpenClosesTheSocket) {
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
