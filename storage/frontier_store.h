// The frontier's durable side: queue, seen, filtered, host, origin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scraper/storage.h"
#include "storage/seen_store.h"
#include "storage/sqlite.h"

namespace placer {

// What the tables of the frontier say, for the run and for those who look. Failures stick to the
// Database.
class FrontierRows {
 public:
  explicit FrontierRows(Database& db) : db_(&db) {}

  std::vector<HostState> hosts();  // in order of id
  std::optional<HostState> host(const std::string& name);
  std::optional<OriginState> origin(const std::string& name);
  // Reads all of the host's queue.
  std::optional<QueuedUrl> queued(HostId host, std::uint64_t fingerprint);

 private:
  Database* db_;
};

// Works inside the caller's transaction; failures stick to the Database.
class FrontierStore {
 public:
  explicit FrontierStore(Database& db);

  bool queue_is_empty();

  // Forgets what was seen, filtered and queued, and counts hosts from zero; politeness stays. Rows
  // whose pages are not on record stay too: where a budget ended a pass, nobody may link to them.
  void begin_pass();
  // Where the wall clock was set since the last run, stored times are set with it, so that no pause
  // gets shorter.
  void follow_clock(const RunPlan& plan);

  // No host is leased any more.
  void load(Resumed& resumed);

  // What a batch changes. Nothing is assumed about the order of the completions, except that the
  // last one that speaks of a host or an origin holds.
  void store(const std::vector<Completion>& batch);

  std::vector<LeasedHost> lease_hosts(std::size_t limit);
  std::optional<HostState> host(std::string_view name);
  std::vector<QueuedUrl> queued(HostId host, std::uint64_t after, std::size_t limit,
                                std::uint64_t recipe);
  std::vector<Known> known(std::span<const std::uint64_t> fingerprints);
  SeenStore& seen() { return seen_; }

  void forget();

 private:
  void count_filtered(const std::vector<Completion>& batch);
  void remember(const std::vector<Completion>& batch);
  void enqueue_and_dequeue(const std::vector<Completion>& batch);
  void insert(std::vector<const QueuedUrl*>& rows);
  void store_hosts(const std::vector<Completion>& batch);
  void store_origins(const std::vector<Completion>& batch);

  Database* db_;
  SeenStore seen_;
  bool partial_ = false;
  Statement select_queued_;
  Statement insert_queued_;
  Statement insert_queued_rows_;  // several at once
  Statement rewrite_queued_;
  Statement delete_queued_;
  Statement count_filtered_;
  Statement discount_filtered_;
  Statement select_host_;
  Statement select_due_;
  Statement lease_host_;
  Statement upsert_host_;
  Statement select_origins_;
  Statement upsert_origin_;
  Statement advance_seq_;
  Statement select_fetched_;
};

std::string_view robots_state_name(RobotsState state);

// "SELECT ... FROM queue", "... FROM host" and "... FROM origin", to be read with these.
extern const std::string kSelectQueued;
extern const std::string kSelectHost;
extern const std::string kSelectOrigin;
QueuedUrl queued_url_of(const Statement& row);
HostState host_of(const Statement& row);
OriginState origin_of(const Statement& row);

}  // namespace placer
