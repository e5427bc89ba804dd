// Every option of a job file, once: key, member, rule.
//
// describe(visitor, options) calls visitor.option(key, member, rule) and
// visitor.section(key, options); reading, writing and the list of known keys are visitors. The
// order here is the order in which a job is written. Defaults are in config.h.
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

inline constexpr std::uint64_t kKiB = 1 << 10, kMiB = 1 << 20, kGiB = 1 << 30;
inline constexpr std::uint64_t kBillion = 1'000'000'000;
inline constexpr std::chrono::milliseconds kMillisecond{1}, kMinute{60'000}, kHour{3'600'000};

// `S` or `const S`.
template <class T, class S>
concept Like = std::same_as<std::remove_const_t<T>, S>;

template <class Visitor, Like<ScopeOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("hosts", o.hosts, TextList{check_host});
  v.option("include", o.include, TextList{check_glob});
  v.option("exclude", o.exclude, TextList{check_glob});
  v.option("max_depth", o.max_depth, Whole{0, 1000});
  v.option("max_pages", o.max_pages, Whole{1, kBillion});
  v.option("max_pages_per_host", o.max_pages_per_host, Whole{1, kBillion});
  v.option("traps", o.traps, Word{});
}

template <class Visitor, Like<PolitenessOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("user_agent", o.user_agent, Text{check_user_agent});
  v.option("robots", o.robots, Word{});
  v.option("delay", o.delay, Duration{{}, kHour});
  v.option("address_delay", o.address_delay, Duration{{}, kHour});
  v.option("adaptive", o.adaptive, Flag{});
  v.option("max_delay", o.max_delay, Duration{{}, kHour});
  v.option("max_crawl_delay", o.max_crawl_delay, Duration{{}, kHour});
  v.option("per_host", o.per_host, Whole{1, 1000});
}

template <class Visitor, Like<RetryOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("attempts", o.attempts, Whole{1, 20});
  v.option("backoff", o.backoff, Duration{{}, kHour});
  v.option("max_backoff", o.max_backoff, Duration{{}, 24 * kHour});
}

template <class Visitor, Like<BackendOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("kind", o.kind, Word{});
  v.option("workers", o.workers, Whole{1, 1024});
  v.option("window", o.window, Whole{1, 10'000});
  v.option("pages_per_process", o.pages_per_process, Whole{1, kBillion});
  v.option("process_memory", o.process_memory, Bytes{128 * kMiB, 1024 * kGiB});
  v.option("page_deadline", o.page_deadline, Duration{100 * kMillisecond, kHour});
}

template <class Visitor, Like<FetchOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("timeout", o.timeout, Duration{kMillisecond, kHour});
  v.option("connect_timeout", o.connect_timeout, Duration{kMillisecond, kHour});
  v.option("low_speed_time", o.low_speed_time, Duration{{}, kHour});
  v.option("low_speed_bytes", o.low_speed_bytes, Bytes{0, kGiB});
  v.option("max_body", o.max_body, Bytes{kKiB, kGiB});
  v.option("max_headers", o.max_headers, Bytes{kKiB, 16 * kMiB});
  v.option("max_redirects", o.max_redirects, Whole{0, 50});
  v.option("private_addresses", o.private_addresses, Word{});
  v.option("verify_tls", o.verify_tls, Flag{});
  v.option("proxy", o.proxy, Text{check_proxy});
}

template <class Visitor, Like<PageOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("parse_deadline", o.parse_deadline, Duration{kMillisecond, kMinute});
  v.option("parse_memory", o.parse_memory, Bytes{kMiB, 4 * kGiB});
  v.option("tree", o.tree, Word{});
}

template <class Visitor, Like<ExtractOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("formats", o.formats, WordList{});
  v.option("rules", o.rules, RuleList{});
}

template <class Visitor, Like<StorageOptions> Options>
void describe(Visitor& v, Options& o) {
  v.option("path", o.path, Text{check_path});
  v.option("durability", o.durability, Word{});
  v.option("gone_after", o.gone_after, Duration{{}, 3650 * 24 * kHour});
}

template <class Visitor, Like<Job> Options>
void describe(Visitor& v, Options& job) {
  v.option("job", job.name, Text{check_job_name});
  v.option("start", job.start, StartList{});
  v.option("sitemaps", job.sitemaps, SitemapList{});
  v.section("scope", job.scope);
  v.section("politeness", job.politeness);
  v.section("retry", job.retry);
  v.section("backend", job.backend);
  v.section("fetch", job.fetch);
  v.section("page", job.page);
  v.section("extract", job.extract);
  v.section("storage", job.storage);
}

}  // namespace placer::job_file
