// An Outcome through the pipe of a child process: 63 links and a place. An iteration is a page.
#include <benchmark/benchmark.h>

#include "backends/frame.h"
#include "backends/wire.h"
#include "tests/bench/microbench_site.h"

namespace placer::bench {
namespace {

Outcome page_with_place() {
  Request request;
  request.id = 17;
  request.url = kOrigin + path_of(4712);
  return outcome_of(std::move(request), 4712);
}

void OutcomeEncoded(benchmark::State& state) {
  const Outcome outcome = page_with_place();
  std::string pipe;
  for (auto _ : state) {
    pipe.clear();
    append_frame(pipe, FrameType::kOutcome, encode(outcome));
    benchmark::DoNotOptimize(pipe.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(pipe.size() * state.iterations()));
  state.SetLabel("in the child; budget 3 us a page");
}
BENCHMARK(OutcomeEncoded)->Unit(benchmark::kMicrosecond);

void OutcomeDecoded(benchmark::State& state) {
  std::string pipe;
  append_frame(pipe, FrameType::kOutcome, encode(page_with_place()));
  for (auto _ : state) {
    FrameReader reader;
    reader.append(pipe);
    const auto frame = reader.next();
    benchmark::DoNotOptimize(decode_outcome((*frame)->payload));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(pipe.size() * state.iterations()));
  state.SetLabel("in the engine; budget 7 us a page");
}
BENCHMARK(OutcomeDecoded)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace placer::bench
