// The quality watch: how often a host's observations state each field, and when that falls.
//
// A site that changes its templates does not say so; its hours are simply NULL from then on. So at
// the end of each pass the fields are counted per host and format (table `fill`) and compared with
// the last complete pass that had enough observations of them. An alarm (table `alarm`) rings for
// a field that at least half of the observations stated, when fewer than half as many do now; and
// for "observations", when their number has fallen to less than half. It rings once per fall.
#pragma once

#include <cstdint>
#include <vector>

#include "scraper/storage.h"
#include "storage/sqlite.h"

namespace placer {

struct EndedPass {
  std::int64_t run = 0;
  std::int64_t pass = 0;
  PassEnd end = PassEnd::kComplete;
};

// Counts, compares and records; returns the alarms that ring. A spoiled pass is not counted among
// those to compare with, and its failures explain a lack of observations. Works inside the
// caller's transaction; reads each observation once. REQUIRES: `ended.end` is not kOpen.
std::vector<Alarm> watch_quality(Database& db, const EndedPass& ended);

}  // namespace placer
