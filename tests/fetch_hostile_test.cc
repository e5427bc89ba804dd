// What broken and hostile servers do to an exchange: each ends in time, with the right error and a
// bounded body.
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/fetch_fixture.h"
#include "tests/suite.h"

namespace placer {
namespace {

using Clock = std::chrono::steady_clock;
using web::Reply;
using web::RunningServer;

constexpr std::uint64_t kMaxBody = 100'000;

FetchOptions small_options() {
  FetchOptions options = test_options();
  options.max_body = kMaxBody;
  return options;
}

FetchOptions hasty_options() {
  FetchOptions options = test_options();
  options.timeout = 200ms;
  return options;
}

// The error that `reply` ends in, and that it does so within 2 s.
ErrorCode ends_in(Reply reply, const FetchOptions& options) {
  RunningServer server(always(std::move(reply)));
  const auto begin = Clock::now();
  const Fetched fetched = fetch(server.url("/"), options);
  EXPECT_LT(Clock::now() - begin, 2s);
  EXPECT_TRUE(fetched.body.empty());
  EXPECT_TRUE(fetched.outcome.error &&
              fetched.outcome.error->message.starts_with("GET " + server.url("/") + ": "))
      << (fetched.outcome.error ? fetched.outcome.error->message : "no error");
  return code_of(fetched);
}

TEST(FetchHostileTest, TimesOutWhenNoAnswerComes) {
  Reply reply;
  reply.never = true;
  EXPECT_EQ(ends_in(reply, hasty_options()), ErrorCode::kTimeout);
}

TEST(FetchHostileTest, TimesOutWhenHeadersDrip) {
  Reply reply = page("x");
  reply.drip_bytes = 1;
  reply.drip_every = 20ms;
  EXPECT_EQ(ends_in(reply, hasty_options()), ErrorCode::kTimeout);
}

TEST(FetchHostileTest, TimesOutWhenTheBodyStalls) {
  Reply reply = page(std::string(5000, 'x'));
  reply.drip_bytes = 1000;
  reply.drip_every = 150ms;
  EXPECT_EQ(ends_in(reply, hasty_options()), ErrorCode::kTimeout);
}

TEST(FetchHostileTest, TimesOutBelowTheLowSpeed) {
  FetchOptions options = test_options();
  options.low_speed_bytes = 1'000'000;
  options.low_speed_time = 1s;
  options.timeout = 20s;
  Reply reply = page(std::string(500'000, 'x'));
  reply.drip_bytes = 500;
  reply.drip_every = 50ms;
  RunningServer server(always(reply));
  const auto begin = Clock::now();
  EXPECT_EQ(code_of(fetch(server.url("/"), options)), ErrorCode::kTimeout);
  EXPECT_LT(Clock::now() - begin, 5s);
}

TEST(FetchHostileTest, StopsABodyBeyondTheLimit) {
  const Reply large = page(std::string(kMaxBody + 1, 'x'));
  EXPECT_EQ(ends_in(large, small_options()), ErrorCode::kBodyTooLarge);
  Reply chunked = large;
  chunked.chunked = true;
  EXPECT_EQ(ends_in(chunked, small_options()), ErrorCode::kBodyTooLarge);
  Reply endless = page("");
  endless.endless_body = true;
  EXPECT_EQ(ends_in(endless, small_options()), ErrorCode::kBodyTooLarge);
}

TEST(FetchHostileTest, TakesABodyOfExactlyTheLimit) {
  Reply reply = page(std::string(kMaxBody, 'x'));
  for (const bool chunked : {false, true}) {
    reply.chunked = chunked;
    RunningServer server(always(reply));
    const Fetched fetched = fetch(server.url("/"), small_options());
    EXPECT_FALSE(fetched.outcome.error);
    EXPECT_EQ(fetched.outcome.body_bytes, kMaxBody);
  }
}

TEST(FetchHostileTest, StopsHeadersBeyondTheLimit) {
  Reply endless = page("");
  endless.endless_headers = true;
  EXPECT_EQ(ends_in(endless, test_options()), ErrorCode::kHeadersTooLarge);
  EXPECT_EQ(ends_in(page("x", {{"X-Long", std::string(90'000, 'x')},
                               {"X-Longer", std::string(90'000, 'x')},
                               {"X-Longest", std::string(90'000, 'x')}}),
                    test_options()),
            ErrorCode::kHeadersTooLarge);
  EXPECT_EQ(ends_in(page("x", {{"X-Long", std::string(1'000'000, 'x')}}), test_options()),
            ErrorCode::kHeadersTooLarge);
  FetchOptions options = test_options();
  options.max_headers = 1000;
  EXPECT_EQ(ends_in(page("x", {{"X-Long", std::string(1000, 'x')}}), options),
            ErrorCode::kHeadersTooLarge);
  options.max_headers = 1'000'000;
  EXPECT_EQ(ends_in(endless, options), ErrorCode::kHeadersTooLarge) << "libcurl's own limit";
}

TEST(FetchHostileTest, StopsEndlessInterimResponses) {
  Reply reply;
  reply.raw = std::string();
  for (int i = 0; i < 20'000; ++i) reply.raw->append("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n");
  EXPECT_EQ(ends_in(reply, test_options()), ErrorCode::kHeadersTooLarge);
}

TEST(FetchHostileTest, TakesThePageBehindInterimResponses) {
  Reply reply;
  reply.raw =
      "HTTP/1.1 103 Early Hints\r\nContent-Type: video/mp4\r\nETag: \"early\"\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  RunningServer server(always(reply));
  const Fetched fetched = fetch(server.url("/"));
  EXPECT_FALSE(fetched.outcome.error);
  EXPECT_EQ(fetched.body, "hi");
  EXPECT_EQ(fetched.outcome.content_type, "");
  EXPECT_EQ(fetched.outcome.validators.etag, "");
}

// RFC 9110 section 6.5: a trailer does not change what the headers said
TEST(FetchHostileTest, DoesNotBelieveTrailers) {
  Reply reply;
  reply.raw =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nhi\r\n0\r\nContent-Type: video/mp4\r\nX-Robots-Tag: noindex\r\n\r\n";
  RunningServer server(always(reply));
  const Fetched fetched = fetch(server.url("/"));
  EXPECT_EQ(fetched.body, "hi");
  EXPECT_EQ(fetched.outcome.content_type, "text/html");
  EXPECT_TRUE(fetched.robots_headers.empty());
}

TEST(FetchHostileTest, DoesNotTakeATruncatedBody) {
  Reply reply = page(std::string(5000, 'x'));
  reply.close_after = 3000;
  EXPECT_EQ(ends_in(reply, test_options()), ErrorCode::kProtocol);
  reply.chunked = true;
  EXPECT_EQ(ends_in(reply, test_options()), ErrorCode::kProtocol);
  reply.reset = true;
  EXPECT_EQ(ends_in(reply, test_options()), ErrorCode::kProtocol);
  Reply overstated = page("short");
  overstated.content_length = 5000;
  overstated.close_after = 10'000;
  EXPECT_EQ(ends_in(overstated, test_options()), ErrorCode::kProtocol);
}

TEST(FetchHostileTest, DoesNotTakeWhatIsNotHttp) {
  for (const std::string raw :
       {"", "\n", "garbage\r\n\r\n", "<html>HTTP/0.9</html>", "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n"}) {
    Reply reply;
    reply.raw = raw;
    EXPECT_EQ(ends_in(reply, test_options()), ErrorCode::kProtocol) << raw;
  }
}

TEST(FetchHostileTest, ReportsAResetConnection) {
  Reply reply;
  reply.raw = std::string("HTT");
  reply.reset = true;
  EXPECT_EQ(ends_in(reply, test_options()), ErrorCode::kProtocol);
}

TEST(FetchHostileTest, ReportsARefusedConnection) {
  std::uint16_t port = 0;
  { port = RunningServer(always(page("x"))).port(); }
  const Fetched fetched = fetch("http://127.0.0.1:" + std::to_string(port) + "/");
  EXPECT_EQ(code_of(fetched), ErrorCode::kConnect);
  EXPECT_EQ(fetched.outcome.status, 0);
}

TEST(FetchHostileTest, ReportsAnUnknownHost) {
  EXPECT_EQ(code_of(fetch("http://no-such-host.invalid/")), ErrorCode::kUnresolvedHost);
}

TEST(FetchHostileTest, RefusesUnknownAndTooManyEncodings) {
  EXPECT_EQ(ends_in(page("x", {{"Content-Encoding", "rot13"}}), test_options()),
            ErrorCode::kContentEncoding);
  EXPECT_EQ(ends_in(page("not gzip at all", {{"Content-Encoding", "gzip"}}), test_options()),
            ErrorCode::kContentEncoding);
  std::string many = "gzip";
  for (int i = 0; i < 19; ++i) many += ", gzip";
  EXPECT_EQ(ends_in(page("x", {{"Content-Encoding", many}}), test_options()),
            ErrorCode::kContentEncoding);
}

TEST(FetchHostileTest, GoesOnAfterFailures) {
  RunningServer server([](const web::WebRequest& request) {
    Reply reply = page("fine");
    if (request.target == "/bad") reply.raw = "garbage";
    return reply;
  });
  CurlFetcher fetcher(test_options(), kTestAgent);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(code_of(fetch(fetcher, request_for(server.url("/bad")))), ErrorCode::kProtocol);
    EXPECT_EQ(fetch(fetcher, request_for(server.url("/good"))).body, "fine");
  }
}

// Resident memory of this process in bytes.
std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t pages = 0;
  statm >> pages >> pages;
  return pages * 4096;
}

struct EncodedFile {
  nlohmann::json index;
  std::string bytes;
};

std::vector<EncodedFile> encoded_files() {
  const auto folder = suite_path("bombs");
  std::vector<EncodedFile> files;
  for (const auto& index : read_ndjson(folder / "index.ndjson")) {
    if (!index["content_encoding"].is_string()) continue;
    files.push_back({index, read_bytes(folder / index["file"].get<std::string>())});
  }
  return files;
}

// Whether the file of the suite came out as the suite says. `bodies` holds what earlier files with
// the same SHA-256 of the decoded bytes gave; all of them must agree.
bool as_expected(const EncodedFile& file, std::map<std::string, std::string>& bodies) {
  const std::string kind = file.index["kind"];
  FetchOptions options = test_options();
  options.max_body = 1 << 20;
  RunningServer server(
      always(page(file.bytes, {{"Content-Encoding", file.index["content_encoding"]}})));
  const std::uint64_t before = resident_bytes();
  const Fetched fetched = fetch(server.url("/"), options);
  const std::uint64_t after = resident_bytes();
  if (after > before + (32U << 20)) return false;
  const auto& error = fetched.outcome.error;
  if (kind == "bomb") {
    return error && error->code == ErrorCode::kBodyTooLarge && fetched.body.empty();
  }
  if (kind == "damaged") return true;  // it ended
  const auto [known, first] = bodies.emplace(file.index["decoded_sha256"], fetched.body);
  return !error && fetched.body.size() == file.index["decoded_bytes"] &&
         fetched.body == known->second;
}

TEST(FetchHostileTest, StopsDecompressionBombsAndTakesEncodedPages) {
  SKIP_WITHOUT(suite_path("bombs"));
  Tally tally("bombs");
  std::map<std::string, std::string> bodies;
  for (const EncodedFile& file : encoded_files()) {
    tally.count(as_expected(file, bodies), file.index["file"].get<std::string>());
  }
  EXPECT_GT(tally.total(), 10U);
  tally.expect_all();
}

}  // namespace
}  // namespace placer
