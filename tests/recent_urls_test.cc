#include "scraper/frontier/recent_urls.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace placer {
namespace {

TEST(RecentUrlsTest, AnswersWithTheLastDecision) {
  RecentUrls recent;
  EXPECT_FALSE(recent.find(1));
  EXPECT_FALSE(recent.find(0));
  recent.set(1, FilterReason::kHost);
  ASSERT_TRUE(recent.find(1));
  EXPECT_TRUE(recent.find(1)->found);
  EXPECT_EQ(recent.find(1)->filtered_as, FilterReason::kHost);
  recent.set(1, std::nullopt);
  ASSERT_TRUE(recent.find(1));
  EXPECT_EQ(recent.find(1)->filtered_as, std::nullopt);
}

TEST(RecentUrlsTest, TellsApartFingerprintsThatShareASlot) {
  RecentUrls recent;
  for (const int bit : {12, 20, 21, 40, 63}) {
    const std::uint64_t one = 0x1234;
    const std::uint64_t other = one ^ std::uint64_t{1} << bit;
    recent.set(one, FilterReason::kNotDue);
    EXPECT_FALSE(recent.find(other)) << bit;
    recent.set(other, std::nullopt);
    EXPECT_EQ(recent.find(other)->filtered_as, std::nullopt) << bit;
    const auto known = recent.find(one);
    EXPECT_TRUE(!known || known->filtered_as == FilterReason::kNotDue) << bit;
  }
}

// It may forget, but what it says is true; and while there is room it forgets little.
TEST(RecentUrlsTest, NeverAnswersWrongWhileItGrowsAndWhenItIsFull) {
  RecentUrls recent;
  std::mt19937_64 random(7);
  std::map<std::uint64_t, std::optional<FilterReason>> all;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t fingerprint = random();
    std::optional<FilterReason> state;
    if (i % 3 == 0) state = static_cast<FilterReason>(i % 12);
    recent.set(fingerprint, state);
    all[fingerprint] = state;
  }
  std::size_t remembered = 0;
  std::size_t invented = 0;
  for (const auto& [fingerprint, state] : all) {
    if (recent.find(fingerprint ^ 0x10000)) ++invented;
    const auto known = recent.find(fingerprint);
    if (!known) continue;
    ++remembered;
    ASSERT_EQ(known->filtered_as, state);
  }
  EXPECT_EQ(invented, 0U);
  EXPECT_GT(remembered, all.size() * 3 / 4);
}

}  // namespace
}  // namespace placer
