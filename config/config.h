// A scraping job: every option as a plain value, with its default, unit and range.
//
// This header knows nothing of YAML; load.h turns a job file into these structs and back.
// An empty `std::optional` means "auto": the program chooses and says what it chose.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace placer {

// A place in a job file, 1-based; 0 when the value did not come from a file.
struct SourceMark {
  int line = 0;
  int column = 0;
  std::shared_ptr<const std::string> file = nullptr;  // that the job extends; null: its own
};

struct StartUrl {
  std::string url;  // http or https, as written
  SourceMark mark;

  // The same URL, wherever it was written.
  friend bool operator==(const StartUrl& a, const StartUrl& b) { return a.url == b.url; }
};

// Where the crawl looks for lists of a site's pages. Auto is robots.txt, off is nowhere; a list is
// those alone.
struct SitemapOptions {
  bool from_robots = true;     // those that robots.txt names
  std::vector<StartUrl> urls;  // with robots.txt none

  friend bool operator==(const SitemapOptions&, const SitemapOptions&) = default;
};

enum class TrapPolicy : std::uint8_t {
  kAvoid,   // patterns of URLs that yield nothing are given up (scraper/frontier/traps.h)
  kFollow,  // every URL in scope is fetched
};

struct ScopeOptions {
  std::vector<std::string> hosts;             // names, *.names; empty: those of the start URLs
  std::vector<std::string> include;           // globs over path and query; empty: everything
  std::vector<std::string> exclude;           // globs over path and query; wins over include
  std::uint32_t max_depth = 10;               // links followed from a start URL, 0 ... 1000
  std::uint64_t max_pages = 100'000;          // URLs accepted in one pass, 1 ... 10^9
  std::uint64_t max_pages_per_host = 10'000;  // the same for each host, 1 ... 10^9
  TrapPolicy traps = TrapPolicy::kAvoid;

  friend bool operator==(const ScopeOptions&, const ScopeOptions&) = default;
};

enum class RobotsPolicy : std::uint8_t { kObey, kIgnore };

struct PolitenessOptions {
  // Printable ASCII, at most 256 bytes; its product token is what robots.txt is read for.
  std::string user_agent = "placer/0.1 (+https://example.org/about-the-bot)";
  RobotsPolicy robots = RobotsPolicy::kObey;
  std::chrono::milliseconds delay{1000};  // between request starts to a host, 0 ... 1 h
  // The same for one IP address, over all its hosts, 0 ... 1 h; auto: 250 ms, at most `delay`.
  std::optional<std::chrono::milliseconds> address_delay;
  bool adaptive = true;  // longer delays for a host that answers slowly or with errors ...
  std::chrono::milliseconds max_delay{60000};        // ... up to this, 0 ... 1 h
  std::chrono::milliseconds max_crawl_delay{60000};  // cap on robots.txt Crawl-delay, 0 ... 1 h
  std::uint32_t per_host = 1;                        // requests in flight per host, 1 ... 1000

  friend bool operator==(const PolitenessOptions&, const PolitenessOptions&) = default;
};

struct RetryOptions {
  std::uint32_t attempts = 3;                     // fetches of one URL in all, 1 ... 20
  std::chrono::milliseconds backoff{1000};        // before the 2nd attempt, then doubled; 0 ... 1 h
  std::chrono::milliseconds max_backoff{300000};  // its cap; 0 ... 24 h

  friend bool operator==(const RetryOptions&, const RetryOptions&) = default;
};

enum class BackendKind : std::uint8_t { kAuto, kSerial, kThreads, kProcesses, kAsync };

struct BackendOptions {
  BackendKind kind = BackendKind::kAuto;
  std::optional<std::uint32_t> workers;       // threads, children or event loops, 1 ... 1024
  std::optional<std::uint32_t> window;        // requests in flight per worker, 1 ... 10000
  std::uint32_t pages_per_process = 10'000;   // a child is replaced after about so many, 1 ... 10^9
  std::uint64_t process_memory = 2ULL << 30;  // address space of a child, 128 MiB ... 1 TiB
  // A child silent for longer is killed, 100 ms ... 1 h.
  std::chrono::milliseconds page_deadline{60'000};

  friend bool operator==(const BackendOptions&, const BackendOptions&) = default;
};

enum class PrivateAddresses : std::uint8_t { kRefuse, kAllow };

// A value that may be secret, as written: ${NAME} stands for a variable of the environment, which
// takes its place only where a request is made (secrets.h).
struct SecretText {
  SecretText() = default;
  SecretText(std::string written, SourceMark where = {})
      : text(std::move(written)), mark(std::move(where)) {}

  std::string text;
  SourceMark mark;

  friend bool operator==(const SecretText& a, const SecretText& b) { return a.text == b.text; }
};

// A header field that the program does not set itself.
struct HeaderField {
  std::string name;
  SecretText value;

  friend bool operator==(const HeaderField&, const HeaderField&) = default;
};

// Whom secrets are for: an origin such as http://127.0.0.1:8000, or a host, which means https and
// every origin of that host among the start URLs. Empty: the hosts of the start URLs.
struct HostHeaders {
  std::string host;
  std::vector<HeaderField> fields;

  friend bool operator==(const HostHeaders&, const HostHeaders&) = default;
};

// For HTTP's Basic authentication (RFC 7617).
struct HostLogin {
  std::string host;  // as above
  SecretText user;   // without ':'
  SecretText password;

  friend bool operator==(const HostLogin&, const HostLogin&) = default;
};

struct FetchOptions {
  std::chrono::milliseconds timeout{30'000};          // a whole exchange, 1 ms ... 1 h
  std::chrono::milliseconds connect_timeout{10'000};  // name look-up and handshakes, 1 ms ... 1 h
  // An exchange ends that stays below low_speed_bytes (0 ... 1 GiB) a second for low_speed_time
  // (0 ... 1 h; 0: never).
  std::chrono::milliseconds low_speed_time{15'000};
  std::uint64_t low_speed_bytes = 64;
  std::uint64_t max_body = 10ULL << 20;      // decompressed bytes of a page, 1 KiB ... 1 GiB
  std::uint64_t max_headers = 256ULL << 10;  // bytes of all response headers, 1 KiB ... 16 MiB
  std::uint32_t max_redirects = 10;          // hops from the URL first asked for, 0 ... 50
  PrivateAddresses private_addresses = PrivateAddresses::kRefuse;
  bool verify_tls = true;
  SecretText proxy;                  // URL; empty: no proxy, whatever the environment says
  std::vector<HostHeaders> headers;  // further header fields; sent to nobody else
  std::vector<HostLogin> auth;       // sent to nobody else

  friend bool operator==(const FetchOptions&, const FetchOptions&) = default;
};

enum class TreePolicy : std::uint8_t {
  kAuto,    // Gumbo builds the trees of pages that need repair; plain ones are read faster
  kAlways,  // Gumbo builds every tree: the same rows, unless it takes longer than the limits allow
};

struct PageOptions {
  std::chrono::milliseconds parse_deadline{1000};  // for one tree, 1 ms ... 1 min
  std::uint64_t parse_memory = 128ULL << 20;       // bytes of one tree, 1 MiB ... 4 GiB
  TreePolicy tree = TreePolicy::kAuto;

  friend bool operator==(const PageOptions&, const PageOptions&) = default;
};

enum class Format : std::uint8_t {
  kJsonLd,
  kMicrodata,
  kRdfa,
  kMicroformats,
  kLocator,
  kEmbedded,
  kOpenGraph,
  kText
};

// An expression of a rule as written; scraper/extract/rules/expression.h says how it reads.
struct RuleText {
  std::string text;
  SourceMark mark;  // of its first character

  friend bool operator==(const RuleText& a, const RuleText& b) { return a.text == b.text; }
};

// A name and where its values come from.
struct RuleField {
  std::string name;
  std::vector<RuleText> expressions;  // the first that yields something holds
  SourceMark mark;                    // of the name

  friend bool operator==(const RuleField& a, const RuleField& b) {
    return a.name == b.name && a.expressions == b.expressions;
  }
};

// A request made of what a page states: "https://api.example.org/stores?page={page}".
struct RuleRequest {
  RuleText url;                      // {name} in path and query stands for a value
  std::string body;                  // of a POST, with {name}s too; empty: GET
  std::vector<HeaderField> headers;  // sent with every request whose URL the template matches
  std::vector<RuleField> values;     // of the {name}s

  friend bool operator==(const RuleRequest&, const RuleRequest&) = default;
};

// What the job itself says of a site's pages.
struct RuleOptions {
  RuleText when{"**", {}};            // glob over path and query: the pages it is about
  RuleText each;                      // one place for each of these; empty: the page is one
  std::vector<RuleField> place;       // columns of `place` and properties of schema.org
  std::vector<RuleText> follow;       // each yields URLs to fetch
  std::vector<RuleRequest> requests;  // further entries of `follow`
  SourceMark mark;

  friend bool operator==(const RuleOptions& a, const RuleOptions& b) {
    return a.when == b.when && a.each == b.each && a.place == b.place && a.follow == b.follow &&
           a.requests == b.requests;
  }
};

struct ExtractOptions {
  // What is read, trusted first: where two formats contradict each other the earlier one holds.
  std::vector<Format> formats = {Format::kJsonLd,       Format::kMicrodata, Format::kRdfa,
                                 Format::kMicroformats, Format::kLocator,   Format::kEmbedded,
                                 Format::kOpenGraph,    Format::kText};
  std::vector<RuleOptions> rules;  // trusted before all formats

  friend bool operator==(const ExtractOptions&, const ExtractOptions&) = default;
};

enum class Durability : std::uint8_t {
  kNormal,  // survives the death of the program; a power cut may undo the last commits
  kFull,    // survives a power cut too (an fsync per commit)
};

struct StorageOptions {
  std::string path;  // SQLite file; empty: the job's name and ".db" in the working folder
  Durability durability = Durability::kNormal;
  // How long no page must have stated a place before it counts as gone; 0: at the end of the pass.
  std::chrono::milliseconds gone_after{std::chrono::hours(72)};  // 0 to 10 years

  friend bool operator==(const StorageOptions&, const StorageOptions&) = default;
};

struct Job {
  std::string name;
  std::vector<StartUrl> start;
  SitemapOptions sitemaps;
  ScopeOptions scope;
  PolitenessOptions politeness;
  RetryOptions retry;
  BackendOptions backend;
  FetchOptions fetch;
  PageOptions page;
  ExtractOptions extract;
  StorageOptions storage;

  friend bool operator==(const Job&, const Job&) = default;
};

}  // namespace placer
