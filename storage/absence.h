// Which places no page states any more.
//
// A place is missing since the first complete pass in which no page stated it, when every page
// that stated it was answered without it: 200 without the place, 404, 410, or moved for good (301,
// 308). A page that the whole pass did not come across counts too, provided the page it was once
// found on was answered, or fell away likewise. Everything else proves nothing: failures,
// timeouts, pages kept out by robots.txt or the scope, pages beyond a limit on their number. A
// place with such a page is not missing; where it was, its time goes on but does not run out.
//
// Once a place has been missing for storage.gone_after, at the end of a complete pass, it is gone:
// gone_since is when it was first missing, its row stays as it was last stated, and what its dead
// pages said is removed. A dead page's word on a place that others state is removed after the same
// time. A place that is stated again comes back at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "scraper/storage.h"
#include "storage/place_store.h"
#include "storage/seen_store.h"
#include "storage/sqlite.h"

namespace placer {

// Whether the pass ended with a run of this outcome. It is spoiled when more than a fifth of its
// pages failed (a 404 is an answer, no failure), or when no start URL led to a page.
PassEnd pass_end(Database& db, std::int64_t pass, RunOutcome outcome);

// The end of one pass. Works inside the caller's transaction, in this order: withdraw(), then
// whatever makes places of observations, then settle(). A function of the database and `now` alone.
class Absence {
 public:
  struct Pass {
    std::int64_t run = 0;  // that ends it
    std::int64_t id = 0;   // as in page.pass
    PassEnd end = PassEnd::kComplete;
    Instant now{};
    std::chrono::milliseconds gone_after{0};
  };

  // REQUIRES: `pass.end` is not kOpen.
  Absence(Database& db, SeenStore& seen, const Pass& pass);

  // Finds the dead pages, and takes back what those said that have been dead for long of places
  // that others state.
  void withdraw(PlaceStore& places);

  // Decides which places are missing, gone, or no longer missing. What a gone place no longer says
  // counts from the next resolution (resolve.h) on.
  void settle();

 private:
  struct Dead;  // how a place stands with its dead pages

  void find_dead_pages();
  std::vector<Dead> places_of_dead_pages();
  void withdraw_from(std::int64_t place, PlaceStore& places);
  void miss(std::int64_t place);
  void read_again(std::int64_t place);

  bool concludes() const { return pass_.end != PassEnd::kSpoiled; }

  Database& db_;
  SeenStore& seen_;
  Pass pass_;
  std::string now_text_;
  std::string gone_before_;  // missing since then or earlier: gone now
  Statement note_missing_;
  Statement note_gone_;
  Statement note_unresolved_;
  Statement delete_observations_;
  Statement record_gone_;
};

}  // namespace placer
