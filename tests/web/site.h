// Generated sites with known content, for tests, the demo and benchmarks.
//
// A Site is a function of its options: the same seed gives the same bytes. Pages are made when they
// are asked for, so that a site of a million pages needs no memory. Every page is reachable by
// links from the start paths.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/web/places.h"
#include "tests/web/server.h"

namespace placer::web {

struct SiteOptions {
  std::uint64_t seed = 1;
  std::uint32_t pages = 200;            // "/" included
  std::uint32_t links_per_page = 20;    // to other pages of the site, about
  std::uint32_t page_bytes = 8 * 1024;  // about, in UTF-8
  // Sizes are log-normal about page_bytes, as on the web; 0: even, from half to one and a half of
  // it.
  double size_sigma = 0.0;
  bool bulk = false;        // scripts, styles, drawings and long prose too: fewer nodes a byte
  std::uint32_t hosts = 0;  // page i stands on h(i % hosts).site.example, behind a proxy; 0: on one
  double json_ld = 0.33;    // share of pages with a place (one in ten has two)
  double microdata = 0.10;
  double microformats = 0.0;   // as an h-card
  double odd_encodings = 0.0;  // share in windows-1252, Shift_JIS, UTF-16 or GB18030
  double redirects = 0.0;      // share of links that lead through /go/N, a 301
  double missing = 0.0;        // share of pages that link to a page answered 404
  double healing = 0.0;        // share of pages answered 503 once or twice, then 200
  bool traps = false;          // "/" links to /private/, endless pages that robots.txt disallows
  std::optional<std::string> robots_txt;  // nullopt: disallows /private/
  std::chrono::milliseconds latency{0};   // of each page; robots.txt answers at once
};

// A static page, as a file server would serve it.
struct SiteFile {
  std::string path;
  std::string content_type;
  std::string body;
};

class Site {
 public:
  explicit Site(const SiteOptions& options);

  // A small town: about 60 places with lists by street and by kind, a page each; JSON-LD, some
  // microdata, one redirect, a disallowed area, one page in windows-1252.
  //
  // `day`, 0 to 6: the same town some days later. Places open, close, move, change their name,
  // hours or telephone number, and one opens again, each at most one of these in the week. On day
  // 3 a broken template leaves the hours out of every page; on day 5 three pages answer 503.
  static Site town(std::uint64_t seed = 1, int day = 0);

  // Pages whose trees take long to build: about 250 KB and 30,000 elements each.
  static Site heavy(std::uint32_t pages = 50, std::uint64_t seed = 1);

  // /slow/1 ... /slow/N, no links, each answered after `delay`; robots.txt answers at once.
  static Site slow(std::uint32_t pages, std::chrono::milliseconds delay);

  // Ten chains on ten store-locator platforms (locators.h). Its start paths are URLs of hosts that
  // only exist behind the server as a proxy.
  static Site locators(std::uint64_t seed = 1);

  // 200 places behind a crawl trap (traps.h has the kinds) with a million URLs and more: each place
  // is linked to only among links into the trap. Throws std::invalid_argument for another kind.
  static Site traps(const std::string& kind, std::uint64_t seed = 1);

  // Answers for this site. Copies share the attempt counts that healing pages need; thread-safe.
  Handler handler() const;

  std::vector<std::string> start_paths() const;

  // The paths of all pages that a crawler who obeys robots.txt ends up with as 200, in no order.
  std::vector<std::string> page_paths() const;

  std::vector<TruthPlace> truth() const;

  // Writes the pages as files ("/" as index.html, "/a" as a, encodings stated within the page),
  // robots.txt and truth.jsonl. Redirects, errors and delays are left out. Throws
  // std::filesystem::filesystem_error; false when a file could not be written.
  bool write(const std::filesystem::path& folder) const;

  // What a kind of site has to know; see generated.cc, town.cc and slow.cc.
  class Source;
  explicit Site(std::shared_ptr<Source> source) : source_(std::move(source)) {}

 private:
  std::shared_ptr<Source> source_;
};

// Writes the pages of `site`, as Site::write.
inline bool write_site(const Site& site, const std::filesystem::path& folder) {
  return site.write(folder);
}

}  // namespace placer::web
