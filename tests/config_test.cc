// Job files: what is accepted, what is refused, and with which words.
#include "config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/load.h"
#include "tests/example_jobs.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kSmallest = "job: cafes\nstart: https://example.org/cafes/\n";

std::vector<std::string> errors_of(const std::string& yaml,
                                   const std::vector<Override>& overrides = {}) {
  std::vector<std::string> errors;
  if (const auto jobs = load_jobs(yaml, overrides); !jobs) {
    for (const Diagnostic& error : jobs.error()) errors.push_back(format_diagnostic("f", error));
  }
  return errors;
}

// The errors of the smallest job with `yaml` from line 3 on.
std::vector<std::string> errors_after(const std::string& yaml) {
  return errors_of(kSmallest + yaml);
}

Job load_one(const std::string& yaml, const std::vector<Override>& overrides = {}) {
  const auto jobs = load_jobs(yaml, overrides);
  EXPECT_TRUE(jobs) << testing::PrintToString(errors_of(yaml, overrides));
  return jobs && jobs->size() == 1 ? jobs->front() : Job{};
}

TEST(LoadJobsTest, TakesDefaultsFromTheStructs) {
  Job expected;
  expected.name = "cafes";
  expected.start = {{"https://example.org/cafes/", {}}};
  EXPECT_EQ(load_one(kSmallest), expected);
}

TEST(LoadJobsTest, ReadsEverySection) {
  const Job job = load_one(R"yaml(
job: cafes
start: [https://example.org/, 'http://example.com/?a=b']
scope: {hosts: [example.org, "*.example.com"], include: ["/cafes/**"], exclude: ["**?sort=*"],
        max_depth: 0, max_pages: 1000000000, max_pages_per_host: 1}
politeness: {user_agent: "bot/1 (+https://example.org/)", robots: ignore, delay: 1.5s, per_host: 2,
             address_delay: 0.5s, adaptive: false, max_delay: 5m}
retry:
  attempts: 20
  backoff: 0
backend: {kind: processes, workers: 8, window: auto, process_memory: 1.5GiB}
fetch: {timeout: 1h, max_body: 500KB, max_headers: 2048, private_addresses: allow,
        verify_tls: false, proxy: "socks5h://127.0.0.1:1080"}
page: {parse_deadline: 250ms, tree: always}
extract: {formats: [microdata]}
storage: {path: /var/lib/placer/cafes.db, durability: full}
)yaml");
  ASSERT_EQ(job.start.size(), 2U);
  EXPECT_EQ(job.start[1].url, "http://example.com/?a=b");
  EXPECT_EQ(job.start[1].mark.line, 3);
  EXPECT_EQ(job.start[1].mark.column, 31);
  EXPECT_THAT(job.scope.hosts, ElementsAre("example.org", "*.example.com"));
  EXPECT_THAT(job.scope.exclude, ElementsAre("**?sort=*"));
  EXPECT_EQ(job.scope.max_depth, 0U);
  EXPECT_EQ(job.scope.max_pages, 1'000'000'000U);
  EXPECT_EQ(job.politeness.robots, RobotsPolicy::kIgnore);
  EXPECT_EQ(job.politeness.delay, milliseconds(1500));
  EXPECT_EQ(job.politeness.address_delay, milliseconds(500));
  EXPECT_FALSE(job.politeness.adaptive);
  EXPECT_EQ(job.politeness.max_delay, milliseconds(300'000));
  EXPECT_EQ(job.retry.attempts, 20U);
  EXPECT_EQ(job.retry.backoff, milliseconds(0));
  EXPECT_EQ(job.backend.kind, BackendKind::kProcesses);
  EXPECT_EQ(job.backend.workers, 8U);
  EXPECT_EQ(job.backend.window, std::nullopt);
  EXPECT_EQ(job.backend.process_memory, 3ULL << 29);
  EXPECT_EQ(job.fetch.timeout, milliseconds(3'600'000));
  EXPECT_EQ(job.fetch.max_body, 500'000U);
  EXPECT_EQ(job.fetch.max_headers, 2048U);
  EXPECT_EQ(job.fetch.private_addresses, PrivateAddresses::kAllow);
  EXPECT_FALSE(job.fetch.verify_tls);
  EXPECT_EQ(job.page.tree, TreePolicy::kAlways);
  EXPECT_THAT(job.extract.formats, ElementsAre(Format::kMicrodata));
  EXPECT_EQ(job.storage.durability, Durability::kFull);
}

TEST(LoadJobsTest, TakesAutoForTheDelayOfAnAddress) {
  const std::string job = std::string(kSmallest) + "politeness: {address_delay: ";
  EXPECT_EQ(load_one(job + "auto}").politeness.address_delay, std::nullopt);
  EXPECT_EQ(load_one(job + "0}").politeness.address_delay, milliseconds(0));
  EXPECT_EQ(load_one(dump_job(load_one(job + "40ms}"))).politeness.address_delay, milliseconds(40));
  EXPECT_FALSE(load_jobs(job + "2h}"));
  EXPECT_FALSE(load_jobs(job + "soon}"));
}

TEST(LoadJobsTest, ReadsSeveralDocuments) {
  const auto jobs = load_jobs("job: a\nstart: http://a/\n---\njob: b\nstart: http://b/\n");
  ASSERT_TRUE(jobs);
  ASSERT_EQ(jobs->size(), 2U);
  EXPECT_EQ((*jobs)[1].name, "b");
}

TEST(LoadJobsTest, TakesAnEmptySectionForItsDefaults) {
  EXPECT_EQ(load_one(std::string(kSmallest) + "scope:\n  # max_depth: 3\nfetch: {}\n"),
            load_one(kSmallest));
}

TEST(LoadJobsTest, SuggestsTheKeyThatWasMeant) {
  EXPECT_THAT(
      errors_after(
          "scop: {}\nscope:\n  max_dpeth: 3\ntimeout: 3s\nfetch: {user_agent: x}\nzebra: 1\n"),
      ElementsAre("f:3:1: unknown key 'scop' (did you mean 'scope'?)",
                  "f:5:3: scope: unknown key 'max_dpeth' (did you mean 'max_depth'?)",
                  "f:6:1: unknown key 'timeout' (did you mean 'fetch.timeout'?)",
                  "f:7:9: fetch: unknown key 'user_agent' (did you mean 'politeness.user_agent'?)",
                  "f:8:1: unknown key 'zebra'"));
}

TEST(LoadJobsTest, SuggestsTheWordThatWasMeant) {
  EXPECT_THAT(errors_after("backend: {kind: thread}\nextract: {formats: [jsonld]}\n"
                           "storage: {durability: Full}\npoliteness: {robots: [obey]}\n"),
              ElementsAre("f:3:17: backend.kind: 'thread' is none of auto, serial, threads, "
                          "processes, async (did you mean 'threads'?)",
                          "f:4:21: extract.formats: 'jsonld' is none of json-ld, microdata, rdfa, "
                          "microformats, locator, embedded, opengraph, text (did you mean "
                          "'json-ld'?)",
                          "f:5:23: storage.durability: 'Full' is none of normal, full (did you "
                          "mean 'full'?)",
                          "f:6:22: politeness.robots: expected one of obey, ignore, found a list"));
}

TEST(LoadJobsTest, TakesSitemapsFromRobotsTxtOrFromTheJobOrNone) {
  const auto sitemaps = [](const std::string& value) {
    return load_one(kSmallest + ("sitemaps: " + value)).sitemaps;
  };
  EXPECT_EQ(load_one(kSmallest).sitemaps, (SitemapOptions{true, {}}));
  EXPECT_EQ(sitemaps("auto"), (SitemapOptions{true, {}}));
  EXPECT_EQ(sitemaps("off"), (SitemapOptions{false, {}}));
  const SitemapOptions listed = sitemaps("[https://h.test/a.xml, 'http://g.test/b?c=1']");
  EXPECT_EQ(listed,
            (SitemapOptions{false, {{"https://h.test/a.xml", {}}, {"http://g.test/b?c=1", {}}}}));
  EXPECT_EQ(listed.urls[1].mark.line, 3);
  EXPECT_EQ(listed.urls[1].mark.column, 34);
  EXPECT_EQ(sitemaps("https://h.test/a.xml").urls.size(), 1U);
  const std::vector<Override> off = {{"sitemaps", "off"}};
  EXPECT_EQ(load_one(kSmallest + std::string("sitemaps: https://h.test/\n"), off).sitemaps,
            (SitemapOptions{false, {}}));
}

TEST(LoadJobsTest, RefusesOtherSitemaps) {
  EXPECT_THAT(errors_after("sitemaps: none\n"),
              ElementsAre("f:3:11: sitemaps: expected auto, off or a list of URLs, found 'none'"));
  EXPECT_THAT(errors_after("sitemaps: {a: b}\n"),
              ElementsAre("f:3:11: sitemaps: expected auto, off or a list of URLs, found a "
                          "mapping"));
  EXPECT_THAT(errors_after("sitemaps: []\n"),
              ElementsAre("f:3:11: sitemaps: expected at least one URL"));
  EXPECT_THAT(errors_after("sitemaps:\n"),
              ElementsAre("f:3:1: sitemaps: expected auto, off or a list of URLs, found nothing"));
  EXPECT_THAT(errors_after("sitemaps: [auto, /a.xml]\n"),
              ElementsAre("f:3:12: sitemaps: 'auto' must begin with http:// or https://",
                          "f:3:18: sitemaps: '/a.xml' must begin with http:// or https:// (did "
                          "you mean 'https://a.xml'?)"));
  EXPECT_THAT(errors_after("sitemap: off\n"),
              ElementsAre("f:3:1: unknown key 'sitemap' (did you mean 'sitemaps'?)"));
}

TEST(LoadJobsTest, RefusesValuesOutOfRange) {
  EXPECT_THAT(errors_after("scope:\n  max_depth: 1001\n  max_pages: 99999999999999999999\n"
                           "fetch:\n  timeout: 2h\n  max_body: 2GiB\nbackend: {workers: 0}\n"),
              ElementsAre("f:4:14: scope.max_depth: '1001' is out of range (0 ... 1000)",
                          "f:5:14: scope.max_pages: '99999999999999999999' is out of range (1 ... "
                          "1000000000)",
                          "f:7:12: fetch.timeout: '2h' is out of range (1ms ... 1h)",
                          "f:8:13: fetch.max_body: '2GiB' is out of range (1KiB ... 1GiB)",
                          "f:9:20: backend.workers: '0' is out of range (1 ... 1024)"));
}

TEST(LoadJobsTest, RefusesWrongTypes) {
  EXPECT_THAT(
      errors_after("scope:\n  max_depth: deep\n  hosts: example.org\n  max_pages: -1\n"
                   "fetch:\n  timeout: 30\n  max_body: 10M\n  verify_tls: yes\n  proxy:\n"
                   "backend:\n  workers: '4'\n  window: many\nstorage: a.db\n"),
      ElementsAre(
          "f:4:14: scope.max_depth: expected a whole number (0 ... 1000), found 'deep'",
          "f:5:10: scope.hosts: expected a list, found 'example.org'",
          "f:6:14: scope.max_pages: expected a whole number (1 ... 1000000000), found '-1'",
          "f:8:12: fetch.timeout: expected a duration with a unit (ms, s, m or h), found '30'",
          "f:9:13: fetch.max_body: expected a size such as 500KB, 64KiB, 10MiB or 1GiB, found "
          "'10M'",
          "f:10:15: fetch.verify_tls: expected true, found 'yes'",
          "f:11:3: fetch.proxy: expected a text, found nothing",
          "f:13:12: backend.workers: expected 'auto' or a whole number (1 ... 1024), found the "
          "text '4'",
          "f:14:11: backend.window: expected 'auto' or a whole number (1 ... 10000), found 'many'",
          "f:15:10: storage: expected options, one 'key: value' a line"));
}

TEST(LoadJobsTest, RefusesDuplicateKeysAtEveryLevel) {
  EXPECT_THAT(errors_after("fetch: {timeout: 1s, timeout: 2s}\njob: again\n"),
              ElementsAre("f:3:22: duplicate key 'timeout' (first on line 3)",
                          "f:4:1: duplicate key 'job' (first on line 1)"));
}

TEST(LoadJobsTest, ChecksTexts) {
  EXPECT_THAT(
      errors_after("scope: {hosts: ['https://example.org/x', 'a b'], include: [cafes]}\n"
                   "politeness: {user_agent: \"a\\r\\nCookie: b\"}\nfetch: {proxy: localhost}\n"),
      ElementsAre("f:3:17: scope.hosts: 'https://example.org/x' is a URL; a host name is wanted "
                  "(did you mean 'example.org'?)",
                  "f:3:42: scope.hosts: 'a b' is no host name, such as example.org or "
                  "*.example.org",
                  "f:3:60: scope.include: 'cafes' matches nothing: it is compared with path and "
                  "query, so begin with '/' or '**'",
                  "f:4:26: politeness.user_agent: 'a\\x0d\\x0aCookie: b' must be printable ASCII "
                  "on one line",
                  "f:5:16: fetch.proxy: 'localhost' is no proxy URL, such as "
                  "http://127.0.0.1:3128 or socks5h://127.0.0.1:1080"));
  EXPECT_THAT(errors_after("politeness: {user_agent: ''}\nextract: {formats: []}\n"),
              ElementsAre(HasSubstr("f:3:26: politeness.user_agent: '' is empty"),
                          "f:4:20: extract.formats: expected at least one of json-ld, microdata, "
                          "rdfa, microformats, locator, embedded, opengraph, text"));
  EXPECT_THAT(errors_after("extract: {formats: [json-ld, json-ld]}\n"),
              ElementsAre("f:3:30: extract.formats: 'json-ld' is listed twice"));
}

TEST(LoadJobsTest, ChecksStartUrls) {
  EXPECT_THAT(
      errors_of("job: a\nstart:\n  - example.org/x\n  - ftp://example.org/\n  - http://\n  - "
                "https:///path\n  - http://a b/\n"),
      ElementsAre("f:3:5: start: 'example.org/x' must begin with http:// or https:// (did you "
                  "mean 'https://example.org/x'?)",
                  "f:4:5: start: 'ftp://example.org/' must begin with http:// or https://",
                  "f:5:5: start: 'http://' has no host",
                  "f:6:5: start: 'https:///path' has no host",
                  "f:7:5: start: 'http://a b/' is no URL: it contains a space or control "
                  "character"));
  EXPECT_THAT(errors_of("job: a\nstart: []\n"),
              ElementsAre("f:2:8: start: expected at least one URL"));
}

TEST(LoadJobsTest, RefusesUsersInStartUrlsWithoutShowingTheirPasswords) {
  EXPECT_THAT(errors_of("job: a\nstart: https://me:sesame@example.org/\n"),
              ElementsAre("f:2:8: start: this URL names a user, who would not be sent; fetch.auth "
                          "is the place for that"));
  EXPECT_THAT(errors_of("job: a\nstart: https://example.org/@me\n"), IsEmpty());
}

TEST(LoadJobsTest, RequiresNameAndStart) {
  EXPECT_THAT(errors_of("scope: {}\n"),
              ElementsAre("f:1:1: job: missing; name the job, as in 'job: cafes'",
                          "f:1:1: start: missing; say where to begin, as in 'start: "
                          "https://example.org/'"));
  EXPECT_THAT(errors_of("# nothing\n"), ElementsAre("f:1:1: no job in this file"));
}

TEST(LoadJobsTest, RefusesBadAndRepeatedNames) {
  EXPECT_THAT(errors_of("job: a/b\nstart: http://a/\n"),
              ElementsAre(HasSubstr("f:1:6: job: 'a/b' is no job name")));
  EXPECT_THAT(errors_of("job: a\nstart: http://a/\n---\nstart: http://b/\njob: a\n"),
              ElementsAre("f:5:6: job: the name 'a' belongs to the job on line 1"));
}

TEST(LoadJobsTest, CountsColumnsInCharacters) {
  EXPECT_THAT(errors_of("job: a\nstart: ['http://b\xC3\xBC"
                        "cher/', x]\n"),
              ElementsAre(HasSubstr("f:2:27: start: 'x'")));
}

TEST(LoadJobsTest, ShowsFiftyErrorsAndCountsTheRest) {
  std::string yaml = kSmallest;
  for (int i = 0; i < 60; ++i) yaml += "zebra" + std::to_string(i) + ": 1\n";
  const std::vector<std::string> errors = errors_of(yaml);
  ASSERT_EQ(errors.size(), 51U);
  EXPECT_EQ(errors.back(), "f:52:1: and 10 more errors");
}

TEST(OverrideTest, ChangesEveryJob) {
  const auto jobs = load_jobs("job: a\nstart: http://a/\n---\njob: b\nstart: http://b/\n",
                              {{"fetch.timeout", "5s"},
                               {"scope.hosts", "[a, b]"},
                               {"politeness", "{delay: 0, per_host: 4}"},
                               {"storage.path", "#1: @odd.db"},
                               {"fetch.proxy", ""}});
  ASSERT_TRUE(jobs);
  for (const Job& job : *jobs) {
    EXPECT_EQ(job.fetch.timeout, milliseconds(5000));
    EXPECT_THAT(job.scope.hosts, ElementsAre("a", "b"));
    EXPECT_EQ(job.politeness.per_host, 4U);
    EXPECT_EQ(job.storage.path, "#1: @odd.db");
  }
}

TEST(OverrideTest, MayGiveWhatTheFileLeavesOut) {
  const Job job = load_one("scope: {max_depth: 1}\n", {{"job", "a"}, {"start", "http://a/"}});
  EXPECT_EQ(job.start.front().url, "http://a/");
  EXPECT_EQ(job.start.front().mark.line, 0);
}

TEST(OverrideTest, NamesItsKeyInErrors) {
  EXPECT_THAT(
      errors_of(kSmallest, {{"fetch.timeout", "5"},
                            {"fetch.timout", "5s"},
                            {"scope.hosts", "[a"},
                            {"a.b.c.d", "1"},
                            {"", "1"},
                            {"fetch", "5s"},
                            {"fetch.", "5s"}}),
      ElementsAre("--set fetch.timeout: expected a duration with a unit (ms, s, m or h), found '5'",
                  "--set fetch.timout: unknown key 'timout' (did you mean 'timeout'?)",
                  HasSubstr("--set scope.hosts: a key must be text; is every bracket closed?"),
                  "--set a.b.c.d: unknown key", "--set : unknown key ''",
                  "--set fetch: expected options, one 'key: value' a line",
                  "--set fetch.: unknown key ''"));
}

TEST(OverrideTest, ReportsAnErrorOnceForAllJobs) {
  EXPECT_THAT(errors_of("job: a\nstart: http://a/\n---\njob: b\nstart: http://b/\n",
                        {{"retry.attempts", "0"}}),
              ElementsAre("--set retry.attempts: '0' is out of range (1 ... 20)"));
}

TEST(ExamplesTest, AllLoad) {
  for (const auto& path : example_files()) {
    const std::string yaml = text_of(path);
    const auto jobs = load_jobs(yaml, {}, bases_of(path));
    if (!jobs) ADD_FAILURE() << format_diagnostic(path.string(), jobs.error().front());
    EXPECT_TRUE(yaml.starts_with("# yaml-language-server: $schema=../job.schema.json\n#\n# "))
        << path << " does not say what it shows";
  }
  EXPECT_GE(example_files().size(), 14U);
}

}  // namespace
}  // namespace placer
