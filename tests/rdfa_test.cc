#include "scraper/extract/rdfa/rdfa.h"

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

json items(const std::string& html) { return Rdfa().items(parse(html)); }

// What is said of the page itself, which is the only subject.
json said(const std::string& html) {
  json found = items(html);
  EXPECT_EQ(found.size(), 1U) << found;
  EXPECT_EQ(found[0]["@id"], "https://example.org/dir/page");
  found[0].erase("@id");
  return found[0];
}

std::vector<RawPlace> places(const std::string& html) { return Rdfa().places(parse(html)); }

json place(const std::string& html) {
  const std::vector<RawPlace> found = places(html);
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? json() : found[0].fields;
}

std::string repeat(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// RDFa Core 1.1, 7.4.3 "General Use of Terms in Attributes"
TEST(RdfaTest, ReadsTermsPrefixedAndFullNames) {
  EXPECT_EQ(said(R"(<div prefix="ex: http://ex.org/ns#">
      <i property="schema:a">1</i><i property="EX:b">2</i><i property="http://ex.org/c">3</i>
      <i property="nothing">4</i><i property="none:d">5</i><i property="_:e">6</i>
      <p vocab="http://v.org/"><i property="f">7</i></p><i property="og:title f">8</i></div>)"),
            json::parse(R"({"http://schema.org/a":[{"@value":"1"}],
      "http://ex.org/ns#b":[{"@value":"2"}],"http://ex.org/c":[{"@value":"3"}],
      "none:d":[{"@value":"5"}],"http://v.org/f":[{"@value":"7"}],
      "http://ogp.me/ns#title":[{"@value":"8"}],
      "http://www.w3.org/ns/rdfa#usesVocabulary":[{"@id":"http://v.org/"}]})"));
}

TEST(RdfaTest, LetsInnerPrefixesHoldWithinTheirElementOnly) {
  EXPECT_EQ(said(R"(<div xmlns:p="http://a/"><b prefix="p: http://b/"><i property="p:x">1</i></b>
                    <i property="p:x">2</i></div>)"),
            json::parse(R"({"http://b/x":[{"@value":"1"}],"http://a/x":[{"@value":"2"}]})"));
}

// RDFa Core 1.1, 7.4.1 "Use of CURIEs in Specific Attributes": SafeCURIEorCURIEorIRI
TEST(RdfaTest, ReadsResourcesAsPrefixedNamesReferencesOrBlankNodes) {
  EXPECT_EQ(items(R"(<div prefix="ex: http://ex.org/"><i about="[ex:a]" typeof="ex:T"></i>
      <i about="ex:b" typeof="ex:T"></i><i about="/c" typeof="ex:T"></i>
      <i about="_:d" typeof="ex:T"></i><i about="_:d" property="ex:p">1</i></div>)"),
            json::parse(R"([{"@id":"http://ex.org/a","@type":["http://ex.org/T"]},
      {"@id":"http://ex.org/b","@type":["http://ex.org/T"]},
      {"@id":"https://example.org/c","@type":["http://ex.org/T"]},
      {"@id":"_:b0","@type":["http://ex.org/T"],"http://ex.org/p":[{"@value":"1"}]}])"));
}

// RDFa Core 1.1, 7.5 "Sequence", step 11
TEST(RdfaTest, TakesValueFromContentThenReferenceThenText) {
  EXPECT_EQ(said(R"(<div lang="de">
      <i property="og:a" content=" c ">x</i><a property="og:b" href="/h">x</a>
      <img property="og:c" src="s.png"><a property="og:d" resource="r" href="/h">x</a>
      <b property="og:e"> some  <i>text</i><script>no</script></b>
      <time property="og:f" datetime="09:00">nine</time><data property="og:g" value="12">x</data>
      <i property="og:h" datatype="xsd:date">2020</i><b property="og:i" lang="">1</b>
      <a property="og:j" href="tel:+44 1225 1">x</a></div>)"),
            json::parse(R"({"http://ogp.me/ns#a":[{"@value":"c","@language":"de"}],
      "http://ogp.me/ns#b":[{"@id":"https://example.org/h"}],
      "http://ogp.me/ns#c":[{"@id":"https://example.org/dir/s.png"}],
      "http://ogp.me/ns#d":[{"@id":"https://example.org/dir/r"}],
      "http://ogp.me/ns#e":[{"@value":"some text","@language":"de"}],
      "http://ogp.me/ns#f":[{"@value":"09:00","@language":"de"}],
      "http://ogp.me/ns#g":[{"@value":"12","@language":"de"}],
      "http://ogp.me/ns#h":[{"@value":"2020","@type":"http://www.w3.org/2001/XMLSchema#date"}],
      "http://ogp.me/ns#i":[{"@value":"1"}],"http://ogp.me/ns#j":[{"@id":"tel:+44 1225 1"}]})"));
}

// RDFa Core 1.1, 7.5 "Sequence", steps 5, 9, 10 and 12
TEST(RdfaTest, ChainsThroughTypeofRelAndRev) {
  EXPECT_EQ(items(R"(<div about="#a"><p property="og:p" typeof="og:T"><i property="og:n">1</i></p>
      <p rel="og:q"><i><b typeof="og:U"></b></i><b about="#c" property="og:n">2</b></p>
      <p rev="og:r" resource="#d"></p><p rel="og:s" resource="#e"><i property="og:n">3</i></p>
      </div>)"),
            json::parse(R"([{"@id":"https://example.org/dir/page#a",
        "http://ogp.me/ns#p":[{"@id":"_:b0"}],
        "http://ogp.me/ns#q":[{"@id":"_:b2"},{"@id":"https://example.org/dir/page#c"}],
        "http://ogp.me/ns#s":[{"@id":"https://example.org/dir/page#e"}]},
      {"@id":"_:b0","@type":["http://ogp.me/ns#T"],"http://ogp.me/ns#n":[{"@value":"1"}]},
      {"@id":"_:b2","@type":["http://ogp.me/ns#U"]},
      {"@id":"https://example.org/dir/page#c","http://ogp.me/ns#n":[{"@value":"2"}]},
      {"@id":"https://example.org/dir/page#d",
        "http://ogp.me/ns#r":[{"@id":"https://example.org/dir/page#a"}]},
      {"@id":"https://example.org/dir/page#e","http://ogp.me/ns#n":[{"@value":"3"}]}])"));
}

// HTML+RDFa 1.1, 3.1: with a property, terms in rel do not count.
TEST(RdfaTest, PassesOverLinkTypesBesideProperty) {
  EXPECT_EQ(said(R"(<a vocab="http://v.org/" rel="nofollow" property="url" href="/x">x</a>)")
                ["http://v.org/url"],
            json::parse(R"([{"@id":"https://example.org/x"}])"));
}

TEST(RdfaTest, GivesMarkupWhereAnXmlLiteralIsAskedFor) {
  const json found = said(R"(<b property="og:a" datatype="rdf:XMLLiteral">x &amp; <i
      class='"'>y<br></i></b>)");
  EXPECT_EQ(found["http://ogp.me/ns#a"][0]["@value"],
            R"(x &amp; <i xmlns="http://www.w3.org/1999/xhtml" class="&quot;">y<br/></i>)");
}

TEST(RdfaTest, StatesEachThingOnce) {
  EXPECT_EQ(said(R"(<i property="og:a">1</i><i property="og:a">2</i><i property="og:a">1</i>)"),
            json::parse(R"({"http://ogp.me/ns#a":[{"@value":"1"},{"@value":"2"}]})"));
}

TEST(RdfaTest, FindsPlacesAndTellsWhere) {
  const auto found = places(R"(<body vocab="https://schema.org/">
    <div typeof="WebPage"><i property="name">x</i></div>
    <div typeof="Event"><p property="location" typeof="MusicVenue schema:Hotel" resource="#hall">
      <b property="name">Hall</b><span property="address" typeof="PostalAddress">
      <i property="addressLocality">Bath</i></span></p></div></body>)");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "item[2]/location[1]");
  EXPECT_EQ(found[0].fields, json::parse(R"({"@type":["MusicVenue","Hotel"],
      "@id":"https://example.org/dir/page#hall","name":"Hall",
      "address":{"@type":["PostalAddress"],"addressLocality":"Bath"}})"));
}

TEST(RdfaTest, JoinsWhatIsSaidOfOneResourceInSeveralPlaces) {
  EXPECT_EQ(place(R"(<div vocab="http://schema.org/"><p about="#x" typeof="Bakery">
      <i property="name">X</i></p><p resource="#x"><i property="telephone">1</i></p>
      <p about="#x"><i property="containsPlace" resource="#x"></i></p></div>)"),
            json::parse(R"({"@type":["Bakery"],"@id":"https://example.org/dir/page#x","name":"X",
      "telephone":"1","containsPlace":{"@id":"https://example.org/dir/page#x"}})"));
}

TEST(RdfaTest, ReadsPagesOfAuthorsWhoKnowRdfaFromExamples) {
  // Text in links is about the place, and names are no URLs; rel is HTML's.
  EXPECT_EQ(place(R"(<div vocab="http://schema.org" typeof="Bakery"><a href="/x" rel="nofollow">
      <b property="name">X</b></a><a property="telephone" content="+1" href="tel:1">1</a>
      <a property="streetAddress" href="/map">Way 1</a><a property="url" href="/x">x</a></div>)"),
            json::parse(R"({"@type":["Bakery"],"name":"X","telephone":"+1",
                            "streetAddress":"Way 1","url":"https://example.org/x"})"));
  // No vocabulary, or another spelling of it.
  for (const char* vocabulary :
       {"", "vocab='//schema.org/'", "vocab='https://www.schema.org'", "vocab='schema.org/'"}) {
    EXPECT_EQ(
        place(std::string("<div ") + vocabulary + " typeof=Bakery><i property=name>X</i></div>"),
        json::parse(R"({"@type":["Bakery"],"name":"X"})"))
        << vocabulary;
  }
}

TEST(RdfaTest, BringsGoodRelationsAndVcardIntoSchemaOrgsTerms) {
  EXPECT_EQ(place(R"(<div xmlns:gr="http://purl.org/goodrelations/v1#"
      xmlns:vcard="http://www.w3.org/2006/vcard/ns#"><div typeof="gr:BusinessEntity" about="#c">
      <i property="gr:legalName vcard:fn" content="Grace Co."></i>
      <p rel="vcard:tel"><i typeof="vcard:Voice"><b rel="vcard:hasValue" resource="tel:1"></b></i></p>
      <p rel="vcard:adr"><span typeof="vcard:Address">
        <i property="vcard:street-address" content="Way 1"></i>
        <i property="vcard:country-name" content="France"></i></span></p>
      <p rel="vcard:geo"><b><i property="vcard:latitude" content="48.1"></i>
        <i property="vcard:longitude" content="-0.7"></i></b></p>
      <p rel="foaf:page" resource=""></p></div></div>)"),
            json::parse(R"({"@type":["LocalBusiness"],"@id":"https://example.org/dir/page#c",
      "legalName":"Grace Co.","name":"Grace Co.","telephone":"tel:1",
      "address":{"@type":["PostalAddress"],"streetAddress":"Way 1","addressCountry":"France"},
      "geo":{"latitude":"48.1","longitude":"-0.7"},"url":"https://example.org/dir/page"})"));
  EXPECT_TRUE(places(R"(<i typeof="gr:BusinessEntity"><b property="gr:name">X</b></i>)").empty());
}

TEST(RdfaTest, BringsDataVocabularyIntoSchemaOrgsTerms) {
  EXPECT_EQ(place(R"(<div xmlns:v="http://rdf.data-vocabulary.org/#" typeof="v:Organization">
      <i property="v:name">X</i><p rel="v:address"><span typeof="v:Address">
      <i property="v:locality">Bath</i></span></p><b property="v:tel">1</b>
      <a rel="v:url" href="/x">x</a></div>
      <p typeof="v:Breadcrumb"><a rel="v:url" property="v:title" href="/">Home</a></p>)"),
            json::parse(R"({"@type":["LocalBusiness"],"name":"X","telephone":"1",
      "address":{"@type":["PostalAddress"],"addressLocality":"Bath"},
      "url":"https://example.org/x"})"));
}

TEST(RdfaTest, SurvivesKeywordsOfJsonLdAsNames) {
  const std::string html = R"(<div vocab="@" typeof="http://schema.org/Bakery">
      <i property="id">1</i><i property="type">2</i><i property="schema:@id">3</i>
      <i property="schema:@graph">4</i><i property="schema:name">X</i></div>)";
  EXPECT_EQ(items(html).size(), 2U);
  EXPECT_EQ(place(html), json::parse(R"({"@type":["Bakery"],"name":"X"})"));
}

TEST(RdfaTest, StaysBoundedOnPagesMadeToBlowUp) {
  const std::clock_t begin = std::clock();
  const auto read = [](const std::string& html) {
    const Page page = parse(html);
    EXPECT_LT(Rdfa().items(page).dump().size(), 128U << 20);
    return Rdfa().places(page).size();
  };
  EXPECT_GT(read("<div vocab=http://schema.org/>" +
                 repeat("<p typeof=Bakery><b property=name>x</b>", 100'000)),
            1'000U);
  // Deep, and text within text within text.
  read("<div vocab=http://schema.org/>" + repeat("<div typeof=Bakery property=a>word ", 3'000));
  read("<div vocab=http://schema.org/>" + repeat("<div property=a>word ", 3'000));
  read(repeat("<div rel='og:a og:b og:c og:d'>", 3'000) + "<p typeof=schema:Bakery>");
  // Long names from short tokens, and long references from short ones.
  read("<base href='https://example.org/" + std::string(100'000, 'a') + "/'><div vocab='http://" +
       std::string(2'000, 'v') + "'>" +
       repeat("<a property='a b c d e f g h' rel='ex:a ex:b' typeof='a b' href=x></a>", 5'000));
  // Many prefixes in scope.
  std::string prefixes;
  for (int i = 0; i < 5'000; ++i) prefixes += "p" + std::to_string(i) + ": http://p/ ";
  read("<html version='XHTML+RDFa 1.0'><div prefix='" + prefixes + "'>" +
       repeat("<i typeof='z:a' property='z:b z:c z:d p1:x'><b>x</b></i>", 20'000));
  // Cycles.
  std::string ring;
  for (int i = 0; i < 5'000; ++i) {
    ring += "<p typeof=schema:Bakery resource='#" + std::to_string(i) +
            "'><a property=schema:containsPlace resource='#" + std::to_string((i + 1) % 5'000) +
            "'></a></p>";
  }
  EXPECT_EQ(read(ring), 5'000U);
  EXPECT_LT(std::clock() - begin, 60 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace placer
