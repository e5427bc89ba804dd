#include "scraper/frontier/verdict.h"

namespace placer {

bool concerns_host(const Outcome& outcome) {
  if (outcome.error) {
    return outcome.error->code == ErrorCode::kConnect ||
           outcome.error->code == ErrorCode::kTimeout ||
           outcome.error->code == ErrorCode::kUnresolvedHost;
  }
  return outcome.status == 429 || outcome.status == 503;
}

bool is_transient(const Outcome& outcome) {
  if (outcome.error) return is_transient(outcome.error->code);
  switch (outcome.status) {
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

bool is_redirect(const Outcome& outcome) {
  return !outcome.error && !outcome.links.empty() &&
         outcome.links.front().kind == LinkKind::kRedirect;
}

PageStatus page_status(const Outcome& outcome) {
  if (outcome.error) {
    const ErrorCode code = outcome.error->code;
    const bool parsing = code == ErrorCode::kParseDeadline || code == ErrorCode::kParseMemory;
    return parsing ? PageStatus::kParseError : PageStatus::kFetchError;
  }
  if (is_redirect(outcome)) return PageStatus::kRedirect;
  if (outcome.unmodified) return PageStatus::kOk;
  return outcome.status >= 200 && outcome.status < 300 ? PageStatus::kOk : PageStatus::kHttpError;
}

std::string describe_failure(const Outcome& outcome) {
  return outcome.error
             ? outcome.error->message
             : "GET " + outcome.request.url + ": HTTP status " + std::to_string(outcome.status);
}

}  // namespace placer
