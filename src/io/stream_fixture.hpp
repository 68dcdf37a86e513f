#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "io/simulated_kernel.hpp"
#include "io/stream.hpp"

namespace usher::io {

/// Writes down what it hears; `on_*_act` say what it does inside.
struct StreamOwner final : StreamHandler {
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

inline std::vector<base::Slice> slices_of(const std::vector<std::string>& texts) {
  std::vector<base::Slice> slices;
  for (const std::string& text : texts) slices.push_back({text.data(), text.size(), nullptr});
  return slices;
}

/// An open stream with the test at its other end.
struct StreamFixture : testing::Test {
  void SetUp() override {
    base_descriptors = kernel.open_descriptors();
    open(owner, peer);
  }
  void TearDown() override {
    owner.stream.close();
    turn();
    EXPECT_EQ(kernel.open_descriptors(), base_descriptors);
  }
  void open(StreamOwner& whose, SimulatedPeer& other_end) {
    int fd = -1;
    other_end = kernel.make_pair(fd);
    ASSERT_TRUE(whose.stream.open(loop, Descriptor(kernel, fd)).ok());
  }
  void turn(base::Duration wait = base::Duration::zero()) { loop.run_turn(wait); }

  SimulatedKernel kernel;
  Loop loop{kernel};
  std::size_t base_descriptors = 0;
  StreamOwner owner;
  SimulatedPeer peer;
};

}  // namespace usher::io
