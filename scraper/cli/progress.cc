#include "scraper/cli/progress.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "scraper/cli/alarm_json.h"
#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

using std::chrono::milliseconds;
constexpr std::size_t kMostAlarms = 20;  // lines of them; `placer status` has the rest

std::string iso_time(Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  return fmt::format(
      "{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
      fmt::gmtime(std::chrono::system_clock::to_time_t(
          std::chrono::time_point_cast<std::chrono::system_clock::duration>(seconds))),
      (at - seconds).count());
}

std::string iso_now() {
  return iso_time(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

std::string_view verdict(const Completion& completion) {
  if (completion.requeue) return "retry";
  if (completion.page) return page_status_name(*completion.page);
  return "robots";
}

// Empty: none.
std::string error_of(const Completion& completion) {
  const Outcome& outcome = completion.outcome;
  if (outcome.error) return outcome.error->message;
  if (completion.page != PageStatus::kHttpError) return {};
  return fmt::format("GET {}: HTTP status {}", outcome.request.url, outcome.status);
}

std::string json_line(const nlohmann::ordered_json& event) {
  return printable_json(
      event.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

double per_second(std::uint64_t count, milliseconds time) {
  return time.count() <= 0
             ? 0
             : 1000.0 * static_cast<double>(count) / static_cast<double>(time.count());
}

nlohmann::ordered_json counters_json(const RunCounters& c) {
  return {{"pages", c.pages},
          {"requests", c.requests},
          {"errors", c.errors},
          {"retries", c.retries},
          {"observations", c.observations},
          {"bytes", c.bytes},
          {"discovered", c.discovered},
          {"filtered", c.filtered},
          {"worker_deaths", c.worker_deaths}};
}

// "; 2 ALARMS: shop.example json-ld opening_hours 92 % -> 0 %, ..."
std::string alarm_note(const std::vector<Alarm>& alarms) {
  if (alarms.empty()) return {};
  return fmt::format("; {} ALARM{}: {}{}", alarms.size(), alarms.size() == 1 ? "" : "S",
                     alarm_text(alarms.front()), alarms.size() == 1 ? "" : ", ...");
}

}  // namespace

std::string summary_line(const std::string& job, const RunSummary& summary,
                         const std::string& database) {
  const Progress& end = summary.progress;
  const RunCounters& c = end.counters;
  std::string text =
      fmt::format("{}: {} in {}: {} pages ({} errors), {} places, {:.1f} pages/s, {} queued -> {}",
                  job, run_outcome_name(summary.outcome), human_duration(end.elapsed),
                  human_count(c.pages), human_count(c.errors), human_count(end.places),
                  per_second(c.pages, end.elapsed), human_count(end.queued), database);
  if (end.queued > 0) text += "; run the same command to go on";
  if (summary.verdict.pass == PassEnd::kSpoiled) {
    text += "; too many pages failed to tell which places are gone";
  }
  text += alarm_note(summary.verdict.alarms);
  return text;
}

RunReporter::RunReporter(std::string job, LogFormat log, bool live, bool quiet, std::FILE* out)
    : job_(std::move(job)), log_(log), live_(live), quiet_(quiet), out_(out) {}

RunReporter::RunReporter(std::string job, LogFormat log, LogFile& file)
    : job_(std::move(job)), log_(log), live_(false), quiet_(false), out_(nullptr), file_(&file) {}

void RunReporter::show_live(const std::atomic<Stop>& stop) {
  if (live_ && !quiet_ && log_ == LogFormat::kNone) display_.emplace(job_, stop, out_);
}

void RunReporter::clear_display() {
  if (display_) display_->clear();
}

void RunReporter::line(const std::string& text) {
  if (file_ != nullptr) {
    file_->write(log_ == LogFormat::kJson ? text : fmt::format("{} {}", iso_now(), text));
    return;
  }
  clear_display();
  fmt::print(out_, "{}\n", text);
  std::fflush(out_);
}

void RunReporter::started(const std::string& backend, const std::string& reason,
                          const std::string& database, bool resumed, std::uint64_t queued) {
  if (log_ == LogFormat::kJson) {
    line(json_line({{"time", iso_now()},
                    {"event", "start"},
                    {"job", job_},
                    {"backend", backend},
                    {"reason", reason},
                    {"database", database},
                    {"resumed", resumed},
                    {"queued", queued}}));
  } else if (!quiet_ && (live_ || log_ == LogFormat::kText)) {
    const std::string going_on =
        resumed ? fmt::format(", going on with {} URLs in the queue", human_count(queued)) : "";
    line(printable(fmt::format("{}: {} ({}) -> {}{}", job_, backend, reason, database, going_on)));
  }
}

void RunReporter::backend_changed(const std::string& why) {
  if (log_ == LogFormat::kJson) {
    message("backend", why);
  } else if (display_) {
    display_->backend_changed(why);
  } else if (!quiet_ && (live_ || log_ == LogFormat::kText)) {
    line(printable(fmt::format("{}: {}", job_, why)));
  }
}

// For people with "placer: " in front when it is trouble.
void RunReporter::message(std::string_view event, const std::string& text) {
  if (log_ == LogFormat::kJson) {
    line(json_line({{"time", iso_now()}, {"event", event}, {"job", job_}, {"message", text}}));
  } else {
    line(printable(fmt::format("placer: {}: {}", job_, text)));
  }
}

void RunReporter::completion(const Completion& completion) {
  if (display_) display_->completion(completion);
  const Outcome& outcome = completion.outcome;
  if (first_error_.empty()) first_error_ = error_of(completion);
  if (log_ == LogFormat::kNone || outcome.request.id == 0) return;
  const auto ms = outcome.timings.total / 1000;
  if (log_ == LogFormat::kJson) {
    nlohmann::ordered_json event = {{"time", iso_time(completion.at)},
                                    {"event", verdict(completion)},
                                    {"job", job_},
                                    {"url", outcome.request.url},
                                    {"http_status", outcome.status},
                                    {"ms", ms},
                                    {"bytes", outcome.body_bytes},
                                    {"places", outcome.places.size()},
                                    {"depth", outcome.request.depth},
                                    {"attempt", outcome.request.attempt}};
    if (outcome.error) {
      event["error"] = error_name(outcome.error->code);
      event["message"] = outcome.error->message;
    }
    line(json_line(event));
    return;
  }
  std::string text =
      fmt::format("{} {} {} {} ms", verdict(completion), outcome.status, outcome.request.url, ms);
  if (!outcome.places.empty()) text += fmt::format(", {} places", outcome.places.size());
  if (outcome.error) text += fmt::format(": {}", outcome.error->message);
  if (file_ == nullptr) text = iso_time(completion.at) + " " + text;
  line(printable(text));
}

void RunReporter::progress(const Progress& progress) {
  if (display_) display_->progress(progress);
}

void RunReporter::concluding(const Progress& progress) {
  if (display_) display_->concluding(progress);
}

void RunReporter::unused_rules(const std::vector<std::string>& descriptions) {
  for (const std::string& text : descriptions) {
    if (log_ == LogFormat::kJson) {
      message("unused-rule", text);
    } else if (!quiet_) {
      line(printable(fmt::format("{}: {}", job_, text)));
    }
  }
}

void RunReporter::finished(const RunSummary& summary, const std::string& database) {
  const Progress& end = summary.progress;
  if (log_ == LogFormat::kJson) {
    nlohmann::ordered_json event = {{"time", iso_now()},
                                    {"event", "end"},
                                    {"job", job_},
                                    {"outcome", run_outcome_name(summary.outcome)},
                                    {"ms", end.elapsed.count()},
                                    {"places", end.places},
                                    {"queued", end.queued}};
    event.update(counters_json(end.counters));
    nlohmann::ordered_json held = nlohmann::ordered_json::array();
    for (const HeldHost& host : summary.held) {
      held.push_back({{"origin", host.origin}, {"urls", host.urls}, {"reason", host.reason}});
    }
    event["held"] = held;
    event["pass"] = pass_end_name(summary.verdict.pass);
    event["alarms"] = alarms_json(summary.verdict.alarms);
    line(json_line(event));
    return;
  }
  const bool nothing = end.counters.pages == end.counters.errors;
  if (nothing && summary.held.empty() && !first_error_.empty()) {
    line(printable(fmt::format("placer: {}: nothing was fetched: {}", job_, first_error_)));
  }
  for (const HeldHost& host : summary.held) {
    line(printable(fmt::format("{}: {} URLs of {} are left for the next run: {}", job_, host.urls,
                               host.origin, host.reason)));
  }
  const RunVerdict& verdict = summary.verdict;
  for (std::size_t i = 0; i < std::min(verdict.alarms.size(), kMostAlarms); ++i) {
    line(printable(fmt::format("placer: {}: ALARM: {}", job_, alarm_text(verdict.alarms[i]))));
  }
  if (quiet_) {
    clear_display();
    return;
  }
  line(printable(summary_line(job_, summary, database)));
}

void RunReporter::failed(const std::string& text) { message("failed", text); }

void RunReporter::warning(const std::string& text) { message("warning", text); }

EngineObserver observe(RunReporter& reporter) {
  return {[&reporter](const Completion& c) { reporter.completion(c); },
          [&reporter](const Progress& p) { reporter.progress(p); },
          [&reporter](const Progress& p) { reporter.concluding(p); }};
}

}  // namespace placer::cli
