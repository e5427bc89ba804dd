#include "storage/revisit.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "storage/times.h"
#include "storage/url_host.h"

namespace placer {
namespace {

using Days = std::chrono::duration<double, std::ratio<86'400>>;

struct Candidate {
  std::int64_t page = 0;
  HostId host = 0;
  double value = 0;
};

bool is_better(const Candidate& a, const Candidate& b) {
  return a.value != b.value ? a.value > b.value : a.page < b.page;
}

// Leaves what the budget allows, the best first.
void choose(std::vector<Candidate>& pages, const RevisitBudget& budget) {
  std::ranges::sort(pages, [](const Candidate& a, const Candidate& b) {
    return a.host != b.host ? a.host < b.host : is_better(a, b);
  });
  HostId host = 0;
  std::uint64_t of_host = 0;
  std::erase_if(pages, [&](const Candidate& page) {
    if (page.host != host) of_host = 0;
    host = page.host;
    return ++of_host > budget.per_host;
  });
  std::ranges::sort(pages, is_better);
  if (pages.size() > budget.pages) pages.resize(budget.pages);
}

std::map<std::string, HostId, std::less<>> hosts_by_name(Database& db) {
  std::map<std::string, HostId, std::less<>> hosts;
  Statement host(db, "SELECT host, id FROM host", "reading the hosts");
  for (bool row = host.first(); row; row = host.next()) {
    hosts[host.string(0)] = static_cast<HostId>(host.integer(1));
  }
  return hosts;
}

// Memory is bounded by the budget, not by the number of pages.
std::vector<Candidate> chosen_pages(Database& db, const RevisitBudget& budget, Instant now) {
  constexpr std::size_t kMostUnsorted = 500'000;
  const auto hosts = hosts_by_name(db);
  std::vector<Candidate> pages;
  std::size_t kept = 0;
  Statement page(db,
                 "SELECT g.id, g.url, g.first_fetched, g.fetched_at, g.checks, g.changes,"
                 " (SELECT count(*) FROM observation AS o WHERE o.page = g.id)"
                 " FROM page AS g WHERE g.kind = 'page' AND g.depth > 0",
                 "reading the pages");
  for (bool row = page.first(); row; row = page.next()) {
    const auto at = hosts.find(url_host(page.text(1)));
    const auto first = instant_of_text(page.string(2));
    const auto last = instant_of_text(page.string(3));
    if (at == hosts.end() || !first || !last) continue;
    const Visits visits{Days(*last - *first).count(), page.count(4), page.count(5)};
    const double worth = 1.0 + static_cast<double>(page.integer(6));
    const double age = std::max(Days(now - *last).count(), 0.0);
    pages.push_back({page.integer(0), at->second, worth * change_probability(visits, age)});
    if (pages.size() < kept * 2 + kMostUnsorted) continue;
    choose(pages, budget);
    kept = pages.size();
  }
  choose(pages, budget);
  return pages;
}

}  // namespace

double change_rate(const Visits& visits) {
  // As if seen unchanged or changed half and half, once, after a week.
  constexpr double kPriorDays = 7;
  constexpr double kPriorChecks = 1;
  constexpr double kPriorChanges = 0.5;
  const double checks = static_cast<double>(visits.checks) + kPriorChecks;
  const double changes = std::min(static_cast<double>(visits.changes) + kPriorChanges, checks);
  const double interval = (std::max(visits.days, 0.0) + kPriorDays) / checks;
  return -std::log((checks - changes + 0.5) / (checks + 0.5)) / interval;
}

double change_probability(const Visits& visits, double days) {
  return 1 - std::exp(-change_rate(visits) * days);
}

std::chrono::milliseconds due_after(const Visits& visits) {
  const double days = std::clamp(std::log(2.0) / change_rate(visits), 1.0 / 24, 90.0);
  return std::chrono::duration_cast<std::chrono::milliseconds>(Days(days));
}

void queue_revisits(Database& db, SeenStore& seen, const RevisitBudget& budget, Instant now) {
  // A body was sent to where a rule or a locator said; `page` has both.
  Statement insert(db,
                   "INSERT INTO queue SELECT ?1, m.next_seq, g.url, g.fingerprint, g.depth, 0, 0,"
                   " 0, 0, 0, g.body, g.endpoint, 0 FROM page AS g, meta AS m WHERE g.id = ?2"
                   " RETURNING fingerprint",
                   "queueing a page to visit again");
  Statement advance(db, "UPDATE meta SET next_seq = next_seq + 1",
                    "queueing a page to visit again");
  std::map<HostId, std::uint64_t> taken;
  std::vector<SeenUrl> queued;
  for (const Candidate& page : chosen_pages(db, budget, now)) {
    if (!insert.first(page.host, page.page)) continue;
    queued.emplace_back(insert.count(0), std::nullopt);
    insert.next();
    advance.run();
    ++taken[page.host];
  }
  seen.add(queued);
  Statement count(db,
                  "UPDATE host SET queued = queued + ?1, accepted = accepted + ?1 WHERE id = ?2",
                  "queueing the pages to visit again");
  for (const auto& [host, pages] : taken) count.run(pages, host);
}

}  // namespace placer
