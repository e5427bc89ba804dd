// What mutated pages are made of besides generated sites.
#pragma once

#include <string_view>

namespace placer::fuzz {

// Small pages, one idea each.
inline constexpr std::string_view kPages[] = {
    R"(<div class="h-card" id=a lang=de><a class="p-name u-url" href="/x">Inn</a><img class="u-photo"
src=a.png alt=A><p class="p-adr h-adr"><i class="p-street-address">Main St 1</i><i class="p-locality">
Town</i><i class="p-country-name">Germany</i></p><data class="p-geo" value="geo:52.5,13.4"></data>
<i class="p-tel">+49 30 1234567</i><i class="dt-hours">Mo-Fr 09:00-17:00</i></div>)",
    R"(<div class=hreview-aggregate><div class="item vcard"><span class="fn org">Cafe</span><div class=adr>
<span class=street-address>1 High St</span><span class=postal-code>SW1A 1AA</span></div><abbr class=geo
title="51.5;-0.1">x</abbr><p class=tel><i class=type>Fax</i> <i class=value>020 7946 0000</i></p></div>
<p class=rating><i class=average>4.5</i>/<i class=best>5</i></p><i class=votes>12</i></div>)",
    R"(<div vocab="https://schema.org/" typeof="Restaurant" resource="#r" prefix="geo: http://x/"><b
property="name">Grill</b><div property=address typeof=PostalAddress><i property=streetAddress>Rue 1</i>
<i property=addressLocality>Lyon</i></div><meta property=telephone content="+33 1 23 45 67 89"><div
property=geo typeof=GeoCoordinates><meta property=latitude content=45.7><meta property=longitude
content=4.8></div><a rel=url href="http://grill.example/">x</a></div>)",
    R"(<html prefix="og: http://ogp.me/ns#"><meta property="og:type" content="restaurant.restaurant"><meta
property="og:title" content="Bar"><meta property="place:location:latitude" content="40.7"><meta
property="place:location:longitude" content="-74"><meta name="geo.position" content="40.7;-74"><meta
name=ICBM content="40.7, -74"><meta name="geo.placename" content="New York"><meta name="geo.region"
content="US-NY"><meta property="business:contact_data:phone_number" content="+1 212 555 0100"><meta
property="business:hours:day" content=monday>)",
    R"(<script id=__NEXT_DATA__ type="application/json">{"props":{"pageProps":{"stores":[{"id":7,
"storeName":"North","address":{"street":"Elm St","houseNumber":"5","zip":"12345","city":"Town"},"lat":
51.1,"lng":"7.2","phone":"030 1234567","openingHours":{"monday":"9:00 - 17:00","sunday":null}}]}}}
</script><script>window.__STATE__ = {stores:[{name:'South',latitude:1.5,longitude:2.5}]};
self.__next_f.push([1,"5:{\"locations\":[{\"title\":\"West\"}]}"])</script>)",
    R"(<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@id":"#a","@type":
["Hotel","LocalBusiness"],"name":"H","department":{"@id":"#b"},"openingHoursSpecification":[{"dayOfWeek":
["Monday"],"opens":"09:00","closes":"02:00","validFrom":"2024-01-01"}]},{"@id":"#b","@type":"Store",
"containedInPlace":{"@id":"#a"},"geo":{"latitude":"1,5","longitude":2e1}}]}</script>)",
    R"(<title>Contact - Bakery</title><h1>Bakery</h1><footer>Bakery Ltd, 12 High Street, London SW1A 1AA<br>
Tel: 020 7946 0000, Fax 020 7946 0001, hi@bakery.example<br>Mon-Fri 9am-5pm, Sat 10-2, Sun closed<br>
<a href="https://www.google.com/maps/place/x/@51.5,-0.1,17z">map</a><a href="tel:+442079460000">call</a>
<table><tr><th>Montag<td>8-12 Uhr, 14-18 Uhr<tr><th>Dienstag<td>geschlossen</table></footer>)",
    R"(<div itemscope itemtype="http://schema.org/Store" itemref="x y" id=z><b itemprop=name>S</b></div><p
id=x itemprop=address itemscope itemtype="http://schema.org/PostalAddress" itemref=z><i
itemprop=streetAddress>A 1</i></p><p id=y><time itemprop=openingHours datetime="Mo-Su"></time></p>)",
};

inline constexpr std::string_view kAttributes[] = {
    " class=\"h-card\"",
    " class=\"vcard\"",
    " class=\"h-adr p-adr\"",
    " class=\"adr\"",
    " class=\"geo\"",
    " class=\"h-geo p-geo\"",
    " class=\"p-name u-url dt-x e-y\"",
    " class=\"fn org\"",
    " class=\"tel\"",
    " class=\"value\"",
    " class=\"value-title\" title=\"1;2\"",
    " class=\"hreview-aggregate\"",
    " class=\"item\"",
    " class=\"p-street-address\"",
    " itemscope",
    " itemscope itemtype=\"http://schema.org/Cafe\"",
    " itemscope itemtype=\"http://schema.org/PostalAddress\" itemprop=address",
    " itemprop=\"name\"",
    " itemprop=\"telephone email url\"",
    " itemprop=\"geo\" itemscope",
    " itemref=\"a b x y z\"",
    " id=\"a\"",
    " id=\"x\"",
    " itemid=\"urn:x\"",
    " vocab=\"http://schema.org/\"",
    " typeof=\"LocalBusiness\"",
    " typeof=\"schema:Place gr:Location\"",
    " property=\"name\"",
    " property=\"og:title\"",
    " property=\"address\" typeof=\"PostalAddress\"",
    " resource=\"#a\"",
    " about=\"_:b0\"",
    " rel=\"schema:geo\"",
    " prefix=\"a: http://schema.org/ b:\"",
    " content=\"\xF0\x9F\x8D\x95 &amp;amp;lt;b&gt;\"",
    " content=\"\"",
    " href=\"tel:+49301234567;ext=5\"",
    " href=\"//[::1\"",
    " src=\"data:,x\"",
    " lang=\"ja\"",
    " datetime=\"2024-02-30T25:61Z\"",
    " hidden",
};

inline constexpr std::string_view kTokens[] = {
    "<div>",
    "</div>",
    "<table>",
    "<tr><td>",
    "<p>",
    "<svg>",
    "<math>",
    "<template>",
    "<noscript>",
    "<select>",
    "<b><i><u>",
    "<a href=\"",
    "<base href=\"http://[\">",
    "<base href=\"/x/\">",
    "<script type=\"application/ld+json\">",
    "<script>",
    "</script>",
    "<style>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<meta http-equiv=refresh content=\"0;url=x\">",
    "<meta name=\"geo.position\" content=\"1;2\">",
    "<meta property=\"og:latitude\" content=\"",
    "<link rel=canonical href=\"http://example.org/\">",
    "<br>",
    "<img alt=\"",
    "&nbsp;",
    "&#0;",
    "&#x80;",
    "&#xD800;",
    "&#x10FFFF;",
    "&amp;#10;",
    "&lt;script&gt;",
    "\"",
    "'",
    "\\u0000",
    "\\u0085",
    "\\ud83d",
    "\\udf55\\ud83d",
    "\\\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ",,",
    "{}",
    "[]",
    "null",
    "true",
    "/*",
    "//",
    "\"@graph\":[",
    "\"@id\":\"#a\",",
    "\"@type\":\"Restaurant\",",
    "\"@type\":[\"Place\",[\"Cafe\"],null],",
    "\"@context\":{\"@vocab\":\"http://schema.org/\"},",
    "\"@value\":",
    "\"@reverse\":{",
    "\"name\":",
    "\"address\":\"1 Main St\\n12345 Town\",",
    "\"location\":[",
    "\"openingHours\":\"Mo-Su 00:00-24:00\",",
    "\"telephone\":[\"1-800-FLOWERS\",\"tel:+1\",1e300],",
    "\"sameAs\":\"https://www.facebook.com/x\",",
    "\"geo\":\"1,2\",",
    "\"identifier\":{\"value\":{}},",
    "\xC2\x85",
    "\xE2\x80\xAE",
    "\xEF\xBF\xBE",
    "\xED\xA0\x80",
    "\xC0\x80",
    "\xFF\xFE",
    "\x1B$B",
    "\x1B",
    "\x7F",
    std::string_view("\0", 1),
    "\r\n\t",
    "Mo,Tu 25:00-03:00; PH off",
    "Mon - Fri: 9 a.m. - 5 p.m.",
    "Lundi au vendredi 9h30-12h",
    "24/7",
    "+44 (0)20 7946 0000 ext. 12 / 13",
    "D-10115 Berlin",
    "geo:91,181;u=1",
    "N 37\xC2\xB0 24.491",
};

inline constexpr std::string_view kNumbers[] = {
    "0",
    "-1",
    "1e999",
    "-0.0",
    "1e-400",
    "NaN",
    "Infinity",
    "0x10",
    "90.0",
    "180.0000000000000000000001",
    "00000000",
    "2147483648",
    "9223372036854775808",
    "1,5",
    "1.234.567,89",
    "123456789012345678901234567890123456789012345678901234567890"};

inline constexpr std::string_view kCharsets[] = {
    "<meta charset=windows-1252>",
    "<meta charset=utf-16>",
    "<meta charset=\"shift_jis\">",
    "<meta http-equiv=content-type content=\"text/html; charset=gb18030\">",
    "<meta charset=x-user-defined>",
    "<meta charset=iso-2022-jp>",
    "<?xml version=\"1.0\" encoding=\"euc-jp\"?>",
    "\xEF\xBB\xBF",
    "\xFE\xFF",
    "\xFF\xFE"};

}  // namespace placer::fuzz
