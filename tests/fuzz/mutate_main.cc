// extract_mutations: mutated pages through every extractor, without libFuzzer.
//
// Page K of a seed is always the same, so that a crash can be replayed: --seed N --only K. Which
// page it was is said when a sanitizer, a signal or a minute without an end stops the program;
// blocks of pages are announced, for what stops it without a word.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>

#include "tests/fuzz/extract_input.h"
#include "tests/fuzz/mutation.h"

// Of the sanitizers' runtime; null without one.
// NOLINTNEXTLINE(readability-identifier-naming): the name is the runtime's
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kMostSeconds = 60;  // for one page
constexpr std::uint64_t kBlock = 10'000;

struct Arguments {
  std::uint64_t seed = 1;
  std::uint64_t pages = 10'000;
  std::uint64_t first = 0;
  std::string only;
  std::string corpus;
  std::string save;
};

char last_words[200];  // ready before each page, because a handler cannot make them

void say_last_words() {
  [[maybe_unused]] const auto written =
      write(STDERR_FILENO, last_words, std::char_traits<char>::length(last_words));
}

extern "C" void end_by_signal(int signal) {
  say_last_words();
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void prepare_for_the_worst() {
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(say_last_words);
  } else {
    std::signal(SIGSEGV, end_by_signal);
    std::signal(SIGFPE, end_by_signal);
  }
  std::signal(SIGABRT, end_by_signal);
  std::signal(SIGALRM, end_by_signal);
}

int run(const Arguments& arguments) {
  std::vector<std::string> inputs = placer::fuzz::generated_inputs(arguments.seed);
  if (!arguments.corpus.empty()) {
    std::ranges::move(placer::fuzz::inputs_in(arguments.corpus), std::back_inserter(inputs));
  }
  const placer::fuzz::Mutator mutator(std::move(inputs), arguments.seed);
  const std::uint64_t first =
      arguments.only.empty() ? arguments.first : std::stoull(arguments.only);
  const std::uint64_t end = first + (arguments.only.empty() ? arguments.pages : 1);
  const std::string replay = "extract_mutations --seed " + std::to_string(arguments.seed) +
                             (arguments.corpus.empty() ? "" : " --corpus " + arguments.corpus);
  prepare_for_the_worst();
  std::size_t places = 0;
  std::uint64_t bytes = 0;
  Clock::duration slowest{0};
  std::uint64_t slowest_page = first;
  const auto begin = Clock::now();
  for (std::uint64_t page = first; page < end; ++page) {
    if ((page - first) % kBlock == 0) {
      std::printf("%s: pages %llu and on\n", replay.c_str(), static_cast<unsigned long long>(page));
      std::fflush(stdout);
    }
    std::snprintf(last_words, sizeof last_words, "\nreplay: %s --only %llu\n", replay.c_str(),
                  static_cast<unsigned long long>(page));
    alarm(kMostSeconds);
    const std::string input = mutator.input(page);
    if (!arguments.save.empty()) std::ofstream(arguments.save, std::ios::binary) << input;
    const auto started = Clock::now();
    places += placer::fuzz::extract_and_check(input);
    bytes += input.size();
    if (const auto spent = Clock::now() - started; spent > slowest) {
      slowest = spent;
      slowest_page = page;
    }
  }
  alarm(0);
  const std::chrono::duration<double> spent = Clock::now() - begin;
  std::printf("%s: %llu pages, %.1f MB, %zu places, %.0f pages/s; slowest: page %llu, %.0f ms\n",
              replay.c_str(), static_cast<unsigned long long>(end - first),
              static_cast<double>(bytes) / 1e6, places,
              static_cast<double>(end - first) / spent.count(),
              static_cast<unsigned long long>(slowest_page),
              std::chrono::duration<double, std::milli>(slowest).count());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Arguments arguments;
    CLI::App app("Mutated pages through every extractor");
    app.add_option("--seed", arguments.seed, "Other seeds make other pages");
    app.add_option("--pages", arguments.pages, "How many pages");
    app.add_option("--first", arguments.first, "The number of the first page");
    app.add_option("--only", arguments.only, "Only the page of this number");
    app.add_option("--corpus", arguments.corpus, "A folder of pages to begin with, besides ours")
        ->check(CLI::ExistingDirectory);
    app.add_option("--save", arguments.save, "Write each input to this file before it is read");
    CLI11_PARSE(app, argc, argv);
    return run(arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "extract_mutations: %s\n%s", error.what(), last_words);
    return 1;
  }
}
