// The contract of the seam in scraper/storage.h, kept by SQLite.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <random>

#include "storage/place_columns.h"
#include "storage/query.h"
#include "tests/storage_support.h"
#include "tests/suite.h"

namespace placer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class StorageTest : public ::testing::Test {
 protected:
  Resumed begin(const std::string& job = "cafes") {
    if (!storage) storage = open_storage(path);
    auto resumed = storage->begin_run(job, "serial", kNoon);
    EXPECT_TRUE(resumed) << (resumed ? std::string() : resumed.error().message);
    return resumed.value_or(Resumed{});
  }
  void commit(const std::vector<Completion>& batch) {
    auto done = storage->commit(batch, counters);
    ASSERT_TRUE(done) << done.error().message;
  }
  void end() {
    ASSERT_TRUE(storage->end_run(RunOutcome::kDone, counters, kNoon));
    storage.reset();
  }
  // What the pass knows of each; the fingerprints are sorted.
  std::vector<std::string> seen_of(const std::vector<std::uint64_t>& fingerprints) {
    std::vector<std::string> seen;
    const auto all = storage->known(fingerprints);
    for (const Known& known : all.value_or(std::vector<Known>())) {
      seen.emplace_back(!known.found        ? "new"
                        : known.filtered_as ? filter_reason_name(*known.filtered_as)
                                            : "accepted");
    }
    return seen;
  }
  std::string select(const std::string& sql) { return rows(path, sql); }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
  std::unique_ptr<SqliteStorage> storage;
  RunCounters counters;
};

TEST_F(StorageTest, BeginsAFreshPassInANewFile) {
  const Resumed resumed = begin();
  EXPECT_EQ(resumed.run, 1U);
  EXPECT_TRUE(resumed.fresh);
  EXPECT_FALSE(resumed.unclean);
  EXPECT_EQ(resumed.next_seq, 1U);
  EXPECT_EQ(resumed.next_host, 1U);
  EXPECT_EQ(resumed.queued, 0U);
  EXPECT_TRUE(storage->lease_hosts(10)->empty());
}

TEST_F(StorageTest, GoesOnWithAPassWhoseQueueIsNotEmpty) {
  begin();
  Completion c = discovered(1, 3);
  c.hosts[0].pace.next_allowed = kNoon + std::chrono::seconds(7);
  c.hosts[0].pace.failures = 2;
  c.hosts[0].pace.record.min_gap = std::chrono::milliseconds(70);
  c.hosts[0].address = "192.0.2.1";
  c.hosts[0].patterns = std::string("\x00\xff", 2);
  c.discovered[2].attempts = 4;
  c.discovered[2].found_on = ~0ULL;
  c.origin = OriginState{"https://x.test",
                         1,
                         RobotsState::kRules,
                         "User-agent: *\n\xff",
                         1,
                         kNoon,
                         kNoon + std::chrono::hours(1)};
  c.filtered.push_back({FilterReason::kExclude, "https://x.test/no", ~5ULL});
  commit({c, fetched(1)});
  storage.reset();  // no end_run: as good as killed

  const Resumed resumed = begin();
  EXPECT_FALSE(resumed.fresh);
  EXPECT_TRUE(resumed.unclean);
  EXPECT_EQ(resumed.next_seq, 4U);
  EXPECT_EQ(resumed.accepted, 3U);
  EXPECT_EQ(seen_of({1000, 1001, 1003, ~5ULL}),
            (std::vector<std::string>{"new", "accepted", "accepted", "exclude"}));
  const auto leased = storage->lease_hosts(10);
  ASSERT_EQ(leased->size(), 1U);
  const auto& [host, origins] = leased->front();
  EXPECT_EQ(host.host, "x.test");
  EXPECT_TRUE(host.leased);
  EXPECT_EQ(host.pace.next_allowed, kNoon + std::chrono::seconds(7));
  EXPECT_EQ(host.pace.failures, 2U);
  EXPECT_EQ(host.pace.record.min_gap, std::chrono::milliseconds(70));
  EXPECT_EQ(host.pace.record.min_delay, std::nullopt);
  EXPECT_EQ(host.address, "192.0.2.1");
  EXPECT_EQ(host.patterns, std::string("\x00\xff", 2));
  ASSERT_EQ(origins.size(), 1U);
  EXPECT_EQ(origins[0].state, RobotsState::kRules);
  EXPECT_EQ(origins[0].robots_txt, "User-agent: *\n\xff");
  EXPECT_EQ(origins[0].expires_at, kNoon + std::chrono::hours(1));
  const auto waiting = storage->queued(1, 0, 10);
  ASSERT_TRUE(waiting);
  ASSERT_EQ(waiting->size(), 2U);
  EXPECT_EQ((*waiting)[1].attempts, 4U);
  EXPECT_EQ((*waiting)[1].found_on, ~0ULL);
  EXPECT_EQ(select("SELECT outcome, finished_at IS NOT NULL, pass FROM run ORDER BY id"),
            "killed|1|1\nNULL|0|1\n");
}

TEST_F(StorageTest, BeginsANewPassOverKeptPagesAndPolitenessWhenTheQueueIsEmpty) {
  begin();
  Completion c = discovered(1, 1);
  c.hosts[0].pace.next_allowed = kNoon + std::chrono::hours(1);
  c.filtered.push_back({FilterReason::kHost, "https://y.test/", 77});
  commit({c, fetched(1, {observation("Anna")})});
  end();

  const Resumed resumed = begin();
  EXPECT_TRUE(resumed.fresh);
  EXPECT_FALSE(resumed.unclean);
  EXPECT_EQ(seen_of({77, 1001}), (std::vector<std::string>{"new", "new"}));
  EXPECT_EQ(resumed.accepted, 0U);
  EXPECT_EQ(resumed.next_seq, 2U);
  const auto host = storage->host("x.test");
  ASSERT_TRUE(host && *host);
  EXPECT_EQ((*host)->pace.next_allowed, kNoon + std::chrono::hours(1));
  EXPECT_EQ((*host)->queued, 0U);
  EXPECT_EQ(select("SELECT count(*) FROM filtered"), "0\n");
  EXPECT_EQ(select("SELECT count(*) FROM page"), "1\n");
  EXPECT_EQ(storage->place_count(), 1U);
}

TEST_F(StorageTest, ReturnsQueueRowsOfOneHostInOrderFromWhereItIsAsked) {
  begin();
  Completion c = discovered(1, 5);
  c.discovered.push_back(queued_url(6, 2));
  c.discovered[2].body = "page=3";
  std::swap(c.discovered[0], c.discovered[4]);
  commit({c});
  const auto some = storage->queued(1, 2, 2);
  ASSERT_TRUE(some);
  ASSERT_EQ(some->size(), 2U);
  EXPECT_EQ((*some)[0].seq, 3U);
  EXPECT_EQ((*some)[0].body, "page=3");
  EXPECT_EQ((*some)[1].seq, 4U);
  EXPECT_EQ((*some)[1].body, "");
  EXPECT_TRUE(storage->queued(3, 0, 10)->empty());
}

TEST_F(StorageTest, KeepsARetriedUrlInTheQueueWithWhatItsFailureChanged) {
  begin();
  Completion retry;
  retry.requeue = queued_url(1);
  retry.requeue->attempts = 1;
  retry.requeue->not_before = kNoon + std::chrono::seconds(3);
  commit({discovered(1, 1), retry});
  storage.reset();
  EXPECT_EQ(begin().next_seq, 2U);
  const auto waiting = storage->queued(1, 0, 10);
  ASSERT_EQ(waiting->size(), 1U);
  EXPECT_EQ((*waiting)[0].attempts, 1U);
  EXPECT_EQ((*waiting)[0].not_before, kNoon + std::chrono::seconds(3));
  commit({retry, fetched(1, {})});  // failed again and succeeded within one batch
  EXPECT_TRUE(storage->queued(1, 0, 10)->empty());
}

TEST_F(StorageTest, TakesAFilteredUrlBackWhenItIsQueuedAfterAll) {
  begin();
  Completion filtered;
  filtered.filtered.push_back({FilterReason::kHost, page_url(1), queued_url(1).fingerprint});
  commit({filtered});
  Completion accepted = discovered(1, 1);
  accepted.discovered[0].endpoint = 1;
  accepted.reconsidered.emplace_back(queued_url(1).fingerprint, FilterReason::kHost);
  commit({accepted});
  EXPECT_EQ(select("SELECT count(*) FROM filtered"), "0\n");
  storage.reset();
  begin();
  EXPECT_EQ(seen_of({queued_url(1).fingerprint}), std::vector<std::string>{"accepted"});
  EXPECT_EQ(storage->queued(1, 0, 10)->at(0).endpoint, 1U);
}

TEST_F(StorageTest, StoresTheSameBatchTwiceAsOnce) {
  begin();
  const std::vector<Completion> batch = {discovered(1, 3), fetched(1, {observation("Anna")})};
  const auto everything = [this] {
    std::string text;
    for (const char* table :
         {"page", "place", "observation", "place_edge", "place_history", "queue", "host"}) {
      text += select(std::string("SELECT '") + table + "', * FROM " + table);
    }
    return text;
  };
  commit(batch);
  const std::string once = everything();
  commit(batch);
  EXPECT_EQ(everything(), once);
  EXPECT_THAT(once, HasSubstr("|ok|"));
  EXPECT_EQ(storage->place_count(), 1U);
}

TEST_F(StorageTest, StoresWhatThePageStatedAndWhereItWasFound) {
  begin();
  Completion parent = fetched(1);
  Completion child = fetched(2);
  child.found_on = 1001;
  child.page = PageStatus::kFetchError;
  child.outcome.status = 0;
  child.outcome.error = Error{ErrorCode::kTimeout, "GET: timed out"};
  child.outcome.content_hash = 255;
  child.outcome.facts.title = "Café";
  commit({parent, child});
  EXPECT_EQ(select("SELECT url, status, http_status, error, error_message, content_hash, found_on,"
                   " title, fetched_at FROM page WHERE fingerprint = 1002"),
            "https://x.test/2|fetch-error|NULL|timeout|GET: timed out|00000000000000ff|"
            "https://x.test/1|Café|2026-05-28T20:26:40Z\n");
}

TEST_F(StorageTest, KeepsDocumentAndObservationsOfAPageThatIsNotModified) {
  // RFC 9110 section 15.4.5
  begin();
  Completion first = fetched(1, {observation("Anna")});
  first.outcome.validators.etag = "\"1\"";
  first.outcome.facts.title = "Anna";
  commit({first});
  end();
  begin();
  Completion again = fetched(1, {}, kNoon + std::chrono::hours(1));
  again.outcome.status = 304;
  again.outcome.unmodified = true;
  commit({again});
  EXPECT_EQ(select("SELECT http_status, etag, title FROM page"), "304|\"1\"|Anna\n");
  EXPECT_EQ(select("SELECT first_seen, last_seen, gone_since FROM place"),
            "2026-05-28T20:26:40Z|2026-05-28T21:26:40Z|NULL\n");
  EXPECT_EQ(select("SELECT last_seen FROM observation"), "2026-05-28T21:26:40Z\n");
}

TEST_F(StorageTest, RefusesASecondJobInTheSameDatabase) {
  begin("cafes");
  end();
  storage = open_storage(path);
  const auto other = storage->begin_run("bars", "serial", kNoon);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(other.error().message, HasSubstr("'cafes'"));
  EXPECT_THAT(other.error().message, HasSubstr("--db"));
  EXPECT_TRUE(storage->begin_run("cafes", "serial", kNoon));
}

TEST_F(StorageTest, KeepsCountersAndOutcomeOfEachRun) {
  begin();
  counters.pages = 12;
  counters.worker_deaths = ~0ULL;
  end();
  auto lookup = Lookup::open(path);
  ASSERT_TRUE(lookup) << lookup.error().message;
  const auto runs = lookup->runs();
  ASSERT_EQ(runs->size(), 1U);
  EXPECT_EQ((*runs)[0].counters.pages, 12U);
  EXPECT_EQ((*runs)[0].counters.worker_deaths, ~0ULL);
  EXPECT_EQ((*runs)[0].outcome, "done");
}

TEST_F(StorageTest, UndoesABatchWholeWhenOneRowCannotBeStored) {
  begin();
  commit({discovered(1, 2)});
  Completion bad = fetched(2);
  HostState twin;
  twin.id = 2;
  twin.host = "x.test";  // host names are unique
  bad.hosts.push_back(twin);
  const auto failed = storage->commit({fetched(1, {observation("Anna")}), bad}, counters);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kStorage);
  EXPECT_THAT(failed.error().message, HasSubstr("cafes.db: storing a host: UNIQUE"));
  EXPECT_EQ(select("SELECT (SELECT count(*) FROM page), (SELECT count(*) FROM place),"
                   " (SELECT count(*) FROM queue)"),
            "0|0|2\n");
  commit({fetched(1, {observation("Anna")})});
  EXPECT_EQ(storage->place_count(), 1U);
}

TEST_F(StorageTest, LetsAReaderKeepItsStateWhileTheRunGoesOn) {
  begin();
  commit({fetched(1, {observation("Anna")})});
  auto reader = Database::open(path, Access::kRead);
  ASSERT_TRUE(reader);
  (*reader)->exec("BEGIN", "reading");
  Statement count(**reader, "SELECT count(*) FROM place JOIN page", "reading");
  for (std::uint64_t n = 2; n < 50; ++n) {
    ASSERT_TRUE(count.first());
    EXPECT_EQ(count.integer(0), 1);
    count.reset();
    commit({fetched(n, {observation("Bar " + std::to_string(n))})});
  }
  (*reader)->exec("COMMIT", "reading");
  ASSERT_TRUE(count.first());
  EXPECT_EQ(count.integer(0), 49 * 49);
  count.reset();
  ASSERT_TRUE((*reader)->status());
}

TEST_F(StorageTest, SurvivesADiskThatIsFullAndGoesOnWhenThereIsRoom) {
  begin();
  commit({discovered(1, 1000)});
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{(1U << 20), before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  std::uint64_t stored = 0;
  Result<void> done;
  while (done && stored < 1000) {
    ++stored;
    Observation big = observation("Place " + std::to_string(stored));
    big.raw = std::string(100'000, 'x');
    done = storage->commit({fetched(stored, {big})}, counters);
  }
  setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kStorage);
  EXPECT_THAT(done.error().message, HasSubstr(path));
  EXPECT_EQ(storage->place_count(), stored - 1);
  commit({fetched(stored, {observation("Place " + std::to_string(stored))})});
  EXPECT_EQ(select("SELECT count(*) FROM place"), std::to_string(stored) + "\n");
  EXPECT_EQ(select("SELECT count(*) FROM queue"), std::to_string(1000 - stored) + "\n");
  EXPECT_EQ(select("PRAGMA integrity_check"), "ok\n");
}

TEST_F(StorageTest, ReturnsEveryNaughtyStringByteForByte) {
  const auto file = suite_path("strings/blns.json");
  SKIP_WITHOUT(file);
  const auto strings = nlohmann::json::parse(read_bytes(file)).get<std::vector<std::string>>();
  begin();
  const std::string schema = select("SELECT sql FROM sqlite_schema");
  Completion c = fetched(1);
  for (std::size_t i = 0; i < strings.size(); ++i) {
    Observation o;
    o.format = "json-ld";
    o.path = "script[" + std::to_string(i) + "]";
    o.raw = nlohmann::json{{"name", strings[i]}}.dump();
    for_each_field(
        [&](const char*, auto& value) {
          if constexpr (std::is_same_v<decltype(value), std::optional<std::string>&>) {
            value = strings[i];
          }
        },
        o.place);
    // Only an address of its own keeps each case a place of its own.
    o.place.ref = "case " + std::to_string(i);
    o.place.addr_street = o.place.ref;
    o.place.addr_housenumber = std::to_string(i);
    o.place.addr_postcode = std::to_string(10'000 + i);
    c.outcome.places.push_back(o);
  }
  commit({c});
  auto db = Database::open(path, Access::kRead);
  Statement one(**db, "SELECT " + place_field_list() + " FROM place WHERE ref = ?", "reading");
  std::size_t passed = 0;
  std::string failures;
  for (const Observation& o : c.outcome.places) {
    const bool same = one.first(o.place.ref) && read_place(one, 0) == o.place;
    one.reset();
    passed += same ? 1 : 0;
    EXPECT_TRUE(same) << *o.place.ref;
    if (!same) failures += " " + *o.place.ref;
  }
  std::cout << "suite strings: " << passed << "/" << strings.size() << ", failures:" << failures
            << "\n";
  EXPECT_EQ(select("SELECT sql FROM sqlite_schema"), schema);
  EXPECT_EQ(select("PRAGMA integrity_check"), "ok\n");
}

}  // namespace
}  // namespace placer
