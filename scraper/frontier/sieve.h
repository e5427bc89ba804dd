// Which of the links found are new: duplicates fall through, in batches.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "scraper/frontier/recent_urls.h"
#include "scraper/storage.h"

namespace placer {

// Links wait here until the next commit; then all that a small cache of recent URLs does not know
// are looked up together, in order of their fingerprints, so that the set on disk is read once
// from its beginning to its end instead of here and there for every link.
//
// Confined to the engine's thread. `storage` must outlive it.
class Sieve {
 public:
  explicit Sieve(Storage& storage) : storage_(storage) {}

  struct Found {
    Link link;
    std::size_t parent = 0;      // the page it stands on, as the caller counts them
    std::size_t completion = 0;  // what it becomes a part of, likewise
    // The link is only a fingerprint: URL and depth are those of the page on record; the URL stays
    // empty when there is none.
    bool on_record = false;
    std::uint32_t depth = 0;
  };

  // What the cache knows of a URL; it may have been found even if the answer is nothing.
  std::optional<Known> recent(std::uint64_t fingerprint) const { return recent_.find(fingerprint); }

  // A URL was decided about elsewhere.
  void decided(std::uint64_t fingerprint, std::optional<FilterReason> filtered_as) {
    recent_.set(fingerprint, filtered_as);
  }

  void add(Found found) { found_.push_back(std::move(found)); }
  bool empty() const { return found_.empty(); }

  // Calls `judge(Found&, Known&)` for every link that waits, in the order of add(). What the judge
  // writes into Known holds for the links after it and for the calls to come.
  // REQUIRES: what earlier calls decided has been committed.
  template <class Judge>
  Result<void> run(Judge&& judge) {
    std::vector<Found> links = std::exchange(found_, {});
    if (auto done = look_up(links); !done) return done;
    for (Found& found : links) {
      const auto at = std::ranges::lower_bound(fingerprints_, found.link.fingerprint);
      Known& known = known_[static_cast<std::size_t>(at - fingerprints_.begin())];
      judge(found, known);
      if (known.found) recent_.set(found.link.fingerprint, known.filtered_as);
    }
    return {};
  }

 private:
  Result<void> look_up(std::vector<Found>& links);

  Storage& storage_;
  RecentUrls recent_;
  std::vector<Found> found_;
  std::vector<std::uint64_t> fingerprints_;  // of the present run, sorted
  std::vector<Known> known_;                 // of each
};

}  // namespace placer
