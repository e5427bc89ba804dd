#include "scraper/extract/microdata/microdata.h"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace placer {
namespace {

using nlohmann::json;

Page parse(std::string html) {
  auto page = Page::parse(std::move(html),
                          {.url = "https://example.org/dir/page",
                           .content_type = "text/html; charset=utf-8",
                           .link_headers = {},
                           .robots_headers = {},
                           .user_agent = "placer"},
                          {.deadline = std::chrono::seconds(20)});
  EXPECT_TRUE(page.has_value());
  return std::move(*page);
}

json items(const std::string& html) { return Microdata().items(parse(html)); }

json properties(const std::string& html) {
  return items("<div itemscope>" + html + "</div>")[0]["properties"];
}

std::string repeat(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// 5.2.2 "Items"
TEST(MicrodataTest, GivesTypesAndIdOfItems) {
  EXPECT_EQ(items(R"(<p itemscope itemtype=" https://schema.org/Cafe  https://schema.org/Bar "
                        itemid="/x"><b itemprop=a>1</b></p>)"),
            json::parse(R"([{"type":["https://schema.org/Cafe","https://schema.org/Bar"],
                             "id":"https://example.org/x","properties":{"a":"1"}}])"));
  EXPECT_EQ(items("<p itemscope><b itemprop=a>1</b></p>"),
            json::parse(R"([{"properties":{"a":"1"}}])"));
}

// 5.2.3 "Names: the itemprop attribute"
TEST(MicrodataTest, GivesValueUnderEachOfItsNamesOnce) {
  EXPECT_EQ(properties(R"(<b itemprop="a b a">1</b><b itemprop="a">2</b><b itemprop="">3</b>)"),
            json::parse(R"({"a":["1","2"],"b":"1"})"));
}

// 5.2.4 "Values"
TEST(MicrodataTest, TakesValueFromTheAttributeOfItsElement) {
  EXPECT_EQ(properties(R"(
      <meta itemprop=meta content=" c "><audio itemprop=audio src="a.mp3"></audio>
      <embed itemprop=embed src="e"><iframe itemprop=iframe src="/i"></iframe>
      <img itemprop=img src=" x.png "><video itemprop=video src="v"><source itemprop=source src="s">
      <track itemprop=track src="t"></video><a itemprop=a href="?q">text</a>
      <map><area itemprop=area href="#f"></map><link itemprop=link href="//cdn.example.org/l">
      <object itemprop=object data="o"></object><data itemprop=data value="12">twelve</data>
      <meter itemprop=meter value="0.5">half</meter><time itemprop=time datetime="09:00">nine</time>
      <time itemprop=bare>10:00</time><b itemprop=b> some  <i>text</i> </b>)"),
            json::parse(R"({"meta":"c","audio":"https://example.org/dir/a.mp3",
      "embed":"https://example.org/dir/e","iframe":"https://example.org/i",
      "img":"https://example.org/dir/x.png","video":"https://example.org/dir/v",
      "source":"https://example.org/dir/s","track":"https://example.org/dir/t",
      "a":"https://example.org/dir/page?q","area":"https://example.org/dir/page#f",
      "link":"https://cdn.example.org/l","object":"https://example.org/dir/o","data":"12",
      "meter":"0.5","time":"09:00","bare":"10:00","b":"some text"})"));
}

TEST(MicrodataTest, KeepsAbsoluteUrlsAsWritten) {
  EXPECT_EQ(properties(R"(<a itemprop=telephone href="tel:+44 1225 1">x</a>
                          <a itemprop=email href="mailto:a@example.org">x</a>
                          <a itemprop=url href="http://EXAMPLE.org">x</a><img itemprop=image>)"),
            json::parse(R"({"telephone":"tel:+44 1225 1","email":"mailto:a@example.org",
                            "url":"http://EXAMPLE.org","image":""})"));
}

TEST(MicrodataTest, HearsContentOnAnyElementWithoutValueOfItsOwn) {
  EXPECT_EQ(properties(R"(<span itemprop=latitude content="51.4">51°</span>)"),
            json::parse(R"({"latitude":"51.4"})"));
}

TEST(MicrodataTest, LeavesScriptAndStyleOutOfText) {
  EXPECT_EQ(properties("<b itemprop=a>x<script>var y;</script><style>z{}</style></b>"),
            json::parse(R"({"a":"x"})"));
}

// 5.2.5 "Associating names with items"
TEST(MicrodataTest, NestsItemsThatArePropertiesAndListsOthersAtTheTop) {
  EXPECT_EQ(
      items(R"(<div itemscope><b itemprop=a itemscope><i itemprop=b>1</i></b>
                       <p itemscope><i itemprop=c>2</i></p></div><i itemprop=lost>3</i>)"),
      json::parse(R"([{"properties":{"a":{"properties":{"b":"1"}}}},{"properties":{"c":"2"}}])"));
}

TEST(MicrodataTest, FollowsItemrefToFirstElementWithEachIdOnce) {
  EXPECT_EQ(items(R"(<p id=x><i itemprop=a>1</i></p><p id=x><i itemprop=a>no</i></p>
                     <div itemscope itemref="x none x y"><i itemprop=a>2</i><u id=y itemprop=b>3</u></div>)"),
            json::parse(R"([{"properties":{"a":["2","1"],"b":"3"}}])"));
}

TEST(MicrodataTest, LeavesOutItemsWithinThemselves) {
  EXPECT_EQ(items(R"(<div itemscope id=a itemref=b><i itemprop=n>1</i></div>
                     <div id=b itemprop=p itemscope itemref=c><i itemprop=n>2</i></div>
                     <div id=c itemprop=q itemscope itemref=b><i itemprop=n>3</i></div>)"),
            json::parse(R"([{"properties":{"n":"1","p":{"properties":{"n":"2",
                             "q":{"properties":{"n":"3"}}}}}}])"));
  EXPECT_EQ(items(R"(<div id=a itemscope itemref="a b"><i id=b itemprop=n>1</i></div>)"),
            json::parse(R"([{"properties":{"n":"1"}}])"));
}

TEST(MicrodataTest, GivesTextOfItemWithoutProperties) {
  EXPECT_EQ(items("<p itemscope itemtype=T> Some\n text </p>"),
            json::parse(R"([{"type":"T","value":"Some text"}])"));
}

TEST(MicrodataTest, SaysWhatAnActionAsksFor) {
  EXPECT_EQ(properties(R"(<input itemprop=query-input name=q required><input itemprop=a value=v>)"),
            json::parse(R"({"query-input":{"valueName":"q","valueRequired":true},"a":"v"})"));
}

TEST(MicrodataTest, FindsPlacesAndTellsWhere) {
  const Page page = parse(R"(
    <div itemscope itemtype="http://schema.org/WebPage"><i itemprop=name>x</i></div>
    <div itemscope itemtype="http://schema.org/Event">
      <div itemprop=location itemscope itemtype="http://schema.org/Place"><i itemprop=url>u</i></div>
      <div itemprop=location itemscope itemtype="http://schema.org/MusicVenue http://schema.org/Hotel"
           itemid="#hall"><i itemprop="name">Hall</i>
        <p itemprop=address itemscope itemtype="http://schema.org/PostalAddress">
          <span itemprop=addressLocality>Bath</span></p></div></div>
    <p itemprop=provider itemscope itemtype="https://schema.org/Plumber"><i itemprop=name>P</i></p>)");
  const std::vector<RawPlace> places = Microdata().places(page);
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].path, "item[2]/location[2]");
  EXPECT_EQ(places[0].fields, json::parse(R"({"@type":["MusicVenue","Hotel"],
      "@id":"https://example.org/dir/page#hall","name":"Hall",
      "address":{"@type":["PostalAddress"],"addressLocality":"Bath"}})"));
  EXPECT_EQ(places[1].path, "orphan[1]");
}

TEST(MicrodataTest, StaysBoundedOnPagesMadeToBlowUp) {
  const std::clock_t begin = std::clock();
  // Each item refers twice to the next: 2^200 when written out.
  std::string doubling;
  for (int i = 0; i < 200; ++i) {
    const std::string id = std::to_string(i);
    const std::string next = std::to_string(i + 1);
    doubling += "<p id=a" + id + " itemprop=p itemscope itemref='a" + next + " b" + next + "'></p>";
    doubling += "<p id=b" + id + " itemprop=p itemscope itemref='a" + next + " b" + next + "'></p>";
  }
  const Page first =
      parse("<p itemscope itemtype=http://schema.org/Bakery itemref='a0 b0'></p>" + doubling);
  EXPECT_EQ(Microdata().items(first).size(), 1U);
  EXPECT_EQ(Microdata().places(first).size(), 1U);
  // Many items that share one large part.
  const Page second = parse("<div id=big>" + repeat("<i itemprop=n>text</i>", 5'000) + "</div>" +
                            repeat("<p itemscope itemref=big></p>", 20'000));
  EXPECT_LT(Microdata().items(second).dump().size(), 64U << 20);
  Microdata().places(second);
  // Text within text within text.
  const Page third = parse("<div itemscope>" + repeat("<div itemprop=t>word ", 2'000));
  Microdata().items(third);
  const Page fourth = parse(repeat("<div itemscope itemprop=p>word ", 2'000));
  Microdata().items(fourth);
  EXPECT_LT(std::clock() - begin, 30 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace placer
