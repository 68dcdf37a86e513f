#include "io/stream_fixture.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace usher::io {
namespace {

using namespace std::chrono_literals;
using Call = SimulatedKernel::Call;
using Step = SimulatedKernel::Step;
using Cause = StreamEnd::Cause;
using Owner = StreamOwner;

static_assert(sizeof(Stream) <= 48);

using StreamTest = StreamFixture;

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

}  // namespace
}  // namespace usher::io
