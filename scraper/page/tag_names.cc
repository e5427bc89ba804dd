#include "scraper/page/tag_names.h"

#include <array>

namespace placer {
namespace {

constexpr std::size_t kSlots = 1024;

// REQUIRES: at most kLongestTagKey octets.
std::uint64_t key_of(std::string_view name) {
  std::uint64_t key = 0;
  for (std::size_t i = name.size(); i-- > 0;) key = key << 8 | static_cast<std::uint8_t>(name[i]);
  return key;
}

std::size_t slot_of(std::uint64_t key) { return (key * 0x9E3779B97F4A7C15U) >> 54; }

// By key, with open addressing.
class ShortNames {
 public:
  ShortNames() {
    tags_.fill(GUMBO_TAG_UNKNOWN);
    for (int i = 0; i < GUMBO_TAG_UNKNOWN; ++i) {
      const auto tag = static_cast<GumboTag>(i);
      const std::string_view name = gumbo_normalized_tagname(tag);
      if (name.empty() || name.size() > kLongestTagKey) continue;
      const std::uint64_t key = key_of(name);
      std::size_t slot = slot_of(key);
      while (keys_[slot] != 0) slot = (slot + 1) % kSlots;
      keys_[slot] = key;
      tags_[slot] = tag;
    }
  }

  GumboTag find(std::uint64_t key) const {
    std::size_t slot = slot_of(key);
    while (keys_[slot] != key && keys_[slot] != 0) slot = (slot + 1) % kSlots;
    return keys_[slot] == key ? tags_[slot] : GUMBO_TAG_UNKNOWN;
  }

 private:
  std::array<std::uint64_t, kSlots> keys_{};
  std::array<GumboTag, kSlots> tags_{};
};

}  // namespace

GumboTag tag_of_key(std::uint64_t key) {
  static const ShortNames short_names;
  return short_names.find(key);
}

GumboTag tag_of_name(std::string_view name) {
  if (name.size() <= kLongestTagKey) return tag_of_key(key_of(name));
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
