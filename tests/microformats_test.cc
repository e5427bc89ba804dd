#include "scraper/extract/microformats/microformats.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/extract/microformats/time.h"
#include "scraper/place/clean.h"

namespace placer {
namespace {

using nlohmann::json;

Page page_of(std::string html) {
  auto page = Page::parse(std::move(html),
                          {.url = "https://example.org/a/b",
                           .content_type = "text/html; charset=utf-8",
                           .link_headers = {},
                           .robots_headers = {},
                           .user_agent = "placer"},
                          {.deadline = std::chrono::minutes(1), .memory = 256UL << 20});
  EXPECT_TRUE(page.has_value());
  return std::move(*page);
}

json items_of(const std::string& html) { return Microformats().items(page_of(html)); }

// The properties of the only item.
json properties_of(const std::string& html) {
  const json items = items_of(html);
  EXPECT_EQ(items.size(), 1U) << items.dump(1);
  return items.empty() ? json() : items[0]["properties"];
}

std::vector<RawPlace> places_of(const std::string& html) {
  return Microformats().places(page_of(html));
}

// The fields of the only place.
json fields_of(const std::string& html) {
  const auto places = places_of(html);
  EXPECT_EQ(places.size(), 1U) << html;
  return places.empty() ? json() : places[0].fields;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// https://microformats.org/wiki/microformats2-parsing#parse_an_element_for_class_microformats
TEST(MicroformatsTest, TakesOnlyLowerCaseWordsForRoots) {
  EXPECT_EQ(items_of("<p class='h-100 h-sm-50 H-card h- h-Card h-car2 xh-card'>x</p>"),
            json::array());
  EXPECT_EQ(items_of("<p class='h-x2-thing h-card'>x</p>")[0]["type"],
            json({"h-card", "h-x2-thing"}));
}

TEST(MicroformatsTest, TakesOnlyLowerCaseWordsForProperties) {
  const json properties =
      properties_of("<p class=h-card><i class='p-3 p-md-3 u-1 p-Name px-name p-name'>x</i></p>");
  EXPECT_EQ(properties, json({{"name", {"x"}}}));
}

TEST(MicroformatsTest, IgnoresClassicRootsBesideNewOnes) {
  EXPECT_EQ(items_of("<p class='vcard h-card'><i class=fn>A</i> <i class=p-name>B</i></p>")[0],
            json({{"type", {"h-card"}}, {"properties", {{"name", {"B"}}}}}));
}

TEST(MicroformatsTest, GivesEachPropertyToTheInnermostItem) {
  const json items = items_of(
      "<div class=h-card><i class=p-name>A</i><div class='p-adr h-adr'>"
      "<i class=p-locality>B</i></div><div class=h-geo><i class=p-latitude>1</i></div></div>");
  EXPECT_EQ(items, json::parse(R"([{"type": ["h-card"], "properties": {"name": ["A"],
      "adr": [{"type": ["h-adr"], "properties": {"locality": ["B"]}, "value": "B"}]},
      "children": [{"type": ["h-geo"], "properties": {"latitude": ["1"]}}]}])"));
}

TEST(MicroformatsTest, KeepsIdLanguageAndMarkup) {
  const json items = items_of(
      "<div class=h-entry id=x lang=de><div class=e-content lang=fr> <b title='&quot;'>a &amp;"
      "\xC2\xA0</b><br><script>1<2</script></div></div>");
  EXPECT_EQ(items, json::parse(R"([{"type": ["h-entry"], "id": "x", "lang": "de", "properties":
      {"content": [{"value": "a &", "lang": "fr",
      "html": "<b title=\"&quot;\">a &amp;&nbsp;</b><br><script>1<2</script>"}]}}])"));
}

TEST(MicroformatsTest, ReadsUrlsFromEachElementThatRefers) {
  const json properties = properties_of(
      "<div class=h-x><i class=p-name>x</i><a class=u-a href='../c'>t</a><object class=u-b "
      "data=d></object>"
      "<video class=u-c poster=p.png></video><audio class=u-d src=s></audio>"
      "<img class=u-e src=i.png alt=''><a class=u-f href='tel:+1 23'>t</a>"
      "<data class=u-g value='?v'></data><i class=u-h> /t </i></div>");
  EXPECT_EQ(properties,
            json::parse(R"({"a": ["https://example.org/c"], "b": ["https://example.org/a/d"],
      "c": ["https://example.org/a/p.png"], "d": ["https://example.org/a/s"],
      "e": [{"value": "https://example.org/a/i.png", "alt": ""}], "f": ["tel:+1 23"],
      "g": ["https://example.org/a/b?v"], "h": ["https://example.org/t"], "name": ["x"]})"));
}

TEST(MicroformatsTest, SeparatesLinesAndReplacesImages) {
  const json properties = properties_of(
      "<div class=h-card><div class=p-adr>1 Main St<br>Town</div>"
      "<p class=p-name>The <img alt=Old src=x> <style>p{}</style>Inn</p></div>");
  EXPECT_EQ(properties, json({{"adr", {"1 Main St Town"}}, {"name", {"The Old Inn"}}}));
}

// https://microformats.org/wiki/value-class-pattern
TEST(MicroformatsTest, JoinsValueClassesThatBelongToTheProperty) {
  const json properties = properties_of(
      "<div class=vcard><div class=tel><i class=type>Home</i> <b><i class=value>+1</i></b>-"
      "<i class=value>(555)</i></div><div class=note><p class=adr><i "
      "class=value>no</i></p>yes</div>"
      "</div>");
  EXPECT_EQ(properties["tel"], json({"+1(555)"}));
  EXPECT_EQ(properties["note"], json({"no yes"}));
}

// https://microformats.org/wiki/value-class-pattern#Date_and_time_parsing
TEST(MicroformatsTest, PutsDatesTogetherFromTheirParts) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"2009-06-26", "19:00"}, "2009-06-26 19:00"},
      {{"7:30 p.m.", "2009-06-26", "-08:00"}, "2009-06-26 19:30-0800"},
      {{"2009-177", "12am+1"}, "2009-177 00:00+0100"},
      {{"2009-06-26T19:00:00Z"}, "2009-06-26T19:00:00Z"},
      {{"2009-06-26", "19:00:05 Z"}, "2009-06-26 19:00:05Z"},
      {{"8pm"}, "1999-12-31 20:00"},
      {{"soon", "", "20", "-", "a"}, "1999-12-31"},
  };
  for (const auto& [parts, joined] : cases) {
    std::string last_date = "1999-12-31";
    const std::string found = joined_time(parts, last_date);
    EXPECT_EQ(found, joined == "1999-12-31" ? "" : joined);
  }
}

TEST(MicroformatsTest, TakesAnEarlierDateForATimeAlone) {
  const json properties = properties_of(
      "<div class=h-event><i class=p-name>x</i><i class=dt-start><i class=value>2020-01-02</i> at "
      "<i class=value>9am</i>"
      "</i><i class=dt-end>till <i class=value>5pm</i></i></div>");
  EXPECT_EQ(properties["start"], json({"2020-01-02 09:00"}));
  EXPECT_EQ(properties["end"], json({"2020-01-02 17:00"}));
}

TEST(MicroformatsTest, ImpliesNothingForClassicItems) {
  EXPECT_EQ(properties_of("<a class=vcard href=x>Ann</a>"), json::object());
}

TEST(MicroformatsTest, ReadsAClassicCardWithAllItsParts) {
  const json fields = fields_of(R"(<div class="vcard">
    <a class="fn org url" href="http://cafe.example/">Café Zoë</a> <img class="photo" src="/z.jpg">
    <img class="logo" src="/l.png" alt="Logo">
    <div class="adr"><span class="post-office-box">7</span><div class="street-address">Main St 1</div>
      <span class="extended-address">Floor 2</span> <span class="postal-code">10115</span>
      <span class="locality">Berlin</span>, <abbr class="region" title="BE">Berlin</abbr>
      <span class="country-name">Germany</span></div>
    <abbr class="geo" title="52.5;13.4">here</abbr>
    <p class="tel"><span class="type">Work</span> +49 30 1234567</p>
    <p class="tel"><span class="type">Fax</span>: <span class="value">+49 30 1234568</span></p>
    <p>Telefax: <span class="tel">+49 30 1234569</span></p>
    <a class="tel" href="tel:+49301234560">Call us</a>
    <a class="email" href="mailto:hi@cafe.example?subject=x">write</a>
    <p class="note">Good coffee.</p><i class="category">Cafe</i><i class="category">Bar</i></div>)");
  EXPECT_EQ(fields, json::parse(R"({"@type": ["LocalBusiness"], "name": "Café Zoë",
    "url": "http://cafe.example/", "image": "https://example.org/z.jpg",
    "logo": "https://example.org/l.png",
    "address": {"@type": "PostalAddress", "postOfficeBoxNumber": "7",
      "streetAddress": ["Main St 1", "Floor 2"], "postalCode": "10115", "addressLocality": "Berlin",
      "addressRegion": "BE", "addressCountry": "Germany"},
    "geo": {"@type": "GeoCoordinates", "latitude": "52.5", "longitude": "13.4"},
    "telephone": ["+49 30 1234567", "tel:+49301234560"],
    "faxNumber": ["+49 30 1234568", "+49 30 1234569"],
    "email": "mailto:hi@cafe.example?subject=x", "description": "Good coffee.",
    "keywords": ["Cafe", "Bar"]})"));
}

TEST(MicroformatsTest, GivesWhatCleaningUnderstands) {
  const auto places = places_of(R"(<div class="h-card"><h1 class="p-name">Inn</h1>
    <p class="p-adr h-adr"><i class="p-street-address">Main Street 1</i>
      <i class="p-postal-code">10115</i> <i class="p-locality">Berlin</i>
      <i class="p-country-name">Germany</i></p>
    <data class="p-geo" value="geo:52.5,13.4;u=30"></data><i class="u-url">www.inn.example</i>
    <i class="u-email">hi@inn.example</i><i class="dt-hours">Mo-Fr 09:00-17:00</i>
    <a class="u-tel" href="tel:+49-30-1234567">now</a></div>)");
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].path, "h-card[1]");
  const Place place =
      clean(places[0], "microformats", {.page_url = "https://example.org/", .language = ""}).place;
  EXPECT_EQ(place.name, "Inn");
  EXPECT_EQ(place.addr_city, "Berlin");
  EXPECT_EQ(place.addr_country, "DE");
  EXPECT_EQ(place.lat, 52.5);
  EXPECT_EQ(place.lon, 13.4);
  EXPECT_EQ(place.phone, "+49301234567");
  EXPECT_EQ(place.email, "hi@inn.example");
  EXPECT_EQ(place.website, "https://www.inn.example/");
  EXPECT_EQ(place.opening_hours, "Mo-Fr 09:00-17:00");
}

TEST(MicroformatsTest, LeavesPersonsAndBylinesOut) {
  const std::string address = "<i class=p-street-address>Main St 1</i>";
  for (const std::string& html : {
           std::string("<div class=h-card><i class=p-name>Ann</i><i class=p-tel>+1 555</i></div>"),
           std::string(
               "<div class=vcard><i class='fn org'>Acme</i><a class=url href=/>x</a></div>"),
           "<div class=h-card>" + address + "</div>",
           "<div class=h-entry><div class='p-author h-card'><i class=p-name>Ann</i>" + address +
               "</div></div>",
           std::string("<div class=h-card><i class=p-name>Ann</i><i class=p-adr>Rome</i></div>"),
           std::string(
               "<div class=h-card><i class=p-name>Ann</i><i class=p-locality>Rome</i></div>"),
           std::string("<p class=h-adr>1 Main St, Rome</p>"),
           "<div class=h-adr>" + address + "</div>",
           std::string("<p class=h-geo>1.5;2.5</p>"),
           std::string("<div class=h-auto><i class=p-name>A</i>" + address + "</div>"),
       }) {
    EXPECT_EQ(places_of(html).size(), 0U) << html;
  }
}

TEST(MicroformatsTest, TakesTheOrganizationForAPersonAtIt) {
  const json fields = fields_of(
      "<div class=vcard><i class='fn n'>Ann Lee</i> <i class=org><i "
      "class=organization-name>Acme</i>"
      " <i class=organization-unit>Sales</i></i><p class=adr>Main St 1<br>10115 Berlin</p></div>");
  EXPECT_EQ(fields, json::parse(R"({"@type": ["Place"], "name": "Acme",
                                    "address": "Main St 1 10115 Berlin"})"));
}

TEST(MicroformatsTest, TakesNamedAddressesAndCoordinatesByThemselves) {
  EXPECT_EQ(
      fields_of("<p class=h-adr><a class='p-name u-geo' href='geo:51.5;-0.1;crs=wgs84'>Arms</a>"
                "<i class=p-locality>London</i></p>"),
      json::parse(R"({"@type": ["Place"], "name": "Arms",
                "address": {"@type": "PostalAddress", "addressLocality": "London"},
                "geo": {"@type": "GeoCoordinates", "latitude": "51.5", "longitude": "-0.1"}})"));
  EXPECT_EQ(fields_of("<p class=h-geo><i class=p-name>Hill</i><i class=p-latitude>54.1</i>"
                      "<i class=p-longitude>-2.2</i></p>")["name"],
            "Hill");
}

TEST(MicroformatsTest, JoinsAddressesAndCoordinatesToTheCardAroundThem) {
  const auto places = places_of(
      "<div class=h-card><i class=p-name>A</i><div class=h-full><div class=h-adr>"
      "<i class=p-name>Main St 1</i><i class=p-street-address>Main St 1</i>"
      "<i class=h-geo>51.5;-0.1</i></div></div></div>");
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].fields["address"]["streetAddress"], "Main St 1");
  EXPECT_EQ(places[0].fields["geo"]["longitude"], "-0.1");
}

TEST(MicroformatsTest, TakesTheRatingOfAReviewAggregate) {
  const std::string card =
      "<div class='item vcard'><i class='fn org'>A</i><i class=tel>+1 212 555 0100</i></div>";
  const json rating = json::parse(R"({"@type": "AggregateRating", "ratingValue": "4.5",
                                      "bestRating": "5", "ratingCount": "12"})");
  const std::string stars =
      "<p class=rating><i class=average>4.5</i> of <i class=best>5</i></p><i class=votes>12</i>";
  EXPECT_EQ(fields_of("<div class=hreview-aggregate>" + card + stars + "</div>")["aggregateRating"],
            rating);
  EXPECT_EQ(fields_of("<div class=vcard><i class='fn org'>A</i><i class=tel>+1 212 555 0100</i>"
                      "<div class=hreview-aggregate>" +
                      stars + "</div></div>")["aggregateRating"],
            rating);
}

TEST(MicroformatsTest, CountsCardsInTreeOrder) {
  const std::string card = "<i class='fn org'>A</i><i class=tel>+1 212 555 0100</i>";
  const auto places = places_of("<p class=vcard>x</p><div class=vcard>" + card +
                                "<div class=vcard>" + card + "</div></div>");
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].path, "h-card[2]");
  EXPECT_EQ(places[1].path, "h-card[3]");
}

TEST(MicroformatsTest, EndsSoonOnHostilePages) {
  const std::string attribute(1 << 20, 'x');
  const std::string pages[] = {
      repeated("<div class='h-card p-name vcard'>", 20'000),
      "<div class=h-card>" + repeated("<div class='p-name u-url dt-x e-x'>", 10'000) +
          std::string(100'000, 'x'),
      "<div class=h-card>" + repeated("<i class=e-x>", 5'000) + "<b title='" + attribute + "'></b>",
      "<div class=h-card>" + repeated("<i class=p-x>", 5'000) + "<img alt='" + attribute + "'>",
      "<div class=h-card>" + repeated("<i class='p-tel p-adr p-geo p-hours u-email'>1</i>", 50'000),
      "<div class='" + repeated("h-card p-x ", 100'000) + "'>",
      "<div class=h-card><p class=p-name>A</p>" + repeated("<p class='p-adr h-adr'>1", 50'000),
  };
  for (const std::string& html : pages) {
    const Page page = page_of(html);
    const auto begin = std::chrono::steady_clock::now();
    Microformats().items(page);
    Microformats().places(page);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(spent.count(), 10) << html.substr(0, 60);  // 0.2 s when optimized and alone
  }
}

}  // namespace
}  // namespace placer
