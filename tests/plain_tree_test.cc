#include "scraper/page/plain_tree.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "scraper/page/arena.h"
#include "scraper/page/charset.h"
#include "tests/fuzz/mutation.h"
#include "tests/suite.h"
#include "tests/tree_dump.h"

namespace placer {
namespace {

bool is_plain(std::string_view html) {
  Arena arena(1U << 30);
  return plain_tree(html, arena) != nullptr;
}

std::string read_by(TreeBuilder builder, std::string_view html) {
  const auto tree = Tree::parse(html, {.builder = builder});
  return tree ? dump(*tree) : "no tree";
}

// How many of the documents were plain.
struct Counts {
  std::size_t plain = 0;
  std::size_t all = 0;
};

void expect_same(const std::string& html, Counts& counts) {
  ++counts.all;
  if (!is_plain(html)) return;
  ++counts.plain;
  const std::string ours = read_by(TreeBuilder::kAuto, html);
  const std::string gumbos = read_by(TreeBuilder::kGumbo, html);
  if (ours == gumbos) return;
  const auto [a, b] = std::ranges::mismatch(ours, gumbos);
  const auto at = static_cast<std::size_t>(a - ours.begin());
  const std::size_t begin = at < 300 ? 0 : at - 300;
  ADD_FAILURE() << "ours:\n"
                << ours.substr(begin, 400) << "\nGumbo's:\n"
                << gumbos.substr(begin, 400);
}

TEST(PlainTreeTest, ReadsMarkupThatNeedsNoRepair) {
  for (const char* html : {
           "<!doctype html><title>A &amp; B</title><p>x<p>y",
           "<html lang=en><head><meta charset=utf-8></head>\n<body "
           "class=a>\n<h1>x</h1></body></html>\n",
           "<!DOCTYPE html>\r\n<ul>\r\n<li>1<li>2</ul>",
           "<table><tr><td>1<td><b>2</b><tr><th>3</table>",
           "<table><caption>c</caption><col><thead><tr><th>1<tbody><tr><td>2</table>x",
           "<select><option>1<option selected>2<optgroup label=x><option>3</select>",
           "<p>1<br>2<img src=a.png alt='&eacute;'/>3<hr>4",
           "<a href='?a=1&b=2&copy=3&amp;d'>x &lt y &nosuch; & z</a>",
           "<svg viewBox='0 0 1 1'><title>t</title><g><path d='M0'/></g></svg>",
           "<script>if (a < b) document.write('<p>')</script><style>p>a{}</style>",
           "<head><noscript><img src=x></noscript><meta name=a></head><body id=1>x",
           "<dl><dt>1<dd>2<dt>3</dl><div><span>x</div></section>y",
           "<textarea>\n&lt;p></textarea><pre>\n\nx</pre>",
           "<form><input><button>b</button></form><form></form>",
           "a < b <- c",
           "",
       }) {
    EXPECT_TRUE(is_plain(html)) << html;
    EXPECT_EQ(read_by(TreeBuilder::kAuto, html), read_by(TreeBuilder::kGumbo, html)) << html;
  }
}

TEST(PlainTreeTest, LeavesToGumboWhatNeedsRepair) {
  for (const char* html : {
           "<b><p>x</b>y",
           "<a href=1><div><a href=2>",
           "<table>x<tr><td></table>",
           "<template><p>x</template>",
           "<frameset>",
           "<math><mi>x</math>",
           "<svg><p>x</svg>",
           "<svg><![CDATA[x]]></svg>",
           "<p>x</p></p>",
           "<p a='x",
           "<!-- x",
           "<script><!--<script></script>",
           "<title>x",
           "x<html>",
       }) {
    EXPECT_FALSE(is_plain(html)) << html;
  }
  EXPECT_FALSE(is_plain(std::string_view("a\0b", 3)));
}

TEST(PlainTreeTest, AgreesWithGumboOnHtml5libsDocuments) {
  const auto file = suite_path("html_tree/cases.ndjson");
  SKIP_WITHOUT(file);
  Counts counts;
  for (const auto& test : read_ndjson(file)) expect_same(test["data"], counts);
  std::cout << counts.plain << " of " << counts.all << " are plain\n";
  EXPECT_GT(counts.plain, 200U);
}

TEST(PlainTreeTest, AgreesWithGumboOnEveryPageOfTheSuites) {
  const auto folder = suite_path("");
  SKIP_WITHOUT(folder);
  Counts counts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".html") continue;
    expect_same(decode(read_bytes(entry.path()), "").text, counts);
  }
  std::cout << counts.plain << " of " << counts.all << " are plain\n";
}

TEST(PlainTreeTest, AgreesWithGumboOnMutatedPages) {
  std::vector<std::string> inputs = fuzz::generated_inputs(1);
  if (std::filesystem::exists(suite_path(""))) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(suite_path(""))) {
      if (entry.path().extension() == ".html") inputs.push_back("xx" + read_bytes(entry.path()));
    }
  }
  const fuzz::Mutator mutator(std::move(inputs), 1);
  Counts counts;
  const char* const pages = std::getenv("PLACER_PAGES");
  const std::uint64_t most = pages == nullptr ? 2'000 : std::stoull(pages);
  for (std::uint64_t n = 0; n < most; ++n) {
    expect_same(decode(mutator.input(n).substr(2), "text/html; charset=utf-8").text, counts);
    if (HasFailure()) {
      std::cout << "page " << n << "\n";
      break;
    }
  }
  std::cout << counts.plain << " of " << counts.all << " are plain\n";
}

}  // namespace
}  // namespace placer
