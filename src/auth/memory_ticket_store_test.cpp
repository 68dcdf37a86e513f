#include "auth/memory_ticket_store.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace usher::auth {
namespace {

using namespace std::chrono_literals;

constexpr base::Instant start = base::Instant::from_nanoseconds(1'000'000'000'123);

TicketHash hash_of(int number) { return sha256(std::to_string(number)); }

PutOutcome put(MemoryTicketStore& store, int number, base::Duration ttl, base::Instant now) {
  std::optional<PutOutcome> outcome;
  TicketRecord record;
  record.grant.user = std::to_string(number);
  store.put(hash_of(number), std::move(record), ttl, now, [&](PutOutcome result) { outcome = result; });
  return outcome.value();
}

/// "ok", "late" when the record came with no time left, or the refusal's name.
std::string redeem(MemoryTicketStore& store, int number, base::Instant now) {
  std::string outcome;
  store.redeem(hash_of(number), now, [&](base::Result<Redemption, TicketRefusal> result) {
    ASSERT_EQ(outcome, "");
    if (!result) {
      outcome = ticket_refusal_name(result.error());
      return;
    }
    EXPECT_EQ(result->record.grant.user, std::to_string(number));
    outcome = result->remaining > base::Duration::zero() ? "ok" : "late";
  });
  return outcome;
}

TEST(MemoryTicketStore, AdmitsOnceAndRecognisesReplays) {
  MemoryTicketStore store({});
  EXPECT_EQ(redeem(store, 1, start), "unknown");
  EXPECT_EQ(put(store, 1, 30s, start), PutOutcome::stored);
  EXPECT_EQ(store.unspent(), 1U);
  int admitted = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string outcome = redeem(store, 1, start + 1s);
    if (outcome == "ok") {
      ++admitted;
    } else {
      ASSERT_EQ(outcome, "replayed");
    }
  }
  EXPECT_EQ(admitted, 1);
  EXPECT_EQ(store.unspent(), 0U);
  EXPECT_EQ(redeem(store, 2, start + 1s), "unknown");
}

struct EdgeCase {
  base::Duration ttl;
  base::Duration after;
  const char* outcome;
};

TEST(MemoryTicketStore, EndsToTheMillisecond) {
  const EdgeCase cases[] = {
      {30s, 0ms, "ok"},          {30s, 29999ms, "ok"},     {30s, 30000ms, "late"}, {30s, 30001ms, "late"},
      {1s, 999ms, "ok"},         {1s, 1000ms, "late"},     {60s, 59999ms, "ok"},   {60s, 60000ms, "late"},
      {3600s, 59999ms, "ok"},    {3600s, 60000ms, "late"}, {0s, 0ms, "late"},      {-5s, 0ms, "late"},
      {30s, 30s + 119s, "late"}, {30s, 24h, "unknown"},
  };
  for (const EdgeCase& c : cases) {
    MemoryTicketStore store({});
    ASSERT_EQ(put(store, 1, c.ttl, start), PutOutcome::stored);
    EXPECT_EQ(redeem(store, 1, start + c.after), c.outcome) << c.ttl.count() << ' ' << c.after.count();
  }
}

TEST(MemoryTicketStore, RemembersSpentTicketsUntilTheyWouldHaveEnded) {
  MemoryTicketStore store({});
  for (int i = 0; i < 60; ++i) ASSERT_EQ(put(store, i, 60s, start), PutOutcome::stored);
  for (int i = 0; i < 60; ++i) ASSERT_EQ(redeem(store, i, start + std::chrono::seconds(i)), "ok");
  for (int i = 0; i < 60; ++i) ASSERT_EQ(redeem(store, i, start + 59999ms), "replayed");
  for (int i = 0; i < 60; ++i) ASSERT_EQ(redeem(store, i, start + 10min), "unknown");
  EXPECT_EQ(store.entries(), 0U);
}

TEST(MemoryTicketStore, IsFullOfUnspentTicketsOnly) {
  MemoryTicketStore store({.outstanding = 3, .ttl_max = 60s});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(put(store, i, 60s, start), PutOutcome::stored);
  EXPECT_EQ(put(store, 3, 60s, start), PutOutcome::full);
  EXPECT_EQ(redeem(store, 3, start), "unknown");
  EXPECT_EQ(redeem(store, 0, start), "ok");
  EXPECT_EQ(put(store, 4, 10s, start), PutOutcome::stored);
  EXPECT_EQ(put(store, 5, 10s, start), PutOutcome::full);
  EXPECT_EQ(put(store, 5, 10s, start + 11s), PutOutcome::stored) << "the ticket of ten seconds no longer counts";
}

TEST(MemoryTicketStore, ForgetsTheOldestMarksFirst) {
  MemoryTicketStore store({.outstanding = 2, .ttl_max = 60s});
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(put(store, i, 60s, start), PutOutcome::stored);
    ASSERT_EQ(redeem(store, i, start), "ok");
    ASSERT_LE(store.entries(), 3U);
  }
  EXPECT_EQ(redeem(store, 0, start), "unknown");
  EXPECT_EQ(redeem(store, 2, start), "unknown");
  EXPECT_EQ(redeem(store, 3, start), "replayed");
  EXPECT_EQ(redeem(store, 4, start), "replayed");
}

TEST(MemoryTicketStore, EmptiesItselfWhileNobodyAsks) {
  MemoryTicketStore store({});
  for (int i = 0; i < 1000; ++i)
    ASSERT_EQ(put(store, i, std::chrono::milliseconds(1 + i * 59), start), PutOutcome::stored);
  store.sweep(start + 30s);
  EXPECT_LE(store.unspent(), 510U);
  EXPECT_GE(store.unspent(), 491U);
  store.sweep(start + 61s);
  EXPECT_EQ(store.unspent(), 0U);
  EXPECT_EQ(store.entries(), 1000U);
  store.sweep(start + 200s);
  EXPECT_EQ(store.entries(), 0U);
}

TEST(MemoryTicketStore, AgreesWithASimpleModel) {
  constexpr unsigned seed = 7;
  std::mt19937 random(seed);
  MemoryTicketStore store({.outstanding = 1000000, .ttl_max = 10s});
  struct Known {
    base::Instant expires;
    bool spent = false;
  };
  std::vector<Known> known;
  base::Instant now = start;
  for (int step = 0; step < 20000; ++step) {
    now = now + std::chrono::milliseconds(random() % 20);
    if (random() % 2 == 0) {
      const base::Duration ttl = std::chrono::milliseconds(random() % 10001);
      ASSERT_EQ(put(store, static_cast<int>(known.size()), ttl, now), PutOutcome::stored);
      known.push_back({now + ttl});
      continue;
    }
    if (known.empty()) continue;
    const std::size_t back = random() % std::min<std::size_t>(known.size(), 1500);
    Known& ticket = known[known.size() - 1 - back];
    const std::string outcome = redeem(store, static_cast<int>(known.size() - 1 - back), now);
    if (now < ticket.expires) {
      ASSERT_EQ(outcome, ticket.spent ? "replayed" : "ok") << "seed " << seed << " step " << step;
    } else if (now < ticket.expires + 10s) {
      ASSERT_EQ(outcome, ticket.spent ? "replayed" : "late") << "seed " << seed << " step " << step;
    } else {
      ASSERT_NE(outcome, "ok") << "seed " << seed << " step " << step;
    }
    ticket.spent = true;
  }
}

TEST(MemoryTicketStore, MayBeCalledAgainFromACompletion) {
  MemoryTicketStore store({.outstanding = 1, .ttl_max = 60s});
  ASSERT_EQ(put(store, 1, 60s, start), PutOutcome::stored);
  std::string inner;
  store.redeem(hash_of(1), start, [&](base::Result<Redemption, TicketRefusal> result) {
    EXPECT_TRUE(result.ok());
    EXPECT_EQ(put(store, 2, 60s, start), PutOutcome::stored);
    inner = redeem(store, 1, start);
  });
  EXPECT_EQ(inner, "replayed");
}

TEST(Shard, SpreadsTickets) {
  constexpr std::size_t workers = 3;
  std::array<int, workers> counts{};
  for (int i = 0; i < 3000; ++i) ++counts[shard_of(hash_of(i), workers)];
  for (const int count : counts) EXPECT_NEAR(count, 1000, 150);
  EXPECT_EQ(shard_of(hash_of(1), 1), 0U);
}

TEST(TicketRefusal, HasOneNameEach) {
  std::set<std::string_view> names;
  for (const TicketRefusal refusal :
       {TicketRefusal::unknown, TicketRefusal::expired, TicketRefusal::replayed, TicketRefusal::address,
        TicketRefusal::origin, TicketRefusal::path, TicketRefusal::malformed, TicketRefusal::unavailable}) {
    names.insert(ticket_refusal_name(refusal));
  }
  EXPECT_EQ(names.size(), 8U);
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace usher::auth
