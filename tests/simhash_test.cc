#include "scraper/page/simhash.h"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <string>

#include "scraper/frontier/near_body.h"
#include "scraper/page/tree.h"
#include "scraper/page/tree_index.h"
#include "tests/web/markup.h"

namespace placer {
namespace {

int distance(std::string_view a, std::string_view b) {
  return std::popcount(simhash(a) ^ simhash(b));
}

std::string prose(std::uint64_t seed, std::size_t bytes = 3000) {
  web::Rng rng(seed);
  const std::string html = web::filler(web::Language::kEn, bytes, rng);
  return visible_text(Tree::parse(html, {})->root());
}

TEST(SimhashTest, IsZeroOnlyWithoutWords) {
  EXPECT_EQ(simhash(""), 0U);
  EXPECT_EQ(simhash(" - / ... !"), 0U);
  EXPECT_NE(simhash("a"), 0U);
  EXPECT_NE(simhash("7"), 0U);
}

TEST(SimhashTest, IsTheSameInEveryRun) {
  EXPECT_EQ(simhash("the quick brown fox"), simhash("The QUICK,\nbrown fox!"));
  EXPECT_EQ(simhash("the quick brown fox"), 10257351544807710U);
}

TEST(SimhashTest, CountsNumbersAsTheSame) {
  EXPECT_EQ(simhash("open 9 to 17 on 2026-11-21"), simhash("open 10 to 4 on 1999-01-02"));
  EXPECT_NE(simhash("room 9"), simhash("room nine"));
}

TEST(SimhashTest, ReadsWordsOfAnyScript) {
  EXPECT_NE(simhash("кафе на углу улицы"), simhash("кафе на краю улицы"));
  EXPECT_NE(simhash("Café"), simhash("Cafè"));
}

TEST(SimhashTest, ReadsWhatAReaderSees) {
  const auto of = [](std::string_view html) {
    const auto tree = Tree::parse(html, {});
    return simhash(TreeIndex(tree->root()).texts);
  };
  EXPECT_EQ(of("<p>One two<p>three"), simhash("one two three"));
  EXPECT_EQ(of("<title>One</title><script>x y</script><style>z</style><b>two</b>"),
            simhash("one two"));
  EXPECT_EQ(of("<script>only</script>"), 0U);
}

TEST(SimhashTest, PutsPagesThatDifferInADateNear) {
  int near = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string text = prose(seed);
    near += near_body(simhash("Events in May 2026 " + text), simhash("Events in June 2027 " + text))
                ? 1
                : 0;
  }
  EXPECT_GE(near, 48);
}

TEST(SimhashTest, PutsOtherTextsFarApart) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_GT(distance(prose(seed), prose(seed + 100)), 12) << seed;
  }
}

// Half of each page is the site's own, as much is about the place.
TEST(SimhashTest, TellsPagesOfOneTemplateApart) {
  const std::string frame = prose(1, 1500);
  int near = 0;
  for (std::uint64_t seed = 2; seed < 52; ++seed) {
    near += near_body(simhash(frame + prose(seed, 1500)), simhash(frame + prose(seed + 100, 1500)))
                ? 1
                : 0;
  }
  EXPECT_EQ(near, 0);
}

TEST(SimhashTest, CostsLittleBesideGumbo) {
  web::Document document;
  web::Rng rng(5);
  document.main = web::filler(web::Language::kEn, 32 << 10, rng);
  const std::string html = web::html(document);
  const auto time = [](const auto& work) {
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 5; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      work();
      best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begin);
    }
    return best.count();
  };
  const auto tree = Tree::parse(html, {});
  ASSERT_TRUE(tree.has_value());
  std::uint64_t hash = 0;
  const auto parsing =
      time([&] { EXPECT_TRUE(Tree::parse(html, {.builder = TreeBuilder::kGumbo}).has_value()); });
  const TreeIndex index(tree->root());
  const auto hashing = time([&] { hash ^= simhash(index.texts); });
  std::cout << "32 KB: parse " << parsing / 1000 << " us, simhash " << hashing / 1000 << " us\n";
  EXPECT_NE(hash, 0U);
  EXPECT_LT(hashing, parsing / 2);
}

}  // namespace
}  // namespace placer
