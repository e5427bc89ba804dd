#include "scraper/make_worker.h"

#include <memory>

#include "scraper/extract/extractors.h"
#include "scraper/fetch/curl_fetcher.h"

namespace placer {

WorkerFactory make_worker_factory(const Job& job) {
  return [job] {
    return std::make_unique<Worker>(
        std::make_unique<CurlFetcher>(job.fetch, job.politeness.user_agent,
                                      job.backend.window.value_or(1),
                                      RequestHeaders(job.extract.rules)),
        make_extractors(job.extract.formats, job.extract.rules),
        WorkerOptions{job.page, job.politeness.user_agent});
  };
}

}  // namespace placer
