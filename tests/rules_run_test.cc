// Jobs with rules as their users meet them: check, inspect and run, on every backend.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/server.h"

namespace placer {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A page that lists cafes over two pages, and an API that wants a key and tokens by POST.
class CafeSite {
 public:
  web::Reply operator()(const web::WebRequest& request) {
    web::Reply reply;
    if (request.target == "/robots.txt") {
      reply.status = 404;
    } else if (request.target == "/cafes/") {
      reply.body =
          "<div class=cafe data-id=1><h2>Anna</h2></div><div class=cafe data-id=2><h2>Bert</h2>"
          "</div><a class=next href=/more/2>more</a><a href=/elsewhere>x</a>";
    } else if (request.target == "/more/2") {
      reply.body = "<div class=cafe data-id=3><h2>Carl</h2></div><div id=api data-token=t0></div>";
    } else if (request.target == "/api" && request.method == "POST") {
      reply = api(request);
    } else {
      reply.status = 404;
    }
    if (reply.headers.empty()) reply.headers = {{"Content-Type", "text/html"}};
    return reply;
  }

 private:
  static web::Reply api(const web::WebRequest& request) {
    web::Reply reply;
    const std::string* key = request.header("X-Key");
    const json asked = json::parse(request.body, nullptr, false);
    if (key == nullptr || *key != "sesame" || !asked.is_object()) {
      reply.status = 403;
      return reply;
    }
    reply.headers = {{"Content-Type", "application/json"}};
    reply.body = asked["token"] == "t0"
                     ? R"({"stores": [{"id": "4", "name": "Dora"}], "next": "t\"1"})"
                     : R"({"stores": [{"id": "5", "name": "Emil"}], "next": null})";
    return reply;
  }
};

std::string job_for(const std::string& site) {
  return loopback_job(site + "/cafes/") + "extract:\n  rules:\n" +
         "    - each: .cafe\n      place: {name: h2, ref: '@data-id', phone: .tel}\n"
         "      follow: a.next @href\n"
         "    - when: /more/*\n      follow: {post: '" +
         site +
         "/api', token: '#api @data-token',\n"
         "        body: '{\"token\": \"{token}\"}', headers: {X-Key: sesame}}\n"
         "    - when: /api\n      each: /stores/*\n      place: {name: /name, ref: /id}\n"
         "      follow: {post: '" +
         site +
         "/api', token: /next, body: '{\"token\": \"{token}\"}'}\n"
         "scope: {include: ['/cafes/**']}\n";
}

class RulesRunTest : public testing::TestWithParam<const char*> {};

TEST_P(RulesRunTest, FollowsPagesAndTokensToEveryPlace) {
  web::RunningServer server{CafeSite()};
  const TemporaryFolder folder;
  std::string job = job_for(server.url());
  job.erase(job.find("scope: {max_depth: 1000}\n"), 25);
  folder.write("job.yaml", job);
  const auto run = run_program(
      {PLACER_BINARY, "run", "job.yaml", "--backend", GetParam(), "--db", "a.db"}, folder.path());
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(query_lines(folder / "a.db", "SELECT ref, name FROM place ORDER BY ref"),
              ElementsAre("1|Anna", "2|Bert", "3|Carl", "4|Dora", "5|Emil"));
  EXPECT_THAT(run.err, HasSubstr("test: rule 1 (line 9): place.phone `.tel` matched nothing on"));
  EXPECT_THAT(query_lines(folder / "a.db", "SELECT DISTINCT format FROM observation"),
              ElementsAre("rules"));
}

INSTANTIATE_TEST_SUITE_P(Backends, RulesRunTest, testing::ValuesIn(kBackendNames));

class RulesProgramTest : public testing::Test {
 protected:
  ProgramResult placer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PLACER_BINARY);
    return run_program(arguments, folder_.path());
  }

  TemporaryFolder folder_;
};

constexpr const char* kJob =
    "job: a\nstart: 'http://h.example/'\nextract:\n  rules:\n    - when: /cafes/*\n"
    "      each: .cafe\n      place: {name: h2, phone: .tel}\n";

TEST_F(RulesProgramTest, CheckSaysWhichCharacterOfASelectorIsWrong) {
  folder_.write("a.yaml", std::string(kJob) + "    - place: {name: 'h1 >', nam: h1}\n");
  const auto result = placer({"check", "a.yaml"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("a.yaml:8:26: extract.rules[2].place.name: the selector"),
                                HasSubstr("a.yaml:8:29: extract.rules[2].place: unknown field "
                                          "'nam' (did you mean 'name'?)")));
}

TEST_F(RulesProgramTest, CheckPrintsRulesThatLoadAgain) {
  folder_.write("a.yaml", kJob);
  const auto first = placer({"check", "a.yaml"});
  EXPECT_EQ(first.status, 0) << first.err;
  folder_.write("b.yaml", first.out);
  EXPECT_EQ(placer({"check", "b.yaml"}).out, first.out);
}

TEST_F(RulesProgramTest, InspectShowsWhatEachRuleTook) {
  folder_.write("a.yaml", kJob);
  folder_.write("a.html", "<div class=cafe><h2>Anna</h2></div><div class=cafe><h2>B</h2></div>");
  const auto shown = placer({"inspect", "--rules", "a.yaml", "a.html"});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("rule 1 (line 5)"), HasSubstr("2 x, first: Anna"),
                               HasSubstr("nothing"), HasSubstr("rules at rule[1]/each[2]")));
  const auto elsewhere =
      placer({"inspect", "--rules", "a.yaml", "--base", "http://h.example/x", "a.html", "--json"});
  const json page = json::parse(elsewhere.out);
  EXPECT_EQ(page["rules"][0]["matches"], false);
  EXPECT_EQ(page["rules"][0]["parts"][1]["key"], "place.name");
}

TEST_F(RulesProgramTest, KeepsHeaderValuesOutOfTheDatabase) {
  web::RunningServer server{CafeSite()};
  std::string job = job_for(server.url());
  job.erase(job.find("scope: {max_depth: 1000}\n"), 25);
  folder_.write("job.yaml", job);
  EXPECT_EQ(placer({"run", "job.yaml", "--db", "a.db"}).status, 0);
  for (const char* file : {"a.db", "a.db-wal"}) {
    std::ifstream in(folder_ / file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    EXPECT_THAT(bytes, Not(HasSubstr("sesame"))) << file;
  }
}

}  // namespace
}  // namespace placer
