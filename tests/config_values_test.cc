// Durations, sizes, near misses, and the way from a Job to text and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "config/load.h"
#include "config/reader.h"
#include "config/schema.h"
#include "config/values.h"

namespace placer {
namespace {

using std::chrono::milliseconds;

TEST(DurationTest, ReadsNumbersWithUnits) {
  EXPECT_EQ(parse_duration("1500ms"), milliseconds(1500));
  EXPECT_EQ(parse_duration("1s"), milliseconds(1000));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_duration("0.001s"), milliseconds(1));
  EXPECT_EQ(parse_duration("10m"), milliseconds(600'000));
  EXPECT_EQ(parse_duration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(parse_duration("3d"), milliseconds(259'200'000));
  EXPECT_EQ(parse_duration("0"), milliseconds(0));
}

TEST(DurationTest, RefusesEverythingElse) {
  for (const char* text : {"",
                           "5",
                           "s",
                           "-1s",
                           "+1s",
                           "1 s",
                           "1S",
                           "1sec",
                           "1h30m",
                           ".5s",
                           "1.s",
                           "0.5ms",
                           "0.0001s",
                           "01s",
                           "1e3s",
                           "1.5",
                           "0.0",
                           "0x1s",
                           "1,5s",
                           "99999999999999999999s",
                           "9223372036854775807h",
                           "inf",
                           "nan"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(SizeTest, ReadsBinaryAndDecimalUnits) {
  EXPECT_EQ(parse_size("1024"), 1024U);
  EXPECT_EQ(parse_size("7B"), 7U);
  EXPECT_EQ(parse_size("64KiB"), 65536U);
  EXPECT_EQ(parse_size("10MiB"), 10485760U);
  EXPECT_EQ(parse_size("1GiB"), 1073741824U);
  EXPECT_EQ(parse_size("1TiB"), 1099511627776U);
  EXPECT_EQ(parse_size("500KB"), 500000U);
  EXPECT_EQ(parse_size("1.5MB"), 1500000U);
  EXPECT_EQ(parse_size("0.5KiB"), 512U);
  EXPECT_EQ(parse_size("9223372036854775807"), 9223372036854775807U);
}

TEST(SizeTest, RefusesEverythingElse) {
  for (const char* text : {"", "10M", "10mib", "10 MiB", "-1", "0.3B", "0.0001KB", "1.5", "KiB",
                           "9223372036854775808", "99999999999TiB", "1MiBs"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(ValuesTest, FormatsInTheLargestExactUnit) {
  EXPECT_EQ(format_duration(milliseconds(90'000)), "90s");
  EXPECT_EQ(format_duration(milliseconds(3'600'000)), "1h");
  EXPECT_EQ(format_duration(milliseconds(259'200'000)), "3d");
  EXPECT_EQ(format_duration(milliseconds(0)), "0");
  EXPECT_EQ(format_size(1536), "1536B");
  EXPECT_EQ(format_size(2048), "2KiB");
}

TEST(ValuesTest, FormattingIsExact) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t value = random() >> (1 + random() % 63);
    EXPECT_EQ(parse_size(format_size(value)), value);
    const milliseconds duration(static_cast<std::int64_t>(value));
    EXPECT_EQ(parse_duration(format_duration(duration)), duration);
  }
}

TEST(NearestTest, ForgivesOneSlipInShortWordsAndMoreInLongOnes) {
  EXPECT_EQ(nearest("formts", {"formats", "rules"}), "formats");
  EXPECT_EQ(nearest("TIMEOUT", {"timeout"}), "timeout");
  EXPECT_EQ(nearest("timeotu", {"timeout"}), "timeout");
  EXPECT_EQ(nearest("max_pages_host", {"max_pages", "max_pages_per_host"}), "max_pages_per_host");
  EXPECT_EQ(nearest("zebra", {"scope", "start", "page"}), "");
  EXPECT_EQ(nearest("", {"on"}), "");
  EXPECT_EQ(nearest(std::string(100'000, 'a'), {"start"}), "");
}

TEST(QuotedTest, NeverDrivesATerminal) {
  EXPECT_EQ(in_quotes("a\x1b[31m\x7f"), "'a\\x1b[31m\\x7f'");
  EXPECT_EQ(in_quotes("\xC2\x9B"
                      "31m"),
            "'\\x9b31m'");
  EXPECT_EQ(in_quotes("caf\xC3\xA9"), "'caf\xC3\xA9'");
  const std::string cut = in_quotes(std::string(59, 'x') + "\xC3\xA9more");
  EXPECT_EQ(cut, "'" + std::string(59, 'x') + "\xC3\xA9...'");
}

// Fills every option with a value its rule allows, often one at the edge.
class RandomOptions {
 public:
  explicit RandomOptions(std::uint64_t seed) : random_(seed) {}

  void directive(std::string_view, std::string_view) {}
  template <class Options>
  void section(std::string_view, Options& options, std::string_view) {
    job_file::describe(*this, options);
  }
  template <class Member, class Rule>
  void option(std::string_view, Member& member, const Rule& rule, std::string_view) {
    fill(member, rule);
  }

 private:
  void fill(std::string& member, const job_file::Text& rule) { member = text(rule.check); }
  void fill(std::vector<std::string>& member, const job_file::TextList& rule) {
    member.clear();
    for (std::uint64_t n = random_() % 4; n > 0; --n) member.push_back(text(rule.check));
  }
  void fill(std::vector<StartUrl>& member, const job_file::StartList&) {
    member.clear();
    do member.push_back({text(job_file::check_start_url), {}});
    while (random_() % 3 != 0);
  }
  void fill(SitemapOptions& member, const job_file::SitemapList&) {
    member = {random_() % 2 == 0, {}};
    if (!member.from_robots && random_() % 2 == 0) {
      fill(member.urls, job_file::StartList{});
    }
  }
  template <class T>
  void fill(T& member, const job_file::Whole& rule) {
    member = static_cast<std::uint32_t>(between(rule.min, rule.max));
  }
  void fill(std::optional<std::uint32_t>& member, const job_file::Whole& rule) {
    member.reset();
    if (random_() % 2 == 0) member = static_cast<std::uint32_t>(between(rule.min, rule.max));
  }
  void fill(std::uint64_t& member, const job_file::Bytes& rule) {
    member = between(rule.min, rule.max);
  }
  void fill(milliseconds& member, const job_file::Duration& rule) {
    member = milliseconds(
        static_cast<std::int64_t>(between(static_cast<std::uint64_t>(rule.min.count()),
                                          static_cast<std::uint64_t>(rule.max.count()))));
  }
  void fill(std::optional<milliseconds>& member, const job_file::Duration& rule) {
    member.reset();
    if (random_() % 2 == 0) fill(member.emplace(), rule);
  }
  void fill(bool& member, const job_file::Flag&) { member = random_() % 2 == 0; }
  template <class E>
  void fill(E& member, const job_file::Word&) {
    member = static_cast<E>(random_() % job_file::kWords<E>.size());
  }
  template <class E>
  void fill(std::vector<E>& member, const job_file::WordList&) {
    member.clear();
    const std::uint64_t chosen = 1 + random_() % ((1U << job_file::kWords<E>.size()) - 1);
    for (std::size_t i = 0; i < job_file::kWords<E>.size(); ++i) {
      if ((chosen >> i & 1U) != 0) member.push_back(static_cast<E>(i));
    }
    if (random_() % 2 == 0) std::reverse(member.begin(), member.end());
  }
  void fill(std::vector<RuleOptions>& member, const job_file::RuleList&) {
    member.clear();
    for (std::uint64_t n = random_() % 3; n > 0; --n) {
      RuleOptions& rule = member.emplace_back();
      rule.when.text = text(job_file::check_glob);
      if (random_() % 2 == 0) rule.each = expression();
      rule.place = {{"name", {expression(), expression()}, {}}, {"tags.x", {expression()}, {}}};
      if (random_() % 2 == 0) rule.follow = {expression()};
      if (random_() % 2 == 0) rule.requests.push_back(request());
    }
  }
  void fill(SecretText& member, const job_file::Secret& rule) { member = text(rule.check); }
  void fill(std::vector<HostHeaders>& member, const job_file::HeaderList&) {
    member.clear();
    for (std::uint64_t n = random_() % 3; n > 0; --n) {
      member.push_back({random_() % 2 == 0 ? "" : text(job_file::check_secret_host),
                        {{"X-Key", secret(job_file::check_header_value)}, {"X-B", {"${B} $${"}}}});
    }
  }
  void fill(std::vector<HostLogin>& member, const job_file::LoginList&) {
    member.clear();
    for (std::uint64_t n = random_() % 3; n > 0; --n) {
      member.push_back({random_() % 2 == 0 ? "" : text(job_file::check_secret_host),
                        secret(job_file::check_user), secret(job_file::check_password)});
    }
  }

  SecretText secret(job_file::TextCheck check) {
    return random_() % 2 == 0 ? std::string("${SECRET}") : text(check);
  }
  RuleText expression() { return {text(job_file::check_expression), {}}; }

  RuleRequest request() {
    RuleRequest request;
    request.url.text = "https://example.org/?page={page}";
    if (random_() % 2 == 0) request.body = "{\"token\": \"{token}\"}";
    request.headers = {{"X-Key", {"a: \"b\" #c"}}};
    request.values = {{"page", {expression()}, {}}};
    if (!request.body.empty()) request.values.push_back({"token", {expression()}, {}});
    return request;
  }

  std::uint64_t between(std::uint64_t min, std::uint64_t max) {
    const std::uint64_t pick = random_() % 4;
    return pick == 0 ? min : pick == 1 ? max : min + random_() % (max - min + 1);
  }

  std::string text(job_file::TextCheck check) {
    static const std::vector<std::string> kParts = {"http://",
                                                    "https://a/",
                                                    "socks5://",
                                                    "/",
                                                    "**",
                                                    "*.",
                                                    "a",
                                                    "null",
                                                    "true",
                                                    "auto",
                                                    "~",
                                                    "0",
                                                    ": ",
                                                    " #",
                                                    "\"",
                                                    "'",
                                                    "\\",
                                                    "\\n",
                                                    "[",
                                                    "}",
                                                    ",",
                                                    "&",
                                                    "*",
                                                    "!",
                                                    "|",
                                                    "%",
                                                    "@",
                                                    "`",
                                                    "-",
                                                    "?",
                                                    "caf\xC3\xA9",
                                                    "\xE6\x9D\xB1\xE4\xBA\xAC",
                                                    "\xF0\x9F\x8D\xB0",
                                                    "\xC2\x85",
                                                    "\xE2\x80\xA8",
                                                    "\xEF\xBB\xBF",
                                                    "\xEF\xBF\xBE",
                                                    "---",
                                                    "...",
                                                    "<<",
                                                    " "};
    while (true) {
      std::string result;
      for (std::uint64_t n = random_() % 6; n > 0; --n) result += kParts[random_() % kParts.size()];
      if (check(result).empty()) return result;
    }
  }

  std::mt19937_64 random_;
};

TEST(DumpJobTest, LoadsBackExactly) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Job job;
    RandomOptions random(seed);
    job_file::describe(random, job);
    const std::string yaml = dump_job(job);
    const auto loaded = load_jobs(yaml);
    ASSERT_TRUE(loaded) << "seed " << seed << ": " << loaded.error().front().message << "\n"
                        << yaml;
    ASSERT_EQ(loaded->size(), 1U);
    ASSERT_EQ(loaded->front(), job) << "seed " << seed << "\n" << yaml;
  }
}

TEST(DumpJobTest, SpellsOutEveryOption) {
  Job job;
  job.name = "cafes";
  job.start = {{"https://example.org/", {}}};
  const std::string yaml = dump_job(job);
  EXPECT_THAT(
      yaml, testing::StartsWith("job: cafes\nstart: [\"https://example.org/\"]\nsitemaps: auto\n"));
  for (const std::string& name : job_file::option_names()) {
    EXPECT_THAT(yaml, testing::HasSubstr(name.substr(name.find('.') + 1) + ": "));
  }
}

}  // namespace

// Converts to anything, so that it can stand for any member of an aggregate.
struct AnyMember {
  template <class T>
  operator T() const;
};

template <class Struct, class... Members>
constexpr std::size_t member_count() {
  if constexpr (requires { Struct{Members{}..., AnyMember{}}; }) {
    return member_count<Struct, Members..., AnyMember>();
  } else {
    return sizeof...(Members);
  }
}

namespace {

TEST(SchemaTest, ListsEveryMemberOfEveryStruct) {
  const auto options_in = [](const std::string& section) {
    return static_cast<std::size_t>(
        std::count_if(job_file::option_names().begin(), job_file::option_names().end(),
                      [&](const std::string& name) { return name.starts_with(section + "."); }));
  };
  EXPECT_EQ(options_in("scope"), member_count<ScopeOptions>());
  EXPECT_EQ(options_in("politeness"), member_count<PolitenessOptions>());
  EXPECT_EQ(options_in("retry"), member_count<RetryOptions>());
  EXPECT_EQ(options_in("backend"), member_count<BackendOptions>());
  EXPECT_EQ(options_in("fetch"), member_count<FetchOptions>());
  EXPECT_EQ(options_in("page"), member_count<PageOptions>());
  EXPECT_EQ(options_in("extract"), member_count<ExtractOptions>());
  EXPECT_EQ(options_in("storage"), member_count<StorageOptions>());
  EXPECT_EQ(member_count<Job>(), 11U) << "a new section needs a line here";
}

}  // namespace
}  // namespace placer
