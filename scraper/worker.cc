#include "scraper/worker.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "scraper/frontier/key.h"
#include "scraper/frontier/url.h"
#include "scraper/page/page.h"
#include "scraper/place/clean.h"

namespace placer {
namespace {

using SteadyClock = std::chrono::steady_clock;

bool is_redirect(std::uint16_t status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// True for what browsers parse as HTML. A missing type counts: most such answers are pages.
bool is_html(std::string_view content_type) {
  std::string essence(content_type.substr(0, content_type.find(';')));
  std::erase_if(essence, [](unsigned char c) { return std::isspace(c) != 0; });
  std::ranges::transform(essence, essence.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return essence.empty() || essence == "text/html" || essence == "application/xhtml+xml";
}

void add_redirect(const std::string& location, Outcome& outcome) {
  const auto from = Url::parse(outcome.request.url);
  const auto target = from ? Url::parse(location, &*from) : std::nullopt;
  if (!target) {
    outcome.error =
        Error{ErrorCode::kInvalidUrl, "GET " + outcome.request.url + ": redirected to '" +
                                          location + "', which is no http or https URL"};
    return;
  }
  const Url url = target->without_fragment_and_userinfo();
  outcome.links.push_back(
      {url.href(), fingerprint(dedupe_key(url)), LinkKind::kRedirect, /*nofollow=*/false});
}

}  // namespace

Worker::Worker(std::unique_ptr<Fetcher> fetcher, std::vector<std::unique_ptr<Extractor>> extractors,
               WorkerOptions options)
    : fetcher_(std::move(fetcher)),
      extractors_(std::move(extractors)),
      options_(std::move(options)) {}

std::vector<Outcome> Worker::poll(std::chrono::milliseconds max_wait, int wake_fd) {
  const auto wait = arrived_.empty() ? max_wait : std::chrono::milliseconds{0};
  std::ranges::move(fetcher_->poll(wait, wake_fd), std::back_inserter(arrived_));
  std::vector<Outcome> outcomes;
  if (!arrived_.empty()) {
    Fetched fetched = std::move(arrived_.front());
    arrived_.pop_front();
    outcomes.push_back(process(std::move(fetched)));
  }
  return outcomes;
}

Outcome Worker::process(Fetched fetched) const {
  const auto begin = SteadyClock::now();
  Outcome outcome = std::move(fetched.outcome);
  if (!outcome.error) {
    if (is_redirect(outcome.status)) {
      add_redirect(fetched.location, outcome);
    } else if (outcome.status >= 200 && outcome.status < 300) {
      if (outcome.request.kind == RequestKind::kRobots) {
        outcome.robots_txt = std::move(fetched.body);
      } else if (is_html(outcome.content_type)) {
        read_page(std::move(fetched), outcome);
      }
    }
  }
  outcome.timings.process = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin).count());
  return outcome;
}

void Worker::read_page(Fetched fetched, Outcome& outcome) const {
  const PageSource source{outcome.request.url, outcome.content_type,
                          std::move(fetched.link_headers), std::move(fetched.robots_headers),
                          options_.user_agent};
  auto page = Page::parse(std::move(fetched.body), source,
                          {options_.page.parse_deadline, options_.page.parse_memory});
  if (!page) {
    outcome.error = std::move(page.error());
    return;
  }
  const CleanContext context{page->url(), page->facts().language};
  for (const auto& extractor : extractors_) {
    for (const RawPlace& raw : extractor->places(*page)) {
      outcome.places.push_back(clean(raw, extractor->format(), context));
    }
  }
  outcome.facts = page->facts();
  outcome.links = page->take_links();
}

}  // namespace placer
