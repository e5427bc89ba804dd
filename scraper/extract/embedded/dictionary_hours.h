// Opening hours in a publisher's own JSON: from its shapes to schema.org's openingHours.
//
// Shapes: a text, also with markup; a list of texts; days as keys (words or numbers) of texts,
// intervals or objects; lists of days with their times; Google's periods; JSON written into a
// string. Numbered days count from Sunday as 0 or from Monday as 1, whichever fits all of them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scraper/extract/embedded/dictionary_keys.h"

namespace placer {

// One text per statement, a day each where days are told apart: "Monday 09:00-12:00,
// 13:00-17:00", "Sunday closed". What is not understood is left out; a day nobody mentions stays
// unknown. At most 60.
std::vector<std::string> hours_lines(const nlohmann::json& value);

// Days told apart by keys of one object: {"mon_open": "9:00", "mon_close": "17:00"}.
class DayTimes {
 public:
  void add(const DayKey& key, const nlohmann::json& value);
  std::vector<std::string> lines() const;

 private:
  struct Turn {
    std::string opens, closes;
  };
  struct Day {
    Turn turns[3];
    std::string text;  // spans, or "closed"
  };
  Day days_[7];
};

}  // namespace placer
