#include "scraper/extract/text/page_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scraper/extract/text/page_contacts.h"
#include "scraper/extract/text/prose.h"

namespace placer {
namespace {

using nlohmann::json;

Page parse(std::string html, std::string url = "https://www.acme-tools.com/contact") {
  auto page = Page::parse(std::move(html),
                          {.url = std::move(url),
                           .content_type = "text/html; charset=utf-8",
                           .link_headers = {},
                           .robots_headers = {},
                           .user_agent = "placer"},
                          {});
  EXPECT_TRUE(page.has_value());
  return std::move(*page);
}

std::vector<RawPlace> places(const std::string& html,
                             const std::string& url = "https://www.acme-tools.com/contact") {
  return PageText().places(parse(html, url));
}

TEST(ProseTest, EndsLinesAtBlocksBreaksAndCells) {
  const Prose prose =
      read_prose(parse("<title>No</title><div>One <b>two</b>&nbsp;three<br>four<p>five</p></div>"
                       "<table><tr><td>six<td>seven</table><script>no()</script><h2>Eight</h2>"));
  EXPECT_EQ(prose.text, "One two three\nfour\nfive\nsix\nseven\nEight\n");
  ASSERT_EQ(prose.lines.size(), 6U);
  EXPECT_FALSE(prose.lines[3].cell);
  EXPECT_TRUE(prose.lines[4].cell);
  EXPECT_EQ(prose.lines[5].heading, 2);
  EXPECT_EQ(prose.line(prose.line_at(prose.text.find("ive"))), "five");
}

TEST(PageTextTest, ReadsAPageWhoseOnlyNumberIsALinkWithoutText) {
  EXPECT_TRUE(places("<title>Acme</title><a href='tel:+15125550133'></a>").empty());
}

TEST(PageTextTest, ReadsTheContactBlockOfABusiness) {
  const auto found = places(R"(<title>Acme Tools - Contact</title>
      <img src="l.png" alt="Acme Tools logo"><h1>Contact us</h1>
      <p>Acme Tools<br>720 Brazos Street<br>Suite 110<br>Austin, TX 78701</p>
      <p>Phone: (512) 555-0133<br>Fax: (512) 555-0134</p>
      <table><tr><td>Mon - Fri<td>9am - 5:30pm<tr><td>Saturday<td>10am - 2pm
      <tr><td>Sunday<td>Closed</table>
      <a href="mailto:shop@acme-tools.com">Mail us</a>
      <a href="https://www.facebook.com/acmetools">Facebook</a>
      <a href="https://www.facebook.com/sharer/sharer.php?u=x">Share</a>)");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "body/line 3");
  EXPECT_EQ(found[0].fields, json::parse(R"({"@type":["Place"],"name":"Acme Tools",
      "address":{"@type":["PostalAddress"],"streetAddress":"720 Brazos Street, Suite 110",
        "addressLocality":"Austin","addressRegion":"TX","postalCode":"78701",
        "addressCountry":"US"},
      "telephone":"+15125550133","faxNumber":"+15125550134",
      "openingHours":"Mo-Fr 09:00-17:30; Sa 10:00-14:00; Su off",
      "email":"shop@acme-tools.com","sameAs":["https://www.facebook.com/acmetools"]})"));
}

TEST(PageTextTest, ReadsAGermanImprint) {
  const auto found = places(
      "<title>Impressum | Bäckerei Müller</title><html lang=de><h2>Impressum</h2>"
      "<p>Bäckerei Müller GmbH<br>Hauptstraße 5a<br>10115 Berlin</p>"
      "<p>Tel.: 030 / 901820 · Fax: 030 / 9018211</p>"
      "<p>Öffnungszeiten: montags bis freitags 6–18 Uhr, samstags 6:30 bis 13 Uhr</p>"
      "<p>© 2019 Bäckerei Müller</p>",
      "https://www.baeckerei-mueller.de/impressum");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].fields["name"], "Bäckerei Müller");
  EXPECT_EQ(found[0].fields["address"]["streetAddress"], "Hauptstraße 5a");
  EXPECT_EQ(found[0].fields["address"]["postalCode"], "10115");
  EXPECT_EQ(found[0].fields["address"]["addressLocality"], "Berlin");
  EXPECT_EQ(found[0].fields["telephone"], "+4930901820");
  EXPECT_EQ(found[0].fields["faxNumber"], "+49309018211");
  EXPECT_EQ(found[0].fields["openingHours"], "Mo-Fr 06:00-18:00; Sa 06:30-13:00");
}

TEST(PageTextTest, TakesABranchListForAsManyPlaces) {
  const auto found = places(R"(<title>Acme Tools | Locations</title><h1>Locations</h1>
      <h3>Acme Downtown</h3><p>12 Main Street<br>Springfield, IL 62701<br>217-555-0142</p>
      <h3>Acme Airport</h3><p>900 Airport Road<br>Springfield, IL 62707<br>217-555-0177</p>
      <h3>Acme Chicago</h3><p>1 Lake Avenue, Chicago, IL 60601<br>Tel 312-555-0101</p>)");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].fields["name"], "Acme Downtown");
  EXPECT_EQ(found[0].fields["telephone"], "+12175550142");
  EXPECT_EQ(found[1].fields["name"], "Acme Airport");
  EXPECT_EQ(found[1].fields["telephone"], "+12175550177");
  EXPECT_EQ(found[2].fields["address"]["addressLocality"], "Chicago");
  EXPECT_EQ(found[2].fields["telephone"], "+13125550101");
}

TEST(PageTextTest, LeavesCourtsAgenciesAndAuthoritiesOfAnImprintAlone) {
  const auto imprint = places(
      "<html lang=de><title>Impressum | Café Anna</title><h1>Impressum</h1><p>Café Anna GmbH<br>"
      "Torstraße 12<br>10115 Berlin</p><p>Webdesign: Agentur Pixel, Hauptstr. 9, 80331 München, "
      "Tel. 089 555666</p><p>Streitschlichtung: Universalschlichtungsstelle, Straßburger Straße 8, "
      "77694 Kehl</p><p>Telefon: 030 1234567<br>Fax: 030 1234568</p>",
      "https://www.cafe-anna.de/impressum");
  ASSERT_EQ(imprint.size(), 1U);
  EXPECT_EQ(imprint[0].fields["address"]["streetAddress"], "Torstraße 12");
  EXPECT_EQ(imprint[0].fields["telephone"], "+49301234567");
  EXPECT_EQ(imprint[0].fields["faxNumber"], "+49301234568");
  const auto shop = places(
      "<html lang=de><title>Kontakt - Pixelshop</title><h1>Kontakt</h1><p>Pixelshop, Inh. Max "
      "Muster</p><p>Torstr. 12</p><p>10115 Berlin</p><p>Tel: 030 1234567, Mo-Fr 9-17 Uhr</p>"
      "<p>Widerruf an: DHL Retoure, Postfach 1234, 53113 Bonn</p><p>HRB 12345 Amtsgericht "
      "Charlottenburg, Amtsgerichtsplatz 1, 14057 Berlin</p><p>Berliner Beauftragte für "
      "Datenschutz, Alt-Moabit 59-61, 10555 Berlin</p>",
      "http://localhost:8000/shopimp.html");
  ASSERT_EQ(shop.size(), 1U);
  EXPECT_EQ(shop[0].fields["address"]["streetAddress"], "Torstr. 12");
  EXPECT_NE(shop[0].fields["name"], "Kontakt - Pixelshop");
}

TEST(PageTextTest, FindsNoStreetInASentence) {
  for (const RawPlace& place : places(
           "<html lang=de><title>Brand in Mitte - Tagesblatt</title><h1>Brand in Mitte</h1><p>Am "
           "Montag brannte es in der Torstraße 12, 10115 Berlin. Hinweise unter Tel. 030 1234567."
           "</p><footer>Tagesblatt Verlag GmbH, Verlagsweg 5, 20095 Hamburg</footer>")) {
    EXPECT_EQ(place.fields["address"]["streetAddress"], "Verlagsweg 5");
  }
}

TEST(PageTextTest, FindsNoPlaceInNewsOrRunningText) {
  EXPECT_TRUE(places(R"(<meta property="og:type" content="article"><title>Fire in town</title>
      <p>Witnesses should call (512) 555-0133, police said.</p>)")
                  .empty());
  EXPECT_TRUE(places("<title>My summer - a blog</title><p>" + std::string(300, 'a') +
                     " we rang (512) 555-0133 and nobody answered the telephone at all</p>")
                  .empty());
  EXPECT_TRUE(
      places("<title>Acme Tools</title><p>Since 1998 we sold 12,345,678 tools.</p>").empty());
}

TEST(PageTextTest, TakesANumberInALineOfItsOwnForThatOfTheOwner) {
  const auto found = places(
      "<title>Acme Tools</title><p>We sell tools.</p><div>Call: (512) 555-0133</div>"
      "<div>© 2020 Acme Tools</div>");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "body/line 2");
  EXPECT_EQ(found[0].fields,
            json::parse(R"({"@type":["Place"],"name":"Acme Tools","telephone":"+15125550133"})"));
}

// A number that stands on every page of a site does not make a place of what one page is about.
TEST(PageTextTest, TakesNoPlaceFromAHeadingAndANumberOfTheSites) {
  const std::string far = "<p>one<p>two<p>three<p>four";
  const std::string link = "<a href='tel:+49302900000'>call</a>";
  const std::string shown = "Call: (512) 555-0133";
  for (const std::string& body :
       {far + link, far + "<nav>" + shown + "</nav>", "<header>" + shown + "</header>" + far,
        far + "<footer><div>" + shown + "</div></footer>", far + "<aside>" + shown + "</aside>",
        far + "<div class='wide site-footer'><p>" + shown + "</div>",
        far + "<div role=contentinfo>" + shown + "</div>"}) {
    EXPECT_TRUE(places("<title>Berlin</title><h1>Berlin</h1>" + body,
                       "https://www.directory.example/berlin.html")
                    .empty())
        << body;
  }
}

TEST(PageTextTest, TakesANumberInTheContentForThatOfWhatThePageIsAbout) {
  for (const char* body :
       {"<main><header>Call: (512) 555-0133</header></main>", "<p>(512) 555-0133</p>",
        "<article><footer>(512) 555-0133</footer></article>",
        "<a href='tel:5125550133'>Call</a>"}) {
    const auto found = places("<title>Joe's Pizza</title><h1>Joe's Pizza</h1>" + std::string(body),
                              "https://www.directory.example/joes.html");
    ASSERT_EQ(found.size(), 1U) << body;
    EXPECT_EQ(found[0].fields["name"], "Joe's Pizza");
    EXPECT_EQ(found[0].fields["telephone"], "+15125550133");
    EXPECT_TRUE(found[0].last_resort);
  }
}

TEST(PageTextTest, TakesTheSitesNumberForThatOfTheSitesOwner) {
  const std::string title = "<title>Our services</title><h1>Our services</h1><p>a<p>b<p>c<p>d";
  for (const char* footer :
       {"<footer>Call (512) 555-0133<p>&copy; 2020 Joe's Pizza</footer>",
        "<a href='tel:5125550133'>Call</a><img alt=\"Joe's Pizza logo\">",
        "<meta property='og:site_name' content=\"Joe's Pizza\"><footer>(512) 555-0133</footer>"}) {
    const auto found = places(title + footer, "https://www.example.com/services.html");
    ASSERT_EQ(found.size(), 1U) << footer;
    EXPECT_EQ(found[0].fields["name"], "Joe's Pizza");
  }
  const std::string home = "<title>Joe's Pizza</title><p>a<p>b<p>c<footer>(512) 555-0133</footer>";
  for (const char* path : {"", "index.html", "contact-us", "kontakt.html"}) {
    EXPECT_EQ(places(home, std::string("https://www.example.com/") + path).size(), 1U) << path;
  }
  EXPECT_TRUE(places(home, "https://www.example.com/contacts-of-the-rich").empty());
  EXPECT_TRUE(places(home, "https://www.example.com/joe").empty());
}

TEST(PageTextTest, GivesAListedPlaceNothingOfTheSites) {
  const auto found = places(
      "<title>Joe's Pizza</title><h1>Joe's Pizza</h1><p>5 Elm St<br>Austin, TX 78701<br>"
      "512-555-0177</p>" +
          std::string(40, 'x') +
          "<p>a<p>b<p>c<p>d<p>e<p>f<p>g<p>h<footer>"
          "(512) 555-0133 <a href='mailto:info@directory.example'>Mail</a><p>"
          "<a href='https://www.facebook.com/directory'>Us</a></footer>",
      "https://www.directory.example/joes.html");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].fields["telephone"], "+15125550177");
  EXPECT_FALSE(found[0].fields.contains("email"));
  EXPECT_FALSE(found[0].fields.contains("sameAs"));
  EXPECT_FALSE(found[0].last_resort);
}

TEST(PageTextTest, TakesNoEndOfANumberForAPostalCode) {
  const auto found = places(
      "<html lang=de><title>Jäger</title><h2>Praxis Jäger</h2><p>Wir.</p><p>Lindenallee 120, "
      "80310 München</p><p>Tel. +49 89 212 72784</p><h2>Praxis Hartmann</h2><p>Seit heute.</p>"
      "<p>Schönhauser Weg 37, 80383 München</p><p>Tel. (089) 213 73037</p>",
      "http://localhost/praxen");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].fields["name"], "Praxis Jäger");
  EXPECT_EQ(found[0].fields["telephone"], "+498921272784");
  EXPECT_EQ(found[1].fields["name"], "Praxis Hartmann");
}

TEST(PageTextTest, ListsWhatItFoundWithItsLine) {
  const json items = PageText().items(
      parse("<p>Tel 512-555-0133</p><p>5 Elm St, Austin TX 78701</p><p>Mon-Fri 9-5</p>"));
  EXPECT_EQ(items["phones"],
            json::parse(R"([{"text":"512-555-0133","line":1,"e164":"+15125550133"}])"));
  EXPECT_EQ(items["streets"], json::parse(R"([{"text":"5 Elm St","line":2}])"));
  EXPECT_EQ(items["postcodes"], json::parse(R"([{"text":"78701","line":2}])"));
  EXPECT_EQ(items["hours"],
            json::parse(R"([{"text":"Mon-Fri 9-5","line":3,"osm":"Mo-Fr 09:00-17:00"}])"));
  EXPECT_TRUE(items["faxes"].empty());
}

TEST(PageTextTest, SurvivesHostilePages) {
  std::string digits;
  std::string lines;
  std::string days;
  for (int i = 0; i < 20'000; ++i) {
    digits += "+1 (206) 588-2075 98104 ";
    lines += "<br>5 Elm St, Austin TX 78701";
    days += "Mo-Fr 9-5, ";
  }
  for (const std::string& text : {digits, lines, days, std::string(400'000, '1'),
                                  std::string(400'000, '('), std::string(400'000, ',')}) {
    EXPECT_LE(places("<title>Acme Tools</title><p>" + text).size(), 200U);
  }
}

TEST(PageContactsTest, RanksTheOwnDomainFirstAndLeavesSharingOut) {
  const PageContacts contacts = page_contacts(parse(
      R"(<a href="mailto:web@agency.example">a</a><a href="MAILTO:Shop@Acme-Tools.com?x=1">b</a>
      <a href="https://twitter.com/intent/tweet?text=x">t</a><a href="https://x.com/acme">x</a>
      <a href="https://www.instagram.com/p/Cxyz/">post</a><a href="https://www.instagram.com/acme/">i</a>
      <a href="https://www.facebook.com/">f</a><a href="https://facebook.com/acme">f</a>
      <a href="https://facebook.com/other">f</a>)"));
  EXPECT_EQ(contacts.emails,
            (std::vector<std::string>{"Shop@acme-tools.com", "web@agency.example"}));
  EXPECT_EQ(contacts.profiles,
            (std::vector<std::string>{"https://x.com/acme", "https://www.instagram.com/acme/",
                                      "https://facebook.com/acme"}));
}

}  // namespace
}  // namespace placer
