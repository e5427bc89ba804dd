// placer report and serve: what is in the file, what the service answers. tests/browser/ looks at
// it as people do.
#include "scraper/report/report.h"

#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scraper/report/page.h"
#include "scraper/report/place_columns_json.h"
#include "scraper/report/service.h"
#include "tests/program.h"
#include "tests/report_world.h"
#include "tests/storage_support.h"

namespace placer {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

// The text of the page's block `id`, inflated.
std::string inflated_block(const std::string& page, const std::string& id) {
  const std::string open = "<script type=\"text/plain\" id=\"" + id + "\">";
  const std::size_t begin = page.find(open);
  if (begin == std::string::npos) return "";
  const std::size_t from = begin + open.size();
  std::string bytes;
  if (!absl::Base64Unescape(page.substr(from, page.find('<', from) - from), &bytes)) return "";
  std::string text(std::size_t{1} << 22, '\0');
  uLongf size = text.size();
  const int code = uncompress(reinterpret_cast<Bytef*>(text.data()), &size,
                              reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  EXPECT_EQ(code, Z_OK);
  text.resize(size);
  return text;
}

class ReportTest : public ::testing::Test {
 protected:
  void pass(const std::vector<Completion>& batch, const std::string& job = "cafes") {
    StorageOptions options{path, Durability::kNormal};
    options.gone_after = std::chrono::milliseconds(0);
    auto storage = SqliteStorage::open(path, options);
    ASSERT_TRUE(storage);
    ASSERT_TRUE((*storage)->begin_run(job, "serial", kNoon));
    ASSERT_TRUE((*storage)->commit(batch, {}));
    ASSERT_TRUE((*storage)->end_run(RunOutcome::kDone, {}, kNoon));
  }

  std::string page() {
    std::ostringstream out;
    const auto size = write_report(path, out, {"1.2.3", kNoon});
    if (!size) return size.error().message;
    EXPECT_EQ(size->bytes, out.str().size());
    return out.str();
  }

  Json content() { return Json::parse(inflated_block(page(), "content"), nullptr, false); }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
};

Observation cafe(const std::string& name, const std::string& format = "json-ld") {
  Observation o = observation(name, "at " + name, format);
  o.place.addr_street = name + " Street";
  return o;
}

TEST_F(ReportTest, HoldsEveryPlaceByColumn) {
  Observation anna = cafe("Anna");
  anna.place.lat = 52.5;
  anna.place.lon = 13.25;
  anna.place.phone = "+491";
  pass({fetched(1, {anna, cafe("Bert")})});
  const Json places = content()["places"];
  EXPECT_EQ(places["count"], 2);
  const Json& names = places["columns"]["name"];
  const std::size_t a = names[0] == "Anna" ? 0 : 1;
  EXPECT_EQ(names[1 - a], "Bert");
  EXPECT_EQ(places["columns"]["lat"][a], 52.5);
  EXPECT_TRUE(places["columns"]["lat"][1 - a].is_null());
  EXPECT_EQ(places["columns"]["phone"][a], "+491");
  EXPECT_TRUE(places["columns"]["id"][0].is_string()) << "ids exceed what doubles hold";
  EXPECT_FALSE(places["columns"].contains("email")) << "a column that no place has";
  EXPECT_EQ(places["columns"]["first_seen"]["texts"], Json::parse(R"(["2026-05-28T20:26:40Z"])"));
  EXPECT_EQ(places["columns"]["first_seen"]["of"], Json::parse("[0, 0]"));
}

// As the view place_source says it, for every field of every place.
TEST_F(ReportTest, SaysWhereEveryFieldCameFrom) {
  write_report_world(path, {3, 200, 4, 2});
  const Json places = content()["places"];
  std::vector<std::string> said;
  for (std::size_t i = 0; i < places["count"]; ++i) {
    const Json& of = places["origins"]["of"][i];
    for (std::size_t o = 0; o < of.size(); o += 4) {
      for (std::size_t bit = 0; bit < places["fields"].size(); ++bit) {
        if ((of[o + 3].get<std::uint32_t>() >> bit & 1U) == 0) continue;
        const auto text = [&](const char* table, std::size_t n) {
          return places["origins"][table][of[o + n].get<std::size_t>()].get<std::string>();
        };
        said.push_back(places["columns"]["id"][i].get<std::string>() + '|' +
                       places["fields"][bit].get<std::string>() + '|' + text("urls", 0) + '|' +
                       text("formats", 1) + '|' + text("paths", 2));
      }
    }
  }
  std::ranges::sort(said);
  auto stored = query_lines(path, "SELECT place_id, field, url, format, path FROM place_source");
  std::ranges::sort(stored);
  EXPECT_EQ(said, stored);
  EXPECT_GT(said.size(), 1000U);
}

TEST_F(ReportTest, TellsTheCrawlsStory) {
  Completion lost = fetched(2);
  lost.page = PageStatus::kHttpError;
  lost.outcome.status = 404;
  Completion link = fetched(3, {}, kNoon + std::chrono::seconds(10));
  link.filtered.push_back({FilterReason::kRobots, "https://x.test/private", 7});
  pass({fetched(1, {cafe("Anna"), cafe("Bert", "rdfa")}), lost, link});
  const Json story = content();
  EXPECT_EQ(story["job"], "cafes");
  EXPECT_EQ(story["database"], "cafes.db");
  EXPECT_EQ(story["program_version"], "1.2.3");
  EXPECT_EQ(story["pages"]["count"], 3);
  EXPECT_EQ(story["pages"]["http_statuses"], Json::parse("[[200, 2], [404, 1]]"));
  const Json& timeline = story["pages"]["timeline"];
  EXPECT_EQ(timeline["bucket"], 1);
  EXPECT_EQ(timeline["tallies"].size(), 11U);
  EXPECT_EQ(timeline["tallies"][0], Json::parse("[1, 0, 1]"));
  EXPECT_EQ(timeline["tallies"][10], Json::parse("[1, 0, 0]"));
  EXPECT_EQ(story["pages"]["formats"][0]["format"], "json-ld");
  EXPECT_EQ(story["pages"]["formats"][1]["places"], 1);
  EXPECT_EQ(story["filtered"][0]["reason"], "robots");
  EXPECT_EQ(story["filtered"][0]["example"], "https://x.test/private");
  EXPECT_EQ(story["hosts"][0]["host"], "x.test");
  EXPECT_EQ(story["hosts"][0]["pages"], Json::parse("[2, 0, 1]"));
  EXPECT_EQ(story["runs"][0]["outcome"], "done");
}

TEST_F(ReportTest, SaysWhatTheLastPassChanged) {
  Observation anna = cafe("Anna");
  anna.place.email = "a@x.test";
  pass({fetched(1, {anna, cafe("Bert")})});
  EXPECT_EQ(content()["changes"]["first_pass"], true);
  anna.place.email = "b@x.test";
  pass({fetched(1, {anna, cafe("Cleo")})});
  const Json changes = content()["changes"];
  EXPECT_EQ(changes["first_pass"], false);
  EXPECT_EQ(changes["new"], 1);
  EXPECT_EQ(changes["gone"], 1);
  EXPECT_EQ(changes["rows"][0]["kind"], "changed");
  EXPECT_EQ(changes["rows"][0]["fields"]["email"], Json::parse(R"(["a@x.test", "b@x.test"])"));
}

TEST_F(ReportTest, IsMadeOfAnEmptyDatabaseToo) {
  ASSERT_TRUE(open_storage(path));
  const Json empty = content();
  EXPECT_EQ(empty["places"]["count"], 0);
  EXPECT_EQ(empty["pages"]["timeline"]["tallies"], Json::array());
  EXPECT_TRUE(empty["changes"].is_null());
}

TEST_F(ReportTest, HidesNoMarkupInWhatPagesSay) {
  const std::string hostile = "</script><script>alert(1)</script><!--\xE2\x80\xA8\xFF";
  Observation o = cafe(hostile);
  o.place.website = "javascript:alert(1)";
  pass({fetched(1, {o})}, hostile);
  const std::string html = page();
  EXPECT_THAT(html, Not(HasSubstr("alert(1)</script>")));
  EXPECT_THAT(html, HasSubstr("<title>&lt;/script&gt;&lt;script&gt;alert(1)"));
  EXPECT_EQ(content()["places"]["columns"]["name"][0],
            "</script><script>alert(1)</script><!--\xE2\x80\xA8\xEF\xBF\xBD");
}

// The policy lets the page ask for nothing, and run nothing but the one script it came with.
TEST_F(ReportTest, AllowsNothingButItsOwnScriptAndStyle) {
  pass({fetched(1, {cafe("Anna")})});
  const std::string html = page();
  const std::size_t begin = html.find("Content-Security-Policy\" content=\"") + 34;
  const std::string policy = html.substr(begin, html.find('"', begin) - begin);
  EXPECT_THAT(policy, AllOf(HasSubstr("default-src 'none'; script-src 'sha256-"),
                            HasSubstr("style-src 'sha256-"), HasSubstr("img-src data:;"),
                            HasSubstr("base-uri 'none'; form-action 'none'"),
                            Not(HasSubstr("unsafe")), Not(HasSubstr("connect-src"))));
  EXPECT_THAT(html,
              AllOf(Not(HasSubstr(" src=")), Not(HasSubstr("@import")), Not(HasSubstr("url("))));
}

TEST_F(ReportTest, IsTheSameFileForTheSameDatabase) {
  write_report_world(path, {1, 100, 4, 1});
  EXPECT_EQ(page(), page());
}

TEST_F(ReportTest, BringsTheWorldWithIt) {
  pass({fetched(1, {cafe("Anna")})});
  EXPECT_EQ(inflated_block(page(), "basemap"), kReportBasemap);
  EXPECT_EQ(Json::parse(kReportBasemap)["type"], "Topology");
}

TEST_F(ReportTest, WritesTheFileWholeOrNotAtAll) {
  pass({fetched(1, {cafe("Anna")})});
  const std::string file = folder / "report.html";
  const ProgramResult done = run_program({PLACER_BINARY, "report", path, "-o", file});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("1 place"));
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("</html>"));
  const ProgramResult missing =
      run_program({PLACER_BINARY, "report", folder / "no.db", "-o", folder / "no.html"});
  EXPECT_EQ(missing.status, 3);
  EXPECT_THAT(missing.err, HasSubstr("no.db"));
  EXPECT_FALSE(std::filesystem::exists(folder / "no.html"));
  EXPECT_FALSE(std::filesystem::exists(folder / "no.html.part"));
  const ProgramResult nowhere =
      run_program({PLACER_BINARY, "report", path, "-o", "/no/where.html"});
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("/no/where.html"));
}

class ReportServiceTest : public ReportTest {
 protected:
  ServiceAnswer ask(const std::string& target, const std::string& host = "127.0.0.1:8650",
                    const std::string& method = "GET") {
    if (!service) {
      auto opened = ReportService::open(path, 8650, "1.2.3");
      EXPECT_TRUE(opened);
      service.emplace(std::move(*opened));
    }
    return service->answer(method, target, host, kNoon);
  }

  static std::string header(const ServiceAnswer& answer, const std::string& name) {
    for (const auto& [key, value] : answer.headers) {
      if (key == name) return value;
    }
    return "";
  }

  std::optional<ReportService> service;
};

TEST_F(ReportServiceTest, GivesThePageAndWhatItAsksFor) {
  pass({fetched(1, {cafe("Anna")})});
  const ServiceAnswer html = ask("/");
  EXPECT_EQ(html.status, 200);
  EXPECT_THAT(html.body, Not(HasSubstr("id=\"content\"")));
  EXPECT_THAT(header(html, "Content-Security-Policy"),
              AllOf(HasSubstr("default-src 'none'; connect-src 'self';"),
                    HasSubstr("frame-ancestors 'none'")));
  EXPECT_EQ(Json::parse(ask("/api/report.json").body)["places"]["count"], 1);
  EXPECT_EQ(ask("/api/basemap.json").body, kReportBasemap);
  EXPECT_EQ(Json::parse(ask("/api/places.geojson").body)["type"], "FeatureCollection");
  EXPECT_EQ(ask("/etc/passwd").status, 404);
  EXPECT_EQ(ask("/../cafes.db").status, 404);
}

// A page elsewhere may have its own name point to 127.0.0.1; the name then is in Host.
TEST_F(ReportServiceTest, AnswersOnlyToLoopbackNames) {
  pass({fetched(1, {cafe("Anna")})});
  EXPECT_EQ(ask("/", "localhost:8650").status, 200);
  EXPECT_EQ(ask("/", "[::1]:8650").status, 200);
  for (const char* host :
       {"evil.test:8650", "127.0.0.1", "127.0.0.1:80", "localhost.evil.test:8650", "",
        "127.0.0.1:8650.evil.test", "192.168.0.1:8650"}) {
    const ServiceAnswer answer = ask("/api/report.json", host);
    EXPECT_EQ(answer.status, 421) << host;
    EXPECT_THAT(answer.body, Not(HasSubstr("Anna")));
  }
}

TEST_F(ReportServiceTest, IsReadOnlyAndForNoOtherOrigin) {
  pass({fetched(1, {cafe("Anna")})});
  const ServiceAnswer answer = ask("/api/report.json", "127.0.0.1:8650", "POST");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(header(answer, "Allow"), "GET, HEAD");
  EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), "");
  EXPECT_EQ(header(ask("/api/report.json"), "Cross-Origin-Resource-Policy"), "same-origin");
}

TEST_F(ReportServiceTest, FollowsARun) {
  pass({fetched(1, {cafe("Anna")})});
  const std::string before = ask("/api/version").body;
  EXPECT_EQ(ask("/api/version").body, before);
  pass({fetched(1, {cafe("Anna")}), fetched(2, {cafe("Bert")})});
  EXPECT_NE(ask("/api/version").body, before);
  EXPECT_EQ(Json::parse(ask("/api/report.json").body)["places"]["count"], 2);
}

// What is checked in is what the sources and the lock file build; both are compared by the script.
TEST(ReportPageTest, IsWhatItsSourcesBuild) {
  const ProgramResult result = run_program({PLACER_REPORT_CHECK});
  if (result.status == 77) GTEST_SKIP() << result.out << result.err;
  EXPECT_EQ(result.status, 0) << result.out << result.err;
}

}  // namespace
}  // namespace placer
