#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "broker/broker.hpp"

namespace usher::broker {

/// Writes down what a broker tells its worker, a line each.
class Recorder final : public BrokerEvents {
 public:
  void on_publication(channel::ChannelId channel, const channel::PublicationRef& publication) override;
  void on_gap(channel::ChannelId channel, const channel::Gap& gap) override;
  void on_subscribed(Token token, const Subscribed& subscribed) override;
  void on_published(Token token, const Published& published) override;
  void on_history(Token token, const HistoryAnswer& answer) override;
  void on_channels(Token token, const std::vector<ChannelCount>& channels) override;
  void on_room() override { lines.push_back("room"); }

  /// What was written since the last call.
  std::vector<std::string> take() { return std::exchange(lines, {}); }

  std::vector<std::string> lines;
  channel::Epoch epoch;  ///< of the last position that was told
};

/// Some workers' brokers, joined, with somebody who lets them run.
class BrokerHarness {
 public:
  virtual ~BrokerHarness() = default;
  virtual std::size_t workers() const = 0;
  virtual Broker& broker(std::size_t worker) = 0;
  virtual Recorder& recorder(std::size_t worker) = 0;
  virtual Moment now() const = 0;
  /// Lets everybody work until nothing moves any more.
  virtual void settle() = 0;
};

struct HarnessKind {
  std::string name;
  std::function<std::unique_ptr<BrokerHarness>()> make;

  friend void PrintTo(const HarnessKind& kind, std::ostream* out) { *out << kind.name; }
};

/// What every implementation of the port must do. An implementation instantiates it with its harnesses.
class BrokerContract : public testing::TestWithParam<HarnessKind> {
 protected:
  BrokerContract() : harness_(GetParam().make()) {}

  /// The worker that the contract's second party works on: another one, where there is one.
  std::size_t other() const { return harness_->workers() - 1; }
  void subscribe(std::size_t worker, const std::string& name, Token token, const Start& start = {});
  void publish(std::size_t worker, const std::string& name, const std::string& payload, Token token = 0);
  void unsubscribe(std::size_t worker, const std::string& name);
  void history(std::size_t worker, const std::string& name, const HistoryRequest& request);
  /// The lines since the last call, after everything has settled.
  std::vector<std::string> seen(std::size_t worker);
  channel::Position position(std::uint64_t offset) const { return {offset, harness_->recorder(0).epoch}; }

  ChannelRule rule_{.history =
                        HistoryRule{.size = 3, .ttl = std::chrono::hours(1), .position_ttl = std::chrono::hours(2)}};
  std::unique_ptr<BrokerHarness> harness_;
};

}  // namespace usher::broker
