#include "scraper/page/plain_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "scraper/page/arena.h"
#include "scraper/page/charset.h"
#include "tests/fuzz/mutation.h"
#include "tests/suite.h"
#include "tests/tree_dump.h"
#include "tests/web/rng.h"

namespace placer {
namespace {

// No object with a destructor may live in this frame.
bool is_plain_in(Arena& arena, std::string_view html) {
  if (setjmp(arena.escape) != 0) return false;
  return plain_tree(html, arena) != nullptr;
}

bool is_plain(std::string_view html) {
  Arena arena(1U << 30);
  return is_plain_in(arena, html);
}

std::string read_by(TreeBuilder builder, std::string_view html) {
  const auto tree = Tree::parse(html, {.deadline = std::chrono::minutes(5), .builder = builder});
  return tree ? dump(*tree, false) : "no tree";
}

// How many of the documents were plain.
struct Counts {
  std::size_t plain = 0;
  std::size_t all = 0;
};

// False when the trees differ.
bool expect_same(const std::string& html, Counts& counts) {
  ++counts.all;
  if (!is_plain(html)) return true;
  ++counts.plain;
  const std::string ours = read_by(TreeBuilder::kAuto, html);
  const std::string gumbos = read_by(TreeBuilder::kGumbo, html);
  if (ours == gumbos) return true;
  const auto [a, b] = std::ranges::mismatch(ours, gumbos);
  const auto at = static_cast<std::size_t>(a - ours.begin());
  const std::size_t begin = at < 300 ? 0 : at - 300;
  ADD_FAILURE() << "of\n"
                << html.substr(0, 1500) << "\nours:\n"
                << ours.substr(begin, 400) << "\nGumbo's:\n"
                << gumbos.substr(begin, 400);
  return false;
}

// How many made-up documents to compare; ./dev fuzz asks for a million.
std::uint64_t number_of_pages(std::uint64_t otherwise) {
  const char* const pages = std::getenv("PLACER_PAGES");
  return pages == nullptr ? otherwise : std::stoull(pages);
}

// Markup without sense: each rule of tree construction meets each other sooner or later.
class Soup {
 public:
  explicit Soup(std::uint64_t seed) : rng_(seed) {}

  std::string document() {
    std::string html = rng_.chance(0.7) ? "<!doctype html>" : "";
    if (rng_.chance(0.5)) html += "<html lang=en><head><title>t</title></head><body>";
    const std::uint64_t tokens = 1 + rng_.below(40);
    for (std::uint64_t i = 0; i < tokens; ++i) html += token();
    while (!open_.empty() && rng_.chance(0.9)) html += end_tag();
    if (rng_.chance(0.3)) html += "</body></html>\n";
    return html;
  }

 private:
  template <std::size_t N>
  std::string one_of(const std::array<const char*, N>& texts) {
    return texts[rng_.below(N)];
  }

  std::string name() {
    static constexpr std::array kCommon = {"div", "p",      "span", "a",      "b",  "li",
                                           "ul",  "td",     "tr",   "table",  "h2", "em",
                                           "i",   "strong", "form", "section"};
    static constexpr std::array kRare = {"html",
                                         "head",
                                         "body",
                                         "title",
                                         "script",
                                         "style",
                                         "meta",
                                         "link",
                                         "base",
                                         "noscript",
                                         "template",
                                         "tbody",
                                         "thead",
                                         "tfoot",
                                         "th",
                                         "caption",
                                         "col",
                                         "colgroup",
                                         "select",
                                         "option",
                                         "optgroup",
                                         "button",
                                         "textarea",
                                         "pre",
                                         "dl",
                                         "dt",
                                         "dd",
                                         "ol",
                                         "hr",
                                         "br",
                                         "img",
                                         "input",
                                         "svg",
                                         "path",
                                         "g",
                                         "desc",
                                         "foreignObject",
                                         "math",
                                         "mi",
                                         "iframe",
                                         "nav",
                                         "article",
                                         "address",
                                         "center",
                                         "font",
                                         "code",
                                         "small",
                                         "u",
                                         "s",
                                         "nobr",
                                         "ruby",
                                         "rt",
                                         "object",
                                         "applet",
                                         "label",
                                         "fieldset",
                                         "legend",
                                         "video",
                                         "source",
                                         "area",
                                         "map",
                                         "main",
                                         "figure",
                                         "x-card",
                                         "FooBar",
                                         "H1",
                                         "A",
                                         "image",
                                         "frameset",
                                         "plaintext",
                                         "xmp",
                                         "listing",
                                         "summary",
                                         "details",
                                         "dialog",
                                         "menu",
                                         "noframes",
                                         "embed",
                                         "param",
                                         "time",
                                         "wbr"};
    return rng_.chance(0.7) ? one_of(kCommon) : one_of(kRare);
  }

  std::string text() {
    static constexpr std::array kTexts = {
        "x",       " ",        "\n",       " y ",   "a &amp; b", "&eacute;",  "&copy",
        "&notit;", "&#233;",   "&#x80;",   "&",     "<",         "< b",       "\r\n",
        "&nbsp;",  "\xC3\xA9", "\xC2\xA0", "1 > 0", "\"'",       "&lt;p&gt;", "\t\f"};
    return one_of(kTexts);
  }

  std::string attributes() {
    static constexpr std::array kAttributes = {" class=a",
                                               " CLASS='b c'",
                                               " href=\"?a=1&b=2\"",
                                               " title='&lt;&copy=&amp'",
                                               " id",
                                               " id=",
                                               " viewBox='0 0 1 1'",
                                               " xlink:href=#a",
                                               "\nsrc = x.png",
                                               "/",
                                               " a=1/",
                                               " type=hidden",
                                               " data-x='\n\"'",
                                               " alt=\"<b>\"",
                                               " =x",
                                               " color=red"};
    std::string out;
    while (rng_.chance(0.3)) out += one_of(kAttributes);
    return out;
  }

  std::string end_tag() {
    const std::string last = open_.back();
    open_.pop_back();
    static constexpr std::array kEnds = {" >", "\n>", "/>", " a=b>"};
    return "</" + last + (rng_.chance(0.03) ? one_of(kEnds) : ">");
  }

  std::string token() {
    const double kind = rng_.unit();
    if (kind < 0.35) return text();
    if (kind < 0.6 && !open_.empty()) return end_tag();
    if (kind < 0.66) return "</" + name() + ">";
    if (kind < 0.69) return rng_.chance(0.8) ? "<!-- c -->" : "<![CDATA[x]]>";
    const std::string tag = name();
    if (tag == "script" || tag == "style" || tag == "title" || tag == "textarea") {
      return "<" + tag + attributes() + ">" + text() + "</" + tag + ">";
    }
    open_.push_back(tag);
    return "<" + tag + attributes() + (rng_.chance(0.05) ? "/>" : ">");
  }

  web::Rng rng_;
  std::vector<std::string> open_;
};

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
           "<noscript><base href=x></noscript>",
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
           "<svg></svg >x",
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

TEST(PlainTreeTest, LooksAtTheClockWhereNothingIsAllocated) {
  std::string html;
  for (int i = 0; i < 505; ++i) html += "<span>";
  for (int i = 0; i < 2'000'000; ++i) html += "<td>";
  const auto begin = std::chrono::steady_clock::now();
  const auto tree = Tree::parse(html, {.deadline = std::chrono::milliseconds(20)});
  ASSERT_FALSE(tree.has_value());
  EXPECT_EQ(tree.error().code, ErrorCode::kParseDeadline);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500));
}

TEST(PlainTreeTest, GoesOnAfterPagesFullOfUnknownReferences) {
  std::string html = "<a href='?";
  for (int i = 0; i < 10'000; ++i) html += "&q" + std::to_string(i);
  EXPECT_TRUE(is_plain(html + "'>"));
  EXPECT_TRUE(is_plain("<a href='?a=1&zz=2'>&eacute;</a>"));
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
  EXPECT_GT(counts.plain, counts.all * 9 / 10);
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
  const std::uint64_t most = number_of_pages(2'000);
  for (std::uint64_t n = 0; n < most; ++n) {
    const std::string html = decode(mutator.input(n).substr(2), "text/html; charset=utf-8").text;
    ASSERT_TRUE(expect_same(html, counts)) << "page " << n;
  }
  std::cout << counts.plain << " of " << counts.all << " are plain\n";
  EXPECT_GT(counts.plain, most / 10);
}

TEST(PlainTreeTest, AgreesWithGumboOnTagSoup) {
  Counts counts;
  const std::uint64_t most = number_of_pages(20'000);
  for (std::uint64_t n = 0; n < most; ++n) {
    ASSERT_TRUE(expect_same(Soup(n).document(), counts)) << "document " << n;
  }
  std::cout << counts.plain << " of " << counts.all << " are plain\n";
  EXPECT_GT(counts.plain, most / 10);
}

}  // namespace
}  // namespace placer
