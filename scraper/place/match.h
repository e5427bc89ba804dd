// Whether two places are one: evidence for and against, weighed into a score.
//
// Each field that both places state adds to, or takes from, the log of the odds that they are the
// same; a field that one of them lacks says nothing. What many places share (a chain's website, a
// call centre's number, a chain's name) weighs less the more share it. Some differences forbid a
// merge whatever the score: conflicts. A place that a page stated before and one that it states now
// may be one that moved; then the place they are at does not forbid it.
//
// Pure functions, safe for concurrent use; time is bounded by the fields' first words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scraper/place/place.h"

namespace placer {

// A street line in parts that can be compared.
struct StreetParts {
  std::vector<std::string> words;  // of the street's name, without its type and direction
  std::string joined;              // all of them, with the direction, without spaces
  std::string type;                // "st" for street, strasse, straat; empty: none
  std::string direction;           // "west"; empty: none
  std::uint32_t low = 0;           // house numbers; 0: none
  std::uint32_t high = 0;          // "12-14" has 12 and 14
  std::string suffix;              // "b" of 12b
  std::string unit;
};

struct NameToken {
  std::string word;
  double weight = 1;  // 1 for what a place is known by; less for what it is, and where
};

// What of a place is compared, taken apart once.
struct MatchProfile {
  std::vector<NameToken> name;
  std::string name_key;  // the telling words in order of the alphabet; else the generic ones
  StreetParts street;
  std::string postcode;  // folded, without spaces
  std::string city;      // folded
  std::string country;
  std::optional<double> lat;  // both or neither
  std::optional<double> lon;
  std::vector<std::string> phones;  // E.164
  std::string email;
  std::string website;  // host, path and query; of a front page the host
  bool front_page = false;
  std::string category;
  std::string brand;
  std::vector<std::pair<std::string, std::string>> refs;      // page's host, publisher's own id
  std::vector<std::pair<std::string, std::string>> branches;  // page's host, branch
  std::vector<std::string> pages;                             // that state it
  bool stated = true;  // false: no page states it any more; `pages` did
};

MatchProfile match_profile(const Place& place, std::string_view page_url);

// Adds what holds for one publisher only (page, ref, branch), when a place has several.
void add_publisher(MatchProfile& profile, const Place& stated, std::string_view page_url);

// How many places have what the two have in common, both included.
struct Sharing {
  std::uint32_t phone = 2;
  std::uint32_t website = 2;
  std::uint32_t email = 2;
  std::uint32_t name = 2;
};

enum class MatchDecision : std::uint8_t { kMerge, kReview, kApart };
std::string_view match_decision_name(MatchDecision decision);  // "merge", "review", "apart"

// Scores from kMergeScore on are one place; from kReviewScore on somebody should look.
inline constexpr double kMergeScore = 0.85;
inline constexpr double kReviewScore = 0.6;
// Two places that must share a record through a third may not be less alike than this.
inline constexpr double kChainScore = 0.1;

struct Match {
  double score = 0;  // 0 ... 1
  MatchDecision decision = MatchDecision::kApart;
  bool conflict = false;             // they must not be merged, whatever the score
  std::vector<std::string> reasons;  // "+4.0 same telephone", "conflict: other house number"
};

// Symmetric.
Match match(const MatchProfile& a, const MatchProfile& b, const Sharing& sharing = {});

}  // namespace placer
