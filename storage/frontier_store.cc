#include "storage/frontier_store.h"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "storage/page_store.h"
#include "storage/times.h"

namespace placer {

namespace {

// A statement's start and end cost as much as a row; links come by the dozen.
constexpr std::size_t kRowsPerInsert = 32;

std::string insert_queued_sql(std::size_t rows) {
  std::string sql = "INSERT OR IGNORE INTO queue VALUES ";
  for (std::size_t i = 0; i < rows; ++i) {
    sql += i == 0 ? "" : ", ";
    sql += "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  }
  return sql;
}

std::string select_queued_sql() {
  std::string sql = kSelectQueued;
  sql.insert(sql.rfind(" FROM queue"),
             ", g.id IS NOT NULL, g.recipe = ? AND g.status = 'ok' AND g.outlinks IS NOT NULL,"
             " g.etag, g.last_modified, g.content_hash");
  return sql +
         " LEFT JOIN page AS g ON g.fingerprint = queue.fingerprint WHERE queue.host = ? AND "
         "queue.seq > ? ORDER BY queue.seq LIMIT ?";
}

}  // namespace

FrontierStore::FrontierStore(Database& db)
    : db_(&db),
      seen_(db),
      select_queued_(db, select_queued_sql(), "reading the queue"),
      insert_queued_(db, insert_queued_sql(1), "storing a URL in the queue"),
      insert_queued_rows_(db, insert_queued_sql(kRowsPerInsert), "storing URLs in the queue"),
      rewrite_queued_(db,
                      "UPDATE queue SET attempts = ?, crashes = ?, not_before_ms = ?"
                      " WHERE host = ? AND seq = ?",
                      "putting a URL back into the queue"),
      delete_queued_(db, "DELETE FROM queue WHERE host = ? AND seq = ?",
                     "removing a URL from the queue"),
      count_filtered_(db,
                      "INSERT INTO filtered VALUES (?1, ?2, ?3)"
                      " ON CONFLICT (reason) DO UPDATE SET count = count + ?2",
                      "counting the filtered URLs"),
      discount_filtered_(db, "UPDATE filtered SET count = count - ? WHERE reason = ?",
                         "taking a filtered URL back"),
      select_host_(db, kSelectHost + " WHERE host = ?", "reading a host"),
      select_due_(db,
                  kSelectHost + " WHERE queued > 0 AND leased = 0 ORDER BY next_allowed_ms LIMIT ?",
                  "reading the hosts"),
      lease_host_(db, "UPDATE host SET leased = 1 WHERE id = ?", "leasing a host"),
      upsert_host_(db,
                   "INSERT INTO host VALUES"
                   " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                   " ON CONFLICT (id) DO UPDATE SET"
                   " next_allowed_ms = excluded.next_allowed_ms, pause_ms = excluded.pause_ms,"
                   " last_start_ms = excluded.last_start_ms, delay_ms = excluded.delay_ms,"
                   " slowed_ms = excluded.slowed_ms, latency_us = excluded.latency_us,"
                   " failures = excluded.failures, requests = excluded.requests,"
                   " refused = excluded.refused, early = excluded.early,"
                   " most_in_flight = excluded.most_in_flight, min_gap_ms = excluded.min_gap_ms,"
                   " min_delay_ms = excluded.min_delay_ms, address = excluded.address,"
                   " patterns = excluded.patterns, queued = excluded.queued,"
                   " fetched = excluded.fetched, accepted = excluded.accepted,"
                   " leased = excluded.leased",
                   "storing a host"),
      select_origins_(db, kSelectOrigin + " WHERE host = ? ORDER BY origin", "reading the origins"),
      upsert_origin_(db, "INSERT OR REPLACE INTO origin VALUES (?, ?, ?, ?, ?, ?, ?)",
                     "storing an origin"),
      advance_seq_(db, "UPDATE meta SET next_seq = max(next_seq, ?)",
                   "storing the order of discovery"),
      select_fetched_(db, "SELECT fetched_at FROM page WHERE fingerprint = ?", "reading a page") {}

bool FrontierStore::queue_is_empty() {
  Statement any(*db_, "SELECT 1 FROM queue LIMIT 1", "reading the queue");
  const bool found = any.first();
  any.reset();
  return !found;
}

void FrontierStore::begin_pass() {
  seen_.clear();
  db_->exec(
      // What a budget left over may have been in it because a sitemap said so.
      "UPDATE page SET outlinks = NULL WHERE kind = 'sitemap' AND EXISTS (SELECT 1 FROM queue);"
      "DELETE FROM queue WHERE EXISTS"
      " (SELECT 1 FROM page WHERE page.fingerprint = queue.fingerprint);"
      "DELETE FROM filtered; UPDATE host SET queued = 0, fetched = 0, accepted = 0, requests = 0,"
      " refused = 0, early = 0, most_in_flight = 0, min_gap_ms = NULL, min_delay_ms = NULL;"
      "UPDATE host SET queued = q.n, accepted = q.n"
      " FROM (SELECT host, count(*) AS n FROM queue GROUP BY host) AS q WHERE q.host = host.id",
      "beginning a pass");
  std::vector<SeenUrl> kept;
  Statement row(*db_, "SELECT fingerprint FROM queue", "reading the queue");
  for (bool more = row.first(); more; more = row.next()) {
    kept.emplace_back(row.count(0), std::nullopt);
  }
  seen_.add(kept);
}

void FrontierStore::follow_clock(const RunPlan& plan) {
  constexpr std::int64_t kDrift = 1000;  // ms that a clock may be corrected by without being set
  if (plan.boot_id.empty()) return;
  Statement last(*db_, "SELECT boot_id, clock_offset_ms FROM meta", "reading the clock");
  const bool same_start = last.first() && last.text(0) == plan.boot_id;
  const std::int64_t moved = same_start ? plan.clock_offset.count() - last.integer(1) : 0;
  last.reset();
  if (moved > kDrift || moved < -kDrift) {
    Statement(*db_,
              "UPDATE host SET next_allowed_ms = next_allowed_ms + ?1,"
              " last_start_ms = iif(last_start_ms = 0, 0, last_start_ms + ?1)",
              "following the clock")
        .run(moved);
    Statement(*db_, "UPDATE origin SET fetched_ms = fetched_ms + ?1, expires_ms = expires_ms + ?1",
              "following the clock")
        .run(moved);
    Statement(*db_, "UPDATE queue SET not_before_ms = not_before_ms + ?1 WHERE not_before_ms > 0",
              "following the clock")
        .run(moved);
  }
  Statement(*db_, "UPDATE meta SET boot_id = ?, clock_offset_ms = ?", "storing the clock")
      .run(plan.boot_id, plan.clock_offset.count());
}

void FrontierStore::load(Resumed& resumed) {
  db_->exec("UPDATE host SET leased = 0 WHERE leased <> 0", "ending old leases");
  Statement row(*db_,
                "SELECT next_seq, partial, (SELECT coalesce(max(id), 0) + 1 FROM host),"
                " (SELECT coalesce(sum(accepted), 0) FROM host),"
                " (SELECT coalesce(sum(queued), 0) FROM host) FROM meta",
                "reading where the crawl stands");
  if (row.first()) {
    resumed.next_seq = row.count(0);
    partial_ = row.integer(1) != 0;
    resumed.next_host = static_cast<HostId>(row.integer(2));
    resumed.accepted = row.count(3);
    resumed.queued = row.count(4);
  }
}

void FrontierStore::forget() { seen_.forget(); }

std::vector<LeasedHost> FrontierStore::lease_hosts(std::size_t limit) {
  std::vector<LeasedHost> hosts;
  for (bool row = select_due_.first(limit); row; row = select_due_.next()) {
    hosts.push_back({host_of(select_due_), {}});
  }
  for (LeasedHost& host : hosts) {
    lease_host_.run(host.state.id);
    host.state.leased = true;
    for (bool row = select_origins_.first(host.state.id); row; row = select_origins_.next()) {
      host.origins.push_back(origin_of(select_origins_));
    }
  }
  return hosts;
}

std::optional<HostState> FrontierStore::host(std::string_view name) {
  if (!select_host_.first(name)) return std::nullopt;
  HostState host = host_of(select_host_);
  select_host_.reset();
  return host;
}

std::vector<QueuedUrl> FrontierStore::queued(HostId host, std::uint64_t after, std::size_t limit,
                                             std::uint64_t recipe) {
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  std::vector<QueuedUrl> rows;
  for (bool row = select_queued_.first(recipe, host, after, std::min(limit, kMost)); row;
       row = select_queued_.next()) {
    QueuedUrl& url = rows.emplace_back(queued_url_of(select_queued_));
    constexpr int kOnRecord = 13;
    constexpr int kHolds = 14;  // read in the same way as this run would read it
    constexpr int kEtag = 15;
    url.on_record = select_queued_.integer(kOnRecord) != 0;
    if (select_queued_.integer(kHolds) == 0) continue;
    url.validators = {select_queued_.string(kEtag), select_queued_.string(kEtag + 1),
                      hash_of_text(select_queued_.text(kEtag + 2))};
  }
  return rows;
}

std::vector<Known> FrontierStore::known(std::span<const std::uint64_t> fingerprints) {
  std::vector<Known> known = seen_.find(fingerprints);
  if (!partial_) return known;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i].found || !select_fetched_.first(fingerprints[i])) continue;
    known[i].fetched_at = instant_of_text(select_fetched_.string(0));
    select_fetched_.reset();
  }
  return known;
}

void FrontierStore::store(const std::vector<Completion>& batch) {
  count_filtered(batch);
  remember(batch);
  enqueue_and_dequeue(batch);
  store_hosts(batch);
  store_origins(batch);
}

void FrontierStore::count_filtered(const std::vector<Completion>& batch) {
  struct Count {
    std::uint64_t more = 0;
    std::uint64_t fewer = 0;
    const std::string* example = nullptr;  // the first
  };
  std::map<FilterReason, Count> counts;
  for (const Completion& completion : batch) {
    for (const FilteredUrl& url : completion.filtered) {
      Count& count = counts[url.reason];
      ++count.more;
      if (count.example == nullptr) count.example = &url.url;
    }
    for (const auto& [fingerprint, reason] : completion.reconsidered) ++counts[reason].fewer;
  }
  bool discounted = false;
  for (const auto& [reason, count] : counts) {
    const std::string_view name = filter_reason_name(reason);
    if (count.more > 0) count_filtered_.run(name, count.more, *count.example);
    if (count.fewer > 0) discount_filtered_.run(count.fewer, name);
    discounted = discounted || count.fewer > 0;
  }
  if (discounted) {
    db_->exec("DELETE FROM filtered WHERE count = 0", "counting the filtered URLs");
  }
}

void FrontierStore::remember(const std::vector<Completion>& batch) {
  std::vector<SeenUrl> seen;
  for (const Completion& completion : batch) {
    for (const FilteredUrl& url : completion.filtered) {
      if (url.fingerprint != 0) seen.emplace_back(url.fingerprint, url.reason);
    }
    for (const QueuedUrl& url : completion.discovered) {
      seen.emplace_back(url.fingerprint, std::nullopt);
    }
  }
  seen_.add(seen);
}

void FrontierStore::insert(std::vector<const QueuedUrl*>& rows) {
  // In the order of the table, so that each of its pages is touched once.
  std::sort(rows.begin(), rows.end(), [](const QueuedUrl* a, const QueuedUrl* b) {
    return std::pair(a->host, a->seq) < std::pair(b->host, b->seq);
  });
  const auto add = [](Statement& statement, const QueuedUrl& url) {
    statement.add(url.host);
    statement.add(url.seq);
    statement.add(url.url);
    statement.add(url.fingerprint);
    statement.add(url.depth);
    statement.add(url.attempts);
    statement.add(url.crashes);
    statement.add(url.redirects);
    statement.add(epoch_ms(url.not_before));
    statement.add(url.found_on);
    statement.add(url.body);
    statement.add(url.endpoint);
    statement.add(url.kind == RequestKind::kSitemap ? 1 : 0);
  };
  std::size_t done = 0;
  for (; rows.size() - done >= kRowsPerInsert; done += kRowsPerInsert) {
    insert_queued_rows_.start();
    for (std::size_t i = 0; i < kRowsPerInsert; ++i) add(insert_queued_rows_, *rows[done + i]);
    insert_queued_rows_.next();
  }
  for (; done < rows.size(); ++done) {
    insert_queued_.start();
    add(insert_queued_, *rows[done]);
    insert_queued_.next();
  }
  std::uint64_t next_seq = 0;
  for (const QueuedUrl* url : rows) next_seq = std::max(next_seq, url->seq + 1);
  if (next_seq != 0) advance_seq_.run(next_seq);
}

// All rows go in before any goes out, for a batch may hold both ends of a URL's story.
void FrontierStore::enqueue_and_dequeue(const std::vector<Completion>& batch) {
  std::vector<const QueuedUrl*> rows;
  for (const Completion& completion : batch) {
    for (const QueuedUrl& url : completion.discovered) rows.push_back(&url);
  }
  insert(rows);
  for (const Completion& completion : batch) {
    if (const auto& again = completion.requeue) {
      rewrite_queued_.run(again->attempts, again->crashes, epoch_ms(again->not_before), again->host,
                          again->seq);
    }
    if (completion.dequeue) {
      delete_queued_.run(completion.dequeue->host, completion.dequeue->seq);
    }
  }
}

void FrontierStore::store_hosts(const std::vector<Completion>& batch) {
  std::unordered_map<HostId, const HostState*> last;
  for (const Completion& completion : batch) {
    for (const HostState& host : completion.hosts) last[host.id] = &host;
  }
  for (const auto& [id, host] : last) {
    const PaceState& pace = host->pace;
    const PaceRecord& record = pace.record;
    const auto span = [](const auto& time) {
      return time ? std::optional(time->count()) : std::nullopt;
    };
    upsert_host_.run(id, host->host, epoch_ms(pace.next_allowed), pace.pause.count(),
                     epoch_ms(pace.last_start), pace.delay.count(), pace.slowed.count(),
                     pace.latency.count(), pace.failures, record.requests, record.refused,
                     record.early, record.most_in_flight, span(record.min_gap),
                     span(record.min_delay), host->address, Blob{host->patterns}, host->queued,
                     host->fetched, host->accepted, host->leased ? 1 : 0);
  }
}

void FrontierStore::store_origins(const std::vector<Completion>& batch) {
  std::unordered_map<std::string_view, const OriginState*> last;
  for (const Completion& completion : batch) {
    if (completion.origin) last[completion.origin->origin] = &*completion.origin;
  }
  for (const auto& [name, origin] : last) {
    upsert_origin_.run(name, origin->host, robots_state_name(origin->state), origin->robots_txt,
                       origin->failures, epoch_ms(origin->fetched_at),
                       epoch_ms(origin->expires_at));
  }
}

}  // namespace placer
