// Chains on store-locator platforms, found by the program without a rule.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/program.h"
#include "tests/web/locators.h"
#include "tests/web/site.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::uint64_t kSeed = 7;

// Default options but for politeness, whose one second would be spent waiting.
std::string proxied_job(const web::RunningServer& proxy, const std::vector<std::string>& start) {
  std::string urls;
  for (const std::string& url : start) urls += (urls.empty() ? "'" : ", '") + url + "'";
  return "job: chains\nstart: [" + urls +
         "]\npoliteness: {user_agent: placer-test/1.0, delay: 0}\n"
         "fetch: {proxy: '" +
         proxy.url() + "'}\n";
}

// What the program has to know of a store. Street and number as one: where nobody states the
// country it is not always sure which of the words is the number.
std::string line_of(const web::TruthPlace& place) {
  const auto rounded = [](double value) { return std::to_string(std::lround(value * 1e5)); };
  return place.name + "|" + place.street + " " + place.housenumber + "|" + place.city + "|" +
         place.postcode + "|" + place.phone_e164 + "|" + place.opening_hours + "|" +
         rounded(*place.lat) + "|" + rounded(*place.lon);
}

constexpr const char* kLines =
    "SELECT name, addr_street || coalesce(' ' || addr_housenumber, ''), addr_city, addr_postcode, "
    "phone, opening_hours, CAST(round(lat * 100000) AS INTEGER), CAST(round(lon * 100000) AS "
    "INTEGER) FROM place";

// The lines of `a` that `b` has not.
std::vector<std::string> lacking(std::vector<std::string> a, std::vector<std::string> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  std::vector<std::string> out;
  std::ranges::set_difference(a, b, std::back_inserter(out));
  return out;
}

class LocatorCrawlTest : public testing::TestWithParam<const char*> {};

TEST_P(LocatorCrawlTest, FindsAllStoresOfTenChainsWithoutARule) {
  const web::Site site = web::Site::locators(kSeed);
  web::RunningServer proxy(site.handler());
  const TemporaryFolder folder;
  folder.write("job.yaml", proxied_job(proxy, site.start_paths()));
  const std::string database = folder / "chains.db";
  const ProgramResult result = run_program(
      {PLACER_BINARY, "run", folder / "job.yaml", "--backend", GetParam(), "--db", database});
  ASSERT_EQ(result.status, 0) << result.err;
  std::vector<std::string> expected;
  for (const web::TruthPlace& place : site.truth()) expected.push_back(line_of(place));
  const std::vector<std::string> found = query_lines(database, kLines);
  EXPECT_EQ(web::locator_chains(kSeed).size(), 10U);
  EXPECT_THAT(lacking(expected, found), testing::IsEmpty());
  EXPECT_THAT(lacking(found, expected), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Backends, LocatorCrawlTest, testing::Values("async", "processes"),
                         [](const auto& test) { return std::string(test.param); });

TEST(LocatorInspectTest, ShowsTheEndpointAmongTheLinks) {
  const TemporaryFolder folder;
  const web::LocatorChain chain = web::locator_chains(kSeed)[0];
  folder.write("stores.html", "<!doctype html><title>x</title>" + web::locator_snippet(chain));
  const ProgramResult result = run_program({PLACER_BINARY, "inspect", folder / "stores.html",
                                            "--base", chain.stores_url(), "--links", "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  const json links = json::parse(result.out)["links"];
  ASSERT_FALSE(links.empty());
  EXPECT_EQ(links[0]["kind"], "endpoint");
  EXPECT_EQ(links[0]["url"], "http://stockist.co/api/v1/u17042/locations/all.js");
}

}  // namespace
}  // namespace placer
