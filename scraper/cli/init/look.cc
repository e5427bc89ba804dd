#include "scraper/cli/init/look.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>
#include <unordered_set>

#include "scraper/extract/extractors.h"
#include "scraper/extract/locator/locator.h"
#include "scraper/fetch/curl_fetcher.h"
#include "scraper/frontier/scope.h"

namespace placer::cli {
namespace {

constexpr int kMostRedirects = 5;
constexpr std::size_t kMostSitemaps = 4;
constexpr std::size_t kMostUrlsPerGroup = 200;
constexpr std::size_t kMostGroups = 500;
constexpr std::size_t kPagesOfAGroup = 3;  // with places: that many are proof enough
constexpr long kNotWorthALook = -2500;     // of Candidates' scores: two pages gave nothing
constexpr std::chrono::minutes kLongestLook{2};
constexpr std::chrono::seconds kLongestDelay{30};

// Names the platforms that pages show; takes nothing itself.
class PlatformNames : public Locator {
 public:
  explicit PlatformNames(std::set<std::string>& names) : names_(names) {}

  Extraction read(const Page& page) const override {
    for (const nlohmann::json& item : items(page)) {
      if (item.contains("platform")) names_.insert(item["platform"].get<std::string>());
    }
    return {};
  }

 private:
  std::set<std::string>& names_;
};

// Words that stand in the paths of pages about places, in a few languages.
bool sounds_like_places(std::string_view group) {
  constexpr std::array<std::string_view, 34> kWords = {
      "store",    "shop",     "location", "branch",   "cafe",    "restaurant", "hotel",
      "place",    "standort", "filial",   "laden",    "winkel",  "vestiging",  "magasin",
      "boutique", "agence",   "tienda",   "sucursal", "negozi",  "sedi",       "punti-vendita",
      "butik",    "butikk",   "sklep",    "placow",   "prodejn", "poboc",      "loja",
      "museum",   "clinic",   "praxis",   "pharmac",  "apothek", "find"};
  return std::ranges::any_of(kWords,
                             [&](std::string_view word) { return group.find(word) != group.npos; });
}

bool is_language(std::string_view segment) {
  const bool has_region = segment.size() == 5 && (segment[2] == '-' || segment[2] == '_');
  return segment.size() == 2 || has_region;
}

// URLs not yet looked at, by group.
class Candidates {
 public:
  void add(const std::string& url) {
    const std::string group = group_of(split_href(url).path_and_query);
    if (urls_.size() >= kMostGroups && !urls_.contains(group)) return;
    std::vector<std::string>& urls = urls_[group];
    if (urls.size() < kMostUrlsPerGroup && known_.insert(url).second) urls.push_back(url);
  }
  void looked_at(const std::string& url) { known_.insert(url); }

  // The groups in turn: those that had places and need proof, then those never looked into, by
  // what their names promise and how many pages they have.
  std::optional<std::string> next(const std::vector<LookedAt>& pages) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> seen;  // pages, those with places
    for (const LookedAt& page : pages) {
      ++seen[page.group].first;
      seen[page.group].second += page.places > 0 ? 1 : 0;
    }
    auto best = urls_.end();
    long best_score = 0;
    for (auto group = urls_.begin(); group != urls_.end(); ++group) {
      if (group->second.empty()) continue;
      const auto [looked, with_places] = seen[group->first];
      long score = sounds_like_places(group->first) ? 1000 : 0;
      score += static_cast<long>(std::min<std::size_t>(group->second.size(), kMostUrlsPerGroup));
      score -= 1500 * static_cast<long>(looked);
      if (with_places > 0 && with_places < kPagesOfAGroup) score += 4000;
      if (best == urls_.end() || score > best_score) {
        best = group;
        best_score = score;
      }
    }
    if (best == urls_.end() || best_score <= kNotWorthALook) return std::nullopt;
    // From the middle: lists begin with what is not typical.
    const auto at = best->second.begin() + static_cast<std::ptrdiff_t>(best->second.size() / 2);
    std::string url = std::move(*at);
    best->second.erase(at);
    return url;
  }

 private:
  std::map<std::string, std::vector<std::string>> urls_;
  std::unordered_set<std::string> known_;
};

class Look {
 public:
  Look(const LookOptions& options, const std::function<void(const std::string&)>& on_request)
      : options_(options), on_request_(on_request) {
    FetchOptions fetch;
    fetch.timeout = std::chrono::seconds(20);
    if (options.private_addresses) fetch.private_addresses = PrivateAddresses::kAllow;
    auto extractors = make_extractors(ExtractOptions{}.formats);
    extractors.push_back(std::make_unique<PlatformNames>(look_.platforms));
    worker_ = std::make_unique<Worker>(std::make_unique<CurlFetcher>(fetch, options.user_agent),
                                       std::move(extractors),
                                       WorkerOptions{PageOptions{}, options.user_agent});
  }

  SiteLook take(const Url& start) {
    look_.start = start;
    if (auto first = fetch_start()) {
      read_sitemaps();
      take_page(*first);
      while (look_.pages.size() < most_pages()) {
        const auto url = candidates_.next(look_.pages);
        if (!url) break;
        if (const auto parsed = Url::parse(*url); parsed && look_.robots.check(*parsed).allowed) {
          take_page(fetch(*url, RequestKind::kPage));
        }
      }
    }
    return std::move(look_);
  }

 private:
  std::chrono::milliseconds delay() const {
    const auto asked = look_.robots.rules.crawl_delay().value_or(std::chrono::milliseconds(0));
    return std::max(options_.delay, std::min<std::chrono::milliseconds>(asked, kLongestDelay));
  }

  // A slow site is not looked at for longer, but less closely.
  std::size_t most_pages() const {
    const auto fits = kLongestLook / std::max(delay(), std::chrono::milliseconds(1));
    return std::min<std::size_t>(options_.pages,
                                 static_cast<std::size_t>(std::max<std::int64_t>(fits, 3)));
  }

  void pause(const std::string& url) {
    const auto next = last_request_ + delay();
    if (last_request_ != Clock::time_point{}) std::this_thread::sleep_until(next);
    last_request_ = Clock::now();
    on_request_(url);
  }

  Outcome fetch(const std::string& url, RequestKind kind, const std::string& body = {}) {
    pause(url);
    candidates_.looked_at(url);
    return step(*worker_, url, kind, body);
  }

  RobotsAnswer robots_of(const Url& url) {
    pause(url.origin() + "/robots.txt");
    return ask_robots(*worker_, url, options_.user_agent);
  }

  // Follows redirects, to another host too: that is the site then.
  std::optional<Outcome> fetch_start() {
    std::string origin;
    for (int hop = 0; hop <= kMostRedirects; ++hop) {
      if (look_.start.origin() != origin) {
        origin = look_.start.origin();
        look_.robots = robots_of(look_.start);
      }
      if (const auto verdict = look_.robots.check(look_.start); !verdict.allowed) {
        return give_up(look_.start.href() + ": " + verdict.text);
      }
      Outcome outcome = fetch(look_.start.href(), RequestKind::kPage);
      if (outcome.error) return give_up(outcome.error->message);
      const auto redirect = std::ranges::find(outcome.links, LinkKind::kRedirect, &Link::kind);
      if (outcome.status < 300) return outcome;
      const auto next = redirect == outcome.links.end() ? std::nullopt : Url::parse(redirect->url);
      if (!next)
        return give_up(fmt::format("GET {}: HTTP status {}", look_.start.href(), outcome.status));
      look_.start = *next;
    }
    return give_up("GET " + look_.start.href() + ": too many redirects");
  }

  std::optional<Outcome> give_up(std::string problem) {
    look_.problem = std::move(problem);
    return std::nullopt;
  }

  void read_sitemaps() {
    std::vector<SitemapSeen> waiting;
    for (const std::string& named : look_.robots.rules.sitemaps()) {
      if (const auto url = Url::parse(named, &look_.start)) {
        waiting.push_back({url->without_fragment_and_userinfo().href(), true});
      }
    }
    if (waiting.empty()) waiting.push_back({look_.start.origin() + "/sitemap.xml", false});
    std::size_t read = 0;
    for (std::size_t i = 0; i < waiting.size() && read < kMostSitemaps; ++i) {
      const auto url = Url::parse(waiting[i].url);
      if (!url || url->origin() != look_.start.origin() || !look_.robots.check(*url).allowed)
        continue;
      ++read;
      SitemapSeen seen = waiting[i];
      const Outcome outcome = fetch(seen.url, RequestKind::kSitemap);
      for (const Link& link : outcome.links) {
        if (link.kind != LinkKind::kSitemap) {
          ++seen.pages;
          add_listed(link.url);
        } else {
          ++seen.sitemaps;
          if (waiting.size() < 2 * kMostSitemaps) waiting.push_back({link.url, true});
        }
      }
      const bool is_child = i >= std::max<std::size_t>(look_.robots.rules.sitemaps().size(), 1);
      if (is_child && !look_.sitemaps.empty()) {
        look_.sitemaps.front().pages += seen.pages;
      } else if (seen.pages + seen.sitemaps > 0) {
        look_.sitemaps.push_back(std::move(seen));
      }
    }
  }

  bool is_of_site(const std::string& url) const {
    return split_href(url).origin == split_href(look_.start.href()).origin;
  }

  void add_listed(const std::string& url) {
    if (!is_of_site(url)) return;
    const std::string group = group_of(split_href(url).path_and_query);
    if (look_.listed.size() < kMostGroups || look_.listed.contains(group)) ++look_.listed[group];
    candidates_.add(url);
  }

  void take_page(const Outcome& outcome) {
    LookedAt page;
    page.url = outcome.request.url;
    page.group = group_of(split_href(page.url).path_and_query);
    page.places = take_places(outcome);
    const bool is_start = look_.pages.empty();
    for (const Link& link : outcome.links) {
      if (link.kind == LinkKind::kEndpoint) continue;
      if (link.nofollow || !is_of_site(link.url)) continue;
      if (is_start) {
        of_start_.insert(link.fingerprint);
      } else if (!of_start_.contains(link.fingerprint)) {
        page.leads_to.insert(group_of(split_href(link.url).path_and_query));
      }
      candidates_.add(link.url);
    }
    look_.pages.push_back(page);
    const auto endpoint = std::ranges::find(outcome.links, LinkKind::kEndpoint, &Link::kind);
    if (endpoint != outcome.links.end() && !look_.locator) ask_locator(*endpoint, std::move(page));
  }

  // What the words of a page and its links add to a place that a format states is none of its own.
  std::size_t take_places(const Outcome& outcome) {
    const auto is_extra = [](const Observation& seen) {
      return seen.about != 0 || seen.format == "text" || seen.format == "contacts";
    };
    const bool only_extras = std::ranges::all_of(outcome.places, is_extra);
    std::size_t count = 0;
    for (const Observation& seen : outcome.places) {
      if (is_extra(seen) && !(only_extras && seen.format == "text")) continue;
      ++count;
      ++look_.places[seen.format];
    }
    return count;
  }

  // All the stores, or the first page of them.
  void ask_locator(const Link& endpoint, LookedAt page) {
    const auto url = Url::parse(endpoint.url);
    if (!url) return;
    const bool other = url->origin() != look_.start.origin();
    const RobotsAnswer robots = other ? robots_of(*url) : look_.robots;
    if (!robots.check(*url).allowed) return;
    const Outcome answer = fetch(endpoint.url, RequestKind::kPage, endpoint.body);
    page.places = take_places(answer);
    if (page.places > 0) look_.locator = std::move(page);
  }

  using Clock = std::chrono::steady_clock;

  const LookOptions& options_;
  const std::function<void(const std::string&)>& on_request_;
  SiteLook look_;
  std::unique_ptr<Worker> worker_;
  Candidates candidates_;
  std::unordered_set<std::uint64_t> of_start_;  // fingerprints of the start page's links
  Clock::time_point last_request_;
};

}  // namespace

std::string group_of(std::string_view path_and_query) {
  const std::string_view path = path_and_query.substr(0, path_and_query.find('?'));
  const std::size_t first = path.find('/', 1);
  if (path.empty() || first == path.npos) return "/";
  const std::size_t second = path.find('/', first + 1);
  const bool deeper = is_language(path.substr(1, first - 1)) && second != path.npos;
  return std::string(path.substr(0, (deeper ? second : first) + 1));
}

SiteLook look_at(const Url& start, const LookOptions& options,
                 const std::function<void(const std::string& url)>& on_request) {
  return Look(options, on_request).take(start);
}

}  // namespace placer::cli
