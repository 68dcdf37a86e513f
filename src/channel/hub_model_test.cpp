// Hub under random use, held against the simplest model there is: a subscriber reads 1, 2, 3 …, and whatever number it
// does not read it is told about.

#include <gtest/gtest.h>

#include <charconv>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "channel/hub.hpp"

namespace usher::channel {
namespace {

struct ModelSubscriber {
  SubscriptionId id{};
  OnLoss on_loss = OnLoss::tell_gap;
  bool blocked = false;
  bool lost = false;
  std::uint64_t next = 1;  ///< the offset that it reads next
};

std::uint64_t number_in(const base::Slice& slice, dialect::Form form) {
  std::string_view text(slice.data, slice.size);
  text.remove_prefix(form == dialect::Form::raw ? 2 : text.rfind("\"data\":") + 7);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class Model {
 public:
  Model(std::uint64_t seed, std::size_t log_bytes_max) : random_(seed), log_bytes_max_(log_bytes_max) {
    channel_ = hub_.open("room.1", {.log_bytes_max = log_bytes_max});
    begin_epoch("e0");
    hub_.set_position(channel_, {0, epochs_.rbegin()->second});
  }

  void step() {
    switch (below(12)) {
      case 0:
        return subscribe();
      case 1:
        return unsubscribe();
      case 2:
        return toggle_blocked();
      case 3:
        return below(20) == 0 ? gap() : publish();
      case 4:
      case 5:
        return flush(1 + below(4));
      default:
        return publish();
    }
  }

  void finish() {
    for (auto& [session, subscriber] : subscribers_) {
      subscriber.blocked = false;
      hub_.set_blocked(subscriber.id, false);
    }
    flush(SIZE_MAX);
    EXPECT_EQ(hub_.log_bytes(), 0u) << "nobody is behind, so nothing is kept";
    for (auto& [session, subscriber] : subscribers_) {
      const bool silent = subscriber.on_loss == OnLoss::silent_latest;
      EXPECT_TRUE(subscriber.lost || silent || subscriber.next == top_ + 1);
      EXPECT_FALSE(!subscriber.lost && hub_.behind(subscriber.id));
    }
    EXPECT_EQ(hub_.subscriptions(), subscribers_.size());
  }

  std::uint64_t missed() const { return missed_; }

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  void begin_epoch(const std::string& name) { epochs_[top_] = *Epoch::parse(name); }
  /// The epoch in which one stands behind this offset.
  const Epoch& epoch_at(std::uint64_t offset) const { return std::prev(epochs_.upper_bound(offset))->second; }

  PublicationRef make(std::uint64_t offset) {
    const std::string tags = "{\"p\":\"" + std::string(below(200), 'x') + "\"}";
    PublicationDraft draft({.payload = std::to_string(offset), .user = std::nullopt, .info = {}, .tags = tags});
    draft.set_offset(offset);
    return std::move(draft).seal();
  }

  void publish() {
    ++top_;
    kept_[top_] = make(top_);
    hub_.append(channel_, kept_[top_]);
    const std::size_t newest = kept_[top_]->memory_bytes() + sizeof(LogEntry);
    EXPECT_LE(hub_.log_bytes(), std::max(log_bytes_max_, newest));
    take_lost();
  }

  void gap() {
    const std::uint64_t missed = 1 + below(5);
    top_ += missed;
    kept_.clear();
    if (below(2) == 0) begin_epoch("e" + std::to_string(top_));
    Gap gap{.missed = missed, .position = Position{top_, epoch_at(top_)}};
    if (below(3) == 0) gap.missed.reset();
    hub_.append_gap(channel_, gap);
    take_lost();
  }

  void subscribe() {
    constexpr dialect::Form forms[] = {dialect::Form::raw, dialect::Form::json, dialect::Form::json_deflate_12};
    constexpr OnLoss policies[] = {OnLoss::tell_gap, OnLoss::tell_latest, OnLoss::silent_latest, OnLoss::disconnect};
    std::vector<PublicationRef> backlog;
    const std::size_t wanted = below(3) == 0 ? below(kept_.size() + 1) : 0;
    for (auto each = std::prev(kept_.end(), static_cast<std::ptrdiff_t>(wanted)); each != kept_.end(); ++each) {
      backlog.push_back(each->second);
    }
    const auto form = forms[below(3)];
    ModelSubscriber subscriber{.on_loss = policies[below(4)], .next = top_ + 1 - backlog.size()};
    const base::Handle session{next_session_, form == dialect::Form::raw ? 0u : 1u};
    subscriber.id = hub_.subscribe(channel_, session, form, subscriber.on_loss, backlog);
    subscribers_[next_session_++] = subscriber;
  }

  void unsubscribe() {
    if (subscribers_.empty()) return;
    const auto chosen = std::next(subscribers_.begin(), static_cast<std::ptrdiff_t>(below(subscribers_.size())));
    hub_.unsubscribe(chosen->second.id);
    EXPECT_FALSE(hub_.behind(chosen->second.id));
    subscribers_.erase(chosen);
  }

  void toggle_blocked() {
    if (subscribers_.empty()) return;
    const auto chosen = std::next(subscribers_.begin(), static_cast<std::ptrdiff_t>(below(subscribers_.size())));
    chosen->second.blocked = !chosen->second.blocked;
    hub_.set_blocked(chosen->second.id, chosen->second.blocked);
  }

  void take_lost() {
    std::vector<ReadySubscription> lost;
    hub_.take_lost(lost);
    for (const ReadySubscription& each : lost) {
      const auto found = subscribers_.find(each.session.index);
      if (found == subscribers_.end()) continue;
      EXPECT_EQ(found->second.on_loss, OnLoss::disconnect);
      EXPECT_FALSE(found->second.lost) << "named twice";
      found->second.lost = true;
      if (const auto position = hub_.position_of(each.subscription)) {
        EXPECT_EQ(position->offset, found->second.next - 1);
        EXPECT_EQ(position->epoch, epoch_at(position->offset));
      }
    }
  }

  void flush(std::size_t rounds) {
    std::vector<ReadySubscription> ready;
    for (; rounds > 0; --rounds) {
      ready.clear();
      hub_.take_ready(ready, 1 + below(8));
      if (ready.empty()) break;
      for (const ReadySubscription& each : ready) {
        const auto found = subscribers_.find(each.session.index);
        if (found == subscribers_.end()) continue;
        EXPECT_FALSE(found->second.blocked);
        take_lost();
        if (found->second.lost) continue;
        read(found->second, each.session.generation == 0 ? dialect::Form::raw : dialect::Form::json);
        if (below(30) == 0) unsubscribe();
        if (below(30) == 0) publish();
      }
    }
    take_lost();
  }

  void read(ModelSubscriber& subscriber, dialect::Form form) {
    if (const auto gap = hub_.take_gap(subscriber.id)) {
      EXPECT_TRUE(subscriber.on_loss == OnLoss::tell_gap || subscriber.on_loss == OnLoss::tell_latest);
      EXPECT_EQ(subscriber.next + gap->missed.value_or(gap->position->offset + 1 - subscriber.next),
                gap->position->offset + 1);
      EXPECT_GT(gap->position->offset, subscriber.next - 1);
      EXPECT_EQ(gap->position->epoch, epoch_at(gap->position->offset));
      missed_ += gap->position->offset + 1 - subscriber.next;
      subscriber.next = gap->position->offset + 1;
    }
    base::Slice slices[5];
    const Gathered gathered = hub_.gather(subscriber.id, slices);
    const std::size_t taken = gathered.frames == 0 ? 0 : 1 + below(gathered.frames);
    for (std::size_t i = 0; i < taken; ++i) {
      const std::uint64_t number = number_in(slices[i], form);
      if (subscriber.on_loss == OnLoss::silent_latest) {
        EXPECT_GE(number, subscriber.next);
      } else {
        EXPECT_EQ(number, subscriber.next);
      }
      subscriber.next = number + 1;
    }
    hub_.advance(subscriber.id, taken);
    // Whoever asks for silence goes over gaps in silence.
    const bool went_over_all = taken > 0 && taken == gathered.frames && subscriber.on_loss != OnLoss::silent_latest;
    EXPECT_TRUE(!went_over_all || gathered.more == hub_.behind(subscriber.id));
    if (subscriber.on_loss == OnLoss::silent_latest && !hub_.behind(subscriber.id)) subscriber.next = top_ + 1;
    const auto position = hub_.position_of(subscriber.id);
    ASSERT_TRUE(position.has_value());
    EXPECT_TRUE(subscriber.on_loss == OnLoss::silent_latest || position->offset == subscriber.next - 1);
  }

  std::mt19937_64 random_;
  std::size_t log_bytes_max_;
  Hub hub_;
  ChannelId channel_;
  std::uint64_t top_ = 0;
  std::map<std::uint64_t, PublicationRef> kept_;  ///< what a backlog can be made of
  std::map<std::uint64_t, Epoch> epochs_;         ///< by the offset behind which they begin
  std::map<std::uint32_t, ModelSubscriber> subscribers_;
  std::uint32_t next_session_ = 0;
  std::uint64_t missed_ = 0;
};

void run(std::uint64_t seed, std::size_t log_bytes_max) {
  SCOPED_TRACE("seed " + std::to_string(seed) + ", log of " + std::to_string(log_bytes_max));
  Model model(seed, log_bytes_max);
  for (int step = 0; step < 2000 && !testing::Test::HasFailure(); ++step) model.step();
  if (!testing::Test::HasFailure()) model.finish();
}

TEST(HubModel, EverybodyReadsEverythingOrIsTold) {
  const std::uint64_t seed = std::random_device()();
  for (std::uint64_t i = 0; i < 150 && !HasFailure(); ++i) {
    run(seed + i, 700);
    run(seed + i, 6000);
    run(seed + i, std::size_t{1} << 30);
  }
}

}  // namespace
}  // namespace usher::channel
