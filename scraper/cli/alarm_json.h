// Alarms of the quality watch as JSON, for the log and for --notify.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "scraper/storage.h"

namespace placer::cli {

inline nlohmann::ordered_json alarms_json(const std::vector<Alarm>& alarms) {
  auto list = nlohmann::ordered_json::array();
  for (const Alarm& alarm : alarms) {
    list.push_back({{"host", alarm.host},
                    {"format", alarm.format},
                    {"field", alarm.field},
                    {"before", alarm.before},
                    {"after", alarm.after}});
  }
  return list;
}

}  // namespace placer::cli
