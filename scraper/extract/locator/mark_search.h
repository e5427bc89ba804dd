// Does any of a few texts stand in a large one?
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace placer {

// Looks at three octets out of every four: a mark of six octets or more cannot pass between them.
// Immutable.
class MarkSearch {
 public:
  static constexpr std::size_t kShortest = 6;

  // Throws std::logic_error for a mark shorter than kShortest, and for more than 60.
  explicit MarkSearch(const std::vector<std::string>& marks);

  bool any_in(std::string_view text) const;

 private:
  static constexpr std::size_t kStride = kShortest - 2;
  static constexpr unsigned kSlotBits = 13;
  static constexpr std::size_t kMostPieces = 256;

  // Three octets of a mark, and the next ones that share their slot.
  struct Piece {
    std::string mark;
    std::size_t offset;  // of the three octets
    std::uint8_t next;   // index into pieces_; 0: none
  };

  static std::size_t slot_of(const char* three) {
    const auto octet = [three](int i) {
      return std::uint32_t{static_cast<std::uint8_t>(three[i])};
    };
    return ((octet(0) | octet(1) << 8 | octet(2) << 16) * 0x9E3779B1U) >> (32 - kSlotBits);
  }

  std::vector<Piece> pieces_ = {{}};
  std::array<std::uint8_t, std::size_t{1} << kSlotBits> first_{};  // index into pieces_; 0: none
};

}  // namespace placer
