#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <variant>

#include "base/slab.hpp"
#include "broker/memory/mail.hpp"

namespace usher::broker {

/// What waits to be posted to one other worker, in order: mail, and places where a channel's publications will stand
/// that are collected at the last moment. So a worker that does not keep up costs a place per channel; its mail grows
/// with the questions that are open, which are bounded by sessions.
class Outbox {
 public:
  /// A follower's publications up to when they are collected.
  struct Due {
    base::Handle channel;
    base::Handle follow;
  };
  /// Makes the mail of what is due; nothing when nobody waits for it any more.
  using Collect = std::function<std::optional<PublicationsMail>(const Due&)>;

  Outbox(WorkerPost& post, WorkerIndex worker, Collect collect);

  void add(BrokerMail&& mail) { items_.emplace_back(std::move(mail)); }
  /// An outcome for a publisher there; those next to each other travel together.
  void add_outcome(Token token, const Published& published);
  /// The answer names the place for `settle`.
  std::uint64_t add_due(const Due& due);
  /// Collects what is due at that place now, so that it stays before what comes later.
  void settle(std::uint64_t place);

  /// Posts the mail at once, behind what waits. False when there is no room: the mail is as it was.
  bool post_now(BrokerMail& mail);
  /// Posts what there is room for.
  void flush();
  /// Something waits because the mailbox was full.
  bool blocked() const { return blocked_; }
  /// The mailbox has room again.
  void unblock() { blocked_ = false; }

 private:
  using Item = std::variant<BrokerMail, Due, std::monostate>;

  void collect(Item& item);
  bool post(BrokerMail& mail);

  WorkerPost& post_;
  WorkerIndex worker_;
  Collect collect_;
  std::deque<Item> items_;
  std::uint64_t first_place_ = 0;  ///< of the first item
  bool blocked_ = false;
};

}  // namespace usher::broker
