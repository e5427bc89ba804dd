// The same job on every backend: the same requests, the same rows, and the truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/site.h"

namespace placer {
namespace {

struct Crawl {
  std::vector<std::string> requests;  // sorted targets, repeats kept
  std::vector<std::string> places;
  std::vector<std::string> pages;
  std::vector<std::string> filtered;
};

web::SiteOptions site_options() {
  web::SiteOptions options;
  options.seed = 20;
  options.pages = 400;
  options.odd_encodings = 0.1;
  options.redirects = 0.05;
  options.missing = 0.05;
  options.healing = 0.05;
  options.traps = true;
  return options;
}

Crawl crawl_with(const std::string& backend, const web::Site& site, std::uint16_t port,
                 const std::string& traps) {
  web::ServerOptions options;
  options.port = port;
  web::RunningServer server(site.handler(), options);
  const TemporaryFolder folder;
  folder.write("job.yaml", loopback_job(server.url("/")));
  const ProgramResult result =
      run_program({PLACER_BINARY, "run", folder / "job.yaml", "--backend", backend, "--db",
                   folder / "a.db", "--set", "scope.traps=" + traps});
  EXPECT_EQ(result.status, 0) << result.err;
  Crawl crawl;
  for (const auto& request : server.log()) crawl.requests.push_back(request.target);
  std::ranges::sort(crawl.requests);
  crawl.places = place_rows(folder / "a.db");
  crawl.pages = query_lines(folder / "a.db",
                            "SELECT url, status, http_status, error, bytes FROM page ORDER BY url");
  crawl.filtered =
      query_lines(folder / "a.db", "SELECT reason, count FROM filtered ORDER BY reason");
  return crawl;
}

TEST(EquivalenceTest, EveryBackendMakesTheSameRequestsAndStoresTheSameRows) {
  const web::Site first(site_options());
  // One port for all four, as URLs are part of the rows.
  std::uint16_t port = 0;
  {
    const web::RunningServer probe(first.handler());
    port = probe.port();
  }
  std::map<std::string, Crawl> crawls;
  for (const char* backend : kBackendNames) {
    crawls[backend] = crawl_with(backend, web::Site(site_options()), port, "follow");
  }
  const Crawl careful = crawl_with("async", web::Site(site_options()), port, "avoid");
  const Crawl& serial = crawls["serial"];
  EXPECT_GT(serial.places.size(), 100U);
  // Which pages of a trap are fetched until it is known for one depends on the order of answers.
  EXPECT_EQ(careful.places, serial.places);
  EXPECT_LT(careful.requests.size(), serial.requests.size());
  for (const char* backend : kBackendNames) {
    EXPECT_EQ(crawls[backend].requests, serial.requests) << backend;
    EXPECT_EQ(crawls[backend].places, serial.places) << backend;
    EXPECT_EQ(crawls[backend].pages, serial.pages) << backend;
    EXPECT_EQ(crawls[backend].filtered, serial.filtered) << backend;
  }
}

// One line of what the truth and the table `place` have in common.
std::string truth_line(const web::TruthPlace& truth) {
  const auto known = [](const std::string& value) { return value.empty() ? "-" : value; };
  const auto number = [](std::optional<double> value) {
    return value ? std::to_string(*value).substr(0, 8) : std::string("-");
  };
  return truth.name + "|" + known(truth.postcode) + "|" + known(truth.city) + "|" +
         known(truth.country) + "|" + known(truth.phone_e164) + "|" + known(truth.opening_hours) +
         "|" + known(truth.category) + "|" + number(truth.lat) + "|" + number(truth.rating);
}

TEST(EquivalenceTest, FindsExactlyTheTruthOfATown) {
  const web::Site town = web::Site::town(3);
  web::RunningServer server(town.handler());
  const TemporaryFolder folder;
  folder.write("town.yaml", loopback_job(server.url("/")));
  const ProgramResult result =
      run_program({PLACER_BINARY, "run", folder / "town.yaml", "--db", folder / "town.db"});
  ASSERT_EQ(result.status, 0) << result.err;
  std::vector<std::string> expected;
  for (const web::TruthPlace& place : town.truth()) expected.push_back(truth_line(place));
  std::ranges::sort(expected);
  expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
  std::vector<std::string> found = query_lines(
      folder / "town.db",
      "SELECT name, addr_postcode, addr_city, addr_country, phone, opening_hours, category, "
      "substr(printf('%f', lat), 1, 8), "
      "CASE WHEN rating IS NOT NULL THEN substr(printf('%f', rating), 1, 8) END FROM place");
  std::ranges::sort(found);
  std::vector<std::string> missing;
  std::ranges::set_difference(expected, found, std::back_inserter(missing));
  std::vector<std::string> invented;
  std::ranges::set_difference(found, expected, std::back_inserter(invented));
  EXPECT_THAT(missing, testing::IsEmpty());
  EXPECT_THAT(invented, testing::IsEmpty());
}

}  // namespace
}  // namespace placer
