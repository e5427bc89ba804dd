#include "scraper/frontier/frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "scraper/frontier/key.h"
#include "tests/memory_storage.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Link link_to(const std::string& href, LinkKind kind = LinkKind::kAnchor, bool nofollow = false) {
  Link link = placer::link_to(*Url::parse(href), kind);
  link.nofollow = nofollow;
  return link;
}

class FrontierTest : public testing::Test {
 protected:
  FrontierTest() {
    job_.name = "test";
    job_.politeness.delay = seconds(1);
    job_.politeness.user_agent = "placer/0.1";
    job_.retry.attempts = 3;
    job_.retry.backoff = seconds(1);
  }

  // A frontier over `storage_` with these start URLs, as a new run would make it.
  Frontier& start(const std::vector<std::string>& urls) {
    std::vector<Url> start;
    for (const auto& url : urls) start.push_back(*Url::parse(url));
    auto resumed = storage_.begin_run("test", "fake", now_);
    frontier_ = std::make_unique<Frontier>(job_, start, storage_, std::move(*resumed), now_, 7);
    frontier_->seed(start, now_);
    commit();
    return *frontier_;
  }

  void commit() {
    ASSERT_TRUE(storage_.commit(*frontier_->take_completions(now_), {}).has_value());
    ASSERT_TRUE(frontier_->refill(now_).has_value());
  }

  std::optional<std::string> next_url() {
    request_ = frontier_->next(now_);
    return request_ ? std::optional(request_->url) : std::nullopt;
  }

  // Ends the last lease.
  void answer(std::uint16_t status, std::vector<Link> links = {}, std::string robots = {}) {
    Outcome outcome;
    outcome.request = *request_;
    outcome.status = status;
    outcome.links = std::move(links);
    outcome.robots_txt = std::move(robots);
    finish(std::move(outcome));
  }
  void answer(ErrorCode error) {
    Outcome outcome;
    outcome.request = *request_;
    outcome.error = Error{error, "it failed"};
    finish(std::move(outcome));
  }
  void finish(Outcome outcome) {
    frontier_->finish(std::move(outcome), now_);
    commit();
  }

  // Leases robots.txt of the only origin and says that there is none.
  void pass_robots() {
    ASSERT_THAT(*next_url(), testing::EndsWith("/robots.txt"));
    answer(404);
    now_ += seconds(1);
  }

  Job job_;
  MemoryStorage storage_;
  Instant now_{seconds(1'000'000)};
  std::unique_ptr<Frontier> frontier_;
  std::optional<Request> request_;
};

TEST_F(FrontierTest, AsksForRobotsTxtBeforeAnythingElseOfAnOrigin) {
  start({"http://a.example/x"});
  EXPECT_EQ(next_url(), "http://a.example/robots.txt");
  EXPECT_EQ(request_->kind, RequestKind::kRobots);
  answer(404);
  now_ += seconds(1);
  EXPECT_EQ(next_url(), "http://a.example/x");
}

TEST_F(FrontierTest, HoldsSecondUrlOfHostUntilDelayPasses) {
  start({"http://a.example/1", "http://a.example/2"});
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.example/1");
  answer(200);
  EXPECT_EQ(next_url(), std::nullopt);
  EXPECT_EQ(frontier_->next_due(), now_ + seconds(1));
  now_ += milliseconds(999);
  EXPECT_EQ(next_url(), std::nullopt);
  now_ += milliseconds(1);
  EXPECT_EQ(next_url(), "http://a.example/2");
}

TEST_F(FrontierTest, KeepsOneRequestInFlightPerHostHoweverLongItTakes) {
  start({"http://a.example/1", "http://a.example/2"});
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.example/1");
  now_ += seconds(100);
  EXPECT_EQ(frontier_->next(now_), std::nullopt);
}

TEST_F(FrontierTest, ServesOtherHostsWhileOneWaits) {
  start({"http://a.example/", "http://b.example/"});
  EXPECT_EQ(next_url(), "http://a.example/robots.txt");
  EXPECT_EQ(next_url(), "http://b.example/robots.txt");
}

TEST_F(FrontierTest, HonoursCrawlDelayUpToTheCap) {
  job_.politeness.max_crawl_delay = seconds(5);
  start({"http://a.example/"});
  next_url();
  answer(200, {}, "User-agent: *\nCrawl-delay: 60\n");
  EXPECT_EQ(frontier_->next_due(), now_ + seconds(5));
}

// RFC 9309 section 2.2.2
TEST_F(FrontierTest, FiltersWhatRobotsTxtDisallows) {
  start({"http://a.example/private/1", "http://a.example/ok"});
  next_url();
  answer(200, {}, "User-agent: *\nDisallow: /private/\n");
  now_ += seconds(1);
  EXPECT_EQ(next_url(), "http://a.example/ok");
  answer(200, {link_to("http://a.example/private/2")});
  EXPECT_THAT(storage_.filtered, SizeIs(2));
  EXPECT_EQ(storage_.filtered[0].reason, FilterReason::kRobots);
  EXPECT_TRUE(frontier_->finished());
}

// RFC 9309 section 2.3.1.4
TEST_F(FrontierTest, FetchesNothingWhileRobotsTxtIsUnreachable) {
  start({"http://a.example/x"});
  for (std::uint32_t attempt = 0; attempt < job_.retry.attempts; ++attempt) {
    ASSERT_EQ(next_url(), "http://a.example/robots.txt") << attempt;
    answer(503);
    now_ += seconds(1000);
  }
  EXPECT_EQ(next_url(), std::nullopt);
  EXPECT_TRUE(frontier_->finished());
  EXPECT_THAT(storage_.queue, SizeIs(1)) << "the URL waits for the next run";
  ASSERT_THAT(frontier_->held(), SizeIs(1));
  EXPECT_EQ(frontier_->held()[0].urls, 1U);
}

TEST_F(FrontierTest, AsksAgainForAnUnreachableRobotsTxtInTheNextRun) {
  start({"http://a.example/x"});
  for (int attempt = 0; attempt < 3; ++attempt) {
    next_url();
    answer(ErrorCode::kConnect);
    now_ += seconds(1000);
  }
  ASSERT_TRUE(storage_.end_run(RunOutcome::kDone, {}, now_).has_value());
  start({"http://a.example/x"});
  EXPECT_EQ(next_url(), std::nullopt) << "the last run's clock may have been another one";
  ASSERT_TRUE(frontier_->next_due());
  now_ = *frontier_->next_due();
  EXPECT_EQ(next_url(), "http://a.example/robots.txt");
}

// RFC 9309 section 2.3.1.2
TEST_F(FrontierTest, FollowsFiveRobotsRedirectsAndNoMore) {
  start({"http://a.example/x"});
  for (int hop = 0; hop < 5; ++hop) {
    ASSERT_TRUE(next_url());
    answer(301, {link_to("http://b.example/r" + std::to_string(hop), LinkKind::kRedirect)});
    now_ += seconds(1);
  }
  EXPECT_EQ(next_url(), "http://b.example/r4");
  answer(301, {link_to("http://b.example/r5", LinkKind::kRedirect)});
  now_ += seconds(1);
  EXPECT_EQ(next_url(), "http://a.example/x") << "endless redirects mean no rules";
}

TEST_F(FrontierTest, RetriesATransientFailureWithBackOffAndThenGivesUp) {
  start({"http://a.example/x"});
  pass_robots();
  for (int attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_EQ(next_url(), "http://a.example/x");
    EXPECT_EQ(request_->attempt, static_cast<std::uint32_t>(attempt));
    answer(500);
    EXPECT_EQ(next_url(), std::nullopt) << "not at once";
    now_ += seconds(10);
  }
  EXPECT_TRUE(frontier_->finished());
  EXPECT_THAT(storage_.fetched,
              ElementsAre(std::pair("http://a.example/x", PageStatus::kHttpError)));
  EXPECT_THAT(storage_.queue, IsEmpty());
}

TEST_F(FrontierTest, DoesNotRetryWhatWillNotChange) {
  start({"http://a.example/x"});
  pass_robots();
  next_url();
  answer(404);
  EXPECT_TRUE(frontier_->finished());
}

// RFC 9110 section 10.2.3
TEST_F(FrontierTest, WaitsAsLongAsRetryAfterSays) {
  start({"http://a.example/x"});
  pass_robots();
  next_url();
  Outcome outcome;
  outcome.request = *request_;
  outcome.status = 429;
  outcome.retry_after = seconds(90);
  finish(std::move(outcome));
  EXPECT_GE(*frontier_->next_due(), now_ + seconds(90));
}

TEST_F(FrontierTest, LeavesAHostAloneThatKeepsFailing) {
  job_.retry.attempts = 20;
  job_.scope.hosts = {"a.example"};
  start({"http://a.example/1"});
  pass_robots();
  while (next_url()) {
    answer(ErrorCode::kTimeout);
    now_ += seconds(1000);
  }
  EXPECT_TRUE(frontier_->finished());
  EXPECT_THAT(storage_.queue, SizeIs(1));
  EXPECT_THAT(frontier_->held(), SizeIs(1));
}

TEST_F(FrontierTest, FollowsARedirectAtTheSameDepth) {
  start({"http://a.example/x"});
  pass_robots();
  next_url();
  answer(301, {link_to("http://a.example/y", LinkKind::kRedirect)});
  now_ += seconds(1);
  EXPECT_EQ(next_url(), "http://a.example/y");
  EXPECT_EQ(request_->depth, 0U);
  EXPECT_EQ(request_->redirects, 1U);
}

TEST_F(FrontierTest, FollowsARedirectToAnotherSpellingOfTheSameKey) {
  start({"http://a.example/x?utm_source=mail"});
  pass_robots();
  next_url();
  answer(302, {link_to("http://a.example/x", LinkKind::kRedirect)});
  now_ += seconds(1);
  EXPECT_EQ(next_url(), "http://a.example/x");
}

TEST_F(FrontierTest, EndsARedirectChainAtTheLimit) {
  job_.fetch.max_redirects = 2;
  start({"http://a.example/0"});
  pass_robots();
  int hops = 0;
  while (next_url()) {
    answer(302, {link_to("http://a.example/" + std::to_string(++hops), LinkKind::kRedirect)});
    now_ += seconds(1);
  }
  EXPECT_EQ(hops, 3);
  EXPECT_EQ(storage_.filtered.back().reason, FilterReason::kRedirects);
}

TEST_F(FrontierTest, QuarantinesAPageThatKilledTwoWorkers) {
  start({"http://a.example/x"});
  pass_robots();
  next_url();
  answer(ErrorCode::kWorkerCrashed);
  now_ += seconds(1);
  ASSERT_EQ(next_url(), "http://a.example/x");
  EXPECT_EQ(request_->crashes, 1U);
  answer(ErrorCode::kWorkerCrashed);
  EXPECT_THAT(storage_.fetched,
              ElementsAre(std::pair("http://a.example/x", PageStatus::kQuarantined)));
}

TEST_F(FrontierTest, DoesNotBlameAPageForAWorkerKilledFromOutside) {
  start({"http://a.example/x"});
  pass_robots();
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(next_url(), "http://a.example/x");
    EXPECT_EQ(request_->crashes, 0U);
    answer(ErrorCode::kWorkerKilled);
    now_ += seconds(1);
  }
}

TEST_F(FrontierTest, AsksAgainForRobotsTxtAfterAWorkerWasKilledWithIt) {
  start({"http://a.example/x"});
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(next_url(), "http://a.example/robots.txt");
    answer(ErrorCode::kWorkerKilled);
    now_ += seconds(1);
  }
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.example/x");
}

TEST_F(FrontierTest, KeepsToTheHostsOfTheStartUrls) {
  start({"http://a.example/"});
  pass_robots();
  next_url();
  answer(200, {link_to("http://b.example/"), link_to("http://www.a.example/")});
  EXPECT_THAT(storage_.queue, SizeIs(1));
  EXPECT_EQ(storage_.filtered.at(0).reason, FilterReason::kHost);
}

TEST_F(FrontierTest, StopsAtMaxDepthAndAcceptsTheSamePageFromNearer) {
  job_.scope.max_depth = 1;
  start({"http://a.example/0", "http://a.example/other"});
  pass_robots();
  next_url();
  answer(200, {link_to("http://a.example/1")});
  now_ += seconds(1);
  ASSERT_EQ(next_url(), "http://a.example/other");
  answer(200);
  now_ += seconds(1);
  ASSERT_EQ(next_url(), "http://a.example/1");
  answer(200, {link_to("http://a.example/2")});
  EXPECT_EQ(storage_.filtered.at(0).reason, FilterReason::kDepth);
  EXPECT_THAT(storage_.filtered, SizeIs(1));
}

TEST_F(FrontierTest, DoesNotFollowNofollowLinks) {
  start({"http://a.example/"});
  pass_robots();
  next_url();
  answer(200, {link_to("http://a.example/n", LinkKind::kAnchor, /*nofollow=*/true)});
  EXPECT_TRUE(frontier_->finished());
}

TEST_F(FrontierTest, AcceptsNoMoreThanMaxPages) {
  job_.scope.max_pages = 2;
  start({"http://a.example/"});
  pass_robots();
  next_url();
  answer(200, {link_to("http://a.example/1"), link_to("http://a.example/2")});
  EXPECT_THAT(storage_.queue, SizeIs(1));
}

TEST_F(FrontierTest, WaitsOneDelayPerHostAfterAKill) {
  start({"http://a.example/1", "http://a.example/2"});
  pass_robots();
  next_url();  // under way when the kill comes
  start({"http://a.example/1", "http://a.example/2"});
  EXPECT_EQ(next_url(), std::nullopt);
  now_ += seconds(1);
  EXPECT_EQ(next_url(), "http://a.example/1");
}

TEST_F(FrontierTest, RefillsALongQueueFromStorageInOrder) {
  job_.politeness.delay = milliseconds(0);
  start({"http://a.example/"});
  next_url();
  answer(404);
  next_url();
  std::vector<Link> links;
  for (int i = 0; i < 1000; ++i) links.push_back(link_to("http://a.example/" + std::to_string(i)));
  answer(200, links);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(next_url(), "http://a.example/" + std::to_string(i));
    answer(200);
  }
  EXPECT_TRUE(frontier_->finished());
}

// An endpoint is what a rule or a locator asks for: the user's or the pack's word, not the page's.
TEST_F(FrontierTest, DoesNotBindAnEndpointOrItsRedirectToTheScope) {
  job_.scope.include = {"/shops/**"};
  job_.scope.max_depth = 0;
  start({"http://a.test/shops/"});
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.test/shops/");
  answer(200, {link_to("http://api.test/v1", LinkKind::kEndpoint), link_to("http://b.test/")});
  pass_robots();
  EXPECT_EQ(next_url(), "http://api.test/v1");
  answer(302, {link_to("http://api.test/v2", LinkKind::kRedirect)});
  now_ += seconds(2);
  EXPECT_EQ(next_url(), "http://api.test/v2");
  answer(200);
  EXPECT_TRUE(frontier_->finished());
}

// The order in which pages arrive must not decide what is fetched.
TEST_F(FrontierTest, TakesAnEndpointThatAnOrdinaryLinkOutOfScopeNamedBefore) {
  start({"http://a.test/", "http://a.test/2"});
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.test/");
  answer(200, {link_to("http://api.test/v1")});
  EXPECT_EQ(storage_.filtered.size(), 1U);
  now_ += seconds(2);
  EXPECT_EQ(next_url(), "http://a.test/2");
  answer(200, {link_to("http://api.test/v1", LinkKind::kEndpoint)});
  EXPECT_TRUE(storage_.filtered.empty());
  pass_robots();
  EXPECT_EQ(next_url(), "http://api.test/v1");
}

TEST_F(FrontierTest, FollowsEndpointsFromHostToHostOnlyAFewTimes) {
  start({"http://a.test/"});
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.test/");
  for (const std::string host : {"http://b.test/", "http://c.test/", "http://d.test/"}) {
    answer(200, {link_to(host, LinkKind::kEndpoint)});
    pass_robots();
    EXPECT_EQ(next_url(), host);
  }
  answer(200, {link_to("http://e.test/", LinkKind::kEndpoint),
               link_to("http://d.test/?page=2", LinkKind::kEndpoint)});
  now_ += seconds(2);
  EXPECT_EQ(next_url(), "http://d.test/?page=2");
  answer(200);
  EXPECT_TRUE(frontier_->finished());
}

TEST_F(FrontierTest, BindsTheRedirectOfAStartUrlToTheScope) {
  job_.scope.include = {"/cafes/**"};
  start({"http://a.test/"});
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.test/");
  answer(302, {link_to("http://b.test/", LinkKind::kRedirect)});
  EXPECT_TRUE(frontier_->finished());
}

TEST_F(FrontierTest, RemembersWhatItPassedOverAndTakesItByAShorterWay) {
  job_.scope.max_depth = 1;
  start({"http://a.test/", "http://a.test/2"});
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.test/");
  answer(200, {link_to("http://a.test/x", LinkKind::kAnchor, /*nofollow=*/true)});
  EXPECT_THAT(storage_.filtered, SizeIs(1));
  EXPECT_NE(storage_.filtered[0].fingerprint, 0U);
  now_ += seconds(2);
  EXPECT_EQ(next_url(), "http://a.test/2");
  answer(200, {link_to("http://a.test/x", LinkKind::kAnchor, /*nofollow=*/true),
               link_to("http://a.test/x")});
  EXPECT_THAT(storage_.filtered, IsEmpty());
  now_ += seconds(2);
  EXPECT_EQ(next_url(), "http://a.test/x");
}

TEST_F(FrontierTest, TakesTwoBodiesForOneUrlAsTwoRequests) {
  start({"http://a.test/"});
  pass_robots();
  EXPECT_EQ(next_url(), "http://a.test/");
  const Url api = *Url::parse("http://a.test/api");
  answer(200, {placer::link_to(api, LinkKind::kEndpoint, "page=1"),
               placer::link_to(api, LinkKind::kEndpoint, "page=2"),
               placer::link_to(api, LinkKind::kEndpoint, "page=1")});
  for (const char* body : {"page=1", "page=2"}) {
    now_ += seconds(2);
    EXPECT_EQ(next_url(), "http://a.test/api");
    EXPECT_EQ(request_->body, body);
    answer(200);
  }
  EXPECT_TRUE(frontier_->finished());
}

}  // namespace
}  // namespace placer
