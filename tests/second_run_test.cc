// A second run over a site that has not changed: what it costs, and that it changes nothing.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/server.h"
#include "tests/web/site.h"
#include "tests/web/written.h"

namespace placer {
namespace {

// Of all children waited for so far.
double child_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Cost {
  double seconds = 0;
  web::Traffic traffic;
};

class SecondRunTest : public testing::Test {
 protected:
  // PLACER_TEST_PAGES: another number of pages than the usual one.
  static web::Site site() {
    const char* pages = std::getenv("PLACER_TEST_PAGES");
    web::SiteOptions options;
    options.seed = 5;
    options.pages = pages == nullptr ? 400 : static_cast<std::uint32_t>(std::atoi(pages));
    options.page_bytes = 25 * 1024;
    return web::Site(options);
  }

  Cost run(const std::string& backend) {
    *traffic_ = {};
    const double before = child_seconds();
    const auto ended = run_program(
        {PLACER_BINARY, "run", "job.yaml", "--backend", backend, "--db", "a.db"}, folder_.path());
    EXPECT_EQ(ended.status, 0) << ended.err;
    err_ = ended.err;
    return {child_seconds() - before, *traffic_};
  }

  std::vector<std::string> query(const std::string& sql) const {
    return query_lines(folder_ / "a.db", sql);
  }

  // Two runs over the site as `handler` serves it; the costs of both are recorded.
  void run_twice(const web::Handler& handler, const std::string& backend) {
    const web::RunningServer server(handler, {{"127.0.0.1"}, 0, false});
    folder_.write("job.yaml", loopback_job(server.url("/")));
    first_ = run(backend);
    const auto places = place_rows(folder_ / "a.db");
    const auto rest = query(kUnchanged);
    second_ = run(backend);
    EXPECT_GT(places.size(), 100U);
    EXPECT_EQ(place_rows(folder_ / "a.db"), places);
    EXPECT_EQ(query(kUnchanged), rest);
    EXPECT_EQ(query("SELECT pass_end FROM run"),
              (std::vector<std::string>{"complete", "complete"}));
    EXPECT_EQ(query("SELECT count(*) FROM place WHERE last_seen < (SELECT max(started_at) FROM run)"
                    " OR gone_since IS NOT NULL OR missing_since IS NOT NULL"),
              std::vector<std::string>{"0"});
    EXPECT_EQ(query("SELECT count(*) FROM observation WHERE missing_since IS NOT NULL OR"
                    " last_seen < (SELECT max(started_at) FROM run)"),
              std::vector<std::string>{"0"});
    EXPECT_EQ(query("SELECT count(*) FROM place_history WHERE run = 2"),
              std::vector<std::string>{"0"});
    EXPECT_EQ(query("SELECT count(*) FROM page WHERE checks <> 1 OR changes <> 0 OR pass <> 2"),
              std::vector<std::string>{"0"});
    std::printf("%s: CPU %.2f s, then %.2f s (%.1f %%); bytes %llu, then %llu (%.1f %%)\n",
                backend.c_str(), first_.seconds, second_.seconds,
                100 * second_.seconds / first_.seconds,
                static_cast<unsigned long long>(first_.traffic.bytes),
                static_cast<unsigned long long>(second_.traffic.bytes),
                100.0 * static_cast<double>(second_.traffic.bytes) /
                    static_cast<double>(first_.traffic.bytes));
  }

  static constexpr const char* kUnchanged =
      "SELECT url, status, content_hash, etag, bytes, title, depth, hex(outlinks), recipe, 0"
      " FROM page UNION ALL SELECT page, format, path, hash, rank, place_id, 0, 0, 0, 0"
      " FROM observation ORDER BY 1, 2, 3";

  TemporaryFolder folder_;
  std::shared_ptr<web::Traffic> traffic_ = std::make_shared<web::Traffic>();
  Cost first_;
  Cost second_;
  std::string err_;
};

TEST_F(SecondRunTest, CostsLittleWhereTheServerAnswersNotModified) {
  run_twice(web::with_etags(site().handler(), traffic_), "async");
  EXPECT_GT(second_.traffic.unmodified, first_.traffic.bodies - 10);
  EXPECT_LT(second_.traffic.bytes * 20, first_.traffic.bytes);
  EXPECT_LT(second_.seconds * 3, first_.seconds);
}

TEST_F(SecondRunTest, ReadsNothingAgainWhereTheServerSendsNoValidators) {
  run_twice(web::counted(site().handler(), traffic_), "async");
  EXPECT_EQ(second_.traffic.unmodified, 0U);
  EXPECT_LT(second_.seconds * 2, first_.seconds);
}

TEST_F(SecondRunTest, SaysThatNothingChanged) {
  run_twice(web::with_etags(site().handler(), traffic_), "serial");
  const auto diff = run_program({PLACER_BINARY, "diff", "a.db"}, folder_.path());
  EXPECT_EQ(diff.status, 0) << diff.err;
  EXPECT_EQ(diff.out.find("+ "), std::string::npos) << diff.out;
  EXPECT_EQ(diff.out.find("- "), std::string::npos) << diff.out;
}

// What is read from a page has changed with the job: what is stored does not hold.
TEST_F(SecondRunTest, ReadsEverythingAnewUnderAnotherRecipe) {
  const web::RunningServer server(web::with_etags(site().handler(), traffic_),
                                  {{"127.0.0.1"}, 0, false});
  folder_.write("job.yaml", loopback_job(server.url("/")) + "extract: {formats: [microdata]}\n");
  const Cost first = run("async");
  const auto places = query("SELECT count(*) FROM place");
  folder_.write("job.yaml",
                loopback_job(server.url("/")) + "extract: {formats: [microdata, json-ld]}\n");
  const Cost second = run("async");
  EXPECT_GT(second.traffic.bytes + 100, first.traffic.bytes);  // without robots.txt
  EXPECT_NE(query("SELECT count(*) FROM place"), places);
  const Cost third = run("async");
  EXPECT_LT(third.traffic.bytes * 20, first.traffic.bytes);
}

// A rule that took something on the pages as they were is not out of use.
TEST_F(SecondRunTest, DoesNotTakeRulesForUnusedThatHeldForUnmodifiedPages) {
  web::WrittenSite written(web::Validation::kEtag);
  written.put("/", web::link_page({"/a", "/b"}));
  written.put("/a", "<div class=cafe><h2>Anna</h2><a href='tel:+493012345671'>call</a></div>");
  written.put("/b", "<div class=cafe><h2>Bert</h2><a href='tel:+493012345672'>call</a></div>");
  const web::RunningServer server(written.handler());
  folder_.write("job.yaml", loopback_job(server.url("/")) +
                                "extract:\n  rules:\n    - each: 'div.cafe'\n"
                                "      place: {name: 'h2', phone: \"a[href^='tel:'] @href\"}\n");
  run("serial");
  EXPECT_EQ(query("SELECT count(*) FROM place"), std::vector<std::string>{"2"});
  const std::string first = err_;
  EXPECT_EQ(first.find("matched nothing"), std::string::npos) << first;
  run("serial");
  EXPECT_EQ(err_.find("matched nothing"), std::string::npos) << err_;
  EXPECT_EQ(query("SELECT count(*) FROM place WHERE gone_since IS NULL AND missing_since IS NULL"),
            std::vector<std::string>{"2"});
}

}  // namespace
}  // namespace placer
