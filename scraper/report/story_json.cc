#include "scraper/report/story_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "storage/times.h"

namespace placer {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const auto& value) { return value ? Json(*value) : Json(); }

Json milliseconds_json(const std::optional<std::chrono::milliseconds>& duration) {
  return duration ? Json(duration->count()) : Json();
}

Json tally_json(const PageTally& tally) { return {tally.ok, tally.redirect, tally.error}; }

Json pace_json(const PaceState& pace) {
  return {{"requests", pace.record.requests},
          {"refused", pace.record.refused},
          {"early", pace.record.early},
          {"most_in_flight", pace.record.most_in_flight},
          {"min_gap_ms", milliseconds_json(pace.record.min_gap)},
          {"min_delay_ms", milliseconds_json(pace.record.min_delay)},
          {"latency_ms", static_cast<double>(pace.latency.count()) / 1000}};
}

Json host_json(const HostRow& row, const PageStory& story) {
  Json host = {{"host", row.host}, {"places", row.places}, {"queued", row.state.queued}};
  const auto tally = story.hosts.find(row.host);
  host["pages"] = tally_json(tally == story.hosts.end() ? PageTally{} : tally->second);
  host["pace"] = pace_json(row.state.pace);
  return host;
}

const char* kind_of(const PlaceChange& change) {
  return change.is_new ? "new" : change.gone_since ? "gone" : change.came_back ? "back" : "changed";
}

Json change_json(const PlaceChange& change) {
  Json fields = Json::object();
  for (const auto& [field, values] : change.fields) {
    fields[field] = {or_null(values.first), or_null(values.second)};
  }
  return {{"id", std::to_string(change.place)},
          {"kind", kind_of(change)},
          {"name", or_null(change.name)},
          {"at", change.at},
          {"fields", std::move(fields)}};
}

}  // namespace

Json pages_json(const PageStory& story) {
  Json timeline = {{"start", story.timeline.start}, {"bucket", story.timeline.bucket}};
  timeline["tallies"] = Json::array();
  for (const PageTally& tally : story.timeline.tallies) {
    timeline["tallies"].push_back(tally_json(tally));
  }
  Json statuses = Json::array();
  for (const auto& [status, count] : story.http_statuses) statuses.push_back({status, count});
  Json formats = Json::array();
  for (const FormatTally& row : story.formats) {
    formats.push_back({{"format", row.format},
                       {"observations", row.observations},
                       {"pages", row.pages},
                       {"places", row.places}});
  }
  Json errors = Json::array();
  for (const auto& [error, count] : story.errors) errors.push_back({error, count});
  Json filled = Json::array();
  for (const auto& [field, count] : story.filled) filled.push_back({field, count});
  return {{"count", story.pages},
          {"timeline", std::move(timeline)},
          {"http_statuses", std::move(statuses)},
          {"errors", std::move(errors)},
          {"formats", std::move(formats)},
          {"filled", std::move(filled)}};
}

Json runs_json(const std::vector<RunRow>& runs) {
  Json rows = Json::array();
  for (const RunRow& run : runs) {
    Json alarms = Json::array();
    for (const Alarm& alarm : run.alarms) alarms.push_back(alarm_text(alarm));
    rows.push_back({{"id", run.id},
                    {"backend", run.backend},
                    {"started_at", run.started_at},
                    {"saved_at", run.saved_at},
                    {"finished_at", or_null(run.finished_at)},
                    {"outcome", or_null(run.outcome)},
                    {"pass_end", or_null(run.pass_end)},
                    {"pages", run.counters.pages},
                    {"requests", run.counters.requests},
                    {"errors", run.counters.errors},
                    {"retries", run.counters.retries},
                    {"bytes", run.counters.bytes},
                    {"new", run.places_new},
                    {"changed", run.places_changed},
                    {"gone", run.places_gone},
                    {"alarms", std::move(alarms)}});
  }
  return rows;
}

Json filtered_json(const std::vector<FilteredRow>& rows) {
  Json json = Json::array();
  for (const FilteredRow& row : rows) {
    json.push_back({{"reason", row.reason}, {"count", row.count}, {"example", row.example}});
  }
  return json;
}

Json politeness_json(const PolitenessSummary& summary) {
  return {{"hosts", summary.hosts},
          {"requests", summary.record.requests},
          {"refused", summary.record.refused},
          {"early", summary.record.early},
          {"most_in_flight", summary.record.most_in_flight},
          {"min_gap_ms", milliseconds_json(summary.record.min_gap)}};
}

Json hosts_json(const StatusSummary& status, const PageStory& story, std::size_t most) {
  std::vector<std::pair<std::uint64_t, const HostRow*>> rows;
  for (const HostRow& row : status.hosts) {
    const auto tally = story.hosts.find(row.host);
    rows.emplace_back(tally == story.hosts.end() ? 0 : tally->second.all(), &row);
  }
  std::ranges::stable_sort(rows, [](const auto& a, const auto& b) { return a.first > b.first; });
  Json json = Json::array();
  for (const auto& [pages, row] : rows) {
    if (json.size() == most) break;
    json.push_back(host_json(*row, story));
  }
  return json;
}

Result<Json> changes_json(Lookup& lookup, std::size_t most) {
  const auto range = lookup.last_pass();
  if (!range) return tl::unexpected(range.error());
  if (!*range) return Json();
  const bool first_pass = (*range)->first <= 1;
  Json rows = Json::array();
  const auto counts = lookup.changes(**range, [&](const PlaceChange& change) {
    if (rows.size() < most && !first_pass) rows.push_back(change_json(change));
  });
  if (!counts) return tl::unexpected(counts.error());
  return Json{{"first_pass", first_pass}, {"since_run", (*range)->first - 1},
              {"new", counts->added},     {"gone", counts->gone},
              {"back", counts->back},     {"changed", counts->changed},
              {"rows", std::move(rows)}};
}

}  // namespace placer
