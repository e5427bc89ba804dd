#include "scraper/page/simhash.h"

#include <array>
#include <bitset>
#include <cstddef>

namespace placer {
namespace {

constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// What an octet is within a word: 0 when it stands between words.
constexpr std::array<std::uint8_t, 256> word_octets() {
  std::array<std::uint8_t, 256> octets{};
  for (unsigned c = 0; c < 256; ++c) {
    if (c >= '0' && c <= '9') octets[c] = '0';
    if (c >= 'a' && c <= 'z') octets[c] = static_cast<std::uint8_t>(c);
    if (c >= 'A' && c <= 'Z') octets[c] = static_cast<std::uint8_t>(c | 0x20U);
    if (c >= 0x80) octets[c] = static_cast<std::uint8_t>(c);
  }
  return octets;
}
constexpr auto kWordOctets = word_octets();

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
    std::uint64_t word = 0;   // the hash so far
    std::uint64_t eight = 0;  // the last octets, as many as fit
    unsigned length = 0;
    for (const char c : utf8) {
      const std::uint8_t octet = kWordOctets[static_cast<std::uint8_t>(c)];
      if (octet == 0) {
        if (length != 0) end_word(folded(word, eight));
        word = eight = length = 0;
        continue;
      }
      // However many digits: 9 and 10 are numbers.
      if (octet == '0' && (eight & 0xFFU) == '0') continue;
      eight = eight << 8 | octet;
      if (++length % 8 == 0) word = folded(word, eight);
    }
    if (length != 0) end_word(folded(word, eight));
  }

  std::uint64_t value() {
    if (counts_.added() == 0) return 0;
    const std::uint64_t bits = counts_.majority();
    return bits == 0 ? 1 : bits;
  }

 private:
  // A table of numbers is one shingle, or it would drown the words around it.
  static constexpr std::size_t kSeen = std::size_t{1} << 17;

  static std::uint64_t folded(std::uint64_t word, std::uint64_t eight) {
    return (word + eight) * kOdd;
  }

  void end_word(std::uint64_t word) {
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
