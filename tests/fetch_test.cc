// What one exchange brings back, and how many run at once. What a hostile server can do is in
// fetch_hostile_test.cc.
#include <sys/eventfd.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <thread>

#include "scraper/fetch/response_headers.h"
#include "tests/fetch_fixture.h"

namespace placer {
namespace {

using Clock = std::chrono::steady_clock;
using web::Reply;
using web::RunningServer;
using web::WebRequest;

TEST(FetchTest, TakesAPageWithItsHeaderFields) {
  const std::string body = "<title>Café</title>";
  RunningServer server(always(page(body, {{"ETag", "W/\"7\""},
                                          {"Last-Modified", "Tue, 01 Oct 2024 08:00:00 GMT"},
                                          {"Link", "</a>; rel=next"},
                                          {"Link", "</b>; rel=canonical"},
                                          {"X-Robots-Tag", "noindex"},
                                          {"X-Robots-Tag", "placer: nofollow"}})));
  const Fetched fetched = fetch(server.url("/x?y=%20z"));
  const Outcome& outcome = fetched.outcome;
  EXPECT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(outcome.status, 200);
  EXPECT_EQ(fetched.body, body);
  EXPECT_EQ(outcome.body_bytes, body.size());
  EXPECT_EQ(outcome.content_hash, ::XXH3_64bits(body.data(), body.size()));
  EXPECT_EQ(outcome.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(outcome.validators.etag, "W/\"7\"");
  EXPECT_EQ(outcome.validators.last_modified, "Tue, 01 Oct 2024 08:00:00 GMT");
  EXPECT_EQ(fetched.link_headers,
            (std::vector<std::string>{"</a>; rel=next", "</b>; rel=canonical"}));
  EXPECT_EQ(fetched.robots_headers, (std::vector<std::string>{"noindex", "placer: nofollow"}));
  EXPECT_EQ(outcome.address, "127.0.0.1");
  EXPECT_GT(outcome.timings.first_byte, 0U);
  EXPECT_GE(outcome.timings.total, outcome.timings.first_byte);
  EXPECT_EQ(server.log().at(0).target, "/x?y=%20z");
  EXPECT_EQ(server.log().at(0).user_agent, kTestAgent);
}

TEST(FetchTest, SendsThePathAsGiven) {
  RunningServer server(always(page("x")));
  for (const char* path : {"/a/../b", "/./", "/%7Euser", "/a//b", "/%2e%2e/", "/?q=[]|^"}) {
    fetch(server.url(path));
    EXPECT_EQ(server.log().back().target, path);
  }
}

TEST(FetchTest, PostsABodyAndGetsAgainAfterwards) {
  RunningServer server([](const WebRequest& request) {
    const std::string* type = request.header("Content-Type");
    return page(request.method + " " + (type ? *type : "-") + " " + request.body);
  });
  CurlFetcher fetcher(test_options(), kTestAgent);
  const auto exchange = [&](std::string body) {
    Request request = request_for(server.url("/api"));
    request.body = std::move(body);
    return fetch(fetcher, std::move(request)).body;
  };
  EXPECT_EQ(exchange("{\"page\": 2}"), "POST application/json {\"page\": 2}");
  EXPECT_EQ(exchange("a=1&b=2"), "POST application/x-www-form-urlencoded a=1&b=2");
  EXPECT_EQ(exchange(""), "GET - ");
  EXPECT_EQ(exchange(std::string(100'000, 'x')).size(), 100'000 + 39U);
}

// RFC 9110 section 13.1
TEST(FetchTest, SendsValidatorsAndTakesNotModified) {
  RunningServer server([](const WebRequest& request) {
    Reply reply = page("new");
    const std::string* etag = request.header("If-None-Match");
    const std::string* date = request.header("If-Modified-Since");
    if (etag && *etag == "\"7\"" && date && *date == "Tue, 01 Oct 2024 08:00:00 GMT") {
      reply.status = 304;
    }
    return reply;
  });
  CurlFetcher fetcher(test_options(), kTestAgent);
  Request request = request_for(server.url("/"));
  request.validators = {"\"7\"", "Tue, 01 Oct 2024 08:00:00 GMT"};
  const Fetched fetched = fetch(fetcher, request);
  EXPECT_FALSE(fetched.outcome.error);
  EXPECT_EQ(fetched.outcome.status, 304);
  EXPECT_EQ(fetched.outcome.content_hash, 0U);
  // The handle is used again; the validators must not be.
  EXPECT_EQ(fetch(fetcher, request_for(server.url("/"))).outcome.status, 200);
}

TEST(FetchTest, DropsValidatorsThatWouldSplitTheRequest) {
  RunningServer server([](const WebRequest& request) {
    return page(request.header("X-Injected") ? "injected" : "clean");
  });
  CurlFetcher fetcher(test_options(), kTestAgent);
  Request request = request_for(server.url("/"));
  request.validators = {"\"7\"\r\nX-Injected: 1", "x\nX-Injected: 1"};
  EXPECT_EQ(fetch(fetcher, request).body, "clean");
}

TEST(FetchTest, HandsBackARedirectWithoutFollowingIt) {
  RunningServer server([](const WebRequest&) {
    Reply reply;
    reply.status = 301;
    reply.headers = {{"Location", "../elsewhere?a=b#c"}};
    return reply;
  });
  const Fetched fetched = fetch(server.url("/x/y"));
  EXPECT_FALSE(fetched.outcome.error);
  EXPECT_EQ(fetched.outcome.status, 301);
  EXPECT_EQ(fetched.location, "../elsewhere?a=b#c");
  EXPECT_EQ(server.log().size(), 1U);
}

TEST(FetchTest, TakesAnErrorStatusAsAResponse) {
  Reply reply = page(std::string(200'000, 'x'));
  reply.status = 503;
  reply.headers.emplace_back("Retry-After", "17");
  RunningServer server(always(reply));
  const Fetched fetched = fetch(server.url("/"));
  EXPECT_FALSE(fetched.outcome.error);
  EXPECT_EQ(fetched.outcome.status, 503);
  EXPECT_EQ(fetched.outcome.retry_after, 17s);
  EXPECT_EQ(fetched.body.size(), 64U * 1024);
}

// RFC 9110 section 10.2.3
TEST(FetchTest, ReadsRetryAfterInEachForm) {
  const auto now = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;
  EXPECT_EQ(parse_retry_after("120", now - 0s), 120s);
  EXPECT_EQ(parse_retry_after("0", now - 0s), 0s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), 60s);
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:50:37 GMT", now), 60s);
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:50:37 1994", now), 60s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), 0s);
  EXPECT_EQ(parse_retry_after("99999999999999999999", now), 365 * 24h);
  EXPECT_EQ(parse_retry_after("1.5", now), 2s);
  EXPECT_EQ(parse_retry_after("60.0", now), 60s);
  EXPECT_FALSE(parse_retry_after("1.x", now));
  EXPECT_FALSE(parse_retry_after(std::string(1'000'000, ' ') + "Mon", now));
  EXPECT_FALSE(parse_retry_after("soon", now));
  EXPECT_FALSE(parse_retry_after("-5", now));
  EXPECT_FALSE(parse_retry_after("", now));
}

// RFC 9110 section 6.6.1: the Date is when the server made the answer.
TEST(FetchTest, CountsTheDateOfARetryAfterByTheClockOfItsServer) {
  const auto now = std::chrono::sys_days(std::chrono::year(2026) / 5 / 1) + 0h;
  ResponseHeaders response;
  response.take("HTTP/1.1 503 Service Unavailable\r\n");
  response.take("Retry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n");
  EXPECT_EQ(retry_after_of(response, now), 0s);
  response.take("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_EQ(retry_after_of(response, now), 60s);
  response.take("Retry-After: 30\r\n");
  EXPECT_EQ(retry_after_of(response, now), 30s);
}

TEST(FetchTest, TakesPagesOnlyOfTypesThatItReads) {
  const std::map<std::string, bool> types = {{"text/html", true},
                                             {"TEXT/HTML;charset=x", true},
                                             {"application/xhtml+xml", true},
                                             {"application/ld+json", true},
                                             {"text/plain", true},
                                             {"", true},
                                             {"html", true},
                                             {"text html/what?", true},
                                             {"application/pdf", false},
                                             {"image/png", false},
                                             {"application/octet-stream", false},
                                             {"video/mp4; codecs=x", false}};
  for (const auto& [type, readable] : types) EXPECT_EQ(is_readable_page(type), readable) << type;
}

TEST(FetchTest, StopsAtTheHeadersOfATypeThatItDoesNotRead) {
  Reply film;
  film.headers = {{"Content-Type", "video/mp4"}};
  film.endless_body = true;
  RunningServer server(always(film));
  const Fetched fetched = fetch(server.url("/film"));
  EXPECT_EQ(code_of(fetched), ErrorCode::kContentType);
  EXPECT_NE(fetched.outcome.error->message.find("video/mp4"), std::string::npos);
  EXPECT_EQ(fetched.outcome.status, 200);
  EXPECT_EQ(fetched.outcome.content_type, "video/mp4");
  EXPECT_TRUE(fetched.body.empty());
}

// RFC 9309 section 2.5: at least 500 KiB are read
TEST(FetchTest, CutsRobotsTxtAndKeepsWhatItRead) {
  Reply robots;
  robots.headers = {{"Content-Type", "application/octet-stream"}};
  robots.body = std::string(2'000'000, '#');
  RunningServer server(always(robots));
  const Fetched fetched = fetch(server.url("/robots.txt"), test_options(), RequestKind::kRobots);
  EXPECT_FALSE(fetched.outcome.error);
  EXPECT_EQ(fetched.outcome.status, 200);
  EXPECT_EQ(fetched.body.size(), 512U * 1024);
}

TEST(FetchTest, ReusesConnections) {
  RunningServer server(always(page("x")));
  CurlFetcher fetcher(test_options(), kTestAgent);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(fetch(fetcher, request_for(server.url("/"))).body, "x");
  EXPECT_EQ(server.connections(), 1U);
}

TEST(FetchTest, RunsAThousandSlowExchangesAtOnce) {
  RunningServer server([](const WebRequest& request) {
    Reply reply = page(request.target);
    reply.delay = 300ms;
    return reply;
  });
  CurlFetcher fetcher(test_options(), kTestAgent, 1000);
  const auto begin = Clock::now();
  for (std::uint64_t id = 1; id <= 1000; ++id) {
    Request request = request_for(server.url("/" + std::to_string(id)));
    request.id = id;
    fetcher.start(std::move(request));
  }
  EXPECT_EQ(fetcher.in_flight(), 1000U);
  EXPECT_LT(Clock::now() - begin, 250ms) << "start() must not block";
  for (const Fetched& fetched : fetch_all(fetcher, 1000)) {
    EXPECT_EQ(fetched.body, "/" + std::to_string(fetched.outcome.request.id));
  }
  EXPECT_EQ(fetcher.in_flight(), 0U);
  EXPECT_LT(Clock::now() - begin, 2s);
}

TEST(FetchTest, ReturnsFromPollWhenTheWakeFdIsReadable) {
  Reply silent;
  silent.never = true;
  RunningServer server(always(silent));
  const int wake_fd = ::eventfd(0, EFD_CLOEXEC);
  CurlFetcher fetcher(test_options(), kTestAgent);
  fetcher.start(request_for(server.url("/")));
  EXPECT_TRUE(fetcher.poll(20ms, wake_fd).empty());
  std::thread waker([wake_fd] {
    const std::uint64_t one = 1;
    EXPECT_EQ(::write(wake_fd, &one, sizeof one), 8);
  });
  const auto begin = Clock::now();
  EXPECT_TRUE(fetcher.poll(10s, wake_fd).empty());
  EXPECT_LT(Clock::now() - begin, 2s);
  EXPECT_EQ(fetcher.in_flight(), 1U);
  waker.join();
  EXPECT_TRUE(fetcher.poll(0ms, -1).empty());
  ::close(wake_fd);
}

TEST(FetchTest, WaitsNoLongerThanAsked) {
  CurlFetcher fetcher(test_options(), kTestAgent);
  const auto begin = Clock::now();
  EXPECT_TRUE(fetcher.poll(0ms, -1).empty());
  EXPECT_TRUE(fetcher.poll(30ms, -1).empty());
  EXPECT_GE(Clock::now() - begin, 30ms);
  EXPECT_LT(Clock::now() - begin, 1s);
}

TEST(FetchTest, EndsAnExchangeForWhatIsNoHttpUrl) {
  CurlFetcher fetcher(test_options(), kTestAgent);
  const std::vector<std::string> urls = {"",
                                         "file:///etc/passwd",
                                         "ftp://127.0.0.1/",
                                         "gopher://127.0.0.1/x",
                                         "javascript:alert(1)",
                                         "http://",
                                         "http://a b/",
                                         "http://127.0.0.1:99999/",
                                         "http://127.0.0.1\r\nHost: x/"};
  for (const std::string& url : urls) {
    const Fetched fetched = fetch(fetcher, request_for(url));
    EXPECT_EQ(code_of(fetched), ErrorCode::kInvalidUrl) << url;
    EXPECT_EQ(fetched.outcome.request.url, url);
  }
}

TEST(FetchTest, IgnoresProxiesInTheEnvironment) {
  RunningServer server(always(page("direct")));
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"}) {
    ::setenv(name, "http://127.0.0.1:1", 1);
  }
  const Fetched fetched = fetch(server.url("/"));
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"}) {
    ::unsetenv(name);
  }
  EXPECT_EQ(fetched.body, "direct");
}

TEST(FetchTest, GoesThroughAConfiguredProxy) {
  RunningServer proxy([](const WebRequest& request) { return page(request.target); });
  FetchOptions options = test_options();
  options.proxy = proxy.url();
  EXPECT_EQ(fetch("http://places.example/x", options).body, "http://places.example/x");
}

TEST(FetchTest, AbandonsWhatIsInFlightWhenDestroyed) {
  Reply silent;
  silent.never = true;
  RunningServer server(always(silent));
  const auto begin = Clock::now();
  {
    CurlFetcher fetcher(test_options(), kTestAgent);
    for (int i = 0; i < 20; ++i) fetcher.start(request_for(server.url("/")));
    fetcher.start(request_for("http://no-such-host.invalid/"));
    fetcher.poll(20ms, -1);
  }
  EXPECT_LT(Clock::now() - begin, 1s);
}

}  // namespace
}  // namespace placer
