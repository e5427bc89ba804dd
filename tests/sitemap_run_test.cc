// Crawls that find their pages by sitemaps.
//
// sitemaps.org/protocol.html; robots.txt's Sitemap lines are RFC 9309 section 2.2.4.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/crawl_job.h"
#include "tests/gzip.h"
#include "tests/program.h"
#include "tests/web/server.h"
#include "tests/web/written.h"

namespace placer {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using web::place_page;

std::string urlset(const std::vector<std::string>& urls, const std::string& lastmod = {}) {
  std::string xml = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>";
  for (const std::string& url : urls) {
    xml += "<url><loc>" + url + "</loc>";
    if (!lastmod.empty()) xml += "<lastmod>" + lastmod + "</lastmod>";
    xml += "</url>";
  }
  return xml + "</urlset>";
}

std::string index(const std::vector<std::string>& urls) {
  std::string xml = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>";
  for (const std::string& url : urls) xml += "<sitemap><loc>" + url + "</loc></sitemap>";
  return xml + "</sitemapindex>";
}

class SitemapRunTest : public testing::Test {
 protected:
  SitemapRunTest() {
    site_.put("/", "<!doctype html><title>Start</title>");
    write_job("");
  }

  void write_job(const std::string& more) {
    folder_.write("job.yaml", loopback_job(server_.url("/")) + more);
  }
  std::string url(const std::string& path) const { return server_.url(path); }
  void put_place(const std::string& path) { site_.put(path, place_page("Cafe " + path, "")); }
  void put_sitemap(const std::string& path, const std::string& xml) {
    site_.put(path, xml, "application/xml");
  }
  void put_robots(const std::string& text) { site_.put("/robots.txt", text, "text/plain"); }

  std::vector<std::string> arguments(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{PLACER_BINARY, "run",  "job.yaml", "--backend",
                                 "serial",      "--db", "a.db"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  void run(const std::vector<std::string>& more = {}) {
    server_.clear_log();
    const auto ended = run_program(arguments(more), folder_.path());
    EXPECT_EQ(ended.status, 0) << ended.err;
  }
  std::vector<std::string> asked_for() const {
    std::vector<std::string> targets;
    for (const auto& request : server_.log()) targets.push_back(request.target);
    return targets;
  }
  std::vector<std::string> query(const std::string& sql) const {
    return query_lines(folder_ / "a.db", sql);
  }
  std::vector<std::string> places() const {
    return query("SELECT name FROM place WHERE gone_since IS NULL ORDER BY name");
  }

  web::WrittenSite site_{web::Validation::kEtag};
  web::RunningServer server_{site_.handler()};
  TemporaryFolder folder_;
};

TEST_F(SitemapRunTest, FollowsRobotsLinesOverIndexesAndEveryFormatToPages) {
  put_robots("Sitemap: " + url("/index.xml") + "\n");
  put_sitemap("/index.xml", index({url("/a.xml.gz"), url("/b.txt"), url("/c.xml")}));
  site_.put("/a.xml.gz", gzip(urlset({url("/a1"), url("/a2")})), "application/octet-stream");
  site_.put("/b.txt", url("/b1") + "\n", "text/plain");
  put_sitemap("/c.xml", "<rss version='2.0'><channel><item><link>" + url("/c1") +
                            "</link></item></channel></rss>");
  for (const char* path : {"/a1", "/a2", "/b1", "/c1"}) put_place(path);
  run();
  EXPECT_THAT(places(), ElementsAre("Cafe /a1", "Cafe /a2", "Cafe /b1", "Cafe /c1"));
  EXPECT_THAT(query("SELECT count(*) FROM page WHERE kind = 'sitemap'"), ElementsAre("4"));
}

TEST_F(SitemapRunTest, ReadsTheSitemapsThatTheJobLists) {
  put_sitemap("/s.xml", urlset({url("/a")}));
  put_sitemap("/other.xml", urlset({url("/b")}));
  put_place("/a");
  put_place("/b");
  put_robots("Sitemap: " + url("/other.xml") + "\n");
  write_job("sitemaps: ['" + url("/s.xml") + "']\n");
  run();
  EXPECT_THAT(places(), ElementsAre("Cafe /a"));
}

TEST_F(SitemapRunTest, ReadsNoneWhereTheyAreOff) {
  put_robots("Sitemap: " + url("/s.xml") + "\n");
  put_sitemap("/s.xml", urlset({url("/a")}));
  put_place("/a");
  write_job("sitemaps: off\n");
  run();
  EXPECT_THAT(places(), IsEmpty());
  EXPECT_THAT(asked_for(), Not(Contains("/s.xml")));
}

// "Sitemaps & Cross Submits": robots.txt vouches for a sitemap elsewhere. What that lists is bound
// by the job's scope all the same, and a sitemap vouches for none on other hosts.
TEST_F(SitemapRunTest, ReadsASitemapOnAnotherHostButNotThatHostsPages) {
  web::WrittenSite other;
  const web::RunningServer elsewhere(other.handler(), {{"127.0.0.2"}, 0, true});
  other.put("/s.xml", urlset({url("/a"), elsewhere.url("/b")}), "application/xml");
  other.put("/b", place_page("Elsewhere", ""));
  other.put("/child.xml", urlset({url("/c")}), "application/xml");
  put_robots("Sitemap: " + elsewhere.url("/s.xml") + "\nSitemap: " + url("/index.xml") + "\n");
  put_sitemap("/index.xml", index({elsewhere.url("/child.xml")}));
  put_place("/a");
  put_place("/c");
  run();
  EXPECT_THAT(places(), ElementsAre("Cafe /a"));
  EXPECT_THAT(query("SELECT reason, count FROM filtered"), ElementsAre("host|2"));
  std::vector<std::string> there;
  for (const auto& request : elsewhere.log()) there.push_back(request.target);
  EXPECT_THAT(there, ElementsAre("/robots.txt", "/s.xml"));
}

TEST_F(SitemapRunTest, ObeysRobotsForSitemapsAndForWhatTheyList) {
  put_robots("User-agent: *\nDisallow: /private\nSitemap: " + url("/private/s.xml") +
             "\nSitemap: " + url("/s.xml") + "\n");
  put_sitemap("/private/s.xml", urlset({url("/a")}));
  put_sitemap("/s.xml", urlset({url("/private/b"), url("/c")}));
  for (const char* path : {"/a", "/private/b", "/c"}) put_place(path);
  run();
  EXPECT_THAT(places(), ElementsAre("Cafe /c"));
  EXPECT_THAT(query("SELECT reason, count FROM filtered"), ElementsAre("robots|2"));
}

TEST_F(SitemapRunTest, TakesABombForAnErrorOfItsUrlAlone) {
  put_robots("Sitemap: " + url("/bomb.xml") + "\nSitemap: " + url("/bomb.xml.gz") +
             "\nSitemap: " + url("/s.xml") + "\n");
  put_sitemap("/bomb.xml",
              "<!DOCTYPE u [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]><urlset>"
              "<url><loc>" +
                  url("/x") + "&b;</loc></url></urlset>");
  site_.put("/bomb.xml.gz", gzip(std::string(80 << 20, ' ')), "application/gzip");
  std::vector<std::string> listed;
  for (int i = 0; i < 9; ++i) {
    put_place("/p" + std::to_string(i));
    listed.push_back(url("/p" + std::to_string(i)));
  }
  put_sitemap("/s.xml", urlset(listed));
  run();
  EXPECT_EQ(places().size(), 9U);
  EXPECT_THAT(query("SELECT substr(url, -8), status FROM page WHERE status <> 'ok'"
                    " ORDER BY url DESC"),
              ElementsAre("b.xml.gz|parse-error", "bomb.xml|parse-error"));
  EXPECT_THAT(query("SELECT pass_end FROM run"), ElementsAre("complete"));
}

TEST_F(SitemapRunTest, ReadsThemAgainThoughRobotsTxtIsStillKnown) {
  put_robots("Sitemap: " + url("/s.xml") + "\n");
  put_sitemap("/s.xml", urlset({url("/a")}));
  put_place("/a");
  put_place("/b");
  run();
  put_sitemap("/s.xml", urlset({url("/a"), url("/b")}));
  run();
  EXPECT_THAT(asked_for(), Not(Contains("/robots.txt")));
  EXPECT_THAT(places(), ElementsAre("Cafe /a", "Cafe /b"));
}

// The index has not changed, and is not sent again; one that it names has.
TEST_F(SitemapRunTest, ReadsTheSitemapsOfAnUnmodifiedIndex) {
  put_robots("Sitemap: " + url("/index.xml") + "\n");
  put_sitemap("/index.xml", index({url("/s.xml.gz")}));
  site_.put("/s.xml.gz", gzip(urlset({url("/a")})), "application/gzip");
  put_place("/a");
  put_place("/b");
  run();
  site_.put("/s.xml.gz", gzip(urlset({url("/a"), url("/b")})), "application/gzip");
  site_.traffic();
  run({"--budget", "1"});
  EXPECT_GT(site_.traffic().unmodified, 0U);
  EXPECT_THAT(places(), ElementsAre("Cafe /a", "Cafe /b"));
  EXPECT_THAT(query("SELECT count(*) FROM page WHERE kind = 'sitemap'"), ElementsAre("2"));
}

TEST_F(SitemapRunTest, ALaterDateBringsAPageIntoARunOnABudget) {
  put_robots("Sitemap: " + url("/s.xml") + "\n");
  std::vector<std::string> urls;
  for (int i = 0; i < 12; ++i) {
    put_place("/p" + std::to_string(i));
    urls.push_back(url("/p" + std::to_string(i)));
  }
  put_sitemap("/s.xml", urlset(urls, "2001-01-01"));
  run();
  put_sitemap("/s.xml", urlset({urls[3], urls[4]}, "2999-01-01"));
  run({"--budget", "1"});
  EXPECT_THAT(asked_for(), Contains("/p3"));
  EXPECT_THAT(asked_for(), Contains("/p4"));
  EXPECT_LE(asked_for().size(), 5U);  // "/", the sitemap, these two and the one of the budget
}

TEST_F(SitemapRunTest, LosesNothingWhenKilledAmongSitemaps) {
  put_robots("Sitemap: " + url("/index.xml") + "\n");
  std::vector<std::string> sitemaps;
  for (int s = 0; s < 10; ++s) {
    std::vector<std::string> urls;
    for (int i = 0; i < 8; ++i) {
      const std::string path = "/p" + std::to_string(s) + "-" + std::to_string(i);
      put_place(path);
      urls.push_back(url(path));
    }
    const std::string path = "/s" + std::to_string(s) + ".xml";
    put_sitemap(path, urlset(urls));
    sitemaps.push_back(url(path));
  }
  put_sitemap("/index.xml", index(sitemaps));
  for (std::size_t moment = 300; moment < 20'000; moment += 3'000) {
    Program program(arguments({"--log", "text"}), folder_.path());
    if (!program.wait_for_error_output(moment)) break;
    program.kill_group(SIGKILL);
    program.wait();
  }
  run();
  EXPECT_EQ(places().size(), 80U);
  EXPECT_THAT(query("SELECT count(*), count(DISTINCT url) FROM page"), ElementsAre("92|92"));
  EXPECT_THAT(query("SELECT count(*) FROM queue"), ElementsAre("0"));
}

}  // namespace
}  // namespace placer
