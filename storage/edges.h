// Why identities are one place or are not, and what people decide about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scraper/place/match.h"
#include "scraper/result.h"

namespace placer {

// One row of `place_edge`, with what tells the two to people.
struct EdgeRow {
  struct End {
    std::int64_t identity = 0;
    std::int64_t place = 0;  // it belongs to
    std::optional<std::string> name;
    std::optional<std::string> address;  // street and house number, else the address line
    std::optional<std::string> city;
    std::optional<std::string> url;  // of a page that states it
  };
  End a;
  End b;
  std::string decision;  // merge, review, apart
  double score = 0;
  std::vector<std::string> reasons;
  bool pinned = false;
};

struct EdgeQuery {
  std::optional<MatchDecision> decision;
  bool pinned = false;        // only what people decided
  std::uint32_t limit = 100;  // 0: all
};

// Best scores first. kStorage for files that are not placer's.
Result<std::vector<EdgeRow>> read_edges(const std::string& path, const EdgeQuery& query);

// What a decision came to.
struct Pinned {
  std::int64_t place_a = 0;  // where the two belong now
  std::int64_t place_b = 0;
};

// Decides about two identities (or places: their ids are identities') from now on, and makes the
// places anew at once. kMerge joins them, kApart keeps them apart, nothing takes a decision back.
//
// kLocked while a run holds the database; kInvalidArgument for ids that are unknown or equal, and
// when there is no decision to take back.
Result<Pinned> pin_edge(const std::string& path, std::int64_t a, std::int64_t b,
                        std::optional<MatchDecision> decision);

}  // namespace placer
