#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "broker/contract_test.hpp"
#include "broker/memory/memory_broker.hpp"

namespace usher::broker {

/// A node with several workers on one thread and on virtual time, for tests. Mailboxes hold so much mail and no more.
class SimulatedNode final : public BrokerHarness {
 public:
  SimulatedNode(std::size_t workers, std::size_t mailbox_size, const HomeLimits& limits = {}) {
    for (std::size_t i = 0; i < workers; ++i) workers_.push_back(std::make_unique<Worker>(*this, i, workers, limits));
    mailbox_size_ = mailbox_size;
  }

  std::size_t workers() const override { return workers_.size(); }
  MemoryBroker& broker(std::size_t worker) override { return workers_[worker]->broker; }
  Recorder& recorder(std::size_t worker) override { return workers_[worker]->recorder; }
  Moment now() const override { return now_; }
  void pass(base::Duration duration) {
    now_.instant = now_.instant + duration;
    now_.wall = now_.wall + duration;
    for (auto& worker : workers_) {
      if (worker->broker.deadline() <= now_.instant) worker->broker.on_deadline(now_);
    }
  }

  /// One worker reads one mail. False when it has none.
  bool deliver_one(std::size_t worker) {
    Worker& reader = *workers_[worker];
    if (reader.mailbox.empty()) return false;
    BrokerMail mail = std::move(reader.mailbox.front());
    reader.mailbox.pop_front();
    reader.broker.receive(std::move(mail), now_);
    for (const std::size_t sender : std::exchange(reader.owed, {})) {
      workers_[sender]->broker.on_room(static_cast<WorkerIndex>(worker), now_);
    }
    return true;
  }

  void settle() override {
    bool moved = true;
    while (moved) {
      moved = false;
      for (auto& worker : workers_) worker->broker.flush(now_);
      for (std::size_t i = 0; i < workers_.size(); ++i) moved = deliver_one(i) || moved;
    }
  }

  /// A channel whose home is this worker.
  std::string name_at_home(std::size_t worker) {
    for (int i = 0;; ++i) {
      std::string name = "room." + std::to_string(i);
      if (broker(0).home_of(name) == worker) return name;
    }
  }

 private:
  struct Worker final : WorkerPost {
    Worker(SimulatedNode& its_node, std::size_t its_index, std::size_t workers, const HomeLimits& limits)
        : node(its_node),
          index(its_index),
          broker({.worker = static_cast<WorkerIndex>(its_index),
                  .workers = static_cast<WorkerIndex>(workers),
                  .limits = limits},
                 *this, recorder, [this] { return node.next_epoch(); }) {}

    bool try_post(WorkerIndex to, BrokerMail& mail) override {
      Worker& reader = *node.workers_[to];
      if (reader.mailbox.size() >= node.mailbox_size_) {
        reader.owed.push_back(index);
        return false;
      }
      reader.mailbox.push_back(std::move(mail));
      return true;
    }

    SimulatedNode& node;
    std::size_t index;
    std::deque<BrokerMail> mailbox;
    std::vector<std::size_t> owed;  ///< who waits for room
    Recorder recorder;
    MemoryBroker broker;
  };

  channel::Epoch next_epoch() { return *channel::Epoch::parse("e" + std::to_string(epochs_++)); }

  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t mailbox_size_ = 0;
  std::size_t epochs_ = 0;
  Moment now_{.instant = base::Instant::from_nanoseconds(1'000'000'000), .wall = {1795357739000}};
};

}  // namespace usher::broker
