#include "storage/sqlite_storage.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "storage/absence.h"
#include "storage/database_file.h"
#include "storage/frontier_store.h"
#include "storage/page_store.h"
#include "storage/place_store.h"
#include "storage/quality.h"
#include "storage/resolve.h"
#include "storage/times.h"

namespace placer {
namespace {

template <class Visitor, class C>
void for_each_counter(Visitor&& visit, C& counters) {
  visit("pages", counters.pages);
  visit("requests", counters.requests);
  visit("errors", counters.errors);
  visit("retries", counters.retries);
  visit("observations", counters.observations);
  visit("bytes", counters.bytes);
  visit("discovered", counters.discovered);
  visit("filtered", counters.filtered);
  visit("worker_deaths", counters.worker_deaths);
}

tl::unexpected<Error> fenced(const Database& db) {
  return fail(ErrorCode::kStorage,
              db.path() +
                  ": another run has taken this one for dead and goes on with the crawl;"
                  " this one stops, and nothing is lost");
}

}  // namespace

std::string counters_json(const RunCounters& counters) {
  nlohmann::ordered_json object;
  for_each_counter([&object](const char* name, std::uint64_t value) { object[name] = value; },
                   counters);
  return object.dump();
}

RunCounters counters_of_json(std::string_view json) {
  RunCounters counters;
  const auto object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object()) return counters;
  for_each_counter(
      [&object](const char* name, std::uint64_t& value) {
        const auto found = object.find(name);
        if (found != object.end() && found->is_number_unsigned()) value = *found;
      },
      counters);
  return counters;
}

// Members in the order of their lives: the lock outlasts the database, which outlasts what is
// prepared on it.
struct SqliteStorage::Impl {
  RunLock lock;
  std::unique_ptr<Database> db;
  FrontierStore frontier{*db};
  PageStore pages{*db};
  PlaceStore places{*db};
  Statement save_run{*db,
                     "UPDATE run SET saved_at = max(saved_at, ?), counters = ?"
                     " WHERE id = ? AND outcome IS NULL RETURNING 1",
                     "storing the run's counters"};
  Statement select_run{*db, "SELECT 1 FROM run WHERE id = ? AND outcome IS NULL",
                       "reading the run"};
  std::optional<std::string> arguments;
  std::int64_t run = 0;
  std::int64_t pass = 0;
  std::uint64_t recipe = 0;
  std::uint64_t place_count = 0;
  std::chrono::milliseconds gone_after;

  Impl(RunLock held, std::unique_ptr<Database> opened, std::chrono::milliseconds grace)
      : lock(std::move(held)), db(std::move(opened)), gone_after(grace) {}

  Result<void> check_job(const std::string& job);
  bool bury_killed_runs();
  bool pass_is_partial();
  bool last_run_was_done();
  void begin_pass(const RunPlan& plan, Instant now);
  void forget();
  bool is_fenced();
  template <class T>
  Result<T> checked(T value);
  void store_pages(const std::vector<Completion>& batch);
  void end_pass(RunVerdict& verdict, Instant now);
  void end_last_pass(Instant now);
  std::uint64_t count_places();
};

Result<void> SqliteStorage::Impl::check_job(const std::string& job) {
  Statement meta(*db, "SELECT job FROM meta", "reading the job's name");
  std::optional<std::string> owner;
  if (meta.first()) owner = meta.optional_string(0);
  meta.reset();
  if (auto status = db->status(); !status) return status;
  if (!owner || *owner == job) return {};
  return fail(ErrorCode::kInvalidArgument,
              db->path() + ": holds the job '" + *owner + "', not '" + job +
                  "'; a database holds one job: name another file with --db or storage.path");
}

// True when there were any. They end where their last commit was.
bool SqliteStorage::Impl::bury_killed_runs() {
  Statement bury(*db,
                 "UPDATE run SET outcome = 'killed', finished_at = saved_at"
                 " WHERE outcome IS NULL RETURNING 1",
                 "closing a killed run");
  bool any = false;
  for (bool row = bury.first(); row; row = bury.next()) any = true;
  return any;
}

bool SqliteStorage::Impl::pass_is_partial() {
  Statement meta(*db, "SELECT partial FROM meta", "reading the pass");
  const bool partial = meta.first() && meta.integer(0) != 0;
  meta.reset();
  return partial;
}

bool SqliteStorage::Impl::last_run_was_done() {
  Statement last(*db, "SELECT outcome IS 'done' FROM run ORDER BY id DESC LIMIT 1",
                 "reading the last run");
  const bool done = last.first() && last.integer(0) != 0;
  last.reset();
  return done;
}

void SqliteStorage::Impl::begin_pass(const RunPlan& plan, Instant now) {
  frontier.begin_pass();
  Statement(*db, "UPDATE meta SET partial = ?", "beginning a pass").run(plan.budget ? 1 : 0);
  if (!plan.budget) return;
  const RevisitBudget budget{*plan.budget, plan.budget_per_host.value_or(*plan.budget)};
  queue_revisits(*db, frontier.seen(), budget, now);
}

// After a transaction that was undone, and before the next: what is in memory may not be on disk.
void SqliteStorage::Impl::forget() {
  places.forget();
  frontier.forget();
}

// The fence: a run that was taken for dead writes nothing over the one that came after it.
bool SqliteStorage::Impl::is_fenced() {
  const bool holds = select_run.first(run);
  select_run.reset();
  return db->ok() && !holds;
}

template <class T>
Result<T> SqliteStorage::Impl::checked(T value) {
  if (auto status = db->status(); !status) return tl::unexpected(std::move(status.error()));
  return value;
}

void SqliteStorage::Impl::store_pages(const std::vector<Completion>& batch) {
  for (const Completion& completion : batch) {
    const bool is_renamed = completion.dequeue && !completion.page && completion.found_on != 0;
    if (is_renamed) pages.forget_outlinks(completion.found_on);
    if (!completion.page) continue;
    const PageStore::Stored page = pages.store(completion, {pass, recipe});
    if (!db->ok()) return;
    if (*completion.page != PageStatus::kOk) continue;
    bool changed = false;
    if (completion.outcome.unmodified) {
      places.confirm(page.id, completion.at);
    } else {
      changed = places.observe(page.id, page.is_new, completion);
      // Of a page that states places they are what counts: its other links may change every day.
      if (completion.outcome.places.empty()) changed = changed || page.outlinks_changed;
    }
    if (page.visited_before) pages.learn(page, changed, completion.at);
  }
}

// Decides which places are gone, and looks for what broke. Gone places are decided last, for what
// dead pages no longer say may change which observations are one place.
void SqliteStorage::Impl::end_pass(RunVerdict& verdict, Instant now) {
  Absence absence(*db, frontier.seen(), {run, pass, verdict.pass, now, gone_after});
  absence.withdraw(places);
  places.settle(run, pass);
  Resolver(*db, places).resolve(run, pass);
  absence.settle();
  if (pass_is_partial()) return;  // a choice of pages is no sample
  verdict.alarms = watch_quality(*db, {run, pass, verdict.pass});
}

// A run that was killed or interrupted between its last commit and its end left a whole pass
// behind. It ends as of its last commit, so that nothing of it is taken for news of the next one.
// REQUIRES: the queue is empty, and no run is open.
void SqliteStorage::Impl::end_last_pass(Instant now) {
  Statement last(*db,
                 "SELECT max(r.id), r.pass, r.saved_at FROM run AS r JOIN meta AS m USING (pass)"
                 " WHERE EXISTS (SELECT 1 FROM page AS g WHERE g.pass = m.pass) AND NOT EXISTS"
                 " (SELECT 1 FROM run AS e WHERE e.pass = m.pass AND e.pass_end IS NOT NULL)",
                 "looking for a pass without an end");
  if (!last.first()) return;
  const bool open = !last.is_null(0);
  if (open) run = last.integer(0);
  if (open) pass = last.integer(1);
  const std::string saved_at = open ? last.string(2) : std::string();
  last.reset();
  if (!open) return;
  RunVerdict verdict;
  verdict.pass = pass_end(*db, pass, RunOutcome::kDone);
  if (verdict.pass == PassEnd::kOpen) return;
  end_pass(verdict, instant_of_text(saved_at).value_or(now));
  Statement(*db, "UPDATE run SET pass_end = ? WHERE id = ?", "storing the pass's end")
      .run(pass_end_name(verdict.pass), run);
}

std::uint64_t SqliteStorage::Impl::count_places() {
  Statement count(*db, "SELECT count(*) FROM place", "counting the places");
  const std::uint64_t rows = count.first() ? count.count(0) : 0;
  count.reset();
  return rows;
}

SqliteStorage::SqliteStorage(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SqliteStorage::~SqliteStorage() {
  // The planner's figures for the readers' sake; a failure costs them time only.
  impl_->db->exec("PRAGMA analysis_limit=400; PRAGMA optimize", "optimizing");
  (void)impl_->db->status();
}

Result<std::unique_ptr<SqliteStorage>> SqliteStorage::open(const std::string& path,
                                                           const StorageOptions& options) {
  if (auto fine = check_file(path); !fine) return tl::unexpected(fine.error());
  auto lock = RunLock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  auto db = open_for_writing({path, options.durability});
  if (!db) return tl::unexpected(db.error());
  auto impl = std::make_unique<Impl>(std::move(*lock), std::move(*db), options.gone_after);
  impl->place_count = impl->count_places();
  if (auto status = impl->db->status(); !status) return tl::unexpected(status.error());
  return std::unique_ptr<SqliteStorage>(new SqliteStorage(std::move(impl)));
}

void SqliteStorage::set_arguments(std::string arguments) {
  impl_->arguments = std::move(arguments);
}

Result<Resumed> SqliteStorage::begin_run(const std::string& job, const std::string& backend,
                                         Instant now, const RunPlan& plan) {
  Database& db = *impl_->db;
  if (auto same = impl_->check_job(job); !same) return tl::unexpected(same.error());
  Transaction transaction(db);
  Resumed resumed;
  resumed.unclean = impl_->bury_killed_runs();
  impl_->frontier.follow_clock(plan);
  const bool empty = impl_->frontier.queue_is_empty();
  // What a budget left over is not worth more than what is worth most now.
  // What hosts that could not be reached have left over is no reason to leave the others alone.
  resumed.fresh = empty || impl_->pass_is_partial() || impl_->last_run_was_done();
  if (resumed.fresh) {
    if (empty) impl_->end_last_pass(now);
    impl_->begin_pass(plan, now);
  }
  const std::uint64_t places = impl_->count_places();
  Statement insert(db,
                   "INSERT INTO run (job, backend, arguments, pass, started_at, saved_at)"
                   " VALUES (?1, ?2, ?3, 0, ?4, ?4) RETURNING id",
                   "storing the run");
  const std::string at = time_text(now);
  if (insert.first(job, backend, impl_->arguments, at)) {
    resumed.run = insert.count(0);
    insert.next();
  }
  Statement meta(db, "UPDATE meta SET job = ?, pass = iif(?, ?, pass) RETURNING pass",
                 "storing the job's name");
  std::int64_t pass = 0;
  if (meta.first(job, resumed.fresh ? 1 : 0, resumed.run)) {
    pass = meta.integer(0);
    meta.next();
  }
  Statement(db, "UPDATE run SET pass = ? WHERE id = ?", "storing the run").run(pass, resumed.run);
  impl_->frontier.load(resumed);
  auto done = transaction.commit();
  impl_->forget();
  if (!done) return tl::unexpected(std::move(done.error()));
  impl_->place_count = places;
  impl_->run = static_cast<std::int64_t>(resumed.run);
  impl_->pass = pass;
  impl_->recipe = plan.recipe;
  return resumed;
}

Result<std::vector<LeasedHost>> SqliteStorage::lease_hosts(std::size_t limit) {
  Transaction transaction(*impl_->db);
  if (impl_->is_fenced()) return fenced(*impl_->db);
  auto hosts = impl_->frontier.lease_hosts(limit);
  if (auto done = transaction.commit(); !done) return tl::unexpected(std::move(done.error()));
  return hosts;
}

Result<std::optional<HostState>> SqliteStorage::host(std::string_view name) {
  return impl_->checked(impl_->frontier.host(name));
}

Result<std::vector<Known>> SqliteStorage::known(std::span<const std::uint64_t> fingerprints) {
  return impl_->checked(impl_->frontier.known(fingerprints));
}

Result<std::vector<std::uint64_t>> SqliteStorage::outlinks(std::uint64_t fingerprint) {
  return impl_->checked(impl_->pages.outlinks(fingerprint));
}

Result<std::vector<std::optional<StoredPage>>> SqliteStorage::pages(
    std::span<const std::uint64_t> fingerprints) {
  return impl_->checked(impl_->pages.pages(fingerprints));
}

Result<std::vector<QueuedUrl>> SqliteStorage::queued(HostId host, std::uint64_t after,
                                                     std::size_t limit) {
  return impl_->checked(impl_->frontier.queued(host, after, limit, impl_->recipe));
}

Result<void> SqliteStorage::commit(const std::vector<Completion>& batch,
                                   const RunCounters& counters) {
  Instant at{};
  for (const Completion& completion : batch) at = std::max(at, completion.at);
  Transaction transaction(*impl_->db);
  // The fence, and the counters.
  const bool holds = impl_->save_run.first(time_text(at), counters_json(counters), impl_->run);
  impl_->save_run.reset();
  if (impl_->db->ok() && !holds) return fenced(*impl_->db);
  impl_->frontier.store(batch);
  impl_->store_pages(batch);
  const std::uint64_t created = impl_->places.settle(impl_->run, impl_->pass);
  auto done = transaction.commit();
  impl_->places.forget();
  if (!done) impl_->frontier.forget();
  if (done) impl_->place_count += created;
  return done;
}

Result<RunVerdict> SqliteStorage::end_run(RunOutcome outcome, const RunCounters& counters,
                                          Instant now) {
  Database& db = *impl_->db;
  Transaction transaction(db);
  if (impl_->is_fenced()) return fenced(db);
  RunVerdict verdict;
  verdict.pass = pass_end(db, impl_->pass, outcome);
  if (verdict.pass != PassEnd::kOpen) {
    impl_->end_pass(verdict, now);
  } else {
    Resolver(db, impl_->places).resolve(impl_->run, impl_->pass);
  }
  const std::uint64_t places = impl_->count_places();
  std::optional<std::string_view> end;
  if (verdict.pass != PassEnd::kOpen) end = pass_end_name(verdict.pass);
  const std::string at = time_text(now);
  Statement(db,
            "UPDATE run SET finished_at = ?1, saved_at = ?1, outcome = ?2, counters = ?3,"
            " pass_end = ?4 WHERE id = ?5",
            "storing the run's end")
      .run(at, run_outcome_name(outcome), counters_json(counters), end, impl_->run);
  auto done = transaction.commit();
  impl_->forget();
  if (!done) return tl::unexpected(std::move(done.error()));
  impl_->place_count = places;
  // A reader may hold the log; it is emptied by a later checkpoint then.
  sqlite3_wal_checkpoint_v2(db.raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return verdict;
}

std::uint64_t SqliteStorage::place_count() const { return impl_->place_count; }

}  // namespace placer
