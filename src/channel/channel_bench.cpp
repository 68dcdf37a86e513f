// One publication from append to advance, without the write.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "channel/hub.hpp"

namespace usher::channel {
namespace {

void publish_to_all(benchmark::State& state, dialect::Form form) {
  const auto subscribers = static_cast<std::uint32_t>(state.range(0));
  const std::string payload = "{\"text\":\"" + std::string(53, 'x') + "\"}";
  Hub hub;
  const ChannelId channel = hub.open("room.1", {});
  for (std::uint32_t i = 0; i < subscribers; ++i) hub.subscribe(channel, {i, 1}, form, OnLoss::tell_gap);
  std::vector<ReadySubscription> ready;
  base::Slice slices[16];
  for (auto _ : state) {
    PublicationDraft draft(PublicationParts{.json = dialect::PayloadJson::value, .payload = payload});
    hub.append(channel, std::move(draft).seal());
    ready.clear();
    hub.take_ready(ready, subscribers);
    for (const ReadySubscription& each : ready) {
      const Gathered gathered = hub.gather(each.subscription, slices);
      benchmark::DoNotOptimize(slices[0].data);
      hub.advance(each.subscription, gathered.frames);
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void publish_raw(benchmark::State& state) { publish_to_all(state, dialect::Form::raw); }
void publish_json(benchmark::State& state) { publish_to_all(state, dialect::Form::json); }

BENCHMARK(publish_raw)->Arg(1)->Arg(1000);
BENCHMARK(publish_json)->Arg(1)->Arg(1000);

/// As many channels as publications: nothing is warm.
void publish_to_many_channels(benchmark::State& state) {
  const auto channels = static_cast<std::uint32_t>(state.range(0));
  Hub hub;
  std::vector<ChannelId> ids;
  for (std::uint32_t i = 0; i < channels; ++i) {
    ids.push_back(hub.open("user." + std::to_string(i), {}));
    hub.subscribe(ids.back(), {i, 1}, dialect::Form::raw, OnLoss::tell_gap);
  }
  const std::string payload(64, 'x');
  std::vector<ReadySubscription> ready;
  base::Slice slices[16];
  std::size_t next = 0;
  for (auto _ : state) {
    hub.append(ids[next++ % channels], PublicationDraft(PublicationParts{.payload = payload}).seal());
    ready.clear();
    hub.take_ready(ready, 1);
    hub.advance(ready[0].subscription, hub.gather(ready[0].subscription, slices).frames);
  }
}
BENCHMARK(publish_to_many_channels)->Arg(10000);

}  // namespace
}  // namespace usher::channel
