// THE crawl step: fetch -> page -> extract -> place. Every backend runs this one.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "config/config.h"
#include "scraper/extractor.h"
#include "scraper/fetcher.h"
#include "scraper/message.h"

namespace placer {

struct WorkerOptions {
  PageOptions page;
  std::string user_agent;  // whose robots directives a page's links obey
};

// Takes up to any number of Requests at a time and turns each into one Outcome. How many are in
// flight is the caller's choice: one makes it a synchronous worker, many an event loop.
//
// Thread safety: confined to the one thread or process that owns it.
class Worker {
 public:
  Worker(std::unique_ptr<Fetcher> fetcher, std::vector<std::unique_ptr<Extractor>> extractors,
         WorkerOptions options);

  void start(Request request) { fetcher_->start(std::move(request)); }

  // Waits like Fetcher::poll and finishes what has arrived. Returns after at most one page's
  // processing beyond `max_wait`: pages that arrived together come out one poll at a time.
  std::vector<Outcome> poll(std::chrono::milliseconds max_wait, int wake_fd = -1);

  std::size_t in_flight() const { return fetcher_->in_flight() + arrived_.size(); }

 private:
  Outcome process(Fetched fetched) const;
  void read_body(Fetched fetched, Outcome& outcome) const;
  void read_page(Fetched fetched, Outcome& outcome) const;

  std::unique_ptr<Fetcher> fetcher_;
  std::vector<std::unique_ptr<Extractor>> extractors_;
  WorkerOptions options_;
  std::deque<Fetched> arrived_;
  std::chrono::steady_clock::time_point polled_;  // when the fetcher was asked last
};

// Called once inside each thread or process that wants a worker.
using WorkerFactory = std::function<std::unique_ptr<Worker>()>;

}  // namespace placer
