// Crawl traps as sites have them, each with a million URLs and more, and places behind them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/web/source.h"

namespace placer::web {

inline constexpr std::size_t kPlacesBehindTraps = 200;

// A trap: paths without an end.
class Trap {
 public:
  virtual ~Trap() = default;

  // Is `target` a page of the trap?
  virtual bool has(std::string_view target) const = 0;
  // The ways in, which ordinary pages link to.
  virtual std::vector<std::string> entries() const = 0;
  // What a page of the trap links to within the trap.
  virtual std::vector<std::string> links(std::string_view target) const = 0;
  // What it says, as HTML.
  virtual std::string text(std::string_view target) const = 0;
};

// segments: a relative link too many, so that /a/b/ leads to /a/b/a/ and so on.
// calendar: every month and day from year 1 to 9999.
// facets: six parameters of ten values each, in every combination, each another choice of goods.
// depth: directories of random names, each with six more.
// soft-404: numbered pages, of which each says with status 200 that it is not there.
std::unique_ptr<Trap> make_trap(std::string_view kind, std::uint64_t seed);

// The names for Site::traps: those of make_trap(); sessions and session-paths, where each link
// carries another id, as a parameter or a segment; all: the five of make_trap() on one site;
// all-sessions: these under session ids.
std::vector<std::string> trap_kinds();

// FNV-1a.
std::uint64_t text_hash(std::string_view text);

}  // namespace placer::web
