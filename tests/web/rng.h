// SplitMix64: the same numbers from the same seed on every machine and library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace placer::web {

class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  // One generator per (seed, item, purpose), so that item 7000 needs no other item.
  Rng(std::uint64_t seed, std::uint64_t item, std::uint64_t purpose)
      : state_(mix(mix(seed + 1) ^ (item * 0x9E3779B97F4A7C15ULL)) ^
               (purpose * 0xD1B54A32D192ED03ULL)) {}

  std::uint64_t next() { return mix(state_ += 0x9E3779B97F4A7C15ULL); }

  // 0 ... limit - 1; limit > 0.
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

  // 0 <= result < 1.
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  bool chance(double share) { return unit() < share; }

  template <class T, std::size_t N>
  const T& pick(const T (&items)[N]) {
    return items[below(N)];
  }
  template <class T>
  const T& pick(std::span<const T> items) {
    return items[below(items.size())];
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace placer::web
