#include "scraper/place/clean.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scraper/extract/schema/types.h"
#include "scraper/place/category.h"
#include "scraper/place/text.h"
#include "tests/suite.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr const char* kPage = "https://cafes.example.de/berlin/one";

Place cleaned(const char* fields, const char* language = "") {
  return clean({"script[0]", json::parse(fields)}, "json-ld", {kPage, language}).place;
}

TEST(CleanTest, KeepsWhereAndWhatWasFound) {
  const Observation seen = clean({"script[2]/@graph/0", json::parse(R"({"name": "A &amp; B"})")},
                                 "json-ld", {kPage, ""});
  EXPECT_EQ(seen.format, "json-ld");
  EXPECT_EQ(seen.path, "script[2]/@graph/0");
  EXPECT_EQ(seen.raw, R"({"name":"A &amp; B"})");
  EXPECT_EQ(seen.place.name, "A & B");
}

TEST(CleanTest, CleansNames) {
  EXPECT_EQ(cleaned(R"({"name":"  Caf\u00e9\n\t&quot;Zo&euml;&quot; "})").name, "Café \"Zoë\"");
  EXPECT_EQ(cleaned(R"({"name":"Fish &amp;amp; Chips"})").name, "Fish & Chips");
  EXPECT_EQ(cleaned(R"({"name":"<b>Joe&#8217;s</b> &#146;n&#x27;"})").name, "Joe’s ’n'");
  EXPECT_EQ(cleaned(R"({"name":["","First","Second"]})").name, "First");
  EXPECT_EQ(cleaned(R"({"name":"a\u0000b\u200b\u202ec\u0085d"})").name, "a bc d");
  EXPECT_EQ(cleaned(R"({"name":"I <3 &unknown; R&D"})").name, "I <3 &unknown; R&D");
  EXPECT_EQ(cleaned(R"({"name":"{{ place.name }}"})").name, std::nullopt);
  EXPECT_EQ(cleaned(R"({"name":""})").name, std::nullopt);
}

TEST(CleanTest, PrefersTheLanguageOfThePage) {
  const char* names = R"({"name":[{"@value":"Castle","@language":"en"},
                                  {"@value":"Schloss","@language":"de-DE"}]})";
  EXPECT_EQ(cleaned(names, "de").name, "Schloss");
  EXPECT_EQ(cleaned(names, "en-GB").name, "Castle");
  EXPECT_EQ(cleaned(names, "fr").name, "Castle");
}

TEST(CleanTest, ReplacesMalformedUtf8) {
  RawPlace raw{"x", json{{"name", "Caf\xE9 \xC3\xA9"}}};
  const Observation seen = clean(raw, "microdata", {kPage, ""});
  EXPECT_EQ(seen.place.name, "Caf\uFFFD é");
  EXPECT_TRUE(json::accept(seen.raw));
}

TEST(CleanTest, KeepsAPathOfOddNamesOnOneLine) {
  const RawPlace raw{"script[1]/a\n<b>\xC2\x85/0", json::object()};
  EXPECT_EQ(clean(raw, "json-ld", {kPage, ""}).path, "script[1]/a <b> /0");
}

TEST(CleanTest, EscapesEveryControlCharacterInWhatItKeepsRaw) {
  const RawPlace raw{"x", json{{"name", "A\x7F\xC2\x85\xC2\xA0\n"}}};
  const Observation seen = clean(raw, "json-ld", {kPage, ""});
  EXPECT_EQ(seen.raw, "{\"name\":\"A\\u007f\\u0085\xC2\xA0\\n\"}");
  EXPECT_EQ(json::parse(seen.raw), raw.fields);
}

TEST(CleanTest, FindsTypeCategoryBrandAndBranch) {
  const Place place = cleaned(R"({"@type":["LocalBusiness","CafeOrCoffeeShop"],
      "name":"Coffee & Co - Mitte","brand":{"@type":"Brand","name":"Coffee & Co"}})");
  EXPECT_EQ(place.schema_type, "CafeOrCoffeeShop");
  EXPECT_EQ(place.category, "amenity=cafe");
  EXPECT_EQ(place.brand, "Coffee & Co");
  EXPECT_EQ(place.branch, "Mitte");
  EXPECT_EQ(cleaned(R"({"brand":"X","name":"Xylophone"})").branch, std::nullopt);
}

TEST(CleanTest, TakesThePublishersOwnId) {
  EXPECT_EQ(cleaned(R"({"branchCode":17,"@id":"#me"})").ref, "17");
  EXPECT_EQ(cleaned(R"({"identifier":{"@type":"PropertyValue","value":"A-1"}})").ref, "A-1");
  EXPECT_EQ(cleaned(R"({"@id":"#store-5"})").ref, std::string(kPage) + "#store-5");
  EXPECT_EQ(cleaned(R"({"@id":"urn:store:5"})").ref, "urn:store:5");
  EXPECT_EQ(cleaned(R"({"@id":"https://cafes.example.de/berlin/one"})").ref, std::nullopt);
  EXPECT_EQ(cleaned(R"({"@id":"_:b0"})").ref, std::nullopt);
}

TEST(CleanTest, ReadsCoordinates) {
  const auto at = [](const char* geo) {
    const Place place = cleaned((R"({"geo":)" + std::string(geo) + "}").c_str());
    return place.lat ? std::to_string(*place.lat) + " " + std::to_string(*place.lon) : "none";
  };
  EXPECT_EQ(at(R"({"latitude":52.5,"longitude":13.4})"), "52.500000 13.400000");
  EXPECT_EQ(at(R"({"latitude":"52,5","longitude":" 13.4 "})"), "52.500000 13.400000");
  EXPECT_EQ(at(R"([{"@type":"GeoShape"},{"latitude":52.5,"longitude":13.4}])"),
            "52.500000 13.400000");
  EXPECT_EQ(at(R"({"latitude":139.7,"longitude":35.6})"), "35.600000 139.700000");
  for (const char* none : {R"({"latitude":0,"longitude":0})", R"({"latitude":"","longitude":""})",
                           R"({"latitude":95,"longitude":95})", R"({"latitude":"x","longitude":1})",
                           R"({"latitude":52.5})", R"({"latitude":"1e4","longitude":"nan"})",
                           R"({"latitude":"1.2.3","longitude":1})", "null", "[]"}) {
    EXPECT_EQ(at(none), "none") << none;
  }
  EXPECT_EQ(cleaned(R"({"hasMap":"https://maps.example/?q=52.5,13.4"})").lat, std::nullopt);
}

TEST(CleanTest, ReadsTelephonesInTheCountryOfThePlace) {
  EXPECT_EQ(cleaned(R"({"telephone":"020 7219 3000","address":{"addressCountry":"GB"}})").phone,
            "+442072193000");
  EXPECT_EQ(cleaned(R"({"telephone":"030 901820"})").phone, "+4930901820");  // the page is in .de
  EXPECT_EQ(cleaned(R"({"telephone":["030 901820","030 901821"]})").phone,
            "+4930901820;+4930901821");
  EXPECT_EQ(cleaned(R"({"contactPoint":{"telephone":"030 901820"}})").phone, "+4930901820");
  const Place place = cleaned(R"({"telephone":"+1 248-446-8015 ext 7","faxNumber":"030 901821"})");
  EXPECT_EQ(place.phone, "+12484468015");
  EXPECT_EQ(place.tags, R"({"fax":"+4930901821","phone:extension":"7"})");
  EXPECT_EQ(cleaned(R"({"telephone":"call us"})").phone, std::nullopt);
}

TEST(CleanTest, GuessesTheCountryOnlyForAnAddress) {
  EXPECT_EQ(cleaned(R"({"address":{"addressLocality":"Berlin"}})").addr_country, "DE");
  EXPECT_EQ(cleaned(R"({"name":"x"})").addr_country, std::nullopt);
}

TEST(CleanTest, CleansEmailAddresses) {
  const auto email = [](const char* text) {
    return cleaned(json{{"email", text}}.dump().c_str()).email.value_or("none");
  };
  EXPECT_EQ(email("mailto:Ann@Example.ORG?subject=hi"), "Ann@example.org");
  EXPECT_EQ(email("ann%40example.org"), "ann@example.org");
  EXPECT_EQ(email("Ann <ann@example.org>"), "ann@example.org");
  for (const char* none : {"ann", "ann@", "@example.org", "ann at example.org", "logo@2x.png",
                           "ann@example", "ann@-x.org", "ann@example..org", "a b@"}) {
    EXPECT_EQ(email(none), "none") << none;
  }
}

TEST(CleanTest, ResolvesWebsiteAndImage) {
  EXPECT_EQ(cleaned(R"({"url":"/cafe"})").website, "https://cafes.example.de/cafe");
  EXPECT_EQ(cleaned(R"({"url":"www.cafe.example"})").website, "https://www.cafe.example/");
  const json urls = {{"url", {"javascript:alert(1)", "https://a.example/"}}};
  EXPECT_EQ(cleaned(urls.dump().c_str()).website, "https://a.example/");
  EXPECT_EQ(cleaned("{}").website, std::nullopt);
  EXPECT_EQ(cleaned(R"({"image":[{"@type":"ImageObject","contentUrl":"a.jpg"},"b.jpg"]})").image,
            "https://cafes.example.de/berlin/a.jpg");
  EXPECT_EQ(cleaned(R"({"image":"data:image/png;base64,AA"})").image, std::nullopt);
}

TEST(CleanTest, SortsSocialProfilesByNetwork) {
  EXPECT_EQ(cleaned(R"({"sameAs":["https://www.facebook.com/cafe","https://facebook.com/other",
      "https://instagram.com/cafe/","https://twitter.com/","https://x.com/intent/tweet?x=1",
      "https://de.linkedin.com/company/cafe","https://www.tripadvisor.co.uk/r-1",
      "https://mastodon.social/@cafe","https://notfacebook.com/cafe",
      "https://www.facebook.com.evil.example/cafe"]})")
                .socials,
            R"({"facebook":"https://www.facebook.com/cafe",)"
            R"("instagram":"https://instagram.com/cafe/",)"
            R"("linkedin":"https://de.linkedin.com/company/cafe",)"
            R"("mastodon":"https://mastodon.social/@cafe",)"
            R"("tripadvisor":"https://www.tripadvisor.co.uk/r-1"})");
  EXPECT_EQ(cleaned(R"({"sameAs":"https://example.org/"})").socials, std::nullopt);
}

TEST(CleanTest, ReadsRatings) {
  const auto rating = [](const char* node) {
    const Place place = cleaned((R"({"aggregateRating":)" + std::string(node) + "}").c_str());
    return place.rating
               ? json{*place.rating, *place.rating_scale, place.rating_count.value_or(-1)}.dump()
               : "none";
  };
  EXPECT_EQ(rating(R"({"ratingValue":"4,5","reviewCount":"1,234"})"), "[4.5,5.0,1234]");
  EXPECT_EQ(rating(R"({"ratingValue":8.7,"bestRating":"10","ratingCount":3})"), "[8.7,10.0,3]");
  EXPECT_EQ(rating(R"({"ratingValue":4})"), "[4.0,5.0,-1]");
  for (const char* none :
       {R"({"ratingValue":8.7})", R"({"ratingValue":-1})", R"({"ratingValue":0,"ratingCount":0})",
        R"({"ratingValue":"good"})", R"({"ratingValue":5,"ratingCount":0})", "{}", "4"}) {
    EXPECT_EQ(rating(none), "none") << none;
  }
}

TEST(CleanTest, ReadsHoursPriceDescriptionAndStatus) {
  const Place place = cleaned(R"({"openingHours":"Mo-Fr 9:00-17:00","priceRange":"$$",
      "description":"<p>Good&nbsp;coffee.</p>\n<p>Always.</p>","businessStatus":"OPERATIONAL"})");
  EXPECT_EQ(place.opening_hours, "Mo-Fr 09:00-17:00");
  EXPECT_EQ(place.price_range, "$$");
  EXPECT_EQ(place.description, "Good coffee. Always.");
  EXPECT_EQ(place.operating_status, "open");
  EXPECT_EQ(cleaned("{}").operating_status, std::nullopt);
  const std::string text = json{{"description", std::string(5000, 'a')}}.dump();
  EXPECT_EQ(cleaned(text.c_str()).description->size(), 2000U);
}

TEST(CleanTest, CollectsTags) {
  const Place place = cleaned(R"({"servesCuisine":["Italian, Pizza","Italian"],
      "paymentAccepted":"Cash, Credit Card, magic beans","acceptsReservations":"False",
      "smokingAllowed":false,"isAccessibleForFree":true,"currenciesAccepted":"EUR",
      "amenityFeature":[{"name":"Wheelchair accessible","value":true},{"name":"Free WiFi"},
                        {"name":"Outdoor seating","value":"False"}],
      "sameAs":"https://www.wikidata.org/wiki/Q42","starRating":{"ratingValue":"4"}})");
  EXPECT_EQ(json::parse(*place.tags),
            json::parse(R"({"cuisine":"italian;pizza","payment:cash":"yes",
      "payment:credit_cards":"yes","reservation":"no","smoking":"no","fee":"no",
      "currency:EUR":"yes","wheelchair":"yes","outdoor_seating":"no","wikidata":"Q42",
      "stars":"4.0"})"));
  EXPECT_EQ(cleaned("{}").tags, std::nullopt);
}

TEST(CleanTest, GivesAnEmptyPlaceForAnyJson) {
  for (const char* fields : {"null", "[]", "1", "\"x\"", "{}", R"({"@type":1,"name":{},"geo":[[]],
      "address":[[]],"aggregateRating":[[1]],"sameAs":{"@id":5},"image":{"url":{}},"url":[{}]})"}) {
    EXPECT_EQ(cleaned(fields).name, std::nullopt) << fields;
  }
}

TEST(CleanTest, SurvivesDeeplyNestedJson) {
  json deep = "leaf";
  for (int i = 0; i < 5'000; ++i) deep = json{{"address", std::move(deep)}};
  deep["name"] = "Kiosk";
  const Observation seen = clean({"x", deep}, "json-ld", {kPage, ""});
  EXPECT_EQ(seen.raw, R"({"name":"Kiosk"})");
  EXPECT_EQ(seen.place.name, "Kiosk");
}

TEST(CleanTest, HostileListsCostLittle) {
  std::string commas;
  std::string dashes;
  for (int i = 0; i < 20'000; ++i) {
    commas += "1,a;";
    dashes += "–";
  }
  json hostile;
  for (const char* property : {"telephone", "paymentAccepted", "servesCuisine", "openingHours",
                               "email", "sameAs", "currenciesAccepted", "address", "name"}) {
    for (const std::string& text : {commas, dashes}) hostile[property].push_back(text);
    for (int i = 0; i < 300; ++i) hostile[property].push_back("+1 2 3 4 5 6/7,8");
  }
  const Place place = clean({"x", hostile}, "json-ld", {kPage, ""}).place;
  EXPECT_EQ(place.phone, std::nullopt);
  EXPECT_LE(place.addr_full->size(), 500U);
}

TEST(CategoryTest, EveryLocalBusinessTypeHasATag) {
  std::size_t count = 0;
  for (const SchemaType& type : schema_types()) {
    if (!is_local_business(type.name)) continue;
    ++count;
    const auto tag = category_of_type(type.name);
    EXPECT_EQ(tag.has_value(), type.name != "LocalBusiness") << type.name;
  }
  EXPECT_EQ(count, 150U);
}

TEST(CategoryTest, FallsBackToParents) {
  EXPECT_EQ(category_of_type("SeaBodyOfWater"), "natural=water");
  EXPECT_EQ(category_of_type("Airport"), "aeroway=aerodrome");
  EXPECT_EQ(category_of_type("Place"), std::nullopt);
  EXPECT_EQ(category_of_type("NoSuchType"), std::nullopt);
  const std::vector<std::string> types = {"LocalBusiness", "Museum"};
  EXPECT_EQ(category_of(types), "tourism=museum");
}

TEST(TextTest, ParsesNumbersStrictly) {
  EXPECT_EQ(parse_decimal("-0,5"), -0.5);
  EXPECT_EQ(parse_decimal("5."), 5.0);
  for (const char* text : {"", "-", ".", "1.2.3", "1e5", "0x1", "nan", "inf", "1 2", "1-2"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_count("1.234.567"), 1234567);
  for (const char* text : {"", "-1", "1,23", "1.5", "9999999999999999", ",123"}) {
    EXPECT_EQ(parse_count(text), std::nullopt) << text;
  }
}

TEST(TextTest, ShortensBetweenCharacters) {
  EXPECT_EQ(shortened("äöü", 6), "äöü");
  EXPECT_EQ(shortened("äöüäöü", 8), "äö...");
  EXPECT_EQ(shortened("one two three", 10), "one two...");
}

TEST(SuiteTest, NaughtyStringsBecomeCleanText) {
  const auto file = suite_path("strings/blns.json");
  SKIP_WITHOUT(file);
  const json strings = json::parse(read_bytes(file));
  Tally tally("strings");
  for (std::size_t i = 0; i < strings.size(); ++i) {
    const std::string text = plain_text(strings[i].get<std::string>());
    const bool control = std::any_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    const bool utf8 = json(text).dump(-1, ' ', false, json::error_handler_t::ignore) ==
                      json(text).dump(-1, ' ', false, json::error_handler_t::replace);
    tally.count(!control && utf8 && plain_text(text).size() <= text.size(), std::to_string(i));
  }
  tally.expect_all();
}

}  // namespace
}  // namespace placer
