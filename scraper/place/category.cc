#include "scraper/place/category.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "scraper/extract/schema/types.h"
#include "scraper/place/text.h"

namespace placer {
namespace {

struct Tag {
  std::string_view type;
  std::string_view tag;
};

// Sorted by type. Tags by https://wiki.openstreetmap.org/wiki/Map_features.
constexpr Tag kTags[] = {
#include "scraper/place/category.inc"
};

static_assert(std::is_sorted(std::begin(kTags), std::end(kTags),
                             [](const Tag& a, const Tag& b) { return a.type < b.type; }));

std::string_view own_tag(std::string_view type) {
  const Tag* found = std::lower_bound(std::begin(kTags), std::end(kTags), type,
                                      [](const Tag& a, std::string_view b) { return a.type < b; });
  return found != std::end(kTags) && found->type == type ? found->tag : std::string_view{};
}

}  // namespace

std::optional<std::string> category_of_type(std::string_view type) {
  constexpr std::size_t kMostTypes = 50;  // more than any type has ancestors
  std::deque<std::string_view> nearest = {type};
  for (std::size_t seen = 0; !nearest.empty() && seen < kMostTypes; ++seen) {
    const SchemaType* known = find_schema_type(nearest.front());
    nearest.pop_front();
    if (known == nullptr) continue;
    if (const std::string_view tag = own_tag(known->name); !tag.empty()) return std::string(tag);
    for (const std::string_view parent : split_any(known->parents, " ")) nearest.push_back(parent);
  }
  return std::nullopt;
}

std::optional<std::string> category_of(std::span<const std::string> types) {
  if (auto tag = category_of_type(most_specific_type(types))) return tag;
  for (const std::string& type : types) {
    if (auto tag = category_of_type(type)) return tag;
  }
  return std::nullopt;
}

}  // namespace placer
