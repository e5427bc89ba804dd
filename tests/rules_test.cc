// The job's own rules on pages: expressions, fields, items, requests, checks.
#include "scraper/extract/rules/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/load.h"
#include "scraper/extract/rules/check.h"
#include "scraper/extract/rules/parts.h"
#include "scraper/place/clean.h"
#include "tests/example_jobs.h"

namespace placer {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<RuleOptions> rules_of(const std::string& yaml) {
  const auto jobs = load_jobs("job: a\nstart: https://h.example/\nextract:\n  rules:\n" + yaml);
  if (jobs) return jobs->front().extract.rules;
  for (const Diagnostic& error : jobs.error()) ADD_FAILURE() << format_diagnostic("f", error);
  return {};
}

// Line 5 is the first of `yaml`.
std::vector<std::string> faults_of(const std::string& yaml) {
  std::vector<std::string> faults;
  for (const Diagnostic& fault : check_rules(rules_of(yaml))) {
    faults.push_back(format_diagnostic("f", fault));
  }
  return faults;
}

Page page_of(const std::string& body, const std::string& type = "text/html",
             const std::string& url = "https://h.example/cafes/1?x=y") {
  PageSource source;
  source.url = url;
  source.content_type = type;
  auto page = Page::parse(body, source, {});
  EXPECT_TRUE(page.has_value());
  return *std::move(page);
}

// The fields of each place.
json items_of(const std::string& yaml, const Page& page) {
  EXPECT_THAT(faults_of(yaml), IsEmpty());
  return Rules(rules_of(yaml)).items(page);
}

// What one expression takes from a page, or from an item of it.
json taken(const std::string& expression, const Page& page) {
  const auto compiled = RuleExpression::compile(expression);
  if (!compiled) return "error: " + compiled.error().message;
  SelectorBudget budget;
  RuleItem item;
  item.element = page.root();
  item.root = item.value = page.json();
  return compiled->take(item, 100, budget);
}

std::string fault(const std::string& expression) {
  const auto compiled = RuleExpression::compile(expression);
  if (compiled) return {};
  return std::to_string(compiled.error().column) + ": " + compiled.error().message;
}

std::vector<std::string> links_of(const std::string& yaml, const Page& page) {
  std::vector<std::string> links;
  for (const Link& link : Rules(rules_of(yaml)).links(page)) {
    links.push_back((link.kind == LinkKind::kEndpoint ? "" : "scope: ") + link.url +
                    (link.body.empty() ? "" : " " + link.body));
  }
  return links;
}

TEST(RuleExpressionTest, TakesTextsAttributesAndConstants) {
  const Page page = page_of(
      "<html lang=de><h2> A  <b>B</b> </h2><h2></h2><a href='tel:1' title=' x '>c</a>"
      "<script id=s>var x = {\"a\": 1}</script><img src=i.png alt=''>");
  EXPECT_EQ(taken("h2", page), json::array({"A B"}));
  EXPECT_EQ(taken("h2, a", page), json::array({"A B", "c"}));
  EXPECT_EQ(taken("a[href^='tel:'] @href", page), json::array({"tel:1"}));
  EXPECT_EQ(taken("a @TITLE", page), json::array({"x"}));
  EXPECT_EQ(taken("@lang", page), json::array({"de"}));
  EXPECT_EQ(taken("img @alt", page), json::array());
  EXPECT_EQ(taken("#s | re: \"a\": (\\d+)", page), json::array({"1"}));
  EXPECT_EQ(taken("= amenity=cafe", page), json::array({"amenity=cafe"}));
  EXPECT_EQ(taken("=Joe's | Bar", page), json::array({"Joe's | Bar"}));
  EXPECT_EQ(taken("/name", page), json::array());
}

TEST(RuleExpressionTest, Filters) {
  const Page page = page_of("<p title=\"a | re: b\">Tel. 12-34, 56</p><i>7</i><i>x</i><i>8</i>");
  EXPECT_EQ(taken("p | re: \\d+", page), json::array({"12"}));
  EXPECT_EQ(taken("p | re: (\\d+)-(\\d+)", page), json::array({"12"}));
  EXPECT_EQ(taken("p | re: zz", page), json::array());
  EXPECT_EQ(taken("p | re: Tel. (.*) | split: \",\" | join: ' / '", page),
            json::array({"12-34 / 56"}));
  EXPECT_EQ(taken("p | split: - | re: ^\\d", page), json::array({"3"}));
  EXPECT_EQ(taken("i | add: 1", page), json::array({"8", "9"}));
  EXPECT_EQ(taken("i | add: -10", page), json::array({"-3", "-2"}));
  EXPECT_EQ(taken("p[title='a | re: b'] | re: T", page), json::array({"T"}));
  EXPECT_EQ(taken("= a-b | split: -", page), json::array({"a", "b"}));
  EXPECT_EQ(taken("p|re:x", page).get<std::string>().substr(0, 6), "error:");
}

TEST(RuleExpressionTest, SaysWhereTheFaultIs) {
  EXPECT_EQ(fault("h2 > "), "5: the selector ends where an element was expected");
  EXPECT_EQ(fault("é | rex: a"), "5: unknown filter 'rex' (did you mean 're'?)");
  EXPECT_EQ(fault("h2 | re: a(b"), "10: no regular expression (RE2): missing ): a(b");
  EXPECT_EQ(fault("h2 | add: x"), "11: add needs a whole number, as in add: 1");
  EXPECT_EQ(fault("a @"), "3: expected an attribute's name behind '@'");
  EXPECT_EQ(fault("= "), "1: an empty constant");
  EXPECT_EQ(fault("/a~2"), "3: in a JSON Pointer '~' is written '~0', and '/' in a name '~1'");
  EXPECT_EQ(fault("stores[*]x"), "10: expected '.' or '['");
  EXPECT_EQ(fault("h2::text").substr(0, 3), "3: ");
}

TEST(RuleExpressionTest, FollowsPathsInJson) {  // RFC 6901
  const Page page = page_of(R"({"a": {"b": [1, {"c": "x"}, {"c": "y"}], "m~n": 8, "q/r": 9,
      "": 0, "e.f": "dots"}, "n": null, "t": [["u"], "v"]})",
                            "application/json");
  EXPECT_EQ(taken("/a/b/1/c", page), json::array({"x"}));
  EXPECT_EQ(taken("/a/b/*/c", page), json::array({"x", "y"}));
  EXPECT_EQ(taken("a.b[*].c", page), json::array({"x", "y"}));
  EXPECT_EQ(taken("$.a.b[0]", page), json::array({1}));
  EXPECT_EQ(taken("a.b.*.c", page), json::array({"x", "y"}));
  EXPECT_EQ(taken("/a/m~0n", page), json::array({8}));
  EXPECT_EQ(taken("/a/q~1r", page), json::array({9}));
  EXPECT_EQ(taken("/a/", page), json::array({0}));
  EXPECT_EQ(taken("a['e.f']", page), json::array({"dots"}));
  EXPECT_EQ(taken("/a/b/01", page), json::array());
  EXPECT_EQ(taken("/a/b/-", page), json::array());
  EXPECT_EQ(taken("/n", page), json::array());
  EXPECT_EQ(taken("/t", page), json::array({json::array({"u"}), "v"}));
  EXPECT_EQ(taken("/a/b/0 | add: 1", page), json::array({"2"}));
  EXPECT_EQ(taken("h2.name", page), json::array());
}

TEST(RulesTest, StatesOnePlaceForEachItem) {
  const Page page = page_of(
      "<div class=cafe data-id=7><h2>A</h2><a href='tel:+49 30 1'>x</a></div>"
      "<div class=cafe><p>no name</p></div><div class=cafe><h2>B</h2><a href=/b>B</a></div>");
  const json items = items_of(
      "  - each: div.cafe\n    place: {name: h2, ref: '@data-id', phone: \"a[href^='tel:'] @href\","
      " website: 'a:not([href^=tel]) @href', category: '= amenity=cafe', brand: '= Bella'}\n",
      page);
  ASSERT_EQ(items.size(), 2U);  // what states nothing but constants is none
  EXPECT_EQ(items[0], json::parse(R"({"name": "A", "branchCode": "7", "telephone": "tel:+49 30 1",
      "osm": {"category": "amenity=cafe"}, "brand": "Bella"})"));
  EXPECT_EQ(items[1]["url"], "https://h.example/b");
}

TEST(RulesTest, NumbersItemsInPaths) {
  const auto places = Rules(rules_of("  - {place: {name: h1}}\n  - {each: p, place: {name: b}}\n"))
                          .places(page_of("<h1>a</h1><p></p><p><b>c</b>"));
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].path, "rule[1]");
  EXPECT_EQ(places[1].path, "rule[2]/each[2]");
}

TEST(RulesTest, TakesTheFirstExpressionThatYields) {
  const Page page = page_of("<h2>b</h2><h3>c</h3>");
  EXPECT_EQ(items_of("  - {place: {name: [h1, h2, h3]}}\n", page)[0]["name"], "b");
  EXPECT_EQ(items_of("  - {place: {name: h3, brand: [h1, '= x']}}\n", page)[0]["brand"], "x");
}

TEST(RulesTest, AppliesToPagesThatWhenMatches) {
  const Page page = page_of("<h1>a</h1>");
  EXPECT_EQ(items_of("  - {when: '/cafes/*', place: {name: h1}}\n", page).size(), 1U);
  EXPECT_EQ(items_of("  - {when: '/cafes/', place: {name: h1}}\n", page).size(), 0U);
  EXPECT_EQ(items_of("  - {when: '**?x=y', place: {name: h1}}\n", page).size(), 1U);
}

TEST(RulesTest, CleansWhatItTakesLikeEveryOtherFormat) {
  const Page page = page_of(
      "<h1>Caf&eacute; A</h1><i>Hauptstr.</i><u>5a</u><b>10115 Berlin</b><s>a@h.example</s>"
      "<p>geo: 52.5, 13.4</p><table><tr><td>Montag - Freitag<td>9:00 - 18:00 Uhr</tr></table>"
      "<em>Vegan</em>",
      "text/html", "https://h.de/");
  const std::string yaml =
      "  - place: {name: h1, addr_street: i, addr_housenumber: u, addr_country: '= DE',\n"
      "      addr_postcode: 'b | re: \\d{5}', addr_city: 'b | re: \\d{5} (.*)', email: s,\n"
      "      lat: 'p | re: ([\\d.]+),', lon: 'p | re: , ([\\d.]+)', hours: tr, phone: '= 030 "
      "23125000',\n"
      "      category: '= CafeOrCoffeeShop', branch: '= Mitte', tags.cuisine: em,\n"
      "      operating_status: '= open'}\n";
  EXPECT_THAT(faults_of(yaml), IsEmpty());
  const auto places = Rules(rules_of(yaml)).places(page);
  ASSERT_EQ(places.size(), 1U);
  const Place place = clean(places[0], "rules", {page.url(), "de"}).place;
  EXPECT_EQ(place.name, "Café A");
  EXPECT_EQ(place.addr_street, "Hauptstr.");
  EXPECT_EQ(place.addr_housenumber, "5a");
  EXPECT_EQ(place.addr_postcode, "10115");
  EXPECT_EQ(place.addr_city, "Berlin");
  EXPECT_EQ(place.addr_full, "Hauptstr. 5a, 10115 Berlin, DE");
  EXPECT_EQ(place.email, "a@h.example");
  EXPECT_EQ(place.lat, 52.5);
  EXPECT_EQ(place.lon, 13.4);
  EXPECT_EQ(place.opening_hours, "Mo-Fr 09:00-18:00");
  EXPECT_EQ(place.phone, "+493023125000");
  EXPECT_EQ(place.category, "amenity=cafe");
  EXPECT_EQ(place.branch, "Mitte");
  EXPECT_EQ(place.tags, R"({"cuisine":"Vegan"})");
  EXPECT_EQ(place.operating_status, "open");
}

TEST(RulesTest, KeepsALineOfAddressAsText) {
  const Page page = page_of("<p>Main St 5, Springfield</p>");
  EXPECT_EQ(items_of("  - {place: {addr_full: p}}\n", page)[0]["address"],
            "Main St 5, Springfield");
  EXPECT_EQ(items_of("  - {place: {address: p, schema_type: '= Bakery'}}\n", page)[0],
            json::parse(R"({"address": "Main St 5, Springfield", "@type": ["Bakery"]})"));
  EXPECT_EQ(
      items_of("  - {place: {address.postalCode: '= 1', addr_full: p}}\n", page)[0]["address"],
      json::parse(R"({"@type": "PostalAddress", "name": "Main St 5, Springfield",
                            "postalCode": "1"})"));
}

TEST(RulesTest, ReadsJsonPages) {
  const Page page = page_of(R"({"brand": "B", "stores": [{"name": "a", "pos": {"lat": 1.5}},
      {"name": "b", "phones": ["1", "2"]}, {"id": null}]})",
                            "application/json");
  const json items = items_of(
      "  - {each: /stores/*, place: {name: /name, lat: pos.lat, phone: /phones, brand: $.brand,"
      " category: '= shop=books'}}\n",
      page);
  ASSERT_EQ(items.size(), 3U);  // the brand is no constant
  EXPECT_EQ(items[0]["geo"]["latitude"], 1.5);
  EXPECT_EQ(items[1]["telephone"], json::array({"1", "2"}));
}

TEST(RulesTest, FollowsLinksOfItsOwnHostAndLeavesOthersToTheScope) {
  const Page page = page_of(
      "<base href=/d/><a href=2>x</a><a href='//o.example/'>y</a>"
      "<a href='mailto:a@b'>z</a><a class=n href='?p=2'>n</a>");
  EXPECT_THAT(links_of("  - {follow: [a.n @href, 'a:not(.n) @href']}\n", page),
              ElementsAre("https://h.example/d/?p=2", "https://h.example/d/2",
                          "scope: https://o.example/"));
}

TEST(RulesTest, MakesRequestsOfTemplates) {
  const std::string yaml =
      "  - each: /s/*\n    place: {name: /n}\n    follow:\n"
      "      - {get: 'https://api.example/s?p={p}&l=e%20f', p: '/page | add: 1'}\n"
      "      - {post: 'https://api.example/q', body: '{\"t\": \"{t}\", \"o\": {\"a\": 1}}', t: "
      "/t}\n"
      "      - {post: 'https://api.example/f', body: 't={t}', t: /t}\n"
      "      - {get: 'https://api.example/d/{id}/{lang}', id: '/s/*/id', lang: '= d e'}\n";
  EXPECT_THAT(links_of(yaml, page_of(R"({"page": 1, "t": "a \"b/", "s": [{"id": 7}, {"id": 8}]})",
                                     "application/json")),
              ElementsAre("https://api.example/s?p=2&l=e%20f",
                          R"(https://api.example/q {"t": "a \"b/", "o": {"a": 1}})",
                          "https://api.example/f t=a+%22b%2F", "https://api.example/d/7/d%20e",
                          "https://api.example/d/8/d%20e"));
  // No token, no request; no item, none at all.
  EXPECT_THAT(links_of(yaml, page_of(R"({"t": "", "s": [{"id": 7}]})", "application/json")),
              ElementsAre("https://api.example/d/7/d%20e"));
  EXPECT_THAT(links_of(yaml, page_of(R"({"page": 9, "t": "x", "s": []})", "application/json")),
              IsEmpty());
}

TEST(RulesTest, AnEmptyTextIsNoToken) {
  const std::string yaml = "  - {follow: {get: 'https://a.example/?t={t}', t: /t}}\n";
  for (const char* end : {"\"\"", "null", "false", "[]"}) {
    const Page page = page_of("{\"t\": " + std::string(end) + "}", "application/json");
    EXPECT_THAT(links_of(yaml, page), IsEmpty()) << end;
  }
}

TEST(RulesTest, BoundsWhatTheRequestsOfAPageWeigh) {
  const std::string get =
      "  - {follow: {get: 'https://a.example/?t={t}&id={i}', t: /t, i: /i/*}}\n";
  const std::string post =
      "  - follow: {post: 'https://a.example/', body: '{\"t\": \"{t}\", \"i\": {i}}', t: /t, i: "
      "/i/*}\n";
  json page = {{"i", json::array()}};
  for (int i = 0; i < 20'000; ++i) page["i"].push_back(i);
  const auto made = [&](const std::string& yaml, std::string t) {
    page["t"] = std::move(t);
    return links_of(yaml, page_of(page.dump(), "application/json"));
  };
  EXPECT_THAT(made(get, std::string(15'000, '/')), IsEmpty());  // 2048 bytes of a URL
  EXPECT_THAT(made(get, std::string(1'000, '/')), IsEmpty());   // as %2F each
  EXPECT_THAT(made(post, std::string(9'000, '"')), IsEmpty());  // 16 KiB of a body
  EXPECT_EQ(made(get, "a").size(), 20'000U);
  const auto bodies = made(post + post, std::string(4'000, 'a'));  // 4 MiB in all
  EXPECT_GT(bodies.size(), 1'000U);
  EXPECT_LT(bodies.size(), 1'100U);
}

TEST(RulesTest, CountsWhatEachPartTook) {
  const auto rules = rules_of(
      "  - when: /cafes/*\n    each: p\n    place: {name: [b, h2], phone: .tel, brand: '= x'}\n"
      "    follow: a.next @href\n  - {when: /x, place: {name: h1}}\n"
      "  - {each: .none, place: {name: h1}}\n");
  RuleUse use(rules);
  const Rules extractor(rules);
  const Extraction found = extractor.read(page_of("<p><b>a</b></p><p><b>c</b></p><h1>d</h1>"));
  EXPECT_THAT(found.rule_hits, ElementsAre(1, 2, 2, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0));
  EXPECT_THAT(use.unused(), IsEmpty());
  use.add(found.rule_hits);
  use.add(found.rule_hits);
  EXPECT_THAT(use.unused(),
              ElementsAre("rule 1 (line 7): place.phone `.tel` matched nothing on 2 pages",
                          "rule 1 (line 8): follow `a.next @href` matched nothing on 2 pages",
                          "rule 2 (line 9): when `/x` is true of none of 2 pages",
                          "rule 3 (line 10): each `.none` matched nothing on 2 pages"));
}

TEST(RulesTest, ShowsWhatEachPartTookFirst) {
  const Rules rules(rules_of("  - {each: p, place: {name: b}}\n"));
  const auto trace = rules.trace(page_of("<p>x <b>a</b></p><p><b>c</b></p>")).parts;
  ASSERT_EQ(trace.size(), 3U);
  EXPECT_EQ(trace[1].count, 2U);
  EXPECT_EQ(trace[1].first, "x a");
  EXPECT_EQ(trace[2].first, "a");
}

TEST(RuleCheckTest, SaysWhereARuleIsWrong) {
  EXPECT_THAT(
      faults_of("  - each: \"div >\"\n    place: {nam: h1, name: 'h1[', 'address.postcode': h2}\n"
                "    follow: \"a @href | res: x\"\n"),
      ElementsAre("f:5:17: extract.rules[1].each: the selector ends where an element was expected",
                  "f:6:13: extract.rules[1].place: unknown field 'nam' (did you mean 'name'?)",
                  "f:6:32: extract.rules[1].place.name: expected an attribute's name",
                  HasSubstr("f:6:35: extract.rules[1].place: unknown property 'postcode' (did you "
                            "mean 'postalCode'?)"),
                  "f:7:24: extract.rules[1].follow: unknown filter 'res' (did you mean 're'?)"));
  EXPECT_THAT(faults_of("  - {place: {category: '= cafe shop', name: h1}}\n"),
              ElementsAre(HasSubstr("f:5:27: extract.rules[1].place.category: 'cafe shop' is "
                                    "neither an OSM tag")));
  EXPECT_THAT(faults_of("  - {place: {postalCode: h1}}\n"),
              ElementsAre(HasSubstr("did you mean 'address.postalCode'?")));
}

TEST(RuleCheckTest, FindsNothingWrongWithTheExamples) {
  for (const auto& path : example_files()) {
    const auto jobs = load_jobs(text_of(path), {}, bases_of(path));
    ASSERT_TRUE(jobs) << path;
    for (const Job& job : *jobs) {
      for (const Diagnostic& fault : check_rules(job.extract.rules)) {
        ADD_FAILURE() << format_diagnostic(path.string(), fault);
      }
    }
  }
}

TEST(RulesTest, EndsOnPagesMadeToBeSlow) {
  std::string nest;
  for (int i = 0; i < 400; ++i) nest.insert(nest.size() / 11 * 5, "<div></div>");
  std::string page;
  for (int i = 0; i < 100; ++i) page += nest;
  const auto rules = rules_of("  - {each: div, place: {name: 'div div div', ref: ':has(b) b'}}\n");
  EXPECT_TRUE(Rules(rules).trace(page_of(page)).cut_short);
}

}  // namespace
}  // namespace placer
