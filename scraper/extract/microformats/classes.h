// What class names mean in microformats: roots and properties, of microformats 2 and classic.
//
// https://microformats.org/wiki/microformats2-parsing; the classic ones by the "backward
// compatibility" sections of https://microformats.org/wiki/h-card, h-adr, h-geo, h-review, h-event
// and h-entry. Class names are case-sensitive.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/page/tree.h"

namespace placer {

enum class PropertyKind : std::uint8_t {
  kText,    // p-*
  kUrl,     // u-*
  kTime,    // dt-*
  kMarkup,  // e-*
};

// The classic vocabularies of an item, as bits: "vcard adr" is both. 0: none, a microformats 2
// item.
using ClassicVocabulary = std::uint8_t;

struct RootClasses {
  std::vector<std::string> types;  // "h-card"; sorted, each once. Empty: the element is no root
  ClassicVocabulary classic = 0;
};

struct PropertyClass {
  PropertyKind kind;
  std::string_view name;  // "org" of "p-org"
  bool operator==(const PropertyClass&) const = default;
};

enum class Roots : std::uint8_t {
  kAll,    // every h-* name, as the specification has it
  kKnown,  // those of a vocabulary only; "h-full" and the like are layout
};

// Classic names count only where there is no h-* name.
RootClasses root_classes(Node element, Roots roots);

// The properties that `element` is of an item with that vocabulary, each once, in their order.
std::vector<PropertyClass> property_classes(Node element, ClassicVocabulary classic);

bool has_class(Node element, std::string_view name);

}  // namespace placer
