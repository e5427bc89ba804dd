#include "scraper/make_worker.h"

#include <memory>

#include "config/secrets.h"
#include "scraper/extract/extractors.h"
#include "scraper/fetch/curl_fetcher.h"

namespace placer {
namespace {

// What of a job its workers need: not the thousands of start URLs that it may have.
struct Equipment {
  FetchOptions fetch;
  RequestHeaders headers;
  WorkerOptions worker;
  ExtractOptions extract;
  std::size_t window;
};

}  // namespace

WorkerFactory make_worker_factory(const Job& job) {
  const auto shared = std::make_shared<const Equipment>(
      Equipment{job.fetch, RequestHeaders(job, process_environment()),
                WorkerOptions{job.page, job.politeness.user_agent}, job.extract,
                job.backend.window.value_or(1)});
  return [shared] {
    return std::make_unique<Worker>(
        std::make_unique<CurlFetcher>(shared->fetch, shared->worker.user_agent, shared->window,
                                      shared->headers),
        make_extractors(shared->extract.formats, shared->extract.rules), shared->worker);
  };
}

}  // namespace placer
