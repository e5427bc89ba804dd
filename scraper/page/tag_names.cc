#include "scraper/page/tag_names.h"

#include <array>
#include <cstdint>

namespace placer {
namespace {

constexpr std::size_t kLongest = 8;  // of a name that is packed into one word
constexpr std::size_t kSlots = 1024;

std::uint64_t packed(std::string_view name) {
  std::uint64_t word = 0;
  for (const char c : name) word = word << 8 | static_cast<std::uint8_t>(c);
  return word;
}

std::size_t slot_of(std::uint64_t word) { return (word * 0x9E3779B97F4A7C15U) >> 54; }

// Names of at most eight octets by their packed word, with open addressing.
class ShortNames {
 public:
  ShortNames() {
    tags_.fill(GUMBO_TAG_UNKNOWN);
    for (int i = 0; i < GUMBO_TAG_UNKNOWN; ++i) {
      const auto tag = static_cast<GumboTag>(i);
      const std::string_view name = name_of_tag(tag);
      if (name.empty() || name.size() > kLongest) continue;
      std::size_t slot = slot_of(packed(name));
      while (words_[slot] != 0) slot = (slot + 1) % kSlots;
      words_[slot] = packed(name);
      tags_[slot] = tag;
    }
  }

  GumboTag find(std::string_view name) const {
    const std::uint64_t word = packed(name);
    for (std::size_t slot = slot_of(word); words_[slot] != 0; slot = (slot + 1) % kSlots) {
      if (words_[slot] == word) return tags_[slot];
    }
    return GUMBO_TAG_UNKNOWN;
  }

 private:
  std::array<std::uint64_t, kSlots> words_{};
  std::array<GumboTag, kSlots> tags_{};
};

}  // namespace

GumboTag tag_of_name(std::string_view name) {
  static const ShortNames short_names;
  if (name.size() <= kLongest) return short_names.find(name);
  return gumbo_tagn_enum(name.data(), static_cast<unsigned>(name.size()));
}

std::string_view name_of_tag(GumboTag tag) {
  static const auto names = [] {
    std::array<std::string_view, GUMBO_TAG_LAST> table;
    for (int i = 0; i < GUMBO_TAG_LAST; ++i) {
      table[static_cast<std::size_t>(i)] = gumbo_normalized_tagname(static_cast<GumboTag>(i));
    }
    return table;
  }();
  return names[static_cast<std::size_t>(tag)];
}

}  // namespace placer
