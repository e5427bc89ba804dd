// URLs: from the href as written to the link that goes to the frontier. An iteration is a page.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "scraper/page/resolve_links.h"
#include "tests/bench/microbench_site.h"

namespace placer::bench {
namespace {

constexpr std::uint64_t kPage = 4711;

void UrlsParsed(benchmark::State& state) {
  const std::vector<std::string> hrefs = hrefs_of(kPage);
  const auto base = Url::parse(kOrigin + path_of(kPage));
  for (auto _ : state) {
    for (const std::string& href : hrefs) benchmark::DoNotOptimize(Url::parse(href, &*base));
  }
  state.SetLabel("63 hrefs; part of LinksResolved");
}
BENCHMARK(UrlsParsed)->Unit(benchmark::kMicrosecond);

void KeysMade(benchmark::State& state) {
  std::vector<Url> urls;
  const auto base = Url::parse(kOrigin + path_of(kPage));
  for (const std::string& href : hrefs_of(kPage)) urls.push_back(*Url::parse(href, &*base));
  for (auto _ : state) {
    for (const Url& url : urls) benchmark::DoNotOptimize(fingerprint(dedupe_key(url)));
  }
  state.SetLabel("63 fingerprints; part of LinksResolved");
}
BENCHMARK(KeysMade)->Unit(benchmark::kMicrosecond);

void LinksResolved(benchmark::State& state) {
  const std::vector<std::string> hrefs = hrefs_of(kPage);
  std::vector<Reference> references;
  for (const std::string& href : hrefs) references.push_back({href, LinkKind::kAnchor, false});
  const auto base = Url::parse(kOrigin + path_of(kPage));
  const Bases bases{&*base, &*base};
  for (auto _ : state) benchmark::DoNotOptimize(resolve_links(references, bases));
  state.SetLabel("budget 10 us a page");
}
BENCHMARK(LinksResolved)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace placer::bench
