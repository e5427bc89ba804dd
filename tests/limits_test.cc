// Hostile pages and many slow servers, on the whole program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/web/site.h"

namespace placer {
namespace {

std::string repeat(const std::string& text, int times) {
  std::string out;
  out.reserve(text.size() * static_cast<std::size_t>(times));
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

web::Reply page(std::string body) {
  web::Reply reply;
  reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  reply.body = std::move(body);
  return reply;
}

std::string place_page(const std::string& name) {
  return "<!doctype html><title>" + name +
         "</title><script type=\"application/ld+json\">{\"@type\":\"Cafe"
         "OrCoffeeShop\",\"name\":\"" +
         name + "\",\"telephone\":\"+49 761 28123" + std::to_string(10 + name.back() % 80) +
         "\"}</script>";
}

// Pages that take Gumbo minutes or gigabytes, between ordinary ones.
web::Reply bombs(const web::WebRequest& request) {
  if (request.target == "/robots.txt") return page("");
  if (request.target == "/lists") return page(repeat("<ul><li>", 20'000));
  if (request.target == "/divs") return page(repeat("<div>", 1'000'000));
  if (request.target == "/nul") return page(std::string(10'000'000, '\0'));
  return page(place_page("Neighbour " + request.target.substr(1)));
}

class BombTest : public testing::TestWithParam<const char*> {};

TEST_P(BombTest, EveryBombEndsWithinItsBudgetAndItsNeighboursAreStored) {
  web::RunningServer server(bombs);
  const TemporaryFolder folder;
  std::string job = loopback_job(server.url("/"));
  std::string start;
  for (const char* path : {"/a", "/lists", "/b", "/divs", "/c", "/nul", "/d"}) {
    start += (start.empty() ? "'" : ", '") + server.url(path) + "'";
  }
  job.replace(job.find("start: ["), job.find(']') + 1 - job.find("start: ["),
              "start: [" + start + "]");
  folder.write("job.yaml", job + "page: {parse_deadline: 300ms}\n");
  const auto begin = std::chrono::steady_clock::now();
  const ProgramResult result = run_program({PLACER_BINARY, "run", folder / "job.yaml", "--backend",
                                            GetParam(), "--db", folder / "b.db"});
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_LT(took, std::chrono::seconds(20));
  EXPECT_THAT(query_lines(folder / "b.db", "SELECT name FROM place ORDER BY name"),
              testing::ElementsAre("Neighbour a", "Neighbour b", "Neighbour c", "Neighbour d"));
  EXPECT_THAT(query_lines(folder / "b.db",
                          "SELECT count(*) FROM page WHERE url LIKE '%/divs' AND status = "
                          "'parse-error' AND error IN ('parse-deadline', 'parse-memory')"),
              testing::ElementsAre("1"));
}

INSTANTIATE_TEST_SUITE_P(All, BombTest, testing::ValuesIn(kBackendNames),
                         [](const auto& test) { return std::string(test.param); });

TEST(ConcurrencyTest, AsyncWaitsForAThousandSlowPagesAtOnce) {
  constexpr int kPages = 1000;
  const web::Site site = web::Site::slow(kPages, std::chrono::seconds(2));
  web::RunningServer server(site.handler());
  const TemporaryFolder folder;
  std::string start;
  for (const std::string& path : site.start_paths()) {
    start += (start.empty() ? "'" : ", '") + server.url(path) + "'";
  }
  folder.write("job.yaml", "job: slow\nstart: [" + start +
                               "]\npoliteness: {delay: 0, per_host: 1000}\n"
                               "fetch: {private_addresses: allow}\n");
  const ProgramResult result = run_program(
      {PLACER_BINARY, "run", folder / "job.yaml", "--backend", "async", "--db", folder / "s.db"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(query_lines(folder / "s.db", "SELECT count(*) FROM page WHERE status = 'ok'"),
              testing::ElementsAre(std::to_string(kPages)));
  // What the server saw, and not how long it took: a loaded machine under a sanitizer sends the
  // last request when the first is answered already.
  std::uint32_t at_once = 0;
  for (const web::LoggedRequest& request : server.log()) {
    at_once = std::max(at_once, request.in_flight);
  }
  EXPECT_GT(at_once, kPages / 4U);
}

}  // namespace
}  // namespace placer
