// Gumbo's numbers for the names of elements.
#pragma once

#include <gumbo.h>

#include <cstdint>
#include <string_view>

namespace placer {

// A name in lower case, as it is read: the octets of one that has at most eight are its key.
class TagName {
 public:
  void add(char lower) {
    key_ = key_ << 8 | static_cast<std::uint8_t>(lower);
    ++size_;
  }

  // GUMBO_TAG_UNKNOWN when Gumbo knows no such name. `name` is the whole again.
  GumboTag tag(std::string_view name) const;

 private:
  std::uint64_t key_ = 0;
  unsigned size_ = 0;
};

// In lower case. REQUIRES: not GUMBO_TAG_UNKNOWN.
std::string_view name_of_tag(GumboTag tag);

}  // namespace placer
