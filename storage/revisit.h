// When a page is worth another look.
#pragma once

#include <chrono>
#include <cstdint>

#include "scraper/storage.h"
#include "storage/seen_store.h"
#include "storage/sqlite.h"

namespace placer {

// What earlier fetches taught about a page. Days are of 86,400 s.
struct Visits {
  double days = 0;            // from the first fetch to the last
  std::uint64_t checks = 0;   // fetches after the first that told whether it had changed
  std::uint64_t changes = 0;  // how many of them found that it had
};

// Changes per day, as a Poisson process: the estimator of Cho and Garcia-Molina ("Estimating
// frequency of change", 2003), -log((n - x + 0.5) / (n + 0.5)) / interval, with a page that changes
// every other week as if seen once before. Never 0.
double change_rate(const Visits& visits);

// The probability that it has changed `days` after the last fetch.
double change_probability(const Visits& visits, double days);

// How long after the last fetch it will have changed with a probability of one half; 1 hour to 90
// days.
std::chrono::milliseconds due_after(const Visits& visits);

// Puts the pages most worth another look into the queue of a pass that has just begun, the most
// valuable first: at most `budget`, and of each host at most `per_host`.
//
// A page's value is the probability that it has changed since it was fetched, times one more than
// the places it states. Start pages and sitemaps are in every pass and not among them.
//
// Works inside the caller's transaction. REQUIRES: no page on record is in the queue.
struct RevisitBudget {
  std::uint64_t pages = 0;
  std::uint64_t per_host = 0;
};
void queue_revisits(Database& db, SeenStore& seen, const RevisitBudget& budget, Instant now);

}  // namespace placer
