#include "storage/orphans.h"

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "scraper/frontier/key.h"
#include "scraper/frontier/url.h"

namespace placer {
namespace {

// A page as the one that another was found on.
struct Parent {
  std::optional<bool> answered;         // nothing: this pass did not come across it either
  std::optional<std::string> found_on;  // URL; nothing: a start URL
};

class Ancestry {
 public:
  Ancestry(Database& db, const std::string& now)
      : now_(now),
        select_(db,
                "SELECT s.fingerprint IS NOT NULL,"
                " s.reason IS NULL AND (g.status IN ('ok', 'redirect') OR g.http_status IS 304"
                "                       OR (g.depth > 0 AND g.http_status IN (404, 410))),"
                " coalesce(g.next_due > ?2, 0), g.found_on"
                " FROM page AS g LEFT JOIN seen AS s ON s.fingerprint = g.fingerprint"
                " WHERE g.fingerprint = ?1",
                "reading where a page was found") {}

  // Whether all that led to a page was answered: its links are as this pass found them. Each page
  // is looked up once. Pages that were found on each other and on nothing else fell away together.
  bool all_answered(const std::optional<std::string>& found_on) {
    std::vector<std::uint64_t> way;
    bool answered = true;
    for (std::optional<std::string> url = found_on; url;) {
      const auto parsed = Url::parse(*url);
      if (!parsed) {
        answered = false;
        break;
      }
      const std::uint64_t key = fingerprint(dedupe_key(*parsed));
      const auto [known, fresh] = known_.try_emplace(key, true);
      if (!fresh) {
        answered = known->second;
        break;
      }
      way.push_back(key);
      const Parent parent = look_up(key);
      if (parent.answered) {
        answered = *parent.answered;
        break;
      }
      url = parent.found_on;
    }
    for (const std::uint64_t key : way) known_[key] = answered;
    return answered;
  }

 private:
  // A page that is not on record, or is not due yet, may have any links.
  Parent look_up(std::uint64_t key) {
    Parent parent{false, std::nullopt};
    if (!select_.first(key, now_)) return parent;
    const bool seen = select_.integer(0) != 0;
    const bool waits = select_.integer(2) != 0;
    if (seen) {
      parent.answered = select_.integer(1) != 0;
    } else if (!waits) {
      parent.answered.reset();
    }
    parent.found_on = select_.optional_string(3);
    select_.reset();
    return parent;
  }

  std::string now_;
  Statement select_;
  std::unordered_map<std::uint64_t, bool> known_;
};

bool limit_reached(Database& db) {
  Statement limit(db,
                  "SELECT 1 FROM filtered WHERE reason IN ('max-pages', 'max-pages-per-host')"
                  " LIMIT 1",
                  "reading what was filtered");
  const bool reached = limit.first();
  limit.reset();
  return reached;
}

}  // namespace

std::vector<std::int64_t> orphaned_pages(Database& db, const std::string& now) {
  std::vector<std::int64_t> orphans;
  if (limit_reached(db)) return orphans;
  Ancestry ancestry(db, now);
  Statement unseen(db,
                   "SELECT g.id, g.found_on FROM page AS g WHERE NOT EXISTS"
                   " (SELECT 1 FROM seen AS s WHERE s.fingerprint = g.fingerprint)"
                   " AND EXISTS (SELECT 1 FROM observation AS o WHERE o.page = g.id)"
                   " AND coalesce(g.next_due <= ?, 1) ORDER BY g.id",
                   "finding pages that nothing links to");
  for (bool row = unseen.first(now); row; row = unseen.next()) {
    if (ancestry.all_answered(unseen.optional_string(1))) orphans.push_back(unseen.integer(0));
  }
  return orphans;
}

}  // namespace placer
