// The frontier's durable side: queue, seen, filtered, host, origin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scraper/storage.h"
#include "storage/sqlite.h"

namespace placer {

// What the tables of the frontier say, for the run and for those who look. Failures stick to the
// Database.
class FrontierRows {
 public:
  explicit FrontierRows(Database& db) : db_(&db) {}

  std::vector<HostState> hosts();  // in order of id
  std::optional<HostState> host(const std::string& name);
  std::vector<OriginState> origins();
  std::optional<OriginState> origin(const std::string& name);
  void fingerprints(Resumed& resumed);                         // those found in this pass
  std::optional<QueuedUrl> queued(std::uint64_t fingerprint);  // reads the whole queue

 private:
  Database* db_;
};

// Works inside the caller's transaction; failures stick to the Database.
class FrontierStore {
 public:
  explicit FrontierStore(Database& db);

  // Forgets queue, seen and filtered and counts hosts from zero; politeness stays.
  void begin_pass();
  bool queue_is_empty();
  void load(Resumed& resumed);

  // What a batch changes. Nothing is assumed about the order of the completions, except that the
  // last one that speaks of a host or an origin holds.
  void store(const std::vector<Completion>& batch);

  std::vector<QueuedUrl> queued(HostId host, std::uint64_t after, std::size_t limit);

 private:
  void filter(const std::vector<Completion>& batch);
  void reconsider(const std::vector<Completion>& batch);
  void enqueue_and_dequeue(const std::vector<Completion>& batch);
  void insert(std::vector<const QueuedUrl*>& rows);
  void store_hosts(const std::vector<Completion>& batch);
  void store_origins(const std::vector<Completion>& batch);

  Database* db_;
  Statement select_queued_;
  Statement insert_queued_;
  Statement insert_queued_rows_;  // several at once
  Statement rewrite_queued_;
  Statement delete_queued_;
  Statement insert_seen_;
  Statement count_filtered_;
  Statement delete_filtered_;
  Statement discount_filtered_;
  Statement drop_filtered_;
  Statement upsert_host_;
  Statement upsert_origin_;
  Statement advance_seq_;
};

std::string_view robots_state_name(RobotsState state);

// "SELECT ... FROM queue", to be read with queued_url_of().
extern const std::string kSelectQueued;
QueuedUrl queued_url_of(const Statement& row);

}  // namespace placer
