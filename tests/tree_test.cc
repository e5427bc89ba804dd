#include "scraper/page/tree.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/suite.h"
#include "tests/tree_dump.h"

namespace placer {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Tree tree_of(std::string_view html) {
  Result<Tree> tree = Tree::parse(html, {.builder = TreeBuilder::kGumbo});
  EXPECT_TRUE(tree.has_value());
  return std::move(*tree);
}

Node first(const Tree& tree, std::string_view tag) {
  for (Node node = tree.root(); node; node = node.next_below(tree.root())) {
    if (node.tag() == tag) return node;
  }
  return {};
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(TreeTest, WalksInTreeOrderWithoutComments) {
  constexpr std::string_view kHtml = "<!doctype html><!--a--><p>x<!--b--><b>y</b>z<p><!--c-->";
  const Tree tree = tree_of(kHtml);
  std::string seen;
  for (Node node = tree.root(); node; node = node.next_below(tree.root())) {
    seen += node.is_text() ? '"' + std::string(node.text()) + '"' : std::string(node.tag());
    seen += ' ';
  }
  EXPECT_EQ(seen, "html head body p \"x\" b \"y\" \"z\" p ");
  EXPECT_FALSE(tree.root().parent());
  EXPECT_FALSE(tree.root().next_sibling());
  EXPECT_EQ(first(tree, "b").parent().tag(), "p");
  EXPECT_EQ(first(tree, "b").next_sibling().text(), "z");
}

TEST(TreeTest, StaysBelowTheRootOfAWalk) {
  const Tree tree = tree_of("<ul><li>1<li>2</ul><p>3");
  const Node list = first(tree, "ul");
  std::string seen;
  for (Node node = list.next_below(list); node; node = node.next_below(list)) seen += node.text();
  EXPECT_EQ(seen, "12");
  EXPECT_EQ(first(tree, "li").next_after(list).first_child().text(), "2");
  EXPECT_FALSE(list.next_after(list));
}

TEST(TreeTest, ReadsAttributesDecodedAndByLowerCaseName) {
  constexpr std::string_view kHtml =
      "<a HREF='?a=1&amp;b=2' empty=''>x</a><svg viewBox='0 0 1 1'><a xlink:href=#i /></svg>";
  const Tree tree = tree_of(kHtml);
  const Node link = first(tree, "a");
  EXPECT_EQ(link.attribute("href"), "?a=1&b=2");
  EXPECT_EQ(link.attribute("empty"), "");
  EXPECT_EQ(link.attribute("absent"), std::nullopt);
  ASSERT_EQ(link.attribute_count(), 2U);
  EXPECT_EQ(link.attribute_at(0).first, "href");
  const Node image = first(tree, "svg");
  EXPECT_EQ(image.attribute("viewbox"), "0 0 1 1");
  EXPECT_EQ(image.first_child().attribute("xlink:href"), "#i");
  EXPECT_EQ(image.first_child().attribute("href"), std::nullopt);
  EXPECT_FALSE(image.is_html());
  EXPECT_TRUE(link.is_html());
}

TEST(TreeTest, NamesUnknownElementsInLowerCase) {
  constexpr std::string_view kHtml = "<My-Card Class=x>a</My-Card><svg><foreignObject/><FooBar>";
  const Tree tree = tree_of(kHtml);
  EXPECT_TRUE(first(tree, "my-card"));
  EXPECT_TRUE(first(tree, "foreignobject"));
  EXPECT_TRUE(first(tree, "foobar"));
}

TEST(TreeTest, CollapsesVisibleText) {
  constexpr std::string_view kHtml =
      "<title>t</title><h1> The\n  Blue&nbsp; <b>Ca</b>f&eacute; </h1><script>no()</script>"
      "<style>no</style><template>no</template><noscript>no</noscript>"
      "<p>1 Main St<br>Springfield<td>x</p><div>a</div><div>b</div><my-tag>c</my-tag>d";
  const Tree tree = tree_of(kHtml);
  EXPECT_EQ(visible_text(first(tree, "body")), "The Blue Café 1 Main St Springfieldx a b cd");
  EXPECT_EQ(visible_text(first(tree, "h1")), "The Blue Café");
  EXPECT_EQ(visible_text(first(tree, "h1").first_child()), "The Blue");
  EXPECT_EQ(visible_text(first(tree, "script")), "");
  EXPECT_EQ(visible_text(Node()), "");
}

TEST(TreeTest, KeepsTextContentAsItStands) {
  const Tree tree = tree_of("<p> a\n <b>b</b><script>x<y</script></p>");
  EXPECT_EQ(text_content(first(tree, "p")), " a\n bx<y");
  EXPECT_EQ(text_content(first(tree, "script")), "x<y");
}

TEST(TreeTest, OutlivesAMove) {
  Tree tree = tree_of("<p>x");
  Tree moved = std::move(tree);
  EXPECT_EQ(text_content(moved.root()), "x");
  moved = tree_of("<p>y");
  EXPECT_EQ(text_content(moved.root()), "y");
}

TEST(TreeTest, NamesTheLimitThatStoppedIt) {
  const auto late = Tree::parse(repeated("<div>", 1'000'000),
                                {milliseconds(20), 1ULL << 30, TreeBuilder::kGumbo});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kParseDeadline);
  const auto large =
      Tree::parse(repeated("<p>x", 100'000), {milliseconds(60'000), 4 << 20, TreeBuilder::kGumbo});
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().code, ErrorCode::kParseMemory);
  EXPECT_EQ(text_content(tree_of("<p>next page").root()), "next page");
}

struct Bomb {
  std::string name;
  std::string html;
};

// The shapes that made Gumbo slow, large or crash.
std::vector<Bomb> nested_bombs(std::size_t n) {
  std::vector<Bomb> bombs;
  for (const char* piece : {"<div>", "<b>", "<i>", "<font>", "<a>", "<table>", "<p><b>", "<svg>",
                            "<nobr>", "<span>", "<ul><li>", "<template>", "<object>"}) {
    bombs.push_back({piece, repeated(piece, n)});
  }
  bombs.push_back({"opened, then closed", repeated("<p>", n) + repeated("</p>", n)});
  bombs.push_back({"foster parenting", "<table>" + repeated("x<a>", n)});
  bombs.push_back({"flat links", repeated("<a href=x>y</a>", n)});
  std::string formatting;
  for (std::size_t i = 0; i < n; ++i) formatting += "<b id=" + std::to_string(i) + ">";
  bombs.push_back({"reconstruction", formatting + repeated("<p>x", n)});
  bombs.push_back({"adoption agency", repeated("<b><div>", n) + repeated("</b>", n)});
  bombs.push_back({"double adoption", repeated("<b><i><div>", n) + repeated("</b></i>", n)});
  std::string attributes = "<p";
  for (std::size_t i = 0; i < n; ++i) attributes += " a" + std::to_string(i) + "=1";
  bombs.push_back({"attributes", attributes + ">"});
  bombs.push_back({"escaped script", "<script>" + repeated("<!--<script", n)});
  return bombs;
}

std::vector<Bomb> flat_bombs() {
  constexpr std::size_t kSize = 10'000'000;
  return {{"attribute", "<p a=" + std::string(kSize, 'a') + ">"},
          {"comment", "<!--" + std::string(kSize, 'a') + "-->"},
          {"&", std::string(kSize, '&')},
          {"&amp;", repeated("&amp;", kSize / 5)},
          {"NUL", std::string(kSize, '\0')},
          {"0xFF", std::string(kSize, '\xFF')},
          {"<", std::string(kSize, '<')}};
}

// Work that allocates next to nothing, which the allocator alone would not stop.
std::vector<Bomb> quiet_bombs() {
  std::string first_body = "<body";
  std::string second_body = "<body";
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string name = ' ' + std::string(1000, 'n') + std::to_string(i);
    first_body += name;
    second_body += name + 'x';
  }
  const std::string spans = repeated("<span>", 300'000);
  return {{"text below open elements", spans + "<b>" + std::string(3'000'000, 'x')},
          {"one adoption over all open elements", "<b>" + spans + "<div></b>"},
          {"merged body elements", first_body + ">" + second_body + ">"}};
}

// Parses and reads each bomb on a thread with a small stack.
void expect_stopped(const std::vector<Bomb>& bombs) {
  const ParseLimits limits{milliseconds(200), 64ULL << 20, TreeBuilder::kGumbo};
  std::function<void()> run = [&] {
    for (const Bomb& bomb : bombs) {
      const auto begin = steady_clock::now();
      {
        const Result<Tree> tree = Tree::parse(bomb.html, limits);
        const auto spent = steady_clock::now() - begin;
        EXPECT_LT(spent, limits.deadline + milliseconds(200)) << bomb.name;
        if (tree) text_content(tree->root());
        if (tree) visible_text(tree->root());
      }
      EXPECT_EQ(visible_text(tree_of("<p>next page").root()), "next page") << bomb.name;
    }
  };
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread;
  const auto call = [](void* f) -> void* {
    (*static_cast<std::function<void()>*>(f))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, call, &run), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

std::int64_t peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

TEST(TreeTest, StopsNestedBombsOf10000) { expect_stopped(nested_bombs(10'000)); }

TEST(TreeTest, StopsNestedBombsOf1000000) {
  for (Bomb& bomb : nested_bombs(1'000'000)) {
    const std::int64_t before = peak_megabytes();
    expect_stopped({std::move(bomb)});
    EXPECT_LE(peak_megabytes() - before, 64 + 32);
  }
}

TEST(TreeTest, StopsBombsOf10Megabytes) { expect_stopped(flat_bombs()); }

TEST(TreeTest, StopsWorkThatAllocatesNothing) { expect_stopped(quiet_bombs()); }

// An expected document of the suite, brought to what dump() writes.
std::string expected_dump(const std::string& document) {
  std::vector<std::string> entries;
  std::size_t at = 0;
  while (at < document.size()) {
    std::size_t end = document.find("\n| ", at);
    end = end == std::string::npos ? document.size() : end + 1;
    std::string entry = document.substr(at, end - at);
    if (entry.back() != '\n') entry += '\n';
    at = end;
    const std::size_t begin = entry.find_first_not_of(' ', 2);
    const std::string_view item = std::string_view(entry).substr(begin);
    if (item.starts_with("<!")) continue;
    for (const std::string_view prefix : {"<svg ", "<math "}) {
      if (!item.starts_with(prefix)) continue;
      std::string name(item.substr(prefix.size()));
      std::transform(name.begin(), name.end(), name.begin(), ::tolower);
      entry = entry.substr(0, begin) + "<foreign " + name;
      break;
    }
    for (const char* space : {"xlink ", "xml ", "xmlns "}) {
      if (entry.compare(begin, std::string_view(space).size(), space) == 0) {
        entry[begin + std::string_view(space).size() - 1] = ':';
      }
    }
    entries.push_back(entry);
  }
  std::string out;
  for (const std::string& entry : entries) out += entry;
  return out;
}

TEST(TreeTest, BuildsHtml5libsDocumentsAsWellAsGumboDoes) {
  const auto file = suite_path("html_tree/cases.ndjson");
  SKIP_WITHOUT(file);
  Tally tally("html_tree");
  for (const auto& test : read_ndjson(file)) {
    if (!test["fragment"].is_null() || test["script"] == "on") continue;
    const std::string html = test["data"];
    tally.count(dump(tree_of(html)) == expected_dump(test["document"]), test["id"].dump());
  }
  EXPECT_GE(tally.passed(), 1500U);
}

}  // namespace
}  // namespace placer
