// Which requests carry the header fields of a job's rules.
#include "scraper/fetch/request_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RequestHeaders headers_of(std::vector<RuleRequest> requests) {
  RuleOptions rule;
  rule.requests = std::move(requests);
  return RequestHeaders({rule});
}

TEST(RequestHeadersTest, GoToUrlsThatTheTemplateMatches) {
  const auto headers = headers_of(
      {{{"https://API.example.org:443/s?p={page}&q=a b&k={k}", {}}, "", {{"X-Key", "1"}}, {}}});
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
  const auto headers = headers_of({{{"https://h.example/s", {}}, "{}", {{"A", "b"}}, {}}});
  EXPECT_THAT(headers.for_url("https://h.example/s"), ElementsAre("A: b"));
  EXPECT_THAT(headers.for_url("https://h.example/s/"), IsEmpty());
}

TEST(RequestHeadersTest, TakesTheFirstOfOneName) {
  const auto headers =
      headers_of({{{"https://h.example/{a}", {}}, "", {{"A", "1"}, {"B", "2"}}, {}},
                  {{"https://h.example/{b}", {}}, "", {{"a", "3"}, {"C", "4"}}, {}}});
  EXPECT_THAT(headers.for_url("https://h.example/x"), ElementsAre("A: 1", "B: 2", "C: 4"));
}

TEST(RequestHeadersTest, AreNoneByDefault) {
  EXPECT_THAT(RequestHeaders().for_url("https://h.example/"), IsEmpty());
}

}  // namespace
}  // namespace placer
