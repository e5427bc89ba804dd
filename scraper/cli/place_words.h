// What people type to say which places they mean: "cafes in Berlin near 52.52,13.40 within 2km
// open now", in English or German.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "scraper/cli/command.h"
#include "storage/place_query.h"

namespace placer::cli {

// "52.52,13.40": degrees, latitude first.
std::optional<Position> parse_position(std::string_view text);

// "500m", "2km", "1mi" or metres; above 0.
std::optional<double> parse_distance(std::string_view text);

// Everyday words and their categories: a list of placer's own, the types of schema.org, OSM's
// values, and the categories that a database has.
class CategoryWords {
 public:
  // `present`: values of place.category.
  explicit CategoryWords(const std::vector<std::string>& present);

  // The categories that words (at most four) mean together, singular or plural, in any case and
  // with or without accents: "Coffee shops" -> {"amenity=cafe"}. Tags stand for themselves:
  // "amenity=cafe". Empty: no such word.
  std::vector<std::string> categories(std::string_view words) const;

  // The word that may have been meant; empty: none is near.
  std::string meant(std::string_view word) const;

 private:
  void add(std::string_view phrase, const std::string& category, bool with_plural);

  std::map<std::string, std::vector<std::string>, std::less<>> words_;  // by folded phrase
};

// Adds what `words` say to `query`. Words that are nobody's keyword and no category are its text.
// The error is a message for people.
tl::expected<void, std::string> add_words(const std::vector<std::string>& words,
                                          const CategoryWords& vocabulary, PlaceQuery& query);

// Options that `query` and `export` share, as they were written.
struct PlaceFilterText {
  std::string near;
  std::string within = "1km";
  std::string category;  // tags or words, separated by commas
  std::string open_at;
};

// --near, --within and --category.
void add_filters_to(Command& command, PlaceFilterText& filter);

tl::expected<void, std::string> add_filters(const PlaceFilterText& text,
                                            const CategoryWords& vocabulary, PlaceQuery& query);

}  // namespace placer::cli
