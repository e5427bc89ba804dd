// Opening hours of a generated place, in each form that the web writes them.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/web/rng.h"

namespace placer::web {

// Minutes since midnight; `to` is above 1440 when the place closes on the next day.
struct OpenSpan {
  int from = 0;
  int to = 0;
  bool operator==(const OpenSpan&) const = default;
};

struct Week {
  std::array<std::vector<OpenSpan>, 7> days;  // from Monday; empty: closed
};

Week make_week(Rng& rng);

// OSM syntax, runs of equal days joined: "Mo-Fr 08:00-18:00; Sa 09:00-13:00".
std::string osm_hours(const Week& week);

// schema.org openingHours: one string per run of days and span: "Mo-Fr 08:00-18:00".
std::vector<std::string> schema_hours(const Week& week);

// schema.org openingHoursSpecification, dayOfWeek as an array per run of days (`arrays`) or one
// object per day; day names bare or as schema.org URLs.
nlohmann::ordered_json hours_specification(const Week& week, bool arrays, bool urls);

}  // namespace placer::web
