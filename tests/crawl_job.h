// A job file for a site on loopback, and the names of the backends to run it on.
#pragma once

#include <array>
#include <string>

namespace placer {

inline constexpr std::array kBackendNames{"serial", "threads", "processes", "async"};

// No delay and short back-off, so that a test's crawl takes a second or two. Ends within the
// mapping of the document: a test may append further sections.
inline std::string loopback_job(const std::string& start_url) {
  return "job: test\n"
         "start: ['" +
         start_url +
         "']\n"
         "politeness: {user_agent: placer-test/1.0, delay: 0, per_host: 16, adaptive: false}\n"
         "retry: {attempts: 5, backoff: 5ms}\n"
         "fetch: {private_addresses: allow, timeout: 10s}\n"
         "scope: {max_depth: 1000}\n";
}

}  // namespace placer
