#include "scraper/frontier/origin.h"

#include "scraper/frontier/key.h"
#include "scraper/frontier/url.h"
#include "scraper/frontier/verdict.h"

namespace placer {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Instant kStart{hours(24 * 365 * 50)};
constexpr char kShop[] =
    "User-agent: *\nDisallow: /cart\nCrawl-delay: 7\nSitemap: http://h/s.xml\n";

Outcome answer(int status, std::string robots_txt = {}) {
  Outcome outcome;
  outcome.request.kind = RequestKind::kRobots;
  outcome.request.url = "http://h/robots.txt";
  outcome.status = static_cast<std::uint16_t>(status);
  outcome.robots_txt = std::move(robots_txt);
  return outcome;
}

OriginState stored(const char* origin) {
  OriginState state;
  state.origin = origin;
  state.host = 1;
  return state;
}

Outcome redirect_to(const char* url) {
  Outcome outcome = answer(302);
  outcome.links.push_back(link_to(*Url::parse(url), LinkKind::kRedirect));
  return outcome;
}

Outcome failure(ErrorCode code, int status = 0) {
  Outcome outcome = answer(status);
  outcome.error = Error{code, "GET http://h/robots.txt: failed"};
  return outcome;
}

class OriginTest : public testing::Test {
 protected:
  OriginTest() { restart(stored("http://h:8080")); }

  void restart(const OriginState& state) { origin_ = OriginRobots(state, rules_, now_, now_); }

  // Asks and answers. Fails the test when the origin does not want to ask.
  void learn(const Outcome& outcome) {
    ASSERT_EQ(origin_.gate(now_), RobotsGate::kAsk);
    origin_.ask();
    EXPECT_EQ(origin_.gate(now_), RobotsGate::kAsked);
    origin_.finish(outcome, now_, random_);
  }
  // To the next time that the origin asks.
  void sleep() { now_ = std::max(now_, origin_.asks_at()); }
  bool allows(const char* path) {
    return origin_.gate(now_) == RobotsGate::kOpen && origin_.check(path).allowed;
  }

  OriginRules rules_{RobotsPolicy::kObey, "placer", 3, seconds(1), seconds(300)};
  Instant now_ = kStart;
  std::minstd_rand random_{3};
  OriginRobots origin_{OriginState{}, rules_, kStart, kStart};
};

// RFC 9309 section 2.3: the file is at the top of the authority, port included.
TEST_F(OriginTest, AsksForRobotsTxtBeforeAnythingElse) {
  EXPECT_EQ(origin_.gate(now_), RobotsGate::kAsk);
  const Request request = origin_.ask();
  EXPECT_EQ(request.url, "http://h:8080/robots.txt");
  EXPECT_EQ(request.kind, RequestKind::kRobots);
  EXPECT_EQ(request.attempt, 1U);
  EXPECT_EQ(origin_.gate(now_), RobotsGate::kAsked);
  EXPECT_FALSE(origin_.check("/").allowed) << "nothing is known yet";
}

// RFC 9309 section 2.3.1.1.
TEST_F(OriginTest, FollowsTheRulesOfASuccessfulAnswer) {
  learn(answer(200, kShop));
  EXPECT_TRUE(allows("/shop"));
  EXPECT_FALSE(allows("/cart/1"));
  EXPECT_EQ(origin_.check("/cart").line, 2);
  EXPECT_EQ(origin_.crawl_delay(), seconds(7));
  EXPECT_THAT(origin_.sitemaps(), ElementsAre("http://h/s.xml"));
}

// RFC 9309 section 2.3.1.2.
TEST_F(OriginTest, FollowsFiveRedirectsToAnyAuthority) {
  for (const char* url : {"https://h/robots.txt", "https://www.h/robots.txt", "https://a.net/r",
                          "https://b.net/r", "https://c.net/r"}) {
    ASSERT_EQ(origin_.gate(now_), RobotsGate::kAsk);
    origin_.ask();
    EXPECT_FALSE(origin_.finish(redirect_to(url), now_, random_));
  }
  const Request last = origin_.ask();
  EXPECT_EQ(last.url, "https://c.net/r");
  EXPECT_EQ(last.redirects, 5U);
  EXPECT_TRUE(origin_.finish(answer(200, kShop), now_, random_));
  EXPECT_EQ(origin_.state().origin, "http://h:8080") << "the rules are the initial authority's";
  EXPECT_FALSE(allows("/cart"));
}

TEST_F(OriginTest, TakesTheSixthRedirectOrOneToNowhereForUnavailable) {
  for (int i = 0; i < 6; ++i) learn(redirect_to("http://h/robots.txt"));
  EXPECT_TRUE(allows("/cart"));
  restart(stored("http://h"));
  learn(answer(301));
  EXPECT_TRUE(allows("/cart"));
  restart(stored("http://h"));
  learn(failure(ErrorCode::kInvalidUrl, 301));
  EXPECT_TRUE(allows("/cart"));
}

TEST_F(OriginTest, BeginsAtTheTopAgainAfterAFailureBehindARedirect) {
  learn(redirect_to("https://www.h/robots.txt"));
  learn(answer(503));
  sleep();
  EXPECT_EQ(origin_.ask().url, "http://h:8080/robots.txt");
}

// RFC 9309 section 2.3.1.3.
TEST_F(OriginTest, AllowsEverythingWhereThereIsNoRobotsTxt) {
  for (const int status : {400, 401, 403, 404, 410, 451, 499}) {
    restart(stored("http://h"));
    learn(answer(status));
    EXPECT_TRUE(allows("/cart")) << status;
    EXPECT_EQ(origin_.state().state, RobotsState::kAllowAll);
  }
}

// RFC 9309 section 2.3.1.4.
TEST_F(OriginTest, AllowsNothingWhileRobotsTxtIsUnreachable) {
  std::vector<Outcome> outcomes = {answer(500), answer(502), answer(503), answer(599),
                                   answer(429), answer(101), answer(304)};
  for (const ErrorCode code :
       {ErrorCode::kConnect, ErrorCode::kTimeout, ErrorCode::kUnresolvedHost, ErrorCode::kTls,
        ErrorCode::kProtocol, ErrorCode::kContentEncoding, ErrorCode::kWorkerCrashed}) {
    outcomes.push_back(failure(code));
  }
  for (const Outcome& outcome : outcomes) {
    restart(stored("http://h"));
    learn(outcome);
    EXPECT_EQ(origin_.gate(now_), RobotsGate::kWait) << describe_failure(outcome);
    EXPECT_FALSE(origin_.check("/").allowed) << describe_failure(outcome);
    EXPECT_EQ(origin_.state().state, RobotsState::kUnreachable);
  }
}

TEST_F(OriginTest, AsksAgainWithBackOffAndThenHoldsTheOriginForTheRun) {
  learn(answer(503));
  EXPECT_GE(origin_.asks_at(), now_ + seconds(1));
  sleep();
  learn(answer(503));
  EXPECT_GE(origin_.asks_at(), now_ + seconds(2));
  sleep();
  learn(answer(503));
  EXPECT_EQ(origin_.gate(now_), RobotsGate::kHeld);
  EXPECT_EQ(origin_.held_because(),
            "robots.txt unreachable: GET http://h/robots.txt: HTTP status 503");
  now_ += hours(1);
  learn(answer(200, kShop));
  EXPECT_TRUE(allows("/shop")) << "a long run gets another chance";
  EXPECT_EQ(origin_.state().failures, 0U);
}

TEST_F(OriginTest, KeepsRetryAfter) {
  Outcome busy = answer(503);
  busy.retry_after = seconds(4321);
  learn(busy);
  EXPECT_EQ(origin_.asks_at(), now_ + seconds(4321));
}

TEST_F(OriginTest, AsksForAnewInTheNextRunWhatWasUnreachable) {
  for (int i = 0; i < 3; ++i, sleep()) learn(answer(503));
  const OriginState state = origin_.state();
  OriginRobots same_run(state, rules_, kStart, now_ - seconds(1));
  EXPECT_EQ(same_run.gate(now_ - seconds(1)), RobotsGate::kHeld);
  OriginRobots next_run(state, rules_, now_, now_);
  EXPECT_EQ(next_run.gate(now_), RobotsGate::kAsk);
  EXPECT_EQ(next_run.ask().attempt, 1U);
}

// RFC 9309 sections 2.3.1.4 and 2.4.
TEST_F(OriginTest, GoesOnWithTheLastGoodCopyForThirtyDays) {
  learn(answer(200, kShop));
  now_ += hours(24);
  learn(answer(503));
  EXPECT_TRUE(allows("/shop")) << "the copy holds at once";
  EXPECT_FALSE(allows("/cart"));
  while (now_ < kStart + hours(30 * 24)) {
    ASSERT_TRUE(allows("/shop")) << (now_ - kStart).count();
    ASSERT_FALSE(allows("/cart"));
    sleep();
    learn(failure(ErrorCode::kConnect));
  }
  EXPECT_EQ(now_, kStart + hours(30 * 24)) << "not a moment longer";
  EXPECT_FALSE(allows("/shop"));
  EXPECT_EQ(origin_.state().state, RobotsState::kUnreachable);
  EXPECT_EQ(origin_.state().robots_txt, "");
}

TEST_F(OriginTest, KeepsTheCopyOverRestartsAndRenewsItWhenItCan) {
  learn(answer(200, kShop));
  now_ += hours(24 * 10);
  restart(origin_.state());
  learn(answer(500));
  restart(origin_.state());
  EXPECT_FALSE(allows("/cart"));
  EXPECT_TRUE(allows("/shop"));
  sleep();
  learn(answer(304));
  EXPECT_EQ(origin_.state().fetched_at, now_) << "unmodified is as good as sent again";
  EXPECT_FALSE(allows("/cart"));
  now_ += hours(24);
  learn(answer(404));
  EXPECT_TRUE(allows("/cart")) << "it was taken down";
}

TEST_F(OriginTest, HasNoCopyToFallBackOnWhereThereWasNoRobotsTxt) {
  learn(answer(404));
  now_ += hours(24);
  learn(answer(503));
  EXPECT_FALSE(allows("/"));
}

// RFC 9309 section 2.4.
TEST_F(OriginTest, AsksAgainAfterADay) {
  learn(answer(200, kShop));
  now_ += hours(24) - milliseconds(1);
  EXPECT_EQ(origin_.gate(now_), RobotsGate::kOpen);
  now_ += milliseconds(1);
  EXPECT_EQ(origin_.gate(now_), RobotsGate::kAsk);
}

TEST_F(OriginTest, DoesNotTrustACopyLongerBecauseTheClockWasSetBack) {
  learn(answer(200, kShop));
  now_ -= hours(24 * 100);
  restart(origin_.state());
  EXPECT_EQ(origin_.asks_at(), now_ + hours(24));
  EXPECT_EQ(origin_.state().fetched_at, now_);
}

TEST_F(OriginTest, LearnsNothingFromAWorkerThatWasKilled) {
  learn(failure(ErrorCode::kWorkerKilled));
  EXPECT_EQ(origin_.gate(now_), RobotsGate::kAsk);
  EXPECT_EQ(origin_.ask().attempt, 1U);
}

TEST_F(OriginTest, LeavesARefusedAddressToItsPagesButNotBehindARedirect) {
  learn(failure(ErrorCode::kAddressRefused));
  EXPECT_TRUE(allows("/"));
  restart(stored("http://h"));
  learn(redirect_to("http://10.0.0.1/robots.txt"));
  learn(failure(ErrorCode::kAddressRefused));
  EXPECT_FALSE(allows("/")) << "else a redirect would switch its rules off";
}

TEST_F(OriginTest, AsksNothingWhenTheJobIgnoresRobots) {
  rules_.robots = RobotsPolicy::kIgnore;
  EXPECT_EQ(origin_.gate(now_), RobotsGate::kOpen);
  EXPECT_TRUE(origin_.check("/cart").allowed);
}

TEST_F(OriginTest, ExplainsItsVerdicts) {
  OriginState origin = stored("http://h");
  EXPECT_THAT(explain_robots(origin, rules_, "/").reason, HasSubstr("not asked for yet"));
  origin.state = RobotsState::kUnreachable;
  EXPECT_FALSE(explain_robots(origin, rules_, "/").allowed);
  EXPECT_THAT(explain_robots(origin, rules_, "/").reason, HasSubstr("unreachable"));
  origin.state = RobotsState::kAllowAll;
  EXPECT_TRUE(explain_robots(origin, rules_, "/").allowed);
  origin.state = RobotsState::kRules;
  origin.robots_txt = "\xEF\xBB\xBFUser-agent: *\r\n\r\nDisallow: /a # no\rAllow: /a/b\n";
  EXPECT_EQ(explain_robots(origin, rules_, "/a").reason, "by line 3: Disallow: /a # no");
  EXPECT_EQ(explain_robots(origin, rules_, "/a/b").reason, "by line 4: Allow: /a/b");
  EXPECT_TRUE(explain_robots(origin, rules_, "/a/b").allowed);
  EXPECT_EQ(explain_robots(origin, rules_, "/c").reason, "no rule matches");
  origin.failures = 2;
  EXPECT_THAT(explain_robots(origin, rules_, "/a").reason, HasSubstr("earlier copy"));
  rules_.robots = RobotsPolicy::kIgnore;
  EXPECT_TRUE(explain_robots(origin, rules_, "/a").allowed);
}

// Whatever is answered: pages only pass under rules not older than 30 days, or after a 4xx not
// older than a day; and nobody is asked more often than back-off and the hour allow.
TEST(OriginPropertyTest, FailsClosedUnderRandomAnswersRestartsAndClocks) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    std::minstd_rand random(seed);
    const auto below = [&random](std::uint32_t n) {
      return static_cast<std::uint32_t>(random() / 7 % n);
    };
    const OriginRules rules{RobotsPolicy::kObey, "placer", 1 + below(4), seconds(1), seconds(60)};
    Instant now = kStart;
    Instant run_started = now;
    std::optional<Instant> good;  // when rules or a 4xx were last heard
    bool has_rules = false;
    OriginRobots origin(stored("http://h"), rules, now, now);
    std::uint32_t hops = 0;
    for (int step = 0; step < 400; ++step) {
      now += milliseconds(below(4) == 0 ? below(40'000'000) : below(2000));
      if (below(30) == 0) {
        run_started = now;
        origin = OriginRobots(origin.state(), rules, run_started, now);
        hops = 0;
      }
      const RobotsGate gate = origin.gate(now);
      if (gate == RobotsGate::kOpen) {
        ASSERT_TRUE(good) << "seed " << seed;
        ASSERT_LT(now - *good, has_rules ? hours(30 * 24) : hours(24)) << "seed " << seed;
        ASSERT_EQ(origin.check("/cart").allowed, !has_rules);
        ASSERT_TRUE(origin.check("/shop").allowed);
      } else {
        ASSERT_LE(origin.asks_at(), std::max(now, now + hours(24)));
      }
      if (gate != RobotsGate::kAsk) continue;
      origin.ask();
      const std::uint32_t kind = below(10);
      if (kind < 2) {
        origin.finish(answer(200, kShop), now, random);
        good = now, has_rules = true, hops = 0;
      } else if (kind == 2) {
        origin.finish(answer(404), now, random);
        good = now, has_rules = false, hops = 0;
      } else if (kind == 3) {
        origin.finish(redirect_to("https://elsewhere.net/robots.txt"), now, random);
        if (++hops > 5) good = now, has_rules = false, hops = 0;
      } else if (kind == 4) {
        origin.finish(failure(ErrorCode::kWorkerKilled), now, random);
      } else {
        origin.finish(kind < 8 ? answer(503) : failure(ErrorCode::kTimeout), now, random);
        hops = 0;
        if (!has_rules) good.reset();
      }
    }
  }
}

}  // namespace
}  // namespace placer
