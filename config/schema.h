// Every option of a job file, once: key, member, rule, and what it is in a line.
//
// describe(visitor, options) calls visitor.option(key, member, rule, text) and
// visitor.section(key, options, text), and visitor.directive(key, text) for what is no part of a
// Job. Reading, writing, the JSON Schema and the manual are visitors. The order here is the order
// in which a job is written. Defaults are in config.h.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "config/config.h"

namespace placer::job_file {

// The words for an enum's values, in the order of the values.
template <class E>
inline constexpr std::array<std::string_view, 0> kWords{};
template <>
inline constexpr std::array<std::string_view, 2> kWords<RobotsPolicy>{"obey", "ignore"};
template <>
inline constexpr std::array<std::string_view, 2> kWords<TrapPolicy>{"avoid", "follow"};
template <>
inline constexpr std::array<std::string_view, 5> kWords<BackendKind>{"auto", "serial", "threads",
                                                                     "processes", "async"};
template <>
inline constexpr std::array<std::string_view, 2> kWords<PrivateAddresses>{"refuse", "allow"};
template <>
inline constexpr std::array<std::string_view, 2> kWords<TreePolicy>{"auto", "always"};
template <>
inline constexpr std::array<std::string_view, 8> kWords<Format>{
    "json-ld", "microdata", "rdfa", "microformats", "locator", "embedded", "opengraph", "text"};
template <>
inline constexpr std::array<std::string_view, 2> kWords<Durability>{"normal", "full"};

// Says what is wrong with a text ("has no scheme"), or nothing.
using TextCheck = std::string (*)(std::string_view text);
std::string check_job_name(std::string_view text);
std::string check_start_url(std::string_view text);
std::string check_host(std::string_view text);
std::string check_glob(std::string_view text);
std::string check_user_agent(std::string_view text);
std::string check_proxy(std::string_view text);
std::string check_path(std::string_view text);
std::string check_expression(std::string_view text);
std::string check_request_url(std::string_view text);
std::string check_request_body(std::string_view text);
std::string check_header_name(std::string_view text);
std::string check_header_value(std::string_view text);
std::string check_secret_host(std::string_view text);
std::string check_user(std::string_view text);
std::string check_password(std::string_view text);

// What an option may be. The member's type says the rest; std::optional accepts "auto" too.
struct Text {
  TextCheck check;
};
struct TextList {
  TextCheck check;
};
struct StartList {};    // one URL or a list, at least one
struct SitemapList {};  // auto, off or a list of URLs, at least one
struct Whole {
  std::uint64_t min, max;
};
struct Bytes {
  std::uint64_t min, max;
};
struct Duration {
  std::chrono::milliseconds min, max;
};
struct Flag {};      // true or false
struct Word {};      // of kWords
struct WordList {};  // of kWords, at least one, none twice
struct RuleList {};
struct Secret {
  TextCheck check;
};
struct HeaderList {};  // NAME: VALUE for the start hosts, or a list of {host, fields}
struct LoginList {};   // {host, user, password}, or a list of them

inline constexpr std::uint64_t kKiB = 1 << 10, kMiB = 1 << 20, kGiB = 1 << 30;
inline constexpr std::uint64_t kBillion = 1'000'000'000;
inline constexpr std::chrono::milliseconds kMillisecond{1}, kMinute{60'000}, kHour{3'600'000};

// `S` or `const S`.
template <class T, class S>
concept Like = std::same_as<std::remove_const_t<T>, S>;

template <class Visitor, Like<ScopeOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("hosts", o.hosts, TextList{check_host},
           "hosts whose pages belong to the job: names, or *.names; those of the start URLs when "
           "none is listed");
  v.option("include", o.include, TextList{check_glob},
           "globs over path and query of the pages wanted ('**' any text, '*' any but '/'); all "
           "when none is listed");
  v.option("exclude", o.exclude, TextList{check_glob},
           "globs over path and query of pages left out; wins over include");
  v.option("max_depth", o.max_depth, Whole{0, 1000}, "links followed from a start URL");
  v.option("max_pages", o.max_pages, Whole{1, kBillion}, "URLs accepted in one pass");
  v.option("max_pages_per_host", o.max_pages_per_host, Whole{1, kBillion},
           "URLs accepted of one host in one pass");
  v.option("traps", o.traps, Word{},
           "avoid gives up patterns of URLs that yield nothing; follow fetches every URL in scope");
}

template <class Visitor, Like<PolitenessOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("user_agent", o.user_agent, Text{check_user_agent},
           "who asks; its first word is what robots.txt is read for. Say where a site's owner can "
           "read about you");
  v.option("robots", o.robots, Word{}, "obey or ignore robots.txt, nofollow and the like");
  v.option("delay", o.delay, Duration{{}, kHour}, "between the starts of two requests to a host");
  v.option("address_delay", o.address_delay, Duration{{}, kHour},
           "the same for an IP address over all its hosts; auto is 250ms, at most delay");
  v.option("adaptive", o.adaptive, Flag{},
           "longer delays for a host that answers slowly or with errors");
  v.option("max_delay", o.max_delay, Duration{{}, kHour}, "the longest that adaptive makes them");
  v.option("max_crawl_delay", o.max_crawl_delay, Duration{{}, kHour},
           "the longest Crawl-delay of a robots.txt that is waited for");
  v.option("per_host", o.per_host, Whole{1, 1000}, "requests to a host at a time");
}

template <class Visitor, Like<RetryOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("attempts", o.attempts, Whole{1, 20}, "fetches of one URL in all");
  v.option("backoff", o.backoff, Duration{{}, kHour},
           "before the second attempt; doubled for each further one");
  v.option("max_backoff", o.max_backoff, Duration{{}, 24 * kHour}, "the longest of them");
}

template <class Visitor, Like<BackendOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("kind", o.kind, Word{}, "where the work happens; auto chooses and says why");
  v.option("workers", o.workers, Whole{1, 1024}, "threads, child processes or event loops");
  v.option("window", o.window, Whole{1, 10'000}, "requests in flight per worker");
  v.option("pages_per_process", o.pages_per_process, Whole{1, kBillion},
           "a child is replaced after about so many pages");
  v.option("process_memory", o.process_memory, Bytes{128 * kMiB, 1024 * kGiB},
           "address space of a child");
  v.option("page_deadline", o.page_deadline, Duration{100 * kMillisecond, kHour},
           "a child silent for longer is killed");
}

template <class Visitor, Like<FetchOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("timeout", o.timeout, Duration{kMillisecond, kHour}, "of a whole exchange");
  v.option("connect_timeout", o.connect_timeout, Duration{kMillisecond, kHour},
           "of name look-up and handshakes");
  v.option("low_speed_time", o.low_speed_time, Duration{{}, kHour},
           "an exchange ends that stays below low_speed_bytes a second for so long; 0 is never");
  v.option("low_speed_bytes", o.low_speed_bytes, Bytes{0, kGiB}, "see low_speed_time");
  v.option("max_body", o.max_body, Bytes{kKiB, kGiB}, "decompressed bytes of a page");
  v.option("max_headers", o.max_headers, Bytes{kKiB, 16 * kMiB}, "bytes of all response headers");
  v.option("max_redirects", o.max_redirects, Whole{0, 50}, "hops from the URL first asked for");
  v.option("private_addresses", o.private_addresses, Word{},
           "refuse or allow connections to loopback, private and other special addresses");
  v.option("verify_tls", o.verify_tls, Flag{}, "whether certificates are verified");
  v.option("proxy", o.proxy, Secret{check_proxy},
           "URL of a proxy (http, https, socks4, socks4a, socks5, socks5h); the environment's are "
           "ignored. May hold ${NAME}");
  v.option("headers", o.headers, HeaderList{},
           "header fields for the hosts of the start URLs, as NAME: VALUE, or a list of "
           "{host, fields}; sent to no other host. Values may hold ${NAME}");
  v.option("auth", o.auth, LoginList{},
           "user and password for HTTP Basic authentication at the hosts of the start URLs, or a "
           "list of {host, user, password}; sent to no other host. May hold ${NAME}");
}

template <class Visitor, Like<PageOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("parse_deadline", o.parse_deadline, Duration{kMillisecond, kMinute},
           "time for the tree of one page");
  v.option("parse_memory", o.parse_memory, Bytes{kMiB, 4 * kGiB}, "memory for it");
  v.option(
      "tree", o.tree, Word{},
      "auto reads plain pages by a scan and repairs others; always lets Gumbo build each tree");
}

template <class Visitor, Like<ExtractOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("formats", o.formats, WordList{},
           "what is read of a page, believed in this order where two contradict each other");
  v.option("rules", o.rules, RuleList{},
           "where a site keeps what no format states; believed before all formats");
}

template <class Visitor, Like<StorageOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("path", o.path, Text{check_path},
           "the SQLite file; when empty, the job's name and .db in the working folder");
  v.option("durability", o.durability, Word{},
           "normal survives the death of the program, full a power cut too");
  v.option("gone_after", o.gone_after, Duration{{}, 3650 * 24 * kHour},
           "how long no page must have stated a place before it counts as gone");
}

template <class Visitor, Like<Job> Options>
void describe(Visitor& v, Options& job) {
  v.directive("extends",
              "another job file to begin with, relative to this one; what stands here wins");
  v.option("job", job.name, Text{check_job_name}, "the job's name; names the database too");
  v.option("start", job.start, StartList{}, "where the crawl begins: a URL or a list");
  v.option("sitemaps", job.sitemaps, SitemapList{},
           "auto reads those that robots.txt names, off none; or a list of URLs");
  v.section("scope", job.scope, "which pages belong to the job");
  v.section("politeness", job.politeness, "who asks, and how often");
  v.section("retry", job.retry, "what happens after an error");
  v.section("backend", job.backend, "where the work happens");
  v.section("fetch", job.fetch, "HTTP: limits, addresses, proxy, secrets");
  v.section("page", job.page, "limits for reading a page");
  v.section("extract", job.extract, "what is taken from a page");
  v.section("storage", job.storage, "where the results go");
}

}  // namespace placer::job_file
