#include "scraper/frontier/url_shape.h"

#include <algorithm>

#include "scraper/ascii.h"
#include "scraper/frontier/percent.h"

namespace placer {
namespace {

constexpr std::size_t kShortestIdentifier = 10;
constexpr std::size_t kShortestHexadecimal = 12;
constexpr std::size_t kShortestSessionNumber = 6;
constexpr std::size_t kUuid = 36;

using ascii::is_digit;
bool is_letter(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }

// What a segment or a value is made of.
struct Octets {
  std::size_t digits = 0;
  std::size_t letters = 0;
  std::size_t hexadecimal = 0;  // digits and the letters a to f
  std::size_t changes = 0;      // between a letter and a digit, or back
};

// Neither words and their numbers nor a number: hexadecimal, or letters and digits that change
// places often.
bool is_identifier(std::string_view text, const Octets& octets) {
  const std::size_t both = octets.digits + octets.letters;
  if (text.size() == kUuid && both == kUuid - 4 && text[8] == '-' && text[13] == '-' &&
      text[18] == '-' && text[23] == '-') {
    return true;
  }
  if (both != text.size() || octets.digits == 0 || octets.letters == 0) return false;
  return (both >= kShortestIdentifier && octets.changes >= 3) ||
         (both >= kShortestHexadecimal && octets.hexadecimal == both);
}

UrlPiece piece_of(std::string_view text, std::string_view name) {
  UrlPiece piece{text, name, UrlPieceKind::kWord, kShapeHash, kShapeHash};
  Octets octets;
  char before = '\0';
  for (const char c : text) {
    piece.hash = (piece.hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
    const bool digit = is_digit(c);
    const bool letter = is_letter(c);
    octets.digits += digit ? 1 : 0;
    octets.letters += letter ? 1 : 0;
    octets.hexadecimal += digit || (letter && ascii_lower(c) <= 'f') ? 1 : 0;
    octets.changes += (digit && is_letter(before)) || (letter && is_digit(before)) ? 1 : 0;
    if (!(digit && is_digit(before))) {
      const char general = digit ? '0' : c;
      piece.general = (piece.general ^ static_cast<std::uint8_t>(general)) * 0x100000001B3U;
    }
    before = c;
  }
  if (octets.digits > 0 && octets.digits == text.size()) piece.kind = UrlPieceKind::kNumber;
  if (is_identifier(text, octets)) {
    piece.kind = UrlPieceKind::kIdentifier;
    piece.general = shape_hash("*");
  }
  return piece;
}

std::uint64_t joined(std::uint64_t hash, std::uint64_t with) {
  hash = (hash ^ with) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 29);
}

std::uint32_t pattern_of(std::uint64_t hash) {
  const auto folded = static_cast<std::uint32_t>(hash ^ (hash >> 32));
  return folded == 0 ? 1 : folded;
}

// What tells "/store/17" from "/store/list.html": a number, an identifier, a word, and what the
// file is said to be.
std::uint64_t file_shape(const UrlPiece& file) {
  constexpr std::size_t kLongestExtension = 5;
  if (file.kind != UrlPieceKind::kWord) return file.general;
  const std::size_t dot = file.text.rfind('.');
  std::string_view extension;
  if (dot != std::string_view::npos && file.text.size() - dot <= kLongestExtension + 1) {
    extension = file.text.substr(dot);
  }
  return shape_hash(extension, shape_hash("w"));
}

// URLs about as deep: 1, 2, 3, 4, 5-6, 7-9, 10 and more.
std::uint64_t depth_class(std::size_t depth) {
  if (depth <= 4) return depth;
  return depth <= 6 ? 5 : depth <= 9 ? 7 : 10;
}

}  // namespace

bool UrlPiece::perhaps_session() const {
  return kind == UrlPieceKind::kIdentifier ||
         (kind == UrlPieceKind::kNumber && text.size() >= kShortestSessionNumber);
}

UrlShape::UrlShape(std::string_view path_and_query) {
  const std::size_t mark = std::min(path_and_query.find('?'), path_and_query.size());
  read_path(path_and_query.substr(0, mark));
  if (mark < path_and_query.size()) read_query(path_and_query.substr(mark + 1));
  find_patterns();
}

PatternReach UrlShape::reach(std::size_t index) const {
  if (index == 0) return PatternReach::kPage;
  if (index == 1 && parameter_count_ > 0) return PatternReach::kParameters;
  return index + 1 == pattern_count_ ? PatternReach::kHost : PatternReach::kTree;
}

void UrlShape::read_path(std::string_view path) {
  ends_with_slash_ = path.ends_with('/');
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) {
      if (depth_ < kMostPieces) segments_[depth_] = piece_of(path.substr(begin, end - begin), {});
      ++depth_;
    }
    begin = end + 1;
  }
}

void UrlShape::read_query(std::string_view query) {
  for (std::size_t begin = 0; begin < query.size();) {
    const std::size_t end = std::min(query.find('&', begin), query.size());
    const std::string_view parameter = query.substr(begin, end - begin);
    begin = end + 1;
    if (parameter.empty()) continue;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view name = parameter.substr(0, equals);
    // A set: the order does not count.
    names_ += joined(kShapeHash, shape_hash(name));
    if (parameter_count_ < kMostPieces) {
      parameters_[parameter_count_] =
          piece_of(parameter.substr(std::min(equals + 1, parameter.size())), name);
    }
    ++parameter_count_;
  }
}

void UrlShape::find_patterns() {
  const auto add = [this](std::uint64_t hash) { patterns_[pattern_count_++] = pattern_of(hash); };
  const auto segments = this->segments();
  std::uint64_t directory = 1;
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
    directory = joined(directory, segments[i].general);
  }
  std::uint64_t file = joined(directory, ends_with_slash_ ? 2 : 3);
  if (!segments.empty()) file = joined(file, file_shape(segments.back()));
  add(joined(file, names_));
  if (parameter_count_ > 0) add(joined(file, 5));

  const std::uint64_t of_depth = joined(depth_class(depth_), parameter_count_ > 0 ? 7 : 11);
  if (depth_ >= 4) {
    add(joined(joined(joined(of_depth, segments[0].general), segments[1].general), 13));
  }
  if (depth_ >= 3) add(joined(joined(of_depth, segments[0].general), 17));
  if (depth_ >= 2) add(of_depth);
}

}  // namespace placer
