// `placer inspect` as a workbench: what selectors match, and which links a job would follow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/program.h"
#include "tests/web/server.h"

namespace placer {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class InspectTest : public testing::Test {
 protected:
  InspectTest() {
    folder_.write("page.html",
                  "<!doctype html><meta charset=utf-8><title>Cafes</title><main>"
                  "<div class=cafe><h2>Bella\u202e</h2><a class=tel href='tel:+49301'>1</a></div>"
                  "<div class=cafe><h2>Nero</h2><a class=tel href='tel:+49302'>2</a></div>"
                  "<div class=cafe id=third><h2>Alba</h2></div></main>");
  }

  ProgramResult placer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PLACER_BINARY);
    return run_program(arguments, folder_.path());
  }

  json inspected(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "inspect");
    arguments.push_back("--json");
    const auto result = placer(arguments);
    EXPECT_EQ(result.status, 0) << result.err;
    return json::parse(result.out, nullptr, false);
  }

  TemporaryFolder folder_;
};

TEST_F(InspectTest, ShowsWhatASelectorMatchesAndWhere) {
  const auto shown = inspected({"page.html", "--select", "div.cafe h2"})["selected"][0];
  EXPECT_EQ(shown["count"], 3);
  EXPECT_EQ(
      shown["matches"][1],
      json::parse(R"({"path": "html > body > main > div:nth-of-type(2) > h2", "text": "Nero"})"));
  EXPECT_EQ(shown["matches"][2]["path"], "div#third > h2");
  const auto text = placer({"inspect", "page.html", "--select", "div.cafe h2"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("3 matches"), HasSubstr("Bella\\u202e")));
}

TEST_F(InspectTest, PathsAreSelectorsOfThatElementAlone) {
  const auto first = inspected({"page.html", "--select", "a.tel"})["selected"][0];
  for (const json& match : first["matches"]) {
    const auto again =
        inspected({"page.html", "--select", match["path"].get<std::string>()})["selected"][0];
    EXPECT_EQ(again["count"], 1);
    EXPECT_EQ(again["matches"][0], match);
  }
}

TEST_F(InspectTest, TakesAnyExpressionOfARule) {
  const auto shown = inspected({"page.html", "--select", "a.tel @href | re: \\d+$", "--select",
                                "a.none", "--select", "div.cafe:has(h2) | re: Ner"})["selected"];
  EXPECT_EQ(shown[0]["count"], 2);
  EXPECT_EQ(shown[0]["matches"][0]["text"], "49301");
  EXPECT_THAT(shown[0]["matches"][0]["path"].get<std::string>(), HasSubstr("> a"));
  EXPECT_EQ(shown[1]["count"], 0);
  EXPECT_EQ(shown[2]["count"], 1);
  folder_.write("stores.json", R"({"stores": [{"name": "A"}, {"name": "B"}]})");
  const auto paths = inspected(
      {"stores.json", "--content-type", "application/json", "--select", "/stores/*/name"});
  EXPECT_EQ(paths["selected"][0]["count"], 2);
  EXPECT_EQ(paths["selected"][0]["matches"][1]["text"], "B");
}

TEST_F(InspectTest, PointsAtWhatIsWrongWithAnExpression) {
  const auto result = placer({"inspect", "page.html", "--select", "div..cafe"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("--select: "), HasSubstr("  div..cafe\n"), HasSubstr("^")));
}

TEST_F(InspectTest, SaysOfEachLinkWhetherAJobFollowsItOrWhyNot) {
  web::RunningServer server([](const web::WebRequest& request) {
    web::Reply reply;
    if (request.target == "/robots.txt") {
      reply.body = "User-agent: *\nDisallow: /shops/closed\n";
    } else {
      reply.headers = {{"Content-Type", "text/html"}};
      reply.body =
          "<!doctype html><title>x</title><a href='/shops/a'>a</a>"
          "<a href='/shops/b' rel=nofollow>b</a><a href='/about'>c</a><a "
          "href='/shops/x/print'>d</a>"
          "<a href='https://elsewhere.example/shops/'>e</a><a href='/shops/closed'>f</a>"
          "<a href='/shops/a?utm_source=x'>g</a><a href='/shops/a/a/a/a/a/a/a/a/a'>h</a>";
    }
    return reply;
  });
  const auto write_job = [&](const std::string& more) {
    folder_.write("job.yaml", "job: shops\nstart: ['" + server.url("/shops/") +
                                  "']\nscope: {include: ['/shops/**'], exclude: ['**/print']" +
                                  more + "}\nfetch: {private_addresses: allow}\n");
  };
  const auto reasons = [&](const std::string& path) {
    std::map<std::string, std::string> all;
    const auto page = inspected({server.url(path), "--job", "job.yaml"});
    for (const json& link : page["links"]) {
      const std::string url = link["url"];
      all[url.substr(url.find('/', 8))] = link["followed"] ? "follow" : link["reason"];
    }
    return all;
  };
  write_job("");
  const auto found = reasons("/shops/");
  EXPECT_EQ(found.at("/shops/a"), "follow");
  EXPECT_EQ(found.at("/shops/b"), "nofollow");
  EXPECT_EQ(found.at("/about"), "include");
  EXPECT_EQ(found.at("/shops/x/print"), "exclude");
  EXPECT_EQ(found.at("/shops/"), "host");
  EXPECT_EQ(found.at("/shops/closed"), "robots");
  EXPECT_EQ(found.at("/shops/a?utm_source=x"), "same-page");
  EXPECT_EQ(found.at("/shops/a/a/a/a/a/a/a/a/a"), "trap");
  write_job(", max_depth: 0");
  EXPECT_EQ(reasons("/shops/").at("/shops/a"), "depth");
  const auto text = placer({"inspect", server.url("/shops/"), "--job", "job.yaml"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("- depth"), HasSubstr("0 of 8 links would be followed")));
}

}  // namespace
}  // namespace placer
