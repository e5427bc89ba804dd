// A set of hashes that remembers the recent ones and forgets the others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace placer {

// Two Bloom filters: the one that is written to takes the place of the other when it is full. It
// holds at least the last 200 hashes, and each that is inserted again remains; about one in fifteen
// that it does not hold seems to be in it.
class RecentSet {
 public:
  // True when the hash was (or seems to have been) there. It is, from now on.
  bool insert(std::uint64_t hash) {
    const bool known = contains(hash);
    if (!is_in(current_, hash)) {
      if (count_ >= kMost) {
        previous_ = current_;
        current_.fill(0);
        count_ = 0;
      }
      for (unsigned i = 0; i < kProbes; ++i) {
        const std::size_t bit = bit_of(hash, i);
        current_[bit / 8] = static_cast<std::uint8_t>(current_[bit / 8] | (1U << (bit % 8)));
      }
      ++count_;
    }
    return known;
  }

  bool contains(std::uint64_t hash) const {
    return is_in(current_, hash) || is_in(previous_, hash);
  }

  void clear() { *this = {}; }

  // Octets that decode() reads back.
  void encode(std::string& out) const {
    out += static_cast<char>(count_);
    out.append(current_.begin(), current_.end());
    out.append(previous_.begin(), previous_.end());
  }
  static constexpr std::size_t kEncoded = 1 + 2 * 192;
  // REQUIRES: text.size() == kEncoded. Any octets will do.
  void decode(std::string_view text) {
    count_ = static_cast<std::uint8_t>(text[0]);
    for (std::size_t i = 0; i < kOctets; ++i) {
      current_[i] = static_cast<std::uint8_t>(text[1 + i]);
      previous_[i] = static_cast<std::uint8_t>(text[1 + kOctets + i]);
    }
  }

 private:
  static constexpr std::size_t kOctets = 192;
  static constexpr std::uint8_t kMost = 200;
  static constexpr unsigned kProbes = 3;
  using Filter = std::array<std::uint8_t, kOctets>;

  static std::size_t bit_of(std::uint64_t hash, unsigned probe) {
    hash *= 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>((hash >> (16 * probe + 4)) % (kOctets * 8));
  }
  static bool is_in(const Filter& filter, std::uint64_t hash) {
    for (unsigned i = 0; i < kProbes; ++i) {
      const std::size_t bit = bit_of(hash, i);
      if (((filter[bit / 8] >> (bit % 8)) & 1U) == 0) return false;
    }
    return true;
  }

  Filter current_{};
  Filter previous_{};
  std::uint8_t count_ = 0;
};

}  // namespace placer
