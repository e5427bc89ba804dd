#include "storage/query.h"
#include "storage/times.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

// One row a host; columns as in PaceState.
constexpr std::string_view kSelectPace =
    "SELECT host, next_allowed_ms, pause_ms, last_start_ms, delay_ms, slowed_ms, latency_us,"
    " failures, requests, refused, early, most_in_flight, min_gap_ms, min_delay_ms FROM host"
    " WHERE requests > 0"
    " ORDER BY early = 0, min_gap_ms IS NULL, min_gap_ms - min_delay_ms, host LIMIT ?";

std::optional<milliseconds> optional_duration(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return milliseconds(row.integer(column));
}

HostPace pace_of(const Statement& row) {
  HostPace host;
  host.host = row.string(0);
  PaceState& pace = host.pace;
  pace.next_allowed = instant_of_ms(row.integer(1));
  pace.pause = milliseconds(row.integer(2));
  pace.last_start = instant_of_ms(row.integer(3));
  pace.delay = milliseconds(row.integer(4));
  pace.slowed = milliseconds(row.integer(5));
  pace.latency = std::chrono::microseconds(row.integer(6));
  pace.failures = static_cast<std::uint32_t>(row.integer(7));
  pace.record = {row.count(8),
                 row.count(9),
                 row.count(10),
                 static_cast<std::uint32_t>(row.integer(11)),
                 optional_duration(row, 12),
                 optional_duration(row, 13)};
  return host;
}

}  // namespace

Result<PolitenessSummary> Lookup::politeness(std::size_t most_hosts) {
  PolitenessSummary summary;
  db_->exec("BEGIN", "beginning to read");
  Statement total(*db_,
                  "SELECT count(*), coalesce(sum(requests), 0), coalesce(sum(refused), 0),"
                  " coalesce(sum(early), 0), coalesce(max(most_in_flight), 0), min(min_gap_ms)"
                  " FROM host WHERE requests > 0",
                  "adding up the requests");
  if (total.first()) {
    summary.hosts = total.count(0);
    summary.record.requests = total.count(1);
    summary.record.refused = total.count(2);
    summary.record.early = total.count(3);
    summary.record.most_in_flight = static_cast<std::uint32_t>(total.integer(4));
    summary.record.min_gap = optional_duration(total, 5);
  }
  total.reset();
  Statement row(*db_, kSelectPace, "reading the politeness towards hosts");
  for (bool more = row.first(most_hosts); more; more = row.next()) {
    summary.rows.push_back(pace_of(row));
  }
  sqlite3_exec(db_->raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  if (auto status = db_->status(); !status) return tl::unexpected(status.error());
  return summary;
}

}  // namespace placer
