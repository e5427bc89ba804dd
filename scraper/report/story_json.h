// The crawl's story for a report: pages, hosts, politeness, runs, what was filtered, what changed.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "storage/query.h"
#include "storage/report.h"

namespace placer {

nlohmann::ordered_json pages_json(const PageStory& story);
nlohmann::ordered_json runs_json(const std::vector<RunRow>& runs);
nlohmann::ordered_json filtered_json(const std::vector<FilteredRow>& rows);
nlohmann::ordered_json politeness_json(const PolitenessSummary& summary);

// Each host with its pages, places and pace; those with most pages, at most `most` of them.
nlohmann::ordered_json hosts_json(const StatusSummary& status, const PageStory& story,
                                  std::size_t most);

// What the last pass changed; at most `most` places. A first pass, to which every place is new, has
// no rows. Null when no pass has come to its end.
Result<nlohmann::ordered_json> changes_json(Lookup& lookup, std::size_t most);

}  // namespace placer
