// Selectors over a tree: the sections are those of Selectors Level 4.
#include "scraper/page/selector.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace placer {
namespace {

Tree parsed(std::string_view html) {
  auto tree = Tree::parse(html, {});
  EXPECT_TRUE(tree.has_value());
  return *std::move(tree);
}

// The ids of what `css` selects in a document, each followed by a space.
std::string ids(const Tree& tree, std::string_view css) {
  const auto selector = Selector::compile(css);
  if (!selector) return "error: " + selector.error().message;
  SelectorBudget budget;
  std::string found;
  for (const Node node : selector->select(tree.root(), budget, Reach::kWithRoot)) {
    found.append(node.attribute("id").value_or("?")).append(" ");
  }
  EXPECT_FALSE(budget.used_up());
  return found;
}

std::string ids(std::string_view html, std::string_view css) { return ids(parsed(html), css); }

// "COLUMN: MESSAGE", or empty.
std::string fault(std::string_view css) {
  const auto selector = Selector::compile(css);
  if (selector) return {};
  return std::to_string(selector.error().column) + ": " + selector.error().message;
}

TEST(SelectorTest, ReadsEscapes) {  // CSS Syntax Level 3, section 4.3.7
  EXPECT_EQ(ids("<p id=a class='1st'>", ".\\31st"), "a ");
  EXPECT_EQ(ids("<p id=a class='1st'>", ".\\31 st"), "a ");
  EXPECT_EQ(ids("<p id=a class='1st'>", ".\\000031st"), "a ");
  EXPECT_EQ(ids("<p id=a class='md:w-1/2'>", ".md\\:w-1\\/2"), "a ");
  EXPECT_EQ(ids("<p id=a title='\xEF\xBF\xBD'>", "[title='\\0']"), "a ");
  EXPECT_EQ(ids("<p id=a title='\xEF\xBF\xBD'>", "[title='\\110000 ']"), "a ");
  EXPECT_EQ(ids("<p id=a title='ab'>", "[title='a\\\nb']"), "a ");
  EXPECT_EQ(ids("<p id=a class='é'>", ".\\é"), "a ");
  EXPECT_EQ(ids("<p id=a class='-'>", ".\\-"), "a ");
  EXPECT_EQ(ids("<p id=a class='--x'>", ".--x"), "a ");
}

TEST(SelectorTest, PassesOverComments) {
  EXPECT_EQ(ids("<p id=a class=b>", "/* x */p/**/.b /* y"), "a ");
  EXPECT_EQ(fault("p/**/q"), "6: expected a selector, found 'q'");
}

TEST(SelectorTest, ClosesWhatTheEndLeavesOpen) {
  EXPECT_EQ(ids("<p id=a class=b>", "p:not(.c"), "a ");
  EXPECT_EQ(ids("<p id=a title=b>", "p:is([title='b"), "a ");
}

TEST(SelectorTest, ComparesAttributesWithFlags) {  // 6.3
  const Tree tree = parsed("<p id=a data-x=Abc lang=EN><p id=b data-x=abc>");
  EXPECT_EQ(ids(tree, "[data-x=abc]"), "b ");
  EXPECT_EQ(ids(tree, "[data-x=abc i]"), "a b ");
  EXPECT_EQ(ids(tree, "[data-x='ABC'i]"), "a b ");
  EXPECT_EQ(ids(tree, "[data-x$=C I]"), "a b ");
  EXPECT_EQ(ids(tree, "[data-x*=B i]"), "a b ");
  EXPECT_EQ(ids(tree, "[data-x^=A s]"), "a ");
  EXPECT_EQ(ids(tree, "[DATA-X=abc]"), "b ");
  EXPECT_EQ(ids(tree, "[lang=en]"), "a ");  // HTML lists lang
  EXPECT_EQ(ids(tree, "[lang=en s]"), "");
  EXPECT_EQ(ids(tree, "[ data-x = \"abc\" s ]"), "b ");
}

TEST(SelectorTest, KeepsTheCaseOfForeignAttributes) {
  const Tree tree = parsed("<svg id=s viewBox='0 0 1 1'><a id=l xlink:href=u /></svg>");
  EXPECT_EQ(ids(tree, "[viewBox]"), "s ");
  EXPECT_EQ(ids(tree, "[viewbox]"), "");
  EXPECT_EQ(ids(tree, "[*|href]"), "l ");
  EXPECT_EQ(ids(tree, "SVG A"), "l ");
}

TEST(SelectorTest, MatchesListsInTreeOrderAndOnce) {
  EXPECT_EQ(ids("<p id=a class=x><b id=b></b><p id=c>", "#c, p, b, .x"), "a b c ");
}

TEST(SelectorTest, TriesEveryAncestorAndSibling) {  // 16
  const Tree tree = parsed(
      "<div class=a><div class=b><div><div class=b><p id=1></p></div></div></div></div>"
      "<i class=a></i><i class=b></i><i></i><i class=b></i><i></i><s id=2></s>");
  EXPECT_EQ(ids(tree, ".a > .b p"), "1 ");
  EXPECT_EQ(ids(tree, ".a .b .b > p"), "1 ");
  EXPECT_EQ(ids(tree, ".b > .b p"), "");
  EXPECT_EQ(ids(tree, ".a + .b ~ s"), "2 ");
  EXPECT_EQ(ids(tree, ".a ~ .b + i + s"), "2 ");
  EXPECT_EQ(ids(tree, ".a + .b + s"), "");
  EXPECT_EQ(ids(tree, "div ~ .a ~ s, body > s"), "2 ");
}

TEST(SelectorTest, TakesListsInNotIsAndWhere) {  // 4
  const Tree tree = parsed("<ul><li id=a class=x><li id=b class=y><li id=c></ul>");
  EXPECT_EQ(ids(tree, "li:not(.x, .y)"), "c ");
  EXPECT_EQ(ids(tree, "li:not(:not(.x))"), "a ");
  EXPECT_EQ(ids(tree, "li:is(.x, ul > .y)"), "a b ");
  EXPECT_EQ(ids(tree, ":where(li).y"), "b ");
  EXPECT_EQ(ids(tree, "li:not(ol li, .x)"), "b c ");
}

TEST(SelectorTest, LooksAheadWithHas) {  // 4.5
  const Tree tree = parsed(
      "<div id=a><p id=p><b id=x></b></p></div><div id=b><b id=y></b></div><div id=c></div><s id=s>"
      "</s>");
  EXPECT_EQ(ids(tree, "div:has(b)"), "a b ");
  EXPECT_EQ(ids(tree, "div:has(> b)"), "b ");
  EXPECT_EQ(ids(tree, "div:has(> p > b)"), "a ");
  EXPECT_EQ(ids(tree, "div:has(+ s)"), "c ");
  EXPECT_EQ(ids(tree, "div:has(~ s)"), "a b c ");
  EXPECT_EQ(ids(tree, "div:has(~ div b)"), "a ");
  EXPECT_EQ(ids(tree, "div:has(+ div > b)"), "a ");
  EXPECT_EQ(ids(tree, "div:not(:has(*))"), "c ");
  EXPECT_EQ(ids(tree, "p:has(div b)"), "");  // the div must be below the p
  EXPECT_EQ(ids(tree, "div:has(b, p):has(#y)"), "b ");
  EXPECT_NE(fault("a:has(b:has(c))"), "");
}

TEST(SelectorTest, CountsPositions) {  // 13.3, 13.4
  const Tree tree =
      parsed("<ul><li id=1><li id=2 class=x><li id=3><li id=4 class=x><li id=5></ul>");
  EXPECT_EQ(ids(tree, "li:nth-child(odd)"), "1 3 5 ");
  EXPECT_EQ(ids(tree, "li:nth-child( EVEN )"), "2 4 ");
  EXPECT_EQ(ids(tree, "li:nth-child(-n+2)"), "1 2 ");
  EXPECT_EQ(ids(tree, "li:nth-child(-n + 2)"), "1 2 ");
  EXPECT_EQ(ids(tree, "li:nth-child(+3n-2)"), "1 4 ");
  EXPECT_EQ(ids(tree, "li:nth-child(0n+3)"), "3 ");
  EXPECT_EQ(ids(tree, "li:nth-child(n)"), "1 2 3 4 5 ");
  EXPECT_EQ(ids(tree, "li:nth-child(-1)"), "");
  EXPECT_EQ(ids(tree, "li:nth-child(2 of .x)"), "4 ");
  EXPECT_EQ(ids(tree, "li:nth-last-child(1 of .x, [id='1'])"), "4 ");
  EXPECT_EQ(ids(tree, "li:nth-last-child(2)"), "4 ");
  EXPECT_EQ(ids(tree, "li:nth-child(99999999999)"), "");
  EXPECT_EQ(ids(tree, "html:nth-child(1):first-child:only-of-type > body > ul > li:last-child"),
            "5 ");
  EXPECT_NE(fault("li:nth-child(+ 3)"), "");
  EXPECT_NE(fault("li:nth-child(2n 3)"), "");
  EXPECT_NE(fault("li:nth-child(3 - 1)"), "");
  EXPECT_NE(fault("li:nth-child()"), "");
  EXPECT_NE(fault("li:nth-of-type(2 of .x)"), "");
}

TEST(SelectorTest, TakesItsRootForScope) {  // 8.3
  const Tree tree = parsed("<div id=a><p id=b><p id=c></div>");
  SelectorBudget budget;
  const Node div = Selector::compile("#a")->select_first(tree.root(), budget);
  ASSERT_TRUE(div);
  EXPECT_EQ(Selector::compile(":scope > p")->select(div, budget).size(), 2U);
  EXPECT_EQ(Selector::compile("body p")->select(div, budget).size(), 2U);
  EXPECT_TRUE(Selector::compile("div, :scope")->select(div, budget).empty());
  EXPECT_EQ(Selector::compile(":scope")->select_first(div, budget, Reach::kWithRoot), div);
  EXPECT_TRUE(Selector::compile("body > div")->matches(div, budget));
  EXPECT_FALSE(Selector::compile(":scope")->matches(div, budget));
  EXPECT_FALSE(Selector::compile("*")->matches(Node(), budget));
  EXPECT_EQ(ids(tree, ":scope > body > div"), "a ");
}

TEST(SelectorTest, KnowsTheLanguageOfAnElement) {  // 7.2
  const Tree tree =
      parsed("<html lang=de-CH id=h><body id=b><p id=p lang=''><p id=q lang=zh-Hant-TW>");
  EXPECT_EQ(ids(tree, "[id]:lang(de)"), "h b ");
  EXPECT_EQ(ids(tree, ":lang('*-ch')"), ids(tree, ":lang(de-CH)"));
  EXPECT_EQ(ids(tree, ":lang(fr, zh-TW)"), "q ");
  EXPECT_EQ(ids(tree, ":lang('')"), "p ");
  EXPECT_EQ(ids(tree, "p:lang(zh-Hans)"), "");
}

TEST(SelectorTest, KnowsTheStateOfControls) {  // 11
  const Tree tree = parsed(
      "<fieldset disabled id=f><legend><input id=a></legend><legend><input id=b></legend>"
      "<input id=c></fieldset><select id=s required><optgroup disabled id=g><option id=o>"
      "</optgroup><option id=p selected></select><input id=r type=RADIO checked>"
      "<input id=t checked><a id=n></a><a id=l href></a>");
  EXPECT_EQ(ids(tree, ":disabled"), "f b c g o ");
  EXPECT_EQ(ids(tree, ":enabled"), "a s p r t ");
  EXPECT_EQ(ids(tree, ":checked"), "p r ");
  EXPECT_EQ(ids(tree, ":required"), "s ");
  EXPECT_EQ(ids(tree, ":any-link"), "l ");
  EXPECT_EQ(ids(tree, "a:not(:visited)"), "n l ");
}

TEST(SelectorTest, CountsTextButNotCommentsAsContent) {  // 13.2
  EXPECT_EQ(
      ids("<p id=a></p><p id=b><!-- x --></p><p id=c> </p><p id=d><b id=e></b></p>", "body :empty"),
      "a b e ");
}

TEST(SelectorTest, SaysWhereTheFaultIs) {
  EXPECT_EQ(fault("div >"), "6: the selector ends where an element was expected");
  EXPECT_EQ(fault("é, .5"), "5: expected a class name after '.'");
  EXPECT_EQ(fault("a[b"), "");
  EXPECT_EQ(fault("a[b=5]"), "5: expected a name, or a value in quotes");
  EXPECT_EQ(fault("a[b=c d]"), "7: expected ']' (a value with spaces needs quotes)");
  EXPECT_EQ(fault("h2::text"),
            "3: unknown pseudo-element '::text' (an element's text is what a selector yields "
            "anyway)");
  EXPECT_EQ(fault("p::before b"), "11: nothing may follow a pseudo-element");
  EXPECT_EQ(fault("og|title"),
            "1: the namespace prefix 'og' is not declared (for a ':' in a name write '\\:')");
  EXPECT_EQ(fault("a:contains(x)"), "2: unknown pseudo-class ':contains()'");
  EXPECT_EQ(fault("[a]中"), "4: expected a selector, found '中'");
  EXPECT_EQ(fault("a)"), "2: expected a selector, found ')'");
}

TEST(SelectorTest, RefusesWhatIsTooLong) {
  EXPECT_NE(fault(std::string(5000, 'a')), "");
  std::string nested;
  for (int i = 0; i < 500; ++i) nested += ":not(";
  EXPECT_NE(fault(nested + "a"), "");
  std::string deep = "a";
  for (int i = 0; i < 500; ++i) deep += " a";
  EXPECT_NE(fault(deep), "");
}

TEST(SelectorTest, EndsWithItsBudgetOnHostilePages) {
  std::string html;
  for (int i = 0; i < 20'000; ++i) html += "<i><b></b></i>";
  const Tree tree = parsed(html);
  const auto selector = Selector::compile("body:has(i ~ i ~ i ~ i ~ s:not(:is(u + u, s ~ s)))");
  ASSERT_TRUE(selector.has_value());
  SelectorBudget budget{100'000};
  EXPECT_TRUE(selector->select(tree.root(), budget).empty());
  EXPECT_TRUE(budget.used_up());
  EXPECT_FALSE(Selector::compile("i")->select_first(tree.root(), budget));
}

TEST(SelectorTest, CountsManySiblingsOnce) {
  std::string html;
  for (int i = 0; i < 20'000; ++i) html += "<i></i><b></b>";
  const Tree tree = parsed(html);
  SelectorBudget budget{1'000'000};
  const auto selector =
      Selector::compile("i:nth-of-type(2n):nth-last-child(3n+1 of i):not(b:only-of-type)");
  EXPECT_GT(selector->select(tree.root(), budget).size(), 3'000U);
  EXPECT_FALSE(budget.used_up());
}

}  // namespace
}  // namespace placer
