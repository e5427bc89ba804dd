// A crawl of a simulated web in one thread: a made-up clock, a backend that answers in any order,
// a storage that fails, kills; and a judge who knows the truth.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "scraper/engine.h"
#include "scraper/storage.h"
#include "tests/simulated_web.h"

namespace placer {

// Time that nobody sets, from which the judge measures; and the wall clock, which is set between
// runs.
struct SimulatedClock {
  Instant steady{std::chrono::hours(24 * 365 * 40)};
  std::chrono::milliseconds offset{0};  // of the wall clock
};

// Watches a crawl, whatever number of runs it takes. Complaints are sentences.
class CrawlJudge {
 public:
  CrawlJudge(const SimulatedWeb& web, const SimulatedClock& clock) : web_(web), clock_(clock) {}

  void run_begins(const Resumed& resumed);
  // The wall clock jumped and the program cannot know.
  void clock_was_set(std::chrono::milliseconds forward);
  void submitted(const Request& request);
  void answered(const Outcome& outcome, Instant started);
  void committed(const std::vector<Completion>& batch, const RunCounters& counters);
  // Of a pass with nothing left to do; URLs behind robots.txt that cannot be had may be queued.
  void pass_ends();

  int pass() const { return pass_; }
  std::size_t queued() const { return queued_.size(); }
  std::size_t known() const { return fates_.size(); }
  // URLs and what became of them: "http://h/1 ok", in order. Why a URL was filtered is left out.
  std::vector<std::string> rows() const;

  std::vector<std::string> complaints;
  std::uint64_t requests = 0;

 private:
  // What a page was read as: what its links are judged by.
  struct Reading {
    std::uint32_t depth = 0;
    std::uint32_t redirects = 0;
    int pass = 0;
  };
  struct Fate {
    bool accepted = false;
    std::optional<FilterReason> filtered;
    std::optional<PageStatus> ended;
    bool unmodified = false;
    Reading reading;
  };
  // What of one host must survive a kill, and what is known in this run.
  struct HostManners {
    std::optional<Instant> last_start;
    Instant wait_until{};  // Retry-After
    Instant durable_wait{};
    std::chrono::milliseconds crawl_delay{0};
    std::map<std::string, std::chrono::milliseconds> durable_delays;  // by origin
    std::string address;
    std::string durable_address;
    std::uint32_t in_flight = 0;
  };

  void complain(const std::string& what);
  void check_manners(const std::string& host, const Request& request);
  void check_wanted(const Request& request);
  void commit_one(const Completion& completion);
  void commit_page(const Completion& completion);
  void commit_origin(const OriginState& origin);
  std::optional<FilterReason> rejects(const SimulatedPage& page, const Reading& reading,
                                      const SimulatedLink& link) const;
  void check_links(const SimulatedPage& page, const Fate& fate);
  bool may_be_missing(const Fate* fate) const;
  void check_reason(const SimulatedPage& page, FilterReason reason,
                    const std::set<FilterReason>& reasons);
  const SimulatedPage* page_of(std::uint64_t fingerprint) const;

  const SimulatedWeb& web_;
  const SimulatedClock& clock_;
  int pass_ = -1;
  std::unordered_map<std::string, HostManners> hosts_;
  std::unordered_map<std::string, Instant> address_starts_;  // of this run
  std::unordered_map<std::uint64_t, Fate> fates_;            // of this pass
  std::unordered_map<std::uint64_t, Reading> readings_;      // the last one that gave links
  std::set<std::uint64_t> queued_;
  std::set<std::uint64_t> carried_;                 // from the pass before
  std::set<std::uint64_t> recorded_;                // pages that were ever fetched
  std::unordered_map<std::string, bool> answered_;  // pages that gave an answer in this run
  std::set<std::string> robots_known_;
  std::size_t ended_count_ = 0;
  std::size_t filtered_count_ = 0;
  // Of the runs before this one in the pass, and of this one as last committed.
  RunCounters before_;
  RunCounters counters_;
  // At the end of a pass: reasons that a page's links give, by page.
  std::unordered_map<std::uint64_t, std::set<FilterReason>> reasons_;
  std::set<std::uint64_t> wanted_;
};

struct SimulatedCrawl {
  std::vector<std::string> complaints;
  std::vector<std::string> rows;  // at the end of the last pass
  std::uint64_t requests = 0;
  std::uint64_t runs = 0;
  std::uint64_t faults = 0;
  std::uint64_t passes = 0;
  bool left_over = false;  // some run could not have all that it wanted
};

// Crawls `web` through all its passes. With `faults` it is killed, storage fails and the wall clock
// is set between runs, all from the seed. `open` gives the storage as a new process would find it.
SimulatedCrawl simulate_crawl(SimulatedWeb& web, std::uint64_t seed, bool faults,
                              const std::function<Storage&()>& open);

}  // namespace placer
