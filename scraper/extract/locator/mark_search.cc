#include "scraper/extract/locator/mark_search.h"

#include <stdexcept>

namespace placer {

MarkSearch::MarkSearch(const std::vector<std::string>& marks) {
  for (const std::string& mark : marks) {
    if (mark.size() < kShortest || pieces_.size() + kStride > kMostPieces) {
      throw std::logic_error("a mark too short, or too many: " + mark);
    }
    for (std::size_t offset = 0; offset < kStride; ++offset) {
      std::uint8_t& first = first_[slot_of(mark.data() + offset)];
      pieces_.push_back({mark, offset, first});
      first = static_cast<std::uint8_t>(pieces_.size() - 1);
    }
  }
}

bool MarkSearch::any_in(std::string_view text) const {
  for (std::size_t at = 0; at + 3 <= text.size(); at += kStride) {
    for (std::uint8_t i = first_[slot_of(text.data() + at)]; i != 0; i = pieces_[i].next) {
      const Piece& piece = pieces_[i];
      if (at >= piece.offset && text.substr(at - piece.offset).starts_with(piece.mark)) return true;
    }
  }
  return false;
}

}  // namespace placer
