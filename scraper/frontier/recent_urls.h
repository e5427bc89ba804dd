// What was decided about the URLs found most recently.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scraper/storage.h"

namespace placer {

// Most links of a page stand on its neighbours too. This cache answers for them; what it does not
// know may still have been found. A later decision on a URL replaces the earlier one at once, so it
// never holds a stale answer.
//
// It grows with what it is given, up to 16 MiB: ten thousand hosts that take turns have a million
// links in their menus.
class RecentUrls {
 public:
  // Nothing when it is not known here.
  std::optional<Known> find(std::uint64_t fingerprint) const {
    const std::uint64_t slot = slots_[fingerprint & (slots_.size() - 1)];
    const std::uint64_t state = slot & kState;
    if (state == 0 || ((slot ^ fingerprint) & ~kState) != 0) return std::nullopt;
    Known known;
    known.found = true;
    if (state != kAccepted) known.filtered_as = static_cast<FilterReason>(state - kAccepted - 1);
    return known;
  }

  void set(std::uint64_t fingerprint, std::optional<FilterReason> filtered_as) {
    if (taken_ > slots_.size() / 4 && slots_.size() < kMostSlots) grow();
    const std::uint64_t state =
        filtered_as ? kAccepted + 1 + static_cast<std::uint64_t>(*filtered_as) : kAccepted;
    std::uint64_t& slot = slots_[fingerprint & (slots_.size() - 1)];
    if (slot == 0) ++taken_;
    slot = (fingerprint & ~kState) | state;
  }

 private:
  // A slot's lowest octet is a state; the fingerprint's own follows from where the slot stands.
  static constexpr std::uint64_t kState = 0xFF;
  static constexpr std::uint64_t kAccepted = 1;  // else 2 + FilterReason; 0: the slot is free
  static constexpr std::size_t kLeastSlots = std::size_t{1} << 12;
  static constexpr std::size_t kMostSlots = std::size_t{1} << 21;

  void grow() {
    std::vector<std::uint64_t> old(2 * slots_.size());
    old.swap(slots_);
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (old[i] == 0) continue;
      const std::uint64_t fingerprint = (old[i] & ~kState) | (i & kState);
      slots_[fingerprint & (slots_.size() - 1)] = old[i];
    }
  }

  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(kLeastSlots);  // a power of two
  std::size_t taken_ = 0;
};

}  // namespace placer
