#include <benchmark/benchmark.h>

#include <string>

#include "websocket/connection.hpp"
#include "websocket/masking.hpp"
#include "websocket/utf8.hpp"

namespace usher::websocket {
namespace {

void unmask_payload(benchmark::State& state) {
  std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    unmask(bytes, {1, 2, 3, 4}, 1);
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(unmask_payload)->Arg(16)->Arg(64)->Arg(1024)->Arg(65536);

void validate_utf8(benchmark::State& state, std::string_view unit) {
  std::string text;
  while (text.size() < static_cast<std::size_t>(state.range(0))) text += unit;
  for (auto _ : state) {
    Utf8Validator validator;
    benchmark::DoNotOptimize(validator.append(text));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(validate_utf8, ascii, "a")->Arg(16)->Arg(64)->Arg(4096);
BENCHMARK_CAPTURE(validate_utf8, greek, "κόσμε")->Arg(16)->Arg(64)->Arg(4096);

/// The same 16 messages of 64 bytes again and again. Unmasking in place makes them plain, so each round begins with a
/// copy, which the second benchmark measures alone.
std::string pipelined(Opcode opcode) {
  std::string bytes;
  for (int i = 0; i < 16; ++i) append_masked_frame(bytes, opcode, Rsv1::clear, std::string(64, 'x'), {1, 2, 3, 4});
  return bytes;
}

void receive_16_messages(benchmark::State& state, Opcode opcode) {
  const std::string input = pipelined(opcode);
  std::string buffer = input;
  ConnectionResources resources;
  Connection connection({}, resources);
  for (auto _ : state) {
    std::copy(input.begin(), input.end(), buffer.begin());
    connection.receive(buffer, {});
    for (;;) {
      const Event event = connection.next_event();
      if (event.kind == Event::Kind::none) break;
      benchmark::DoNotOptimize(event.payload.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * 16);
}
BENCHMARK_CAPTURE(receive_16_messages, text, Opcode::text);
BENCHMARK_CAPTURE(receive_16_messages, binary, Opcode::binary);

void copy_of_16_messages(benchmark::State& state) {
  const std::string input = pipelined(Opcode::binary);
  std::string buffer = input;
  for (auto _ : state) {
    std::copy(input.begin(), input.end(), buffer.begin());
    benchmark::DoNotOptimize(buffer.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 16);
}
BENCHMARK(copy_of_16_messages);

void write_a_header(benchmark::State& state) {
  char header[frame_header_bytes_max];
  std::uint64_t length = 64;
  for (auto _ : state) {
    benchmark::DoNotOptimize(length);
    benchmark::DoNotOptimize(write_server_header(header, Opcode::text, Rsv1::clear, length));
  }
}
BENCHMARK(write_a_header);

}  // namespace
}  // namespace usher::websocket
