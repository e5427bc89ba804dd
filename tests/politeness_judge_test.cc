// The origin's own log judges the crawl's manners: the gaps between requests to a host, how many
// are in flight, and Retry-After; through kills, stops and jumps of the wall clock.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>
#include <map>
#include <thread>

#include "tests/crawl_job.h"
#include "tests/faults.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kDelay{50};
// On a busy machine a new connection takes so long that the request on it arrives late, and the one
// after it does not.
constexpr milliseconds kTolerance{25};

struct HostManners {
  milliseconds smallest_gap{std::chrono::hours(1)};
  std::uint32_t most_in_flight = 0;
  std::size_t requests = 0;
};

std::map<std::string, HostManners> judge(std::vector<web::LoggedRequest> log) {
  std::ranges::stable_sort(log, {}, &web::LoggedRequest::received);
  std::map<std::string, HostManners> hosts;
  std::map<std::string, steady_clock::time_point> last;
  for (const auto& request : log) {
    HostManners& host = hosts[request.host];
    if (host.requests++ > 0) {
      host.smallest_gap =
          std::min(host.smallest_gap,
                   std::chrono::ceil<milliseconds>(request.received - last[request.host]));
    }
    last[request.host] = request.received;
    host.most_in_flight = std::max(host.most_in_flight, request.in_flight);
  }
  return hosts;
}

class PolitenessJudgeTest : public testing::TestWithParam<const char*> {
 protected:
  static web::ServerOptions three_hosts() {
    web::ServerOptions options;
    options.addresses = {"127.0.0.1", "127.0.0.2", "127.0.0.3"};
    return options;
  }

  // The same pages on each host.
  static web::SiteOptions pages(milliseconds latency) {
    web::SiteOptions options = small_site();
    options.pages = 8;
    options.missing = 0;
    options.redirects = 0;
    options.latency = latency;
    return options;
  }

  void write_job(const web::RunningServer& server, int per_host, milliseconds delay) {
    std::string start;
    for (std::size_t i = 0; i < 3; ++i) start += (i > 0 ? ", '" : "'") + server.url("/", i) + "'";
    folder_.write("job.yaml", "job: manners\nstart: [" + start +
                                  "]\npoliteness: {delay: " + std::to_string(delay.count()) +
                                  "ms, per_host: " + std::to_string(per_host) +
                                  "}\nfetch: {private_addresses: allow, timeout: 10s}\n"
                                  "retry: {attempts: 5, backoff: 5ms}\nscope: {max_depth: 100}\n");
  }

  std::vector<std::string> command() const {
    return {PLACER_BINARY,    "run",      folder_ / "job.yaml",
            "--backend",      GetParam(), "--db",
            folder_ / "a.db", "--log",    "json"};
  }

  void expect_manners(const web::RunningServer& server, std::uint32_t per_host) {
    const auto hosts = judge(server.log());
    EXPECT_EQ(hosts.size(), 3U);
    for (const auto& [host, manners] : hosts) {
      EXPECT_GE(manners.requests, 9U) << host;
      // Of several in flight nobody but the origin knows when each has arrived.
      if (per_host == 1) {
        EXPECT_GE(manners.smallest_gap, kDelay - kTolerance) << host;
      }
      EXPECT_LE(manners.most_in_flight, per_host) << host;
      std::cout << GetParam() << ", " << host << ": " << manners.requests
                << " requests, smallest gap " << manners.smallest_gap.count() << " ms, at most "
                << manners.most_in_flight << " in flight\n";
    }
    EXPECT_EQ(query_lines(folder_ / "a.db", "SELECT count(*) FROM page WHERE status = 'ok'"),
              std::vector<std::string>{"24"});
  }

  const TemporaryFolder folder_;
};

TEST_P(PolitenessJudgeTest, KeepsTheDelayThroughKillsStopsAndClockJumps) {
  SKIP_WITHOUT_FAULTS();
  const web::Site site(pages(milliseconds(2)));
  web::RunningServer server(site.handler(), three_hosts());
  write_job(server, 1, kDelay);
  const auto jump = [this](const char* seconds) { folder_.write("clock", seconds); };
  const auto faulty = with_faults("clock=" + (folder_ / "clock"), command());
  for (const char* clock : {"0", "-3600", "7200"}) {
    jump(clock);
    Program program(faulty);
    ASSERT_TRUE(program.wait_for_error_output(1'200)) << clock;  // a few pages
    program.kill_group(SIGKILL);
    ASSERT_EQ(program.wait().status, 128 + SIGKILL);
  }
  jump("0");
  Program program(faulty);
  ASSERT_TRUE(program.wait_for_error_output(600));
  program.kill_group(SIGSTOP);
  std::this_thread::sleep_for(4 * kDelay);  // what a program owes that wakes up late
  program.kill_group(SIGCONT);
  jump("86400");
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.status, 0) << result.err;
  expect_manners(server, 1);
}

TEST_P(PolitenessJudgeTest, NeverHasMoreRequestsInFlightThanTheJobAllows) {
  const web::Site site(pages(milliseconds(60)));
  web::RunningServer server(site.handler(), three_hosts());
  write_job(server, 2, milliseconds(10));  // six would fit into the time of an answer
  const ProgramResult result = run_program(command());
  EXPECT_EQ(result.status, 0) << result.err;
  expect_manners(server, 2);
}

// RFC 9110 section 10.2.3: Retry-After.
TEST_P(PolitenessJudgeTest, KeepsRetryAfterToTheSecondAcrossAKill) {
  std::atomic<int> refusals{0};
  const web::Site site(pages(milliseconds(0)));
  const web::Handler inner = site.handler();
  web::RunningServer server([&](const web::WebRequest& request) {
    if (request.target != "/" || refusals++ > 0) return inner(request);
    web::Reply reply;
    reply.status = 503;
    reply.headers = {{"Retry-After", "2"}};
    return reply;
  });
  folder_.write("job.yaml", loopback_job(server.url("/")));
  {
    Program program(command());
    // The line of the refusal; it is committed within 50 ms of being printed.
    ASSERT_TRUE(program.wait_for_error_output(500));
    std::this_thread::sleep_for(milliseconds(200));
    program.kill_group(SIGKILL);
    program.wait();
  }
  const ProgramResult result = run_program(command());
  EXPECT_EQ(result.status, 0) << result.err;
  const auto log = server.log();
  const auto refused = std::ranges::find(log, std::string("/"), &web::LoggedRequest::target);
  ASSERT_NE(refused, log.end());
  ASSERT_NE(refused + 1, log.end());
  const auto gap =
      std::chrono::duration_cast<milliseconds>((refused + 1)->received - refused->received);
  EXPECT_GE(gap, milliseconds(2000));
  EXPECT_LT(gap, milliseconds(5000)) << "and not much longer";
  std::cout << GetParam() << ": after Retry-After: 2 and a kill the next request came "
            << gap.count() << " ms later\n";
}

INSTANTIATE_TEST_SUITE_P(All, PolitenessJudgeTest, testing::ValuesIn(kBackendNames),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace placer
