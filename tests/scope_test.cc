#include "scraper/frontier/scope.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace placer {
namespace {

Scope scope_of(std::vector<std::string> hosts) {
  ScopeOptions options;
  options.hosts = std::move(hosts);
  return {options, {}};
}

TEST(ScopeTest, TakesAHostAndItsWwwTwinForOne) {
  const Scope scope = scope_of({"www.A.test", "b.test"});
  for (const char* host : {"a.test", "www.a.test", "b.test", "www.b.test"}) {
    EXPECT_TRUE(scope.has_host(host)) << host;
  }
  for (const char* host : {"c.test", "x.a.test", "www.www.a.test", "ba.test", "test", ""}) {
    EXPECT_FALSE(scope.has_host(host)) << host;
  }
}

TEST(ScopeTest, TakesEverySubdomainButNotTheDomainForAWildcard) {
  const Scope scope = scope_of({"*.a.test", "*.very.long.name.test"});
  for (const char* host : {"x.a.test", "y.x.a.test", "www.a.test", "s.very.long.name.test"}) {
    EXPECT_TRUE(scope.has_host(host)) << host;
  }
  for (const char* host : {"a.test", "xa.test", "x.a.test.b", "long.name.test", "test"}) {
    EXPECT_FALSE(scope.has_host(host)) << host;
  }
}

TEST(ScopeTest, TakesTheStartUrlsHostsWhereTheJobNamesNone) {
  const Scope scope(ScopeOptions{}, {"a.test"});
  EXPECT_TRUE(scope.has_host("www.a.test"));
  EXPECT_FALSE(scope.has_host("b.test"));
}

// The words of the rule, host by host.
TEST(ScopeTest, FindsAmongManyHostsWhatTheRuleSays) {
  std::minstd_rand random(3);
  const auto name = [&random] {
    std::string host;
    for (std::size_t labels = 1 + random() % 3; labels-- > 0;) {
      host += std::string(1, static_cast<char>('a' + random() % 3)) + (labels > 0 ? "." : "");
    }
    return host;
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<std::string> hosts;
    for (int i = 0; i < 6; ++i) hosts.push_back((random() % 3 == 0 ? "*." : "") + name());
    const Scope scope = scope_of(hosts);
    for (int i = 0; i < 200; ++i) {
      const std::string host = (random() % 4 == 0 ? "www." : "") + name();
      const bool expected = std::ranges::any_of(hosts, [&host](const std::string& listed) {
        if (listed.starts_with("*.")) return host.ends_with(listed.substr(1));
        return host == listed || host == "www." + listed;
      });
      ASSERT_EQ(scope.has_host(host), expected) << host;
    }
  }
}

}  // namespace
}  // namespace placer
