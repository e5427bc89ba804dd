// Values of microformats properties: what an element says as p-*, u-*, dt-* or e-*
// (https://microformats.org/wiki/microformats2-parsing, "parsing a p- property" and so on), with
// the value class pattern, and what an item implies.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/extract/microformats/items.h"

namespace placer {

class MicroformatValues {
 public:
  explicit MicroformatValues(const Page& page) : page_(page) {}

  // Fills in what `property`.element says, as `property`.kind, in `item`. `last_date` is the item's
  // (time.h).
  void read(const MicroformatItem& item, std::string& last_date, MicroformatProperty& property);

  // Adds name, photo and url where `item` implies them ("parsing for implied properties").
  void imply(MicroformatItem& item);

  // False when the page's work is used up. One unit: a node to look at, eight bytes to copy.
  bool spend(std::size_t work);

 private:
  std::optional<std::vector<std::string>> value_classes(Node element, ClassicVocabulary classic);
  std::string value_class_text(Node element, ClassicVocabulary classic);
  std::string part_of(Node element);
  std::string text_value(Node element, ClassicVocabulary classic);
  std::string time_value(Node element, ClassicVocabulary classic, std::string& last_date);
  void url_value(Node element, ClassicVocabulary classic, MicroformatProperty& property);
  enum class Images : unsigned char { kAlternative, kAlternativeOrSource };
  std::string text_of(Node element, Images images);
  std::string absolute(std::string_view reference) const;
  std::string language_of(Node element, Node item);
  std::optional<std::string> implied_name(Node element);
  std::optional<MicroformatProperty> implied_photo(Node element);
  std::optional<std::string> implied_url(Node element) const;

  const Page& page_;
  std::size_t work_ = 2'000'000;  // that is left
};

}  // namespace placer
