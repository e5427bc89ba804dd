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
  Ancestry(Database& db, SeenStore& seen, std::int64_t pass)
      : seen_(seen),
        pass_(pass),
        select_(db,
                "SELECT pass = ?2, status IN ('ok', 'redirect')"
                " OR (depth > 0 AND http_status IN (404, 410)), found_on"
                " FROM page WHERE fingerprint = ?1",
                "reading where a page was found") {}

  // True when this pass came across a page, be it to pass it over.
  bool came_across(std::uint64_t key) { return seen_.find({&key, 1}).front().found; }

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
      const std::uint64_t key = key_on_record(*parsed);
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
  // The URL's own, or that of a sitemap.
  std::uint64_t key_on_record(const Url& url) {
    const std::uint64_t page = link_to(url, LinkKind::kAnchor).fingerprint;
    const bool is_page = select_.first(page, pass_);
    select_.reset();
    return is_page ? page : link_to(url, LinkKind::kSitemap).fingerprint;
  }

  // A page that is not on record may have any links.
  Parent look_up(std::uint64_t key) {
    Parent parent{false, std::nullopt};
    if (!select_.first(key, pass_)) return parent;
    const bool fetched = select_.integer(0) != 0;
    parent.answered = fetched && select_.integer(1) != 0;
    parent.found_on = select_.optional_string(2);
    select_.reset();
    // What is no start any more, or no sitemap, is the job's doing.
    if (!fetched && !came_across(key) && parent.found_on) parent.answered.reset();
    return parent;
  }

  SeenStore& seen_;
  std::int64_t pass_;
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

std::vector<std::int64_t> orphaned_pages(Database& db, SeenStore& seen, std::int64_t pass) {
  std::vector<std::int64_t> orphans;
  if (limit_reached(db)) return orphans;
  Ancestry ancestry(db, seen, pass);
  Statement unseen(db,
                   "SELECT g.id, g.fingerprint, g.found_on FROM page AS g WHERE g.pass <> ?"
                   " AND EXISTS (SELECT 1 FROM observation AS o WHERE o.page = g.id) ORDER BY g.id",
                   "finding pages that nothing links to");
  for (bool row = unseen.first(pass); row; row = unseen.next()) {
    if (unseen.is_null(2) || ancestry.came_across(unseen.count(1))) continue;
    if (ancestry.all_answered(unseen.optional_string(2))) orphans.push_back(unseen.integer(0));
  }
  return orphans;
}

}  // namespace placer
