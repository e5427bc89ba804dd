#include "scraper/extract/microformats/classes.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::size_t kMostNames = 16;  // of one element that count

constexpr ClassicVocabulary kCard = 1;
constexpr ClassicVocabulary kAdr = 2;
constexpr ClassicVocabulary kGeo = 4;
constexpr ClassicVocabulary kReview = 8;
constexpr ClassicVocabulary kAggregate = 16;
constexpr ClassicVocabulary kEvent = 32;
constexpr ClassicVocabulary kEntry = 64;
constexpr ClassicVocabulary kReviews = kReview | kAggregate;

struct ClassicRoot {
  std::string_view class_name;
  std::string_view type;
  ClassicVocabulary vocabulary;
};
constexpr ClassicRoot kClassicRoots[] = {
    {"adr", "h-adr", kAdr},        {"geo", "h-geo", kGeo},
    {"hentry", "h-entry", kEntry}, {"hreview", "h-review", kReview},
    {"vcard", "h-card", kCard},    {"hreview-aggregate", "h-review-aggregate", kAggregate},
    {"vevent", "h-event", kEvent},
};

// Most class names can be no root by their first letter.
constexpr bool begins_root_name(char first) {
  return first == 'h' || std::ranges::any_of(kClassicRoots, [first](const ClassicRoot& root) {
           return root.class_name.front() == first;
         });
}

struct ClassicProperty {
  std::string_view class_name;
  ClassicVocabulary vocabularies;
  PropertyKind kind;
  std::string_view name;
};
constexpr PropertyKind kText = PropertyKind::kText;
constexpr PropertyKind kUrl = PropertyKind::kUrl;
constexpr PropertyKind kTime = PropertyKind::kTime;
constexpr ClassicProperty kClassicProperties[] = {
    {"additional-name", kCard, kText, "additional-name"},
    {"adr", kCard, kText, "adr"},
    {"attendee", kEvent, kText, "attendee"},
    {"author", kEntry, kText, "author"},
    {"average", kAggregate, kText, "average"},
    {"bday", kCard, kTime, "bday"},
    {"best", kReviews, kText, "best"},
    {"category", kCard | kEvent | kEntry | kReview, kText, "category"},
    {"count", kAggregate, kText, "count"},
    {"country-name", kCard | kAdr, kText, "country-name"},
    {"description", kEvent, kText, "description"},
    {"description", kReview, PropertyKind::kMarkup, "content"},
    {"dtend", kEvent, kTime, "end"},
    {"dtreviewed", kReview, kTime, "published"},
    {"dtstart", kEvent, kTime, "start"},
    {"email", kCard, kUrl, "email"},
    {"entry-content", kEntry, PropertyKind::kMarkup, "content"},
    {"entry-summary", kEntry, kText, "summary"},
    {"entry-title", kEntry, kText, "name"},
    {"extended-address", kCard | kAdr, kText, "extended-address"},
    {"family-name", kCard, kText, "family-name"},
    {"fn", kCard | kReviews, kText, "name"},
    {"geo", kCard | kEvent, kText, "geo"},
    {"given-name", kCard, kText, "given-name"},
    {"honorific-prefix", kCard, kText, "honorific-prefix"},
    {"honorific-suffix", kCard, kText, "honorific-suffix"},
    {"item", kReviews, kText, "item"},
    {"key", kCard, kUrl, "key"},
    {"label", kCard, kText, "label"},
    {"latitude", kCard | kGeo, kText, "latitude"},
    {"locality", kCard | kAdr, kText, "locality"},
    {"location", kEvent, kText, "location"},
    {"logo", kCard, kUrl, "logo"},
    {"longitude", kCard | kGeo, kText, "longitude"},
    {"nickname", kCard, kText, "nickname"},
    {"note", kCard, kText, "note"},
    {"org", kCard, kText, "org"},
    {"organization-name", kCard, kText, "organization-name"},
    {"organization-unit", kCard, kText, "organization-unit"},
    {"organizer", kEvent, kText, "organizer"},
    {"photo", kCard | kReview, kUrl, "photo"},
    {"post-office-box", kCard | kAdr, kText, "post-office-box"},
    {"postal-code", kCard | kAdr, kText, "postal-code"},
    {"published", kEntry, kTime, "published"},
    {"rating", kReviews, kText, "rating"},
    {"region", kCard | kAdr, kText, "region"},
    {"rev", kCard, kTime, "rev"},
    {"reviewer", kReview, kText, "author"},
    {"role", kCard, kText, "role"},
    {"street-address", kCard | kAdr, kText, "street-address"},
    {"summary", kReviews | kEvent, kText, "name"},
    {"tel", kCard, kText, "tel"},
    {"title", kCard, kText, "job-title"},
    {"tz", kCard, kText, "tz"},
    {"uid", kCard, kUrl, "uid"},
    {"updated", kEntry, kTime, "updated"},
    {"url", kCard | kEvent | kReview, kUrl, "url"},
    {"votes", kAggregate, kText, "votes"},
    {"worst", kReviews, kText, "worst"},
};

constexpr std::string_view kKnownTypes[] = {
    "h-adr",     "h-app",    "h-card",    "h-cite",
    "h-entry",   "h-event",  "h-feed",    "h-geo",
    "h-item",    "h-org",    "h-product", "h-recipe",
    "h-listing", "h-resume", "h-review",  "h-review-aggregate"};

struct Prefix {
  std::string_view text;
  PropertyKind kind;
};
constexpr Prefix kPrefixes[] = {{"p-", PropertyKind::kText},
                                {"u-", PropertyKind::kUrl},
                                {"dt-", PropertyKind::kTime},
                                {"e-", PropertyKind::kMarkup}};

std::string_view classes_of(Node element) { return element.attribute("class").value_or(""); }

// The next name of a class attribute, cut off its front; empty at the end.
std::string_view next_name(std::string_view& rest) {
  while (!rest.empty() && ascii::is_space(rest.front())) rest.remove_prefix(1);
  std::size_t end = 0;
  while (end < rest.size() && !ascii::is_space(rest[end])) ++end;
  const std::string_view name = rest.substr(0, end);
  rest.remove_prefix(end);
  return name;
}

// What may follow a prefix: words of a-z joined by '-', the first of several (a vendor's prefix)
// also with digits.
bool is_microformat_name(std::string_view name) {
  bool first = true;
  while (true) {
    const std::size_t end = std::min(name.find('-'), name.size());
    const bool digits = first && end < name.size();
    const bool fits = std::ranges::all_of(name.substr(0, end), [digits](char c) {
      return (c >= 'a' && c <= 'z') || (digits && ascii::is_digit(c));
    });
    if (end == 0 || !fits) return false;
    if (end == name.size()) return true;
    name.remove_prefix(end + 1);
    first = false;
  }
}

bool is_root_name(std::string_view name, Roots roots) {
  if (!name.starts_with("h-") || !is_microformat_name(name.substr(2))) return false;
  return roots == Roots::kAll || std::ranges::find(kKnownTypes, name) != std::end(kKnownTypes);
}

void add_property(const PropertyClass& property, std::vector<PropertyClass>& found) {
  if (found.size() < kMostNames && std::ranges::find(found, property) == found.end()) {
    found.push_back(property);
  }
}

}  // namespace

RootClasses root_classes(Node element, Roots roots) {
  RootClasses found;
  RootClasses classic;
  std::string_view rest = classes_of(element);
  for (auto name = next_name(rest); !name.empty(); name = next_name(rest)) {
    if (!begins_root_name(name.front())) continue;
    if (is_root_name(name, roots)) {
      if (found.types.size() < kMostNames) found.types.emplace_back(name);
      continue;
    }
    const auto* const root = std::ranges::find(kClassicRoots, name, &ClassicRoot::class_name);
    if (root == std::end(kClassicRoots) || (classic.classic & root->vocabulary) != 0) continue;
    classic.types.emplace_back(root->type);
    classic.classic |= root->vocabulary;
  }
  if (found.types.empty()) found = std::move(classic);
  std::ranges::sort(found.types);
  found.types.erase(std::unique(found.types.begin(), found.types.end()), found.types.end());
  return found;
}

std::vector<PropertyClass> property_classes(Node element, ClassicVocabulary classic) {
  std::vector<PropertyClass> found;
  std::string_view rest = classes_of(element);
  for (auto name = next_name(rest); !name.empty(); name = next_name(rest)) {
    if (classic != 0) {
      for (const ClassicProperty& property : kClassicProperties) {
        if (property.class_name != name || (property.vocabularies & classic) == 0) continue;
        add_property({property.kind, property.name}, found);
      }
      continue;
    }
    for (const Prefix& prefix : kPrefixes) {
      if (!name.starts_with(prefix.text)) continue;
      const std::string_view property = name.substr(prefix.text.size());
      if (is_microformat_name(property)) add_property({prefix.kind, property}, found);
    }
  }
  return found;
}

bool has_class(Node element, std::string_view wanted) {
  std::string_view rest = classes_of(element);
  for (auto name = next_name(rest); !name.empty(); name = next_name(rest)) {
    if (name == wanted) return true;
  }
  return false;
}

}  // namespace placer
