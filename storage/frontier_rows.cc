#include <array>

#include "storage/frontier_store.h"
#include "storage/times.h"

namespace placer {
namespace {

constexpr std::string_view kSelectHost =
    "SELECT id, host, next_allowed_ms, failures, queued, fetched, accepted FROM host";
constexpr std::string_view kSelectOrigin =
    "SELECT origin, host, state, robots_txt, failures, fetched_ms, expires_ms FROM origin";

constexpr std::array kRobotsStates = {RobotsState::kUnknown, RobotsState::kRules,
                                      RobotsState::kAllowAll, RobotsState::kUnreachable};

RobotsState robots_state_of(std::string_view name) {
  for (const RobotsState state : kRobotsStates) {
    if (robots_state_name(state) == name) return state;
  }
  return RobotsState::kUnknown;
}

std::uint32_t small(const Statement& row, int column) {
  return static_cast<std::uint32_t>(row.integer(column));
}

HostState host_of(const Statement& row) {
  return {small(row, 0), row.string(1), instant_of_ms(row.integer(2)), small(row, 3), row.count(4),
          row.count(5),  row.count(6)};
}

OriginState origin_of(const Statement& row) {
  return {row.string(0),
          small(row, 1),
          robots_state_of(row.text(2)),
          row.string(3),
          small(row, 4),
          instant_of_ms(row.integer(5)),
          instant_of_ms(row.integer(6))};
}

}  // namespace

const std::string kSelectQueued =
    "SELECT host, seq, url, fingerprint, depth, attempts, crashes, redirects, not_before_ms,"
    " found_on, body, endpoint FROM queue";

QueuedUrl queued_url_of(const Statement& row) {
  return {row.count(1),  small(row, 0),  row.string(2),
          row.count(3),  small(row, 4),  small(row, 5),
          small(row, 6), small(row, 7),  instant_of_ms(row.integer(8)),
          row.count(9),  row.string(10), small(row, 11)};
}

std::string_view robots_state_name(RobotsState state) {
  switch (state) {
    case RobotsState::kUnknown:
      return "unknown";
    case RobotsState::kRules:
      return "rules";
    case RobotsState::kAllowAll:
      return "allow-all";
    case RobotsState::kUnreachable:
      return "unreachable";
  }
  return "unknown";
}

std::vector<HostState> FrontierRows::hosts() {
  std::vector<HostState> hosts;
  Statement row(*db_, std::string(kSelectHost) + " ORDER BY id", "reading the hosts");
  for (bool more = row.first(); more; more = row.next()) hosts.push_back(host_of(row));
  return hosts;
}

std::optional<HostState> FrontierRows::host(const std::string& name) {
  Statement row(*db_, std::string(kSelectHost) + " WHERE host = ?", "reading a host");
  if (!row.first(name)) return std::nullopt;
  return host_of(row);
}

std::vector<OriginState> FrontierRows::origins() {
  std::vector<OriginState> origins;
  Statement row(*db_, std::string(kSelectOrigin) + " ORDER BY origin", "reading the origins");
  for (bool more = row.first(); more; more = row.next()) origins.push_back(origin_of(row));
  return origins;
}

std::optional<OriginState> FrontierRows::origin(const std::string& name) {
  Statement row(*db_, std::string(kSelectOrigin) + " WHERE origin = ?", "reading an origin");
  if (!row.first(name)) return std::nullopt;
  return origin_of(row);
}

void FrontierRows::fingerprints(Resumed& resumed) {
  Statement size(*db_, "SELECT (SELECT count(*) FROM seen) + (SELECT count(*) FROM queue)",
                 "counting the fingerprints");
  if (size.first()) resumed.seen.reserve(size.count(0));
  size.reset();
  Statement row(
      *db_, "SELECT fingerprint, reason FROM seen UNION ALL SELECT fingerprint, NULL FROM queue",
      "reading the fingerprints");
  for (bool more = row.first(); more; more = row.next()) {
    const auto reason = filter_reason_of(row.text(1));
    if (reason && may_be_reconsidered(*reason)) {
      resumed.passed_over.emplace_back(row.count(0), *reason);
    } else {
      resumed.seen.push_back(row.count(0));
    }
  }
}

std::optional<QueuedUrl> FrontierRows::queued(std::uint64_t fingerprint) {
  Statement row(*db_, kSelectQueued + " WHERE fingerprint = ? LIMIT 1", "reading the queue");
  if (!row.first(fingerprint)) return std::nullopt;
  return queued_url_of(row);
}

}  // namespace placer
