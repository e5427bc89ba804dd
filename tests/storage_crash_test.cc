// A run that is killed at any moment leaves each page stored whole or still waiting.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <random>
#include <set>

#include "tests/storage_support.h"

namespace placer {
namespace {

constexpr std::uint64_t kLinks = 3;  // found on each page
constexpr int kKills = 50;

Observation place_of(std::uint64_t n) {
  Observation o = observation("Place " + std::to_string(n));
  o.place.description = "a description that fills a little of the page " + std::to_string(n);
  return o;
}

// Fetches one page after another as a crawl does: the first that waits, kLinks new ones found.
// Reports the number of pages of each committed batch on `report`.
[[noreturn]] void crawl(const std::string& path, int report, unsigned seed) {
  std::mt19937 random(seed);
  auto storage = SqliteStorage::open(path, {path, Durability::kNormal});
  if (!storage) _exit(2);
  auto resumed = (*storage)->begin_run("cafes", "serial", kNoon);
  if (!resumed) _exit(3);
  std::uint64_t next = resumed->next_seq;
  if (resumed->fresh) {
    if (!(*storage)->commit({discovered(1, 50)}, {})) _exit(4);
    next = 51;
  }
  for (;;) {
    const auto waiting = (*storage)->queued(1, 0, 1 + random() % 40);
    if (!waiting || waiting->empty()) _exit(5);
    std::vector<Completion> batch;
    for (const QueuedUrl& url : *waiting) {
      Completion c = fetched(url.seq, {place_of(url.seq)});
      c.dequeue = QueueKey{1, url.seq};
      c.fingerprint = url.fingerprint;
      c.outcome.request.url = url.url;
      for (std::uint64_t i = 0; i < kLinks; ++i) c.discovered.push_back(queued_url(next++));
      batch.push_back(std::move(c));
    }
    RunCounters counters;
    counters.pages = waiting->size();
    if (!(*storage)->commit(batch, counters)) _exit(6);
    const auto size = static_cast<unsigned char>(batch.size());
    if (write(report, &size, 1) != 1) _exit(7);
  }
}

// Runs a crawl and kills it right after its k-th report; returns the pages reported.
std::uint64_t killed_crawl(const std::string& path, unsigned seed, std::uint64_t k) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    crawl(path, ends[1], seed);
  }
  close(ends[1]);
  std::uint64_t pages = 0;
  unsigned char size = 0;
  for (; k > 0 && read(ends[0], &size, 1) == 1; --k) pages += size;
  EXPECT_EQ(k, 0U);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "exit status " << WEXITSTATUS(status);
  while (read(ends[0], &size, 1) == 1) pages += size;  // reported before it died
  close(ends[0]);
  return pages;
}

// Every page has its place, its observation and its index entries, and waits no more; every URL
// that was found is either fetched or waiting.
void expect_account_holds(const std::string& path) {
  EXPECT_EQ(rows(path, "PRAGMA integrity_check"), "ok\n");
  EXPECT_EQ(rows(path, "PRAGMA foreign_key_check"), "");
  EXPECT_EQ(rows(path,
                 "SELECT count(*) FROM page WHERE NOT EXISTS (SELECT 1 FROM observation AS o"
                 " JOIN place AS p ON p.id = o.place_id JOIN identity AS i"
                 " ON i.id = o.identity_id AND i.place_id = p.id WHERE o.page = page.id)"),
            "0\n");
  EXPECT_EQ(rows(path, "SELECT count(*) FROM queue JOIN page USING (fingerprint)"), "0\n");
  EXPECT_EQ(rows(path, "SELECT (SELECT count(*) FROM place) - (SELECT count(*) FROM page)"), "0\n");
  EXPECT_EQ(rows(path, "SELECT (SELECT count(*) FROM queue) + (SELECT count(*) FROM page) - 50 - " +
                           std::to_string(kLinks) + " * (SELECT count(*) FROM page)"),
            "0\n");
  EXPECT_EQ(rows(path, "SELECT next_seq - 51 - " + std::to_string(kLinks) +
                           " * (SELECT count(*) FROM page) FROM meta"),
            "0\n");
  EXPECT_EQ(rows(path, "SELECT count(*) FROM place_text WHERE place_text MATCH 'description'"),
            rows(path, "SELECT count(*) FROM place"));
}

TEST(StorageCrashTest, KeepsWholePagesWheneverTheRunIsKilled) {
  TemporaryFolder folder;
  const std::string path = folder / "cafes.db";
  std::mt19937 random(32);
  std::uint64_t reported = 0;
  for (int i = 0; i < kKills && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("kill " + std::to_string(i));
    reported += killed_crawl(path, static_cast<unsigned>(random()), 1 + random() % 8);
    expect_account_holds(path);
    const std::uint64_t pages = std::stoull(rows(path, "SELECT count(*) FROM page"));
    EXPECT_GE(pages, reported) << "a page that was acknowledged is lost";
    reported = pages;
  }
  EXPECT_EQ(rows(path, "SELECT count(*) FROM run WHERE outcome = 'killed'"),
            std::to_string(kKills - 1) + "\n");
  auto storage = open_storage(path);
  const auto resumed = storage->begin_run("cafes", "serial", kNoon);
  ASSERT_TRUE(resumed);
  EXPECT_TRUE(resumed->unclean);
  EXPECT_FALSE(resumed->fresh);
  std::vector<std::uint64_t> fingerprints;
  for (std::uint64_t n = 1; n < resumed->next_seq; ++n) {
    fingerprints.push_back(queued_url(n).fingerprint);
  }
  const auto known = storage->known(fingerprints);
  EXPECT_TRUE(std::ranges::all_of(*known, &Known::found));
}

}  // namespace
}  // namespace placer
