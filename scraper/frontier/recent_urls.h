// What was decided about the URLs found most recently.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scraper/storage.h"

namespace placer {

// Most links of a page stand on the page before it too. This cache, of a fixed size, answers for
// them; what it does not know may still have been found. A later decision on a URL replaces the
// earlier one at once, so it never holds a stale answer.
class RecentUrls {
 public:
  RecentUrls() : slots_(kSlots) {}

  // Nothing when it is not known here. REQUIRES: fingerprint != 0, here and in set().
  std::optional<Known> find(std::uint64_t fingerprint) const {
    const Slot& slot = slots_[fingerprint % kSlots];
    if (slot.fingerprint != fingerprint) return std::nullopt;
    Known known;
    known.found = true;
    if (slot.reason >= 0) known.filtered_as = static_cast<FilterReason>(slot.reason);
    return known;
  }

  void set(std::uint64_t fingerprint, std::optional<FilterReason> filtered_as) {
    const auto reason = filtered_as ? static_cast<std::int32_t>(*filtered_as) : kAccepted;
    slots_[fingerprint % kSlots] = {fingerprint, reason};
  }

 private:
  static constexpr std::size_t kSlots = std::size_t{1} << 17;  // 2 MiB
  static constexpr std::int32_t kAccepted = -1;
  struct Slot {
    std::uint64_t fingerprint = 0;
    std::int32_t reason = kAccepted;
  };
  std::vector<Slot> slots_;
};

}  // namespace placer
