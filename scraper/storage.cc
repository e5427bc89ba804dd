#include "scraper/storage.h"

#include <cmath>

namespace placer {

std::string_view page_status_name(PageStatus status) {
  switch (status) {
    case PageStatus::kOk:
      return "ok";
    case PageStatus::kRedirect:
      return "redirect";
    case PageStatus::kHttpError:
      return "http-error";
    case PageStatus::kFetchError:
      return "fetch-error";
    case PageStatus::kParseError:
      return "parse-error";
    case PageStatus::kQuarantined:
      return "quarantined";
  }
  return "unknown";
}

std::string_view filter_reason_name(FilterReason reason) {
  switch (reason) {
    case FilterReason::kHost:
      return "host";
    case FilterReason::kInclude:
      return "include";
    case FilterReason::kExclude:
      return "exclude";
    case FilterReason::kDepth:
      return "depth";
    case FilterReason::kMaxPages:
      return "max-pages";
    case FilterReason::kMaxPagesPerHost:
      return "max-pages-per-host";
    case FilterReason::kRobots:
      return "robots";
    case FilterReason::kNofollow:
      return "nofollow";
    case FilterReason::kRedirects:
      return "redirects";
    case FilterReason::kUrlLength:
      return "url-length";
    case FilterReason::kTrap:
      return "trap";
    case FilterReason::kNotDue:
      return "not-due";
  }
  return "unknown";
}

std::optional<FilterReason> filter_reason_of(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(FilterReason::kNotDue); ++i) {
    const auto reason = static_cast<FilterReason>(i);
    if (filter_reason_name(reason) == name) return reason;
  }
  return std::nullopt;
}

bool may_be_reconsidered(FilterReason reason) {
  switch (reason) {
    case FilterReason::kHost:
    case FilterReason::kInclude:
    case FilterReason::kExclude:
    case FilterReason::kDepth:
    case FilterReason::kNofollow:
    case FilterReason::kRedirects:
    case FilterReason::kNotDue:
      return true;
    default:
      return false;
  }
}

std::string_view pass_end_name(PassEnd end) {
  switch (end) {
    case PassEnd::kOpen:
      return "open";
    case PassEnd::kComplete:
      return "complete";
    case PassEnd::kSpoiled:
      return "spoiled";
    case PassEnd::kPartial:
      return "partial";
  }
  return "unknown";
}

std::string alarm_text(const Alarm& alarm) {
  const bool share = alarm.field != "observations";
  const auto number = [share](double value) {
    return std::to_string(std::lround(share ? 100 * value : value)) + (share ? " %" : "");
  };
  return alarm.host + ' ' + alarm.format + ' ' + alarm.field + ' ' + number(alarm.before) + " -> " +
         number(alarm.after);
}

std::string_view run_outcome_name(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::kDone:
      return "done";
    case RunOutcome::kLimit:
      return "limit";
    case RunOutcome::kInterrupted:
      return "interrupted";
    case RunOutcome::kFailed:
      return "failed";
  }
  return "unknown";
}

}  // namespace placer
