#include "storage/frontier_store.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "storage/times.h"

namespace placer {

namespace {

// A statement's start and end cost as much as a row; links come by the dozen.
constexpr std::size_t kRowsPerInsert = 32;

std::string insert_queued_sql(std::size_t rows) {
  std::string sql = "INSERT OR IGNORE INTO queue VALUES ";
  for (std::size_t i = 0; i < rows; ++i) {
    sql +=
        i == 0 ? "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  }
  return sql;
}

}  // namespace

FrontierStore::FrontierStore(Database& db)
    : db_(&db),
      select_queued_(db, kSelectQueued + " WHERE host = ? AND seq > ? ORDER BY seq LIMIT ?",
                     "reading the queue"),
      insert_queued_(db, insert_queued_sql(1), "storing a URL in the queue"),
      insert_queued_rows_(db, insert_queued_sql(kRowsPerInsert), "storing URLs in the queue"),
      rewrite_queued_(db,
                      "UPDATE queue SET attempts = ?, crashes = ?, not_before_ms = ?"
                      " WHERE host = ? AND seq = ?",
                      "putting a URL back into the queue"),
      delete_queued_(db, "DELETE FROM queue WHERE host = ? AND seq = ? RETURNING fingerprint",
                     "removing a URL from the queue"),
      insert_seen_(db, "INSERT OR IGNORE INTO seen VALUES (?, ?) RETURNING 1",
                   "storing a fingerprint"),
      count_filtered_(db,
                      "INSERT INTO filtered VALUES (?, 1, ?)"
                      " ON CONFLICT (reason) DO UPDATE SET count = count + 1",
                      "counting a filtered URL"),
      delete_filtered_(db,
                       "DELETE FROM seen WHERE fingerprint = ? AND reason IS NOT NULL"
                       " RETURNING reason",
                       "taking a filtered URL back"),
      discount_filtered_(db, "UPDATE filtered SET count = count - 1 WHERE reason = ?",
                         "taking a filtered URL back"),
      drop_filtered_(db, "DELETE FROM filtered WHERE reason = ? AND count = 0",
                     "taking a filtered URL back"),
      upsert_host_(db,
                   "INSERT INTO host VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                   " host = excluded.host, next_allowed_ms = excluded.next_allowed_ms,"
                   " failures = excluded.failures, queued = excluded.queued,"
                   " fetched = excluded.fetched, accepted = excluded.accepted",
                   "storing a host"),
      upsert_origin_(db, "INSERT OR REPLACE INTO origin VALUES (?, ?, ?, ?, ?, ?, ?)",
                     "storing an origin"),
      advance_seq_(db, "UPDATE meta SET next_seq = max(next_seq, ?)",
                   "storing the order of discovery") {}

void FrontierStore::begin_pass() {
  db_->exec(
      "DELETE FROM queue; DELETE FROM seen; DELETE FROM filtered;"
      "UPDATE host SET queued = 0, fetched = 0, accepted = 0",
      "beginning a pass");
}

bool FrontierStore::queue_is_empty() {
  Statement any(*db_, "SELECT 1 FROM queue LIMIT 1", "reading the queue");
  const bool found = any.first();
  any.reset();
  return !found;
}

void FrontierStore::load(Resumed& resumed) {
  Statement seq(*db_, "SELECT next_seq FROM meta", "reading the order of discovery");
  if (seq.first()) resumed.next_seq = seq.count(0);
  seq.reset();
  FrontierRows rows(*db_);
  resumed.hosts = rows.hosts();
  for (const HostState& host : resumed.hosts) resumed.accepted += host.accepted;
  resumed.origins = rows.origins();
  rows.fingerprints(resumed);
}

std::vector<QueuedUrl> FrontierStore::queued(HostId host, std::uint64_t after, std::size_t limit) {
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  std::vector<QueuedUrl> rows;
  for (bool row = select_queued_.first(host, after, std::min(limit, kMost)); row;
       row = select_queued_.next()) {
    rows.push_back(queued_url_of(select_queued_));
  }
  return rows;
}

void FrontierStore::store(const std::vector<Completion>& batch) {
  filter(batch);
  reconsider(batch);
  enqueue_and_dequeue(batch);
  store_hosts(batch);
  store_origins(batch);
}

// A URL counts once in a pass; one without a fingerprint each time it is found.
void FrontierStore::filter(const std::vector<Completion>& batch) {
  std::vector<const FilteredUrl*> urls;
  for (const Completion& completion : batch) {
    for (const FilteredUrl& url : completion.filtered) urls.push_back(&url);
  }
  std::stable_sort(urls.begin(), urls.end(), [](const FilteredUrl* a, const FilteredUrl* b) {
    return static_cast<std::int64_t>(a->fingerprint) < static_cast<std::int64_t>(b->fingerprint);
  });
  for (const FilteredUrl* url : urls) {
    const std::string_view reason = filter_reason_name(url->reason);
    bool counts = true;
    if (url->fingerprint != 0) {
      counts = insert_seen_.first(url->fingerprint, reason);
      insert_seen_.next();
    }
    if (counts) count_filtered_.run(reason, url->url);
  }
}

void FrontierStore::reconsider(const std::vector<Completion>& batch) {
  for (const Completion& completion : batch) {
    for (const std::uint64_t fingerprint : completion.reconsidered) {
      if (!delete_filtered_.first(fingerprint)) continue;
      const std::string reason = delete_filtered_.string(0);
      delete_filtered_.next();
      discount_filtered_.run(reason);
      drop_filtered_.run(reason);
    }
  }
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

// The seen set gets a fingerprint when its URL leaves the queue: one row per page instead of one
// per link. All rows go in before any goes out, for a batch may hold both ends of a URL's story.
void FrontierStore::enqueue_and_dequeue(const std::vector<Completion>& batch) {
  std::vector<const QueuedUrl*> rows;
  for (const Completion& completion : batch) {
    for (const QueuedUrl& url : completion.discovered) rows.push_back(&url);
  }
  insert(rows);
  std::vector<std::int64_t> fingerprints;
  for (const Completion& completion : batch) {
    if (completion.page && completion.fingerprint != 0) {
      fingerprints.push_back(static_cast<std::int64_t>(completion.fingerprint));
    }
    if (const auto& again = completion.requeue) {
      rewrite_queued_.run(again->attempts, again->crashes, epoch_ms(again->not_before), again->host,
                          again->seq);
    }
    if (!completion.dequeue) continue;
    if (delete_queued_.first(completion.dequeue->host, completion.dequeue->seq)) {
      fingerprints.push_back(delete_queued_.integer(0));
      delete_queued_.next();
    }
  }
  std::sort(fingerprints.begin(), fingerprints.end());
  for (const std::int64_t fingerprint : fingerprints) insert_seen_.run(fingerprint, std::nullopt);
}

void FrontierStore::store_hosts(const std::vector<Completion>& batch) {
  std::unordered_map<HostId, const HostState*> last;
  for (const Completion& completion : batch) {
    for (const HostState& host : completion.hosts) last[host.id] = &host;
  }
  for (const auto& [id, host] : last) {
    upsert_host_.run(id, host->host, epoch_ms(host->next_allowed), host->failures, host->queued,
                     host->fetched, host->accepted);
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
