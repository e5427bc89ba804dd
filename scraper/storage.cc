#include "scraper/storage.h"

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
  }
  return "unknown";
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
