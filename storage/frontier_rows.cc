#include <array>

#include "storage/frontier_store.h"
#include "storage/times.h"

namespace placer {
namespace {

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

}  // namespace

const std::string kSelectQueued =
    "SELECT queue.host, queue.seq, queue.url, queue.fingerprint, queue.depth, queue.attempts,"
    " queue.crashes, queue.redirects, queue.not_before_ms, queue.found_on, queue.body,"
    " queue.endpoint, queue.sitemap FROM queue";
const std::string kSelectHost =
    "SELECT id, host, next_allowed_ms, pause_ms, last_start_ms, delay_ms, slowed_ms, latency_us,"
    " failures, requests, refused, early, most_in_flight, min_gap_ms, min_delay_ms, address,"
    " patterns, queued, fetched, accepted, leased FROM host";
const std::string kSelectOrigin =
    "SELECT origin, host, state, robots_txt, failures, fetched_ms, expires_ms FROM origin";

HostState host_of(const Statement& row) {
  using std::chrono::milliseconds;
  const auto span = [&row](int column) {
    return row.is_null(column) ? std::nullopt : std::optional(milliseconds(row.integer(column)));
  };
  HostState host;
  host.id = small(row, 0);
  host.host = row.string(1);
  host.pace.next_allowed = instant_of_ms(row.integer(2));
  host.pace.pause = milliseconds(row.integer(3));
  host.pace.last_start = instant_of_ms(row.integer(4));
  host.pace.delay = milliseconds(row.integer(5));
  host.pace.slowed = milliseconds(row.integer(6));
  host.pace.latency = std::chrono::microseconds(row.integer(7));
  host.pace.failures = small(row, 8);
  host.pace.record = {row.count(9),   row.count(10), row.count(11),
                      small(row, 12), span(13),      span(14)};
  host.address = row.string(15);
  host.patterns = row.bytes(16);
  host.queued = row.count(17);
  host.fetched = row.count(18);
  host.accepted = row.count(19);
  host.leased = row.integer(20) != 0;
  return host;
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

QueuedUrl queued_url_of(const Statement& row) {
  return {row.count(1),
          small(row, 0),
          row.string(2),
          row.count(3),
          small(row, 4),
          small(row, 5),
          small(row, 6),
          small(row, 7),
          instant_of_ms(row.integer(8)),
          row.count(9),
          row.string(10),
          small(row, 11),
          row.integer(12) != 0 ? RequestKind::kSitemap : RequestKind::kPage,
          false,
          {}};
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
  Statement row(*db_, kSelectHost + " ORDER BY id", "reading the hosts");
  for (bool more = row.first(); more; more = row.next()) hosts.push_back(host_of(row));
  return hosts;
}

std::optional<HostState> FrontierRows::host(const std::string& name) {
  Statement row(*db_, kSelectHost + " WHERE host = ?", "reading a host");
  if (!row.first(name)) return std::nullopt;
  return host_of(row);
}

std::optional<OriginState> FrontierRows::origin(const std::string& name) {
  Statement row(*db_, kSelectOrigin + " WHERE origin = ?", "reading an origin");
  if (!row.first(name)) return std::nullopt;
  return origin_of(row);
}

std::optional<QueuedUrl> FrontierRows::queued(HostId host, std::uint64_t fingerprint) {
  Statement row(*db_, kSelectQueued + " WHERE host = ? AND fingerprint = ? LIMIT 1",
                "reading the queue");
  if (!row.first(host, fingerprint)) return std::nullopt;
  return queued_url_of(row);
}

}  // namespace placer
