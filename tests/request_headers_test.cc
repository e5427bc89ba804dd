// Which requests carry the header fields and logins of a job.
#include "scraper/fetch/request_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::optional<std::string> variable(const std::string& name) {
  if (name == "KEY") return "k-1";
  if (name == "SPLIT") return "a\r\nHost: evil.example";
  return std::nullopt;
}

RequestHeaders headers_of(std::vector<RuleRequest> requests) {
  Job job;
  job.extract.rules.emplace_back().requests = std::move(requests);
  return RequestHeaders(job, variable);
}

Job job_at(std::vector<std::string> start) {
  Job job;
  for (std::string& url : start) job.start.push_back({std::move(url), {}});
  return job;
}

TEST(RequestHeadersTest, GoToUrlsThatTheTemplateMatches) {
  const auto headers = headers_of(
      {{{"https://API.example.org:443/s?p={page}&q=a b&k={k}", {}}, "", {{"X-Key", {"1"}}}, {}}});
  EXPECT_THAT(headers.for_url("https://api.example.org/s?p=1&q=a%20b&k="), ElementsAre("X-Key: 1"));
  EXPECT_THAT(headers.for_url("https://api.example.org/s?p=&q=a%20b&k=z/z"),
              ElementsAre("X-Key: 1"));
  for (const char* other :
       {"https://api.example.org/s", "https://api.example.org/s?p=1",
        "http://api.example.org/s?p=1&q=a%20b&k=", "https://api.example.org:8443/s?p=1&q=a%20b&k=",
        "https://api.example.org.evil.example/s?p=1&q=a%20b&k=",
        "https://evil.example/?https://api.example.org/s?p=1&q=a%20b&k="}) {
    EXPECT_THAT(headers.for_url(other), IsEmpty()) << other;
  }
}

TEST(RequestHeadersTest, WithoutNamesGoToThatUrlAlone) {
  const auto headers = headers_of({{{"https://h.example/s", {}}, "{}", {{"A", {"b"}}}, {}}});
  EXPECT_THAT(headers.for_url("https://h.example/s"), ElementsAre("A: b"));
  EXPECT_THAT(headers.for_url("https://h.example/s/"), IsEmpty());
}

TEST(RequestHeadersTest, TakesTheFirstOfOneName) {
  const auto headers =
      headers_of({{{"https://h.example/{a}", {}}, "", {{"A", {"1"}}, {"B", {"2"}}}, {}},
                  {{"https://h.example/{b}", {}}, "", {{"a", {"3"}}, {"C", {"4"}}}, {}}});
  EXPECT_THAT(headers.for_url("https://h.example/x"), ElementsAre("A: 1", "B: 2", "C: 4"));
}

TEST(RequestHeadersTest, AreNoneByDefault) {
  EXPECT_THAT(RequestHeaders().for_url("https://h.example/"), IsEmpty());
  EXPECT_EQ(RequestHeaders().login_for("https://h.example/"), nullptr);
}

TEST(RequestHeadersTest, OfTheJobGoToItsStartHostsAndToNoOther) {
  Job job = job_at({"https://shop.example/a", "http://127.0.0.1:8000/"});
  job.fetch.headers = {{"", {{"X-Key", {"${KEY}"}}}}};
  job.fetch.auth = {{"", {"me"}, {"p ${KEY}"}}};
  const RequestHeaders headers(job, variable);
  for (const char* own : {"https://shop.example/", "https://shop.example/b?c",
                          "http://127.0.0.1:8000/x", "https://shop.example"}) {
    EXPECT_THAT(headers.for_url(own), ElementsAre("X-Key: k-1")) << own;
    ASSERT_NE(headers.login_for(own), nullptr) << own;
    EXPECT_EQ(headers.login_for(own)->user, "me");
    EXPECT_EQ(headers.login_for(own)->password, "p k-1");
  }
  for (const char* other :
       {"http://shop.example/", "https://shop.example:8443/", "https://www.shop.example/",
        "https://shop.example.evil.example/", "https://evil.example/https://shop.example/",
        "http://127.0.0.1/", "http://127.0.0.1:8001/", "https://127.0.0.1:8000/"}) {
    EXPECT_THAT(headers.for_url(other), IsEmpty()) << other;
    EXPECT_EQ(headers.login_for(other), nullptr) << other;
  }
}

TEST(RequestHeadersTest, OfAHostWithoutTlsGoToItOverTlsToo) {
  Job job = job_at({"http://shop.example/"});
  job.fetch.auth = {{"", {"me"}, {"p"}}};
  const RequestHeaders headers(job, variable);
  EXPECT_NE(headers.login_for("http://shop.example/"), nullptr);
  EXPECT_NE(headers.login_for("https://shop.example/"), nullptr);
  EXPECT_EQ(headers.login_for("https://shop.example:8000/"), nullptr);
}

TEST(RequestHeadersTest, OfANamedHostNeedTlsUnlessTheJobStartsThereOrSaysSo) {
  Job job = job_at({"http://shop.example:81/"});
  job.fetch.auth = {{"api.example", {"a"}, {"1"}},
                    {"SHOP.example", {"b"}, {"2"}},
                    {"http://old.example", {"c"}, {"3"}}};
  const RequestHeaders headers(job, variable);
  const auto user = [&headers](const char* url) {
    const Login* login = headers.login_for(url);
    return login == nullptr ? "-" : login->user;
  };
  EXPECT_EQ(user("https://api.example/"), "a");
  EXPECT_EQ(user("http://api.example/"), "-");
  EXPECT_EQ(user("http://shop.example:81/"), "b");
  EXPECT_EQ(user("https://shop.example/"), "b");
  EXPECT_EQ(user("http://shop.example/"), "-");
  EXPECT_EQ(user("http://old.example/"), "c");
  EXPECT_EQ(user("https://old.example/"), "-");
}

TEST(RequestHeadersTest, OfTheJobGoWithEveryKindOfRequestThoseOfRulesWithPages) {
  Job job = job_at({"https://h.example/"});
  job.fetch.headers = {{"", {{"x-key", {"job"}}, {"X-Job", {"1"}}}}};
  RuleRequest request{{"https://h.example/{a}", {}}, "", {{"X-Key", {"rule"}}}, {}};
  job.extract.rules.emplace_back().requests = {request};
  const RequestHeaders headers(job, variable);
  EXPECT_THAT(headers.for_url("https://h.example/x"), ElementsAre("X-Key: rule", "X-Job: 1"));
  for (const RequestKind kind : {RequestKind::kRobots, RequestKind::kSitemap}) {
    EXPECT_THAT(headers.for_url("https://h.example/x", kind),
                ElementsAre("x-key: job", "X-Job: 1"));
  }
}

TEST(RequestHeadersTest, AreRefusedWhenAVariableIsMissingOrWouldSplitTheHeader) {
  for (const char* value : {"${ABSENT}", "${SPLIT}"}) {
    Job job = job_at({"https://h.example/"});
    job.fetch.headers = {{"", {{"X-Key", {value}}}}};
    EXPECT_THROW(RequestHeaders(job, variable), std::runtime_error) << value;
  }
}

}  // namespace
}  // namespace placer
