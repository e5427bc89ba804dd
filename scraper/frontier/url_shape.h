// What a URL looks like, apart from the numbers and identifiers in it: which URLs of a host come
// from one template.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace placer {

// FNV-1a over `text`, going on from `hash`. The same on every machine: it is stored.
constexpr std::uint64_t kShapeHash = 0xCBF29CE484222325U;
constexpr std::uint64_t shape_hash(std::string_view text, std::uint64_t hash = kShapeHash) {
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
  return hash;
}

enum class UrlPieceKind : std::uint8_t {
  kWord,
  kNumber,      // digits only
  kIdentifier,  // a UUID, a long hexadecimal number, or letters and digits all mixed up
};

// A segment of the path, or the value of a parameter.
struct UrlPiece {
  std::string_view text;
  std::string_view name;  // of a parameter; empty for a segment
  UrlPieceKind kind;
  std::uint64_t hash;            // of the text as it is
  std::uint64_t general;         // of the text with each number as "0" and an identifier as "*"
  bool perhaps_session() const;  // an identifier, or a number of six digits or more
};

// Which URLs a pattern speaks of.
enum class PatternReach : std::uint8_t {
  kPage,        // of one directory, with one set of parameters
  kParameters,  // the same with any parameters
  kTree,        // below one directory or two
  kHost,
};

// The pieces of a path and query, and the patterns they belong to. Views into the text, which must
// outlive it. Linear in the text.
class UrlShape {
 public:
  static constexpr std::size_t kMostPieces = 24;  // of each kind; what follows is only counted

  // `path_and_query` begins with '/'.
  explicit UrlShape(std::string_view path_and_query);

  std::span<const UrlPiece> segments() const { return {segments_.data(), kept(depth_)}; }
  std::span<const UrlPiece> parameters() const {
    return {parameters_.data(), kept(parameter_count_)};
  }
  std::size_t depth() const { return depth_; }  // segments that are not empty
  std::size_t parameter_count() const { return parameter_count_; }

  // The finest pattern first: the directory, generalised, with the shape of the last segment and
  // the set of parameter names; the same whatever the parameters; then the first two segments, the
  // first, and the host as a whole, each of URLs about as deep as this one. Never 0. A pattern that
  // would hold no more than the one before it is left out.
  std::span<const std::uint32_t> patterns() const { return {patterns_.data(), pattern_count_}; }
  static constexpr std::size_t kMostPatterns = 5;
  // How far the one at `index` reaches.
  PatternReach reach(std::size_t index) const;

 private:
  static std::size_t kept(std::size_t count) { return count < kMostPieces ? count : kMostPieces; }
  void read_path(std::string_view path);
  void read_query(std::string_view query);
  void find_patterns();

  std::size_t depth_ = 0;
  std::size_t parameter_count_ = 0;
  std::size_t pattern_count_ = 0;
  bool ends_with_slash_ = false;
  std::uint64_t names_ = 0;  // of the parameters, as a set
  std::array<UrlPiece, kMostPieces> segments_;
  std::array<UrlPiece, kMostPieces> parameters_;
  std::array<std::uint32_t, kMostPatterns> patterns_;
};

}  // namespace placer
