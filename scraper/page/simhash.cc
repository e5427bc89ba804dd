#include "scraper/page/simhash.h"

#include <array>
#include <bit>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "scraper/page/ascii.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace placer {
namespace {

constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

constexpr std::size_t kBlock = 64;  // octets looked at together

// One bit for each octet of a block.
struct OctetKinds {
  std::uint64_t words = 0;   // letters, digits and what is not ASCII
  std::uint64_t digits = 0;  // those of them that are digits
};

OctetKinds kinds_one_by_one(std::string_view block) {
  OctetKinds kinds;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const char c = block[i];
    const std::uint64_t bit = std::uint64_t{1} << i;
    const bool digit = ascii::is_digit(c);
    if (digit || ascii::is_letter(c) || static_cast<std::uint8_t>(c) >= 0x80) kinds.words |= bit;
    if (digit) kinds.digits |= bit;
  }
  return kinds;
}

#ifdef __SSE2__
// Which of 16 octets are `first` ... `first + count - 1`.
std::uint64_t in_range(__m128i octets, char first, int count) {
  const __m128i from_first = _mm_sub_epi8(octets, _mm_set1_epi8(first));
  const __m128i beyond = _mm_subs_epu8(from_first, _mm_set1_epi8(static_cast<char>(count - 1)));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(beyond, _mm_setzero_si128())));
}
#endif

// REQUIRES: at most kBlock octets.
OctetKinds kinds_of(std::string_view block) {
#ifdef __SSE2__
  OctetKinds kinds;
  std::size_t i = 0;
  for (; i + 16 <= block.size(); i += 16) {
    const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block.data() + i));
    const std::uint64_t digits = in_range(octets, '0', 10);
    const std::uint64_t letters = in_range(_mm_or_si128(octets, _mm_set1_epi8(0x20)), 'a', 26);
    const auto others = static_cast<unsigned>(_mm_movemask_epi8(octets));
    kinds.words |= (digits | letters | others) << i;
    kinds.digits |= digits << i;
  }
  if (i == block.size()) return kinds;
  const OctetKinds rest = kinds_one_by_one(block.substr(i));
  return {kinds.words | rest.words << i, kinds.digits | rest.digits << i};
#else
  return kinds_one_by_one(block);
#endif
}

std::uint64_t folded(std::uint64_t hash, std::uint64_t eight) { return (hash + eight) * kOdd; }

static_assert(std::endian::native == std::endian::little, "octets are read in this order");

// The first eight octets of `text`, or as many as there are.
std::uint64_t eight_octets(std::string_view text) {
  std::uint64_t eight = 0;
  if (text.size() >= sizeof eight) {
    std::memcpy(&eight, text.data(), sizeof eight);
    return eight;
  }
  for (std::size_t i = text.size(); i-- > 0;) {
    eight = eight << 8 | static_cast<std::uint8_t>(text[i]);
  }
  return eight;
}

// `text` goes on behind the word, so that it may be read eight octets at a time. Letters count the
// same in upper and lower case.
std::uint64_t hash_of_word(std::string_view text, std::size_t size) {
  constexpr std::uint64_t kLower = 0x2020202020202020U;
  std::uint64_t hash = 0;
  for (; size > 8; size -= 8) {
    hash = folded(hash, eight_octets(text) | kLower);
    text.remove_prefix(8);
  }
  return folded(hash, (eight_octets(text) | kLower) & ~std::uint64_t{0} >> (64 - 8 * size));
}

// However many digits: 9 and 10 are the same.
std::uint64_t hash_with_digits(std::string_view word) {
  std::uint64_t hash = 0;
  std::uint64_t eight = 0;
  unsigned length = 0;
  bool number = false;
  for (const char c : word) {
    const bool digit = ascii::is_digit(c);
    if (digit && number) continue;
    number = digit;
    eight = eight << 8 | (digit ? std::uint64_t{'0'} : static_cast<std::uint8_t>(c) | 0x20U);
    if (++length % 8 == 0) hash = folded(hash, eight);
  }
  return folded(hash, eight);
}

// How often each of 64 bits was set: bit i of each octet in the i-th word, an octet being a counter
// that is emptied before it overflows.
class BitCounts {
 public:
  void add(std::uint64_t hash) {
    for (std::size_t i = 0; i < kWords; ++i) words_[i] += (hash >> i) & 0x0101010101010101U;
    ++added_;
    if (added_ % kFull == 0) empty_words();
  }

  // Each bit that was set more often than not.
  std::uint64_t majority() {
    empty_words();
    std::uint64_t bits = 0;
    for (std::size_t bit = 0; bit < 64; ++bit) {
      if (2 * counts_[bit] > added_) bits |= std::uint64_t{1} << bit;
    }
    return bits;
  }

  std::uint64_t added() const { return added_; }

 private:
  static constexpr std::size_t kWords = 8;
  static constexpr std::uint64_t kFull = 255;

  void empty_words() {
    for (std::size_t bit = 0; bit < 64; ++bit) {
      counts_[bit] += (words_[bit % 8] >> (bit / 8 * 8)) & 0xFFU;
    }
    words_.fill(0);
  }

  std::array<std::uint64_t, kWords> words_{};
  std::array<std::uint64_t, 64> counts_{};
  std::uint64_t added_ = 0;
};

// The words of a text that comes in pieces.
class Shingles {
 public:
  void add(std::string_view utf8) {
    std::size_t word = 0;  // where the word that goes on begins
    bool in_word = false;
    bool with_digits = false;
    for (std::size_t begin = 0; begin < utf8.size(); begin += kBlock) {
      const OctetKinds kinds = kinds_of(utf8.substr(begin, kBlock));
      // The bits at which a word begins or ends, one after the other.
      std::uint64_t changes = kinds.words ^ (kinds.words << 1 | (in_word ? 1 : 0));
      std::uint64_t open = 0;  // the bits of the word that goes on
      if (in_word) open = ~std::uint64_t{0};
      for (; changes != 0; changes &= changes - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(changes));
        const std::size_t at = begin + bit;
        if (in_word) {
          const std::uint64_t own = open & ~(~std::uint64_t{0} << bit);
          end_word(utf8, word, at, with_digits || (kinds.digits & own) != 0);
        }
        in_word = !in_word;
        with_digits = false;
        word = at;
        open = ~std::uint64_t{0} << bit;
      }
      with_digits = in_word && (with_digits || (kinds.digits & open) != 0);
    }
    if (in_word) end_word(utf8, word, utf8.size(), with_digits);
  }

  std::uint64_t value() {
    if (counts_.added() == 0) return 0;
    const std::uint64_t bits = counts_.majority();
    return bits == 0 ? 1 : bits;
  }

 private:
  // A table of numbers is one shingle, or it would drown the words around it.
  static constexpr std::size_t kSeen = std::size_t{1} << 17;

  void end_word(std::string_view utf8, std::size_t begin, std::size_t end, bool with_digits) {
    const std::uint64_t word = with_digits ? hash_with_digits(utf8.substr(begin, end - begin))
                                           : hash_of_word(utf8.substr(begin), end - begin);
    const std::uint64_t shingle = mixed(before_last_ * 3 + last_ * 5 + word);
    if (!seen_[shingle % kSeen]) {
      seen_[shingle % kSeen] = true;
      counts_.add(shingle);
    }
    before_last_ = last_;
    last_ = word * kOdd;
  }

  BitCounts counts_;
  std::bitset<kSeen> seen_;
  std::uint64_t before_last_ = 0;
  std::uint64_t last_ = 0;
};

bool is_unseen(std::string_view tag) {
  if (tag.size() < 5) return false;
  return tag == "script" || tag == "style" || tag == "noscript" || tag == "template";
}

}  // namespace

std::uint64_t simhash(std::string_view utf8) {
  Shingles shingles;
  shingles.add(utf8);
  return shingles.value();
}

std::uint64_t simhash(Node root) {
  Shingles shingles;
  for (Node node = root; node;) {
    const bool text = node.is_text();
    if (text) shingles.add(node.text());
    node = !text && is_unseen(node.tag()) ? node.next_after(root) : node.next_below(root);
  }
  return shingles.value();
}

}  // namespace placer
