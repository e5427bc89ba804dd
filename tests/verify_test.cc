// placer verify: equal backends, sites that change, and what two databases hold differently.
#include <gmock/gmock.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>

#include "storage/sqlite.h"
#include "tests/crawl_job.h"
#include "tests/faults.h"

namespace placer {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class VerifyTest : public testing::Test {
 protected:
  ProgramResult verify(const std::string& url, const std::vector<std::string>& options = {}) {
    folder_.write("job.yaml", loopback_job(url));
    std::vector<std::string> command{"/usr/bin/env", "TMPDIR=" + folder_.path(), PLACER_BINARY,
                                     "verify", folder_ / "job.yaml"};
    command.insert(command.end(), options.begin(), options.end());
    return run_program(command);
  }

  std::vector<std::string> left_over() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename().string());
    }
    std::erase(names, "job.yaml");
    return names;
  }

  const TemporaryFolder folder_;
};

TEST_F(VerifyTest, ShowsThatEveryBackendMakesTheSameRequestsAndStoresTheSameRows) {
  const web::Site site(small_site());
  web::RunningServer server(site.handler());
  const ProgramResult result = verify(server.url("/"));
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  for (const char* backend : kBackendNames) EXPECT_THAT(result.out, HasSubstr(backend));
  EXPECT_THAT(result.out, HasSubstr("every backend made the same requests"));
  EXPECT_THAT(left_over(), IsEmpty());
}

TEST_F(VerifyTest, KeepsTheDatabasesAndSaysWhereWhenAskedTo) {
  const web::Site site(small_site());
  web::RunningServer server(site.handler());
  const ProgramResult result =
      verify(server.url("/"), {"--backends", "serial,async", "--keep", "--json"});
  EXPECT_EQ(result.status, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["equal"], true);
  ASSERT_EQ(json["crawls"].size(), 2U);
  EXPECT_EQ(json["crawls"][0]["backend"], "serial");
  EXPECT_EQ(differences(json["crawls"][0]["database"], json["crawls"][1]["database"]), "");
}

// A site whose answers are its own business, "/" linking to /1 ... /5.
web::Handler shop(std::function<std::string(const web::WebRequest&)> name_of) {
  return [name_of](const web::WebRequest& request) {
    web::Reply reply;
    reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
    if (request.target == "/robots.txt") {
      reply.status = 404;
      return reply;
    }
    for (int i = 1; request.target == "/" && i <= 5; ++i) {
      reply.body += "<a href='/" + std::to_string(i) + "'>more</a>";
    }
    const nlohmann::json place = {
        {"@context", "https://schema.org"},
        {"@type", "CafeOrCoffeeShop"},
        {"name", name_of(request)},
        {"telephone", "+49 30 901820"},
        {"address", {{"streetAddress", "High Street " + request.target}}}};
    reply.body += "<script type='application/ld+json'>" + place.dump() + "</script>";
    return reply;
  };
}

TEST_F(VerifyTest, SaysThatTheSiteItselfChanges) {
  std::atomic<int> count{0};
  web::RunningServer server(
      shop([&count](const auto&) { return "Cafe " + std::to_string(++count); }));
  const ProgramResult result = verify(server.url("/"), {"--backends", "serial,async"});
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("the site answers differently from one run to the next"));
  EXPECT_THAT(result.out, HasSubstr("serial again"));
}

// Only the crawl on the second backend, the third of the robots.txt requests being the repeat, is
// told something else.
TEST_F(VerifyTest, SaysWhichRowsOfWhichBackendDiffer) {
  std::atomic<int> crawl{0};
  const web::Handler inner = shop([&crawl](const web::WebRequest& request) {
    return crawl == 2 && request.target == "/3" ? "Other" : "Cafe " + request.target.substr(1);
  });
  web::RunningServer server([&](const web::WebRequest& request) {
    if (request.target == "/robots.txt") ++crawl;
    return inner(request);
  });
  const ProgramResult result = verify(server.url("/"), {"--backends", "serial,threads"});
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("the backends differ, and two runs on serial do not"));
  EXPECT_THAT(result.out, HasSubstr("/3: bytes is '"));
  EXPECT_THAT(result.out, HasSubstr("only on threads"));
}

TEST_F(VerifyTest, IsNoSuccessWhenNothingWasFetched) {
  std::string url;
  {
    const web::RunningServer server(shop([](const auto&) { return "gone"; }));
    url = server.url("/");
  }
  const ProgramResult result =
      verify(url, {"--backends", "serial,async", "--set", "retry.attempts=1"});
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("nothing was fetched"));
}

TEST_F(VerifyTest, EndsWith130WhenInterruptedAndLeavesNothingBehind) {
  const web::Site site = web::Site::slow(1, std::chrono::seconds(60));
  web::RunningServer server(site.handler());
  folder_.write("job.yaml", loopback_job(server.url("/slow/1")));
  Program program(
      {"/usr/bin/env", "TMPDIR=" + folder_.path(), PLACER_BINARY, "verify", folder_ / "job.yaml"});
  while (server.log().size() < 2) std::this_thread::yield();  // robots.txt and the page
  program.kill_group(SIGINT);
  program.kill_group(SIGTERM);
  EXPECT_EQ(program.wait().status, 130);
  EXPECT_THAT(left_over(), IsEmpty());
}

TEST(TableDifferenceTest, NamesTheRowAndTheColumn) {
  const web::Site site(small_site());
  web::RunningServer server(site.handler());
  const TemporaryFolder folder;
  folder.write("job.yaml", loopback_job(server.url("/")));
  const std::string a = folder / "a.db";
  const std::string b = folder / "b.db";
  ASSERT_EQ(run_program({PLACER_BINARY, "run", folder / "job.yaml", "--db", a}).status, 0);
  std::filesystem::copy_file(a, b);
  EXPECT_EQ(differences(a, b), "");
  {
    auto db = Database::open(b, Access::kWrite);
    ASSERT_TRUE(db);
    (*db)->exec(
        "UPDATE place SET phone = '+1' WHERE id = (SELECT min(id) FROM place);"
        "INSERT INTO filtered VALUES ('depth', 3, 'https://x.test/');"
        "UPDATE page SET fetched_at = '2000-01-01T00:00:00Z', found_on = 'x', total_us = 0;",
        "changing rows");
    ASSERT_TRUE((*db)->status());
  }
  const auto tables = compare_databases(a, b);
  ASSERT_TRUE(tables) << tables.error().message;
  ASSERT_EQ(tables->size(), 2U);
  EXPECT_EQ(tables->front().table, "place");
  EXPECT_EQ(tables->front().rows, 1U);
  EXPECT_EQ(tables->front().examples.front().column, "phone");
  EXPECT_EQ(tables->front().examples.front().second, "+1");
  EXPECT_EQ(tables->back().table, "filtered");
  EXPECT_EQ(tables->back().examples.front().column, "");
  EXPECT_FALSE(tables->back().examples.front().first);
  EXPECT_FALSE(compare_databases(a, folder / "none.db"));
}

}  // namespace
}  // namespace placer
