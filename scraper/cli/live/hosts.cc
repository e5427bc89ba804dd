#include "scraper/cli/live/hosts.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "storage/url_host.h"

namespace placer::cli {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kWindow{10'000};

}  // namespace

void HostTally::count(const Completion& completion) {
  const Outcome& outcome = completion.outcome;
  if (outcome.request.id != 0) {
    const std::string_view name = url_host(outcome.request.url);
    auto it = hosts_.find(name);
    if (it == hosts_.end() && hosts_.size() < kMostHosts)
      it = hosts_.try_emplace(std::string(name)).first;
    if (it == hosts_.end()) {
      more_ = true;
    } else {
      Host& host = it->second;
      ++host.requests;
      host.status = outcome.status;
      host.error = outcome.error ? std::optional(outcome.error->code) : std::nullopt;
      if (completion.page) {
        ++host.pages;
        const bool fine =
            *completion.page == PageStatus::kOk || *completion.page == PageStatus::kRedirect;
        if (!fine) ++host.errors;
        host.places +=
            static_cast<std::uint64_t>(std::ranges::count(outcome.places, 0U, &Observation::about));
      }
    }
  }
  for (const HostState& state : completion.hosts) {
    const auto it = hosts_.find(state.host);
    if (it == hosts_.end()) continue;
    it->second.queued = state.queued;
    it->second.next_allowed = state.pace.next_allowed;
  }
}

void HostTally::begin_window(milliseconds elapsed) {
  const double time = static_cast<double>((elapsed - window_).count()) / 1000;
  for (auto& [name, host] : hosts_) {
    host.rate = static_cast<double>(host.requests) / time;
    host.requests = 0;
  }
  window_ = elapsed;
}

HostRow HostTally::row_of(const std::string& name, const Host& host, Instant now) {
  HostRow row;
  row.host = name;
  row.pages = host.pages;
  row.places = host.places;
  row.errors = host.errors;
  row.queued = host.queued;
  row.requests_per_second = host.rate;
  if (host.error) {
    row.last = error_name(*host.error);
  } else if (host.status != 0) {
    row.last = std::to_string(host.status);
  }
  if (host.queued > 0) row.wait = std::max(host.next_allowed - now, milliseconds{0});
  return row;
}

HostTable HostTally::busiest(std::size_t limit, milliseconds elapsed, Instant now) {
  const bool first = window_.count() == 0;
  if (elapsed - window_ >= kWindow) {
    begin_window(elapsed);
  } else if (first && elapsed.count() > 0) {  // there is no window before
    for (auto& [name, host] : hosts_) {
      host.rate = 1000 * static_cast<double>(host.requests) / static_cast<double>(elapsed.count());
    }
  }
  std::vector<const std::pair<const std::string, Host>*> order;
  order.reserve(hosts_.size());
  for (const auto& entry : hosts_) order.push_back(&entry);
  const std::size_t shown = std::min(limit, order.size());
  const auto busier = [](const auto* a, const auto* b) {
    return std::tie(b->second.rate, b->second.pages, a->first) <
           std::tie(a->second.rate, a->second.pages, b->first);
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    busier);
  HostTable table;
  table.hosts = hosts_.size();
  table.more = more_;
  for (std::size_t i = 0; i < shown; ++i) {
    table.rows.push_back(row_of(order[i]->first, order[i]->second, now));
  }
  return table;
}

}  // namespace placer::cli
