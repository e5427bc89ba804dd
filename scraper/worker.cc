#include "scraper/worker.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "scraper/extract/observe.h"
#include "scraper/frontier/key.h"
#include "scraper/frontier/url.h"
#include "scraper/page/page.h"
#include "scraper/page/simhash.h"
#include "scraper/page/sitemap.h"

namespace placer {
namespace {

using SteadyClock = std::chrono::steady_clock;

// What has arrived is read before more is asked for, but no exchange waits longer than that.
constexpr std::chrono::milliseconds kLongestUnpolled{50};

bool is_redirect(std::uint16_t status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
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
  // RFC 9110 section 15.4: these two repeat the request as it was, the others fetch. What the body
  // says is meant for its origin only.
  const bool repeats = outcome.status == 307 || outcome.status == 308;
  if (repeats && !outcome.request.body.empty() && target->origin() != from->origin()) {
    outcome.error = Error{ErrorCode::kInvalidUrl,
                          "POST " + outcome.request.url + ": redirected to " + target->origin() +
                              ", where its body is not sent; name that URL in the rule"};
    return;
  }
  outcome.links.push_back(
      link_to(*target, LinkKind::kRedirect, repeats ? outcome.request.body : std::string()));
}

// True of a 304 (RFC 9110 section 15.4.5) that was asked for, and of the same body once more.
bool is_unmodified(const Outcome& outcome) {
  const Validators& known = outcome.request.validators;
  if (outcome.status == 304) return !known.etag.empty() || !known.last_modified.empty();
  return outcome.status == 200 && known.content_hash != 0 &&
         known.content_hash == outcome.content_hash;
}

// What a sitemap lists. What breaks off, or is none, is an error beside what could be read of it:
// nobody may conclude that the pages it does not list are gone.
std::vector<Link> listed_links(std::string_view body, Outcome& outcome) {
  const auto url = Url::parse(outcome.request.url);
  if (!url) return {};
  Sitemap sitemap = read_sitemap(body, *url);
  const std::string what = "GET " + outcome.request.url;
  const bool read = sitemap.end == SitemapEnd::kComplete || sitemap.end == SitemapEnd::kMalformed;
  if (sitemap.format == SitemapFormat::kNone && read) {
    outcome.error = Error{ErrorCode::kContentType, what + ": no sitemap"};
  } else if (sitemap.end != SitemapEnd::kComplete) {
    outcome.error =
        Error{ErrorCode::kParseMemory, what + ": a sitemap that is not read to its end: " +
                                           std::string(sitemap_end_name(sitemap.end))};
  }
  return std::move(sitemap.links);
}

}  // namespace

Worker::Worker(std::unique_ptr<Fetcher> fetcher, std::vector<std::unique_ptr<Extractor>> extractors,
               WorkerOptions options)
    : fetcher_(std::move(fetcher)),
      extractors_(std::move(extractors)),
      options_(std::move(options)) {}

std::vector<Outcome> Worker::poll(std::chrono::milliseconds max_wait, int wake_fd) {
  if (arrived_.empty() || SteadyClock::now() - polled_ > kLongestUnpolled) {
    const auto wait = arrived_.empty() ? max_wait : std::chrono::milliseconds{0};
    std::ranges::move(fetcher_->poll(wait, wake_fd), std::back_inserter(arrived_));
    polled_ = SteadyClock::now();
  }
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
    outcome.unmodified = is_unmodified(outcome);
    if (outcome.unmodified) {
      // What is stored of the page holds; there is nothing to read.
    } else if (is_redirect(outcome.status)) {
      add_redirect(fetched.location, outcome);
    } else if (outcome.status >= 200 && outcome.status < 300) {
      read_body(std::move(fetched), outcome);
    }
  }
  outcome.timings.process = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin).count());
  return outcome;
}

void Worker::read_body(Fetched fetched, Outcome& outcome) const {
  if (outcome.request.kind == RequestKind::kRobots) {
    outcome.robots_txt = std::move(fetched.body);
    return;
  }
  if (outcome.request.kind == RequestKind::kSitemap) {
    outcome.links = listed_links(fetched.body, outcome);
    return;
  }
  // A page may be a sitemap too: as a start URL, or as a feed.
  const SitemapFormat format = sitemap_format(fetched.body);
  std::vector<Link> listed;
  const bool lists_only = format == SitemapFormat::kUrlset || format == SitemapFormat::kIndex;
  if (format != SitemapFormat::kNone) listed = listed_links(fetched.body, outcome);
  if (!lists_only) outcome.error.reset();
  if (!lists_only) read_page(std::move(fetched), outcome);
  std::ranges::move(listed, std::back_inserter(outcome.links));
}

void Worker::read_page(Fetched fetched, Outcome& outcome) const {
  const PageSource source{outcome.request.url,
                          outcome.content_type,
                          std::move(fetched.link_headers),
                          std::move(fetched.robots_headers),
                          options_.user_agent,
                          std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())};
  if (!Page::reads(source, fetched.body)) return;
  auto page = Page::parse(
      std::move(fetched.body), source,
      {options_.page.parse_deadline, options_.page.parse_memory,
       options_.page.tree == TreePolicy::kAlways ? TreeBuilder::kGumbo : TreeBuilder::kAuto});
  if (!page) {
    outcome.error = std::move(page.error());
    return;
  }
  observe(*page, extractors_, outcome);
  outcome.facts = page->facts();
  outcome.simhash = page->root() ? simhash(page->index().texts) : simhash(page->text());
  // After those of the formats, whose endpoints the scope does not bind.
  std::ranges::move(page->take_links(), std::back_inserter(outcome.links));
}

}  // namespace placer
