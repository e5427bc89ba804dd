// robots.txt against the expectations of google/robotstxt and the files of crawler-commons.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "scraper/frontier/robots.h"
#include "scraper/frontier/robots_lines.h"
#include "tests/suite.h"

namespace placer {
namespace {

const std::filesystem::path kRobotsSuites = suite_path("robots");

class RobotsSuiteTest : public testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT(kRobotsSuites); }

  // Runs each case of `file`; all must pass.
  static void run(const std::string& file,
                  const std::function<bool(const nlohmann::json&)>& passes) {
    Tally tally("robots/" + file);
    for (const auto& test : read_ndjson(kRobotsSuites / file)) {
      tally.count(passes(test), test.contains("id") ? test["id"].dump() : test.dump());
    }
    tally.expect_all();
  }
};

TEST_F(RobotsSuiteTest, GivesTheVerdictsOfGoogleRobotstxt) {
  run("google_robotstxt.ndjson", [](const nlohmann::json& test) {
    const auto robots =
        Robots::parse(test["robots"].get<std::string>(), test["agent"].get<std::string>());
    const auto path = robots_path(test["url"].get<std::string>());
    return robots.check(path).allowed == test["allowed"].get<bool>();
  });
}

TEST_F(RobotsSuiteTest, KnowsProductTokens) {
  run("google_user_agents.ndjson", [](const nlohmann::json& test) {
    return is_product_token(test["agent"].get<std::string>()) == test["valid"].get<bool>();
  });
}

TEST_F(RobotsSuiteTest, FindsThePathOfAUrl) {
  run("google_paths.ndjson", [](const nlohmann::json& test) {
    return robots_path(test["url"].get<std::string>()) == test["path"].get<std::string>();
  });
}

TEST_F(RobotsSuiteTest, EscapesPatterns) {
  run("google_escape.ndjson", [](const nlohmann::json& test) {
    return escaped_pattern(test["pattern"].get<std::string>()) ==
           test["escaped"].get<std::string>();
  });
}

TEST_F(RobotsSuiteTest, CountsLines) {
  run("google_lines.ndjson", [](const nlohmann::json& test) {
    const std::string body = test.contains("robots")
                                 ? test["robots"].get<std::string>()
                                 : from_base64(test["robots_b64"].get<std::string>());
    int valid = 0, unknown = 0, last = 0;
    RobotsLines lines(body);
    while (const auto line = lines.next()) {
      (line->field == RobotsField::kUnknown ? unknown : valid) += 1;
      last = line->number;
    }
    const auto sitemaps = Robots::parse(body, "foo").sitemaps();
    const std::string sitemap = sitemaps.empty() ? "" : sitemaps.front();
    return test.value("valid_directives", valid) == valid &&
           test.value("unknown_directives", unknown) == unknown &&
           test.value("last_line_seen", last) == last && test.value("sitemap", sitemap) == sitemap;
  });
}

TEST_F(RobotsSuiteTest, ReadsTheFilesOfCrawlerCommons) {
  int files = 0;
  std::size_t sitemaps = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRobotsSuites / "crawler_commons")) {
    const std::string body = read_bytes(entry.path());
    for (const char* agent : {"placer", "mybot", "bot1", "Googlebot", ""}) {
      const Robots robots = Robots::parse(body, agent);
      for (const char* path : {"/", "/a", "/gp/registry/wishlist/x/reserve", "/wiki/%3M"}) {
        EXPECT_GE(robots.check(path).line, 0) << entry.path();
      }
    }
    sitemaps += Robots::parse(body, "placer").sitemaps().size();
    ++files;
  }
  std::cout << "suite robots/crawler_commons: " << files << " files read, " << sitemaps
            << " sitemaps\n";
  EXPECT_EQ(files, 24);
  EXPECT_GT(sitemaps, 0u);
}

}  // namespace
}  // namespace placer
