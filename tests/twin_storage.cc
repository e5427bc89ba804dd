#include "tests/twin_storage.h"

#include <sstream>

namespace placer {
namespace {

void write(std::ostream& out, Instant value) { out << value.time_since_epoch().count() << ' '; }
template <class Rep, class Period>
void write(std::ostream& out, std::chrono::duration<Rep, Period> value) {
  out << value.count() << ' ';
}
template <class T>
void write(std::ostream& out, const T& value) {
  if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>) {
    out << static_cast<int>(value) << ' ';
  } else {
    out << value << ' ';
  }
}
template <class T>
void write(std::ostream& out, const std::optional<T>& value) {
  value ? write(out, *value) : write(out, "none");
}

template <class... T>
std::string joined(const T&... values) {
  std::ostringstream out;
  (write(out, values), ...);
  return std::move(out).str();
}

template <class T>
std::string text_of(const std::optional<T>& value) {
  return value ? text_of(*value) : "none";
}
template <class T>
std::string text_of(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) {
    if constexpr (std::is_integral_v<T>) {
      text += std::to_string(value) + "\n";
    } else {
      text += placer::text_of(value) + "\n";
    }
  }
  return text;
}
template <>
std::string text_of(const std::vector<std::optional<StoredPage>>& values) {
  std::string text;
  for (const auto& value : values) text += text_of(value) + "\n";
  return text;
}

template <class T>
Result<T> same(Result<T> first, const Result<T>& second, const char* question) {
  EXPECT_EQ(first.has_value(), second.has_value())
      << question << ": " << (first ? second.error() : first.error()).message;
  if (first && second) {
    EXPECT_EQ(text_of(*first), text_of(*second)) << question;
  }
  return first;
}

}  // namespace

std::string text_of(const HostState& host) {
  const PaceState& pace = host.pace;
  const PaceRecord& record = pace.record;
  return joined(host.id, host.host, pace.next_allowed, pace.pause, pace.last_start, pace.delay,
                pace.slowed, pace.latency, pace.failures, record.requests, record.refused,
                record.early, record.most_in_flight, record.min_gap, record.min_delay, host.address,
                host.patterns, host.queued, host.fetched, host.accepted, host.leased);
}

std::string text_of(const OriginState& origin) {
  return joined(origin.origin, origin.host, origin.state, origin.robots_txt, origin.failures,
                origin.fetched_at, origin.expires_at);
}

std::string text_of(const LeasedHost& leased) {
  std::string text = text_of(leased.state);
  for (const OriginState& origin : leased.origins) text += "| " + text_of(origin);
  return text;
}

std::string text_of(const QueuedUrl& url) {
  return joined(url.seq, url.host, url.url, url.fingerprint, url.depth, url.attempts, url.crashes,
                url.redirects, url.not_before, url.found_on, url.body, url.endpoint, url.kind,
                url.on_record, url.validators.etag, url.validators.last_modified,
                url.validators.content_hash);
}

std::string text_of(const Known& known) {
  return joined(known.found, known.filtered_as, known.fetched_at);
}

std::string text_of(const StoredPage& page) { return joined(page.url, page.depth); }

std::string text_of(const Resumed& resumed) {
  return joined(resumed.fresh, resumed.unclean, resumed.next_seq, resumed.next_host,
                resumed.accepted, resumed.queued);
}

Result<Resumed> TwinStorage::begin_run(const std::string& job, const std::string& backend,
                                       Instant now, const RunPlan& plan) {
  auto first = first_.begin_run(job, backend, now, plan);
  return same(std::move(first), second_.begin_run(job, backend, now, plan), "begin_run");
}

Result<std::vector<LeasedHost>> TwinStorage::lease_hosts(std::size_t limit) {
  return same(first_.lease_hosts(limit), second_.lease_hosts(limit), "lease_hosts");
}

Result<std::optional<HostState>> TwinStorage::host(std::string_view name) {
  return same(first_.host(name), second_.host(name), "host");
}

Result<std::vector<QueuedUrl>> TwinStorage::queued(HostId host, std::uint64_t after,
                                                   std::size_t limit) {
  return same(first_.queued(host, after, limit), second_.queued(host, after, limit), "queued");
}

Result<std::vector<Known>> TwinStorage::known(std::span<const std::uint64_t> fingerprints) {
  return same(first_.known(fingerprints), second_.known(fingerprints), "known");
}

Result<std::vector<std::uint64_t>> TwinStorage::outlinks(std::uint64_t fingerprint) {
  return same(first_.outlinks(fingerprint), second_.outlinks(fingerprint), "outlinks");
}

Result<std::vector<std::optional<StoredPage>>> TwinStorage::pages(
    std::span<const std::uint64_t> fingerprints) {
  return same(first_.pages(fingerprints), second_.pages(fingerprints), "pages");
}

Result<void> TwinStorage::commit(const std::vector<Completion>& batch,
                                 const RunCounters& counters) {
  auto first = first_.commit(batch, counters);
  const auto second = second_.commit(batch, counters);
  EXPECT_EQ(first.has_value(), second.has_value()) << "commit";
  return first;
}

// The verdict is about places, which the model has none of.
Result<RunVerdict> TwinStorage::end_run(RunOutcome outcome, const RunCounters& counters,
                                        Instant now) {
  auto first = first_.end_run(outcome, counters, now);
  const auto second = second_.end_run(outcome, counters, now);
  EXPECT_EQ(first.has_value(), second.has_value()) << "end_run";
  return first;
}

}  // namespace placer
