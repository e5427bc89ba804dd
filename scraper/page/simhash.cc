#include "scraper/page/simhash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "scraper/ascii.h"
#include "scraper/page/octet_search.h"

namespace placer {
namespace {

__extension__ using Product = unsigned __int128;

// Each bit of the result depends on each of `x`: a product of 128 bits, folded.
std::uint64_t mixed(std::uint64_t x) {
  const Product product = Product{x ^ 0x9E3779B97F4A7C15U} * 0xA0761D6478BD642FU;
  return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
}

constexpr std::size_t kBlock = 64;  // octets looked at together

// One bit for each octet of a block.
struct OctetKinds {
  std::uint64_t words = 0;   // letters, digits and what is not ASCII
  std::uint64_t digits = 0;  // those of them that are digits
};

// REQUIRES: `octets` are kBlock.
#ifdef __SSE2__
OctetKinds kinds_of(const char* octets) {
  OctetKinds kinds;
  for (std::size_t i = 0; i < kBlock; i += 16) {
    const __m128i some = load_16(octets + i);
    const std::uint64_t digits = octets_in_range(some, '0', 10);
    const std::uint64_t letters = octets_in_range(_mm_or_si128(some, _mm_set1_epi8(0x20)), 'a', 26);
    const auto others = static_cast<unsigned>(_mm_movemask_epi8(some));
    kinds.words |= (digits | letters | others) << i;
    kinds.digits |= digits << i;
  }
  return kinds;
}
#else
OctetKinds kinds_of(const char* octets) {
  OctetKinds kinds;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const char c = octets[i];
    const std::uint64_t bit = std::uint64_t{1} << i;
    const bool digit = ascii::is_digit(c);
    if (digit || ascii::is_letter(c) || static_cast<std::uint8_t>(c) >= 0x80) kinds.words |= bit;
    if (digit) kinds.digits |= bit;
  }
  return kinds;
}
#endif

static_assert(std::endian::native == std::endian::little, "octets are read in this order");

// Letters count the same in upper and lower case. REQUIRES: eight octets follow the word.
std::uint64_t hash_of_word(const char* word, std::size_t size) {
  constexpr std::uint64_t kLower = 0x2020202020202020U;
  std::uint64_t hash = 0;
  std::uint64_t eight = 0;
  for (; size > sizeof eight; size -= sizeof eight) {
    std::memcpy(&eight, word, sizeof eight);
    hash = mixed(hash + (eight | kLower));
    word += sizeof eight;
  }
  std::memcpy(&eight, word, sizeof eight);
  return mixed(hash + ((eight | kLower) & ~std::uint64_t{0} >> (64 - 8 * size)));
}

// However many digits: 9 and 10 are the same.
[[gnu::noinline]] std::uint64_t hash_with_digits(std::string_view word) {
  std::uint64_t hash = 0;
  std::uint64_t eight = 0;
  unsigned length = 0;
  bool number = false;
  for (const char c : word) {
    const bool digit = ascii::is_digit(c);
    if (digit && number) continue;
    number = digit;
    eight = eight << 8 | (digit ? std::uint64_t{'0'} : static_cast<std::uint8_t>(c) | 0x20U);
    if (++length % 8 == 0) hash = mixed(hash + eight);
  }
  return mixed(hash + eight);
}

// How often each of 64 bits was set. Eight words are added up bit by bit, all 64 positions at once,
// before any counter is touched (Harley and Seal's carry-save adders).
class BitCounts {
 public:
  void add(std::uint64_t hash) {
    pending_[added_++ % kPending] = hash;
    if (added_ % kPending == 0) count_pending();
  }

  // Each bit that was set more often than not.
  std::uint64_t majority() {
    std::fill(pending_.begin() + static_cast<std::ptrdiff_t>(added_ % kPending), pending_.end(), 0);
    if (added_ % kPending != 0) count_pending();
    std::uint64_t bits = 0;
    for (std::size_t bit = 0; bit < 64; ++bit) {
      std::uint64_t count = 0;
      for (std::size_t i = 0; i < kPlanes; ++i) count |= (planes_[i] >> bit & 1) << i;
      if (2 * count > added_) bits |= std::uint64_t{1} << bit;
    }
    return bits;
  }

  std::uint64_t added() const { return added_; }

 private:
  static constexpr std::size_t kPending = 8;
  static constexpr std::size_t kPlanes = 48;  // more words than memory holds

  struct Sum {
    std::uint64_t ones, twos;
  };

  static Sum sum(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    const std::uint64_t differ = a ^ b;
    return {differ ^ c, (a & b) | (differ & c)};
  }

  [[gnu::noinline]] void count_pending() {
    const auto& p = pending_;
    const Sum a = sum(planes_[0], p[0], p[1]);
    const Sum b = sum(a.ones, p[2], p[3]);
    const Sum c = sum(b.ones, p[4], p[5]);
    const Sum d = sum(c.ones, p[6], p[7]);
    const Sum e = sum(planes_[1], a.twos, b.twos);
    const Sum f = sum(e.ones, c.twos, d.twos);
    const Sum g = sum(planes_[2], e.twos, f.twos);
    planes_[0] = d.ones;
    planes_[1] = f.ones;
    planes_[2] = g.ones;
    std::uint64_t carry = g.twos;
    for (std::size_t i = 3; carry != 0 && i < kPlanes; ++i) {
      const std::uint64_t next = planes_[i] & carry;
      planes_[i] ^= carry;
      carry = next;
    }
  }

  std::array<std::uint64_t, kPending> pending_;
  std::array<std::uint64_t, kPlanes> planes_{};  // bit i of each count is in planes_[i]
  std::uint64_t added_ = 0;
};

// The words of a text that comes in pieces, of which most are short: they are looked at together.
class Shingles {
 public:
  // A word ends where a piece does, and where no more can be gathered.
  void add(std::string_view utf8) {
    while (!utf8.empty()) {
      if (size_ == kGathered) add_gathered();
      const std::size_t some = std::min(utf8.size(), kGathered - size_);
      std::memcpy(gathered_.data() + size_, utf8.data(), some);
      size_ += some;
      if (size_ < kGathered) gathered_[size_++] = ' ';
      utf8.remove_prefix(some);
    }
  }

  std::uint64_t value() {
    add_gathered();
    if (counts_.added() == 0) return 0;
    const std::uint64_t bits = counts_.majority();
    return bits == 0 ? 1 : bits;
  }

 private:
  static constexpr std::size_t kGathered = 64 * kBlock;
  // A table of numbers is one shingle, or it would drown the words around it.
  static constexpr std::size_t kSeen = std::size_t{1} << 15;

  void add_gathered() {
    std::memset(gathered_.data() + size_, ' ', kBlock);
    std::size_t word = 0;  // where the word that goes on begins
    bool in_word = false;
    bool with_digits = false;
    for (std::size_t begin = 0; begin <= size_; begin += kBlock) {
      const OctetKinds kinds = kinds_of(gathered_.data() + begin);
      const std::uint64_t before = kinds.words << 1 | (in_word ? 1 : 0);
      std::uint64_t starts = kinds.words & ~before;
      for (std::uint64_t ends = ~kinds.words & before; ends != 0; ends &= ends - 1) {
        const auto end = static_cast<unsigned>(std::countr_zero(ends));
        std::uint64_t own = (std::uint64_t{1} << end) - 1;
        if (!in_word) {
          word = begin + static_cast<std::size_t>(std::countr_zero(starts));
          own &= 0 - (starts & (0 - starts));
          starts &= starts - 1;
        }
        add_word(word, begin + end - word, with_digits || (kinds.digits & own) != 0);
        in_word = false;
        with_digits = false;
      }
      if (in_word) {
        with_digits = with_digits || kinds.digits != 0;
      } else if (starts != 0) {
        const auto start = static_cast<unsigned>(std::countr_zero(starts));
        in_word = true;
        word = begin + start;
        with_digits = kinds.digits >> start != 0;
      }
    }
    size_ = 0;
  }

  [[gnu::always_inline]] void add_word(std::size_t begin, std::size_t size, bool with_digits) {
    const char* const octets = gathered_.data() + begin;
    const std::uint64_t word =
        with_digits ? hash_with_digits({octets, size}) : hash_of_word(octets, size);
    const std::uint64_t shingle = mixed(before_last_ * 3 + last_ * 5 + word);
    if (!seen_[shingle % kSeen]) {
      seen_[shingle % kSeen] = true;
      counts_.add(shingle);
    }
    before_last_ = last_;
    last_ = word;
  }

  BitCounts counts_;
  std::bitset<kSeen> seen_;
  std::array<char, kGathered + kBlock> gathered_;
  std::size_t size_ = 0;
  std::uint64_t before_last_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace

std::uint64_t simhash(std::string_view utf8) { return simhash(std::span(&utf8, 1)); }

std::uint64_t simhash(std::span<const std::string_view> texts) {
  Shingles shingles;
  for (const std::string_view text : texts) shingles.add(text);
  return shingles.value();
}

}  // namespace placer
