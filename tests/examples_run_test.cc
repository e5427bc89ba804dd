// The jobs of config/examples, run against sites on loopback that are as they say.
#include <absl/strings/escaping.h>
#include <absl/strings/str_replace.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>

#include "tests/example_jobs.h"
#include "tests/program.h"
#include "tests/web/locators.h"
#include "tests/web/site.h"

namespace placer {
namespace {

using testing::HasSubstr;

class ExamplesRunTest : public testing::Test {
 protected:
  ProgramResult placer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PLACER_BINARY);
    return run_program(arguments, folder_.path());
  }

  static std::string example(const std::string& name) {
    return std::string(PLACER_EXAMPLES) + "/" + name + ".yaml";
  }

  // Runs an example, changed by `settings`, without delays; the number of places it found.
  int places_of(const std::string& job_file, std::vector<std::string> settings) {
    settings.insert(settings.end(), {"politeness.delay=0", "politeness.address_delay=0",
                                     "retry.attempts=1", "fetch.private_addresses=allow"});
    const std::string database = folder_ / "example.db";
    std::vector<std::string> command = {"run", job_file, "--max-pages", "40", "--db", database};
    for (const std::string& setting : settings) command.insert(command.end(), {"--set", setting});
    const auto run = placer(command);
    EXPECT_EQ(run.status, 0) << job_file << ": " << run.err;
    const auto count = query_lines(database, "SELECT count(*) FROM place");
    std::filesystem::remove(database);
    return count.size() == 1 ? std::stoi(count.front()) : 0;
  }

  TemporaryFolder folder_;
};

const std::string kTownScope = "scope.include=['/', '/kinds/**', '/streets/**', '/places/**']";

TEST_F(ExamplesRunTest, AllPassCheckAndWarnOfNothingButVariables) {
  for (const auto& path : example_files()) {
    const auto check = placer({"check", path.string()});
    EXPECT_EQ(check.status, 0) << path << check.err;
    EXPECT_THAT(check.err, testing::Not(HasSubstr("in the file itself"))) << path;
  }
}

TEST_F(ExamplesRunTest, FindTheTownsPlaces) {
  web::RunningServer town(web::Site::town().handler());
  const std::string start = "start=" + town.url("/");
  for (const char* name : {"one_site", "extends", "local_development", "nightly_refresh",
                           "hostile_pages", "polite_and_slow", "sample_town"}) {
    EXPECT_GT(places_of(example(name), {start, kTownScope}), 5) << name;
  }
  EXPECT_GT(places_of(example("many_hosts"), {start, "scope.hosts=[127.0.0.1]"}), 5);
}

TEST_F(ExamplesRunTest, SitemapOnlyFetchesWhatTheSitemapLists) {
  const web::Site town = web::Site::town();
  std::string xml = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>";
  std::string base;
  web::RunningServer server([&](const web::WebRequest& request) {
    if (request.target != "/sitemap.xml") return town.handler()(request);
    web::Reply reply;
    reply.headers = {{"Content-Type", "application/xml"}};
    reply.body = xml + "</urlset>";
    return reply;
  });
  int listed = 0;
  for (const web::TruthPlace& place : town.truth()) {
    if (++listed <= 12) xml += "<url><loc>" + server.url(place.page) + "</loc></url>";
  }
  EXPECT_EQ(places_of(example("sitemap_only"),
                      {"start=" + server.url("/map.html"), "sitemaps=" + server.url("/sitemap.xml"),
                       "scope.include=['/places/**']"}),
            12);
}

TEST_F(ExamplesRunTest, StoreLocatorFindsAllBranches) {
  const web::Site site = web::Site::locators(7);
  web::RunningServer proxy(site.handler());
  const web::LocatorChain chain = web::locator_chains(7)[0];
  EXPECT_EQ(places_of(example("store_locator"),
                      {"start=" + chain.stores_url(), "fetch.proxy=" + proxy.url()}),
            static_cast<int>(chain.stores.size()));
}

TEST_F(ExamplesRunTest, BasicAuthOpensTheSiteWithThePasswordOfTheEnvironment) {
  const web::Site town = web::Site::town();
  const std::string expected = "Basic " + absl::Base64Escape("placer:s3same");
  web::RunningServer server([&](const web::WebRequest& request) {
    const std::string* given = request.header("Authorization");
    if (given != nullptr && *given == expected) return town.handler()(request);
    web::Reply refused;
    refused.status = 401;
    return refused;
  });
  setenv("PARTNER_PASSWORD", "s3same", 1);
  EXPECT_GT(places_of(example("basic_auth"), {"start=" + server.url("/")}), 5);
  unsetenv("PARTNER_PASSWORD");
}

TEST_F(ExamplesRunTest, ProxyGetsEveryRequestWithItsPassword) {
  const web::Site town = web::Site::town();
  std::atomic<int> strangers = 0;
  const std::string expected = "Basic " + absl::Base64Escape("placer:p@ss");
  web::RunningServer proxy([&](web::WebRequest request) {
    const std::string* given = request.header("Proxy-Authorization");
    if (given == nullptr || *given != expected) ++strangers;
    request.target = absl::StrReplaceAll(request.target, {{"http://town.example", ""}});
    return town.handler()(request);
  });
  std::string job = text_of(example("proxy"));
  job = absl::StrReplaceAll(
      job, {{"proxy.example.net:3128", "127.0.0.1:" + std::to_string(proxy.port())}});
  folder_.write("proxy.yaml", job);
  setenv("PROXY_PASSWORD", "p@ss", 1);
  EXPECT_GT(places_of("proxy.yaml", {"start=http://town.example/"}), 5);
  unsetenv("PROXY_PASSWORD");
  EXPECT_EQ(strangers, 0);
}

TEST_F(ExamplesRunTest, JsonApiIsReadToItsLastPageWithTheKey) {
  std::atomic<int> without_key = 0;
  web::RunningServer server([&](const web::WebRequest& request) {
    web::Reply reply;
    reply.headers = {{"Content-Type", "application/json"}};
    const std::string page = request.target.substr(request.target.find('=') + 1);
    if (!request.target.starts_with("/v1/stores?")) {
      reply.status = 404;
      return reply;
    }
    const std::string* key = request.header("X-Api-Key");
    if (key == nullptr || *key != "k-1") ++without_key;
    const std::string store = R"({"id": )" + page + R"(, "name": "Boekhandel )" + page +
                              R"(", "address": {"street": "Damrak", "number": ")" + page +
                              R"(", "zip": "1012 AB", "city": "Amsterdam"}})";
    reply.body = R"({"page": )" + page + R"(, "stores": [)" + (page == "4" ? "" : store) + "]}";
    return reply;
  });
  folder_.write("api.yaml", absl::StrReplaceAll(text_of(example("json_api")),
                                                {{"https://api.example.org", server.url("")}}));
  setenv("STORE_API_KEY", "k-1", 1);
  EXPECT_EQ(places_of("api.yaml", {}), 3);
  unsetenv("STORE_API_KEY");
  EXPECT_EQ(without_key, 0);
}

}  // namespace
}  // namespace placer
