// Places as pages state them: JSON-LD in its common shapes, microdata, and the HTML around both.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/web/places.h"
#include "tests/web/rng.h"

namespace placer::web {

std::string escape_html(std::string_view text);

// A script element with the places in one of the shapes found on the web: a bare object, a @graph
// with other entities, an array, or a place with the second one as its department.
std::string json_ld(const std::vector<GeneratedPlace>& places, const std::string& page_url,
                    Rng& rng);

// One element per place, with its visible text.
std::string microdata(const std::vector<GeneratedPlace>& places, Rng& rng);

// An h-card per place; it states no hours, rating or prices.
std::string h_cards(const std::vector<GeneratedPlace>& places);

// The same text without any annotation.
std::string plain_card(const GeneratedPlace& place);

struct Document {
  std::string title;
  std::string language;
  std::string charset;  // in a meta element; empty: not stated
  std::string canonical;
  std::string home = "/";  // where the navigation leads
  std::string head;        // more of the head, as HTML
  std::string main;
};

// A whole page with navigation, styles, scripts and comments around `main`.
std::string html(const Document& document);

std::string anchor(std::string_view href, std::string_view text);

// Paragraphs, lists and a table of `language` until `bytes` are reached; with `bulk` also what has
// few nodes and many bytes: scripts, styles, drawings and long prose.
std::string filler(Language language, std::size_t bytes, Rng& rng, bool bulk = false);

}  // namespace placer::web
