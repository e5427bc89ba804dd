// `placer init`: what it writes for a site is a job that works as it stands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/program.h"
#include "tests/web/site.h"
#include "tests/web/written.h"

namespace placer {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class InitTest : public testing::Test {
 protected:
  ProgramResult placer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PLACER_BINARY);
    return run_program(arguments, folder_.path());
  }

  ProgramResult init(const std::string& url, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"init", url, "--allow-private", "--delay", "0"});
    return placer(std::move(more));
  }

  // The places that the job finds.
  std::vector<std::string> run(const std::string& file) {
    const auto check = placer({"check", file});
    EXPECT_EQ(check.status, 0) << check.err;
    EXPECT_THAT(check.err, IsEmpty());
    const auto result =
        placer({"run", file, "--db", "init.db", "--set", "politeness.delay=0", "--set",
                "politeness.address_delay=0", "--set", "politeness.max_crawl_delay=0"});
    EXPECT_EQ(result.status, 0) << result.err;
    return query_lines(folder_ / "init.db", "SELECT name FROM place ORDER BY name");
  }

  std::string written(const std::string& file) {
    std::ifstream in(folder_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TemporaryFolder folder_;
};

TEST_F(InitTest, WritesAJobThatFindsTheWholeTown) {
  const web::Site town = web::Site::town();
  web::RunningServer server(town.handler());
  const auto result = init(server.url("/"));
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(HasSubstr("json-ld"), HasSubstr("wrote 127.0.0.1.yaml; next:"),
                                HasSubstr("placer run 127.0.0.1.yaml")));
  EXPECT_LE(server.log().size(), 13U);
  for (const auto& request : server.log()) {
    EXPECT_THAT(request.target, Not(HasSubstr("/private"))) << "robots.txt disallows it";
  }
  const std::string job = written("127.0.0.1.yaml");
  EXPECT_THAT(job, AllOf(HasSubstr("/places/**"), HasSubstr("private_addresses: allow"),
                         HasSubstr("text is not needed here")));
  EXPECT_EQ(run("127.0.0.1.yaml").size(), town.truth().size());
}

TEST_F(InitTest, NeverOverwritesAFileAndThenAsksNobody) {
  web::RunningServer server(web::Site::town().handler());
  folder_.write("mine.yaml", "precious\n");
  const auto result = init(server.url("/"), {"-o", "mine.yaml"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("'mine.yaml' is there already"));
  EXPECT_EQ(written("mine.yaml"), "precious\n");
  EXPECT_THAT(server.log(), IsEmpty());
}

TEST_F(InitTest, PrintsTheJobWhenAsked) {
  web::RunningServer server(web::Site::town().handler());
  const auto result = init(server.url("/"), {"-o", "-", "--pages", "2"});
  EXPECT_EQ(result.status, 0) << result.err;
  folder_.write("printed.yaml", result.out);
  EXPECT_EQ(placer({"check", "printed.yaml"}).status, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "127.0.0.1.yaml"));
}

TEST_F(InitTest, WritesNothingForASiteThatItMayNotOrCannotRead) {
  web::RunningServer closed([](const web::WebRequest&) {
    web::Reply reply;
    reply.body = "User-agent: *\nDisallow: /\n";
    return reply;
  });
  const auto disallowed = init(closed.url("/"), {"-o", "a.yaml"});
  EXPECT_EQ(disallowed.status, 1);
  EXPECT_THAT(disallowed.err, HasSubstr("line 2 of robots.txt"));
  EXPECT_EQ(closed.log().size(), 1U);
  const auto refused = placer({"init", closed.url("/"), "-o", "a.yaml"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("not a public address"));
  EXPECT_EQ(init("http://127.0.0.1:1/", {"-o", "a.yaml"}).status, 1);
  EXPECT_EQ(init("not a site", {"-o", "a.yaml"}).status, 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.yaml"));
}

// A site made by hand: pages by path.
class WrittenSiteTest : public InitTest {
 protected:
  void put(const std::string& path, const std::string& body, const char* type = "text/html") {
    pages_[path] = {type, body};
  }
  void put_place(const std::string& path) { put(path, web::place_page("Cafe " + path, "")); }

  std::string url(const std::string& path) const { return server_.url(path); }

  std::map<std::string, std::pair<std::string, std::string>> pages_;
  web::RunningServer server_{[this](const web::WebRequest& request) {
    web::Reply reply;
    const auto page = pages_.find(request.target);
    if (page == pages_.end()) {
      reply.status = 404;
      return reply;
    }
    reply.headers = {{"Content-Type", page->second.first}};
    reply.body = page->second.second;
    return reply;
  }};
};

TEST_F(WrittenSiteTest, TakesPlacesFromASitemapAndTheDelayFromRobotsTxt) {
  put("/robots.txt", "User-agent: *\nCrawl-delay: 0.02\nSitemap: " + url("/map.xml") + "\n",
      "text/plain");
  put("/", "<!doctype html><title>Start</title><a href='/about/us'>us</a>");
  put("/about/us", "<!doctype html><title>Us</title><a href='/about/press'>press</a>");
  std::string xml = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>";
  for (int i = 0; i < 30; ++i) {
    const std::string path = "/de/cafes/" + std::to_string(i);
    put_place(path);
    xml += "<url><loc>" + url(path) + "</loc></url>";
  }
  put("/map.xml", xml + "</urlset>", "application/xml");
  const auto result = init(url("/"), {"-o", "cafes.yaml"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("30 pages"), HasSubstr("asks for 20ms")));
  EXPECT_THAT(written("cafes.yaml"),
              AllOf(HasSubstr("include: [\"/de/cafes/**\"]"), HasSubstr("sitemaps: auto"),
                    HasSubstr("robots.txt asks for 20ms")));
  EXPECT_EQ(run("cafes.yaml").size(), 30U);
}

TEST_F(WrittenSiteTest, NamesASitemapThatRobotsTxtDoesNot) {
  put("/", "<!doctype html><title>Start</title>");
  put("/sitemap.xml",
      "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>" + url("/x/1") +
          "</loc></url></urlset>",
      "application/xml");
  put_place("/x/1");
  ASSERT_EQ(init(url("/"), {"-o", "a.yaml"}).status, 0);
  EXPECT_THAT(written("a.yaml"), HasSubstr("sitemaps: [\"" + url("/sitemap.xml") + "\"]"));
  EXPECT_EQ(run("a.yaml").size(), 1U);
}

TEST_F(WrittenSiteTest, FindsAStoreLocatorAndAsksItForItsStores) {
  put("/", "<!doctype html><title>Chain</title><a href='/stores/'>Find a store</a>");
  put("/stores/",
      "<!doctype html><title>Stores</title><div id=asl-storelocator></div><script>var "
      "asl_configuration = {\"ajax_url\":\"" +
          url("/wp-admin/admin-ajax.php") +
          "\"};</script>"
          "<script src='/wp-content/plugins/agile-store-locator/a.js'></script>");
  put("/wp-admin/admin-ajax.php?action=asl_load_stores&load_all=1&layout=1",
      R"([{"id":"1","title":"Shop Mitte","street":"Torstr. 1","city":"Berlin","postal_code":"10119",
          "lat":"52.53","lng":"13.40","phone":"030 1234567"},
         {"id":"2","title":"Shop Nord","street":"Weg 2","city":"Hamburg","postal_code":"20095",
          "lat":"53.55","lng":"10.00","phone":"040 1234567"}])",
      "application/json");
  const auto result = init(url("/"), {"-o", "chain.yaml"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("agile_store_locator"));
  EXPECT_THAT(written("chain.yaml"), AllOf(HasSubstr("start: \"" + url("/stores/") + "\""),
                                           HasSubstr("formats: [locator]")));
  EXPECT_THAT(run("chain.yaml"), testing::ElementsAre("Shop Mitte", "Shop Nord"));
}

TEST_F(WrittenSiteTest, SaysHowToGoOnWhereNothingIsFound) {
  put("/", "<!doctype html><title>Start</title><p>Nothing here.");
  const auto result = init(url("/"), {"-o", "empty.yaml"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("none found"), HasSubstr("--select")));
  EXPECT_THAT(written("empty.yaml"), HasSubstr("#   rules:"));
  EXPECT_EQ(placer({"check", "empty.yaml"}).status, 0);
}

TEST_F(WrittenSiteTest, FollowsTheStartToWhereItLeads) {
  put_place("/shops/1");
  put("/", "<!doctype html><title>Start</title><a href='/shops/1'>1</a>");
  web::RunningServer old([this](const web::WebRequest& request) {
    web::Reply reply;
    reply.status = request.target == "/robots.txt" ? 404 : 301;
    reply.headers = {{"Location", url("/")}};
    return reply;
  });
  ASSERT_EQ(init(old.url("/"), {"-o", "a.yaml"}).status, 0);
  EXPECT_THAT(written("a.yaml"), HasSubstr("start: \"" + url("/") + "\""));
}

}  // namespace
}  // namespace placer
