// YAML that is broken, hostile or merely strange.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "config/load.h"
#include "config/yaml_text.h"

namespace placer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string first_error(const std::string& yaml) {
  const YamlText text = read_yaml(yaml);
  return text.errors.empty() ? "" : format_diagnostic("f", text.errors.front());
}

std::string repeat(const std::string& text, std::size_t bytes) {
  std::string result;
  while (result.size() + text.size() <= bytes) result += text;
  return result;
}

TEST(YamlTest, MarksBrokenYaml) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"job: a\n\tstart: b\n", "f:2:1: a tab cannot indent in YAML; use spaces"},
      {"scope:\n  \tmax_depth: 1\n", "f:2:3: a tab cannot indent in YAML; use spaces"},
      {"a: {b: c\n", "f:2:1: not valid YAML: a '{' is not closed before this"},
      {"a: [b\nc: {d: 1}\n", "f:2:2: not valid YAML: a '[' is not closed before this"},
      {"a: [b}\n", "f:1:6: not valid YAML: this bracket closes nothing"},
      {"]\n", "f:1:1: not valid YAML: this bracket closes nothing"},
      {"a: b: c\n",
       "f:1:5: not valid YAML: a ':' that fits nowhere; put quotes around a text "
       "with ': ' in it"},
      {"a: @b\n",
       "f:1:4: not valid YAML: no text begins with this character; put quotes around it"},
      {"a: \"b\nc: d\n", "f:1:4: this quote is never closed"},
      {"a: 'b''\n", "f:1:4: this quote is never closed"},
      {"a: b\n...\nc: d\n", "f:3:1: not valid YAML: this belongs to no document"},
      {"[a]\nb: c\n", "f:2:1: not valid YAML: this belongs to no document"},
      {": a\n", "f:1:1: a key must be text; is every bracket closed?"},
      {"[a, b\n", "f:1:1: a key must be text; is every bracket closed?"},
      {"? [a]\n: b\n", "f:1:3: a key must be text; is every bracket closed?"},
  };
  for (const auto& [yaml, error] : cases) EXPECT_EQ(first_error(yaml), error) << yaml;
}

TEST(YamlTest, RefusesWhatAJobDoesNotNeed) {
  EXPECT_THAT(first_error("a: &x [b]\n"), HasSubstr("f:1:4: anchors"));
  EXPECT_THAT(first_error("a: &x [*x]\n"), HasSubstr("f:1:4: anchors"));
  EXPECT_THAT(first_error("a: *x\n"), HasSubstr("f:1:"));
  EXPECT_THAT(first_error("a: {<<: {b: c}}\n"), HasSubstr("f:1:5: merge keys"));
  EXPECT_THAT(first_error("a: !!python/object:x y\n"), HasSubstr("f:1:4: tags"));
  EXPECT_THAT(first_error("a: \"b\\0c\"\n"), HasSubstr("f:1:4: a NUL character"));
}

// RFC 3629 section 3: overlong forms, surrogates, values above U+10FFFF and stray bytes.
TEST(YamlTest, RefusesBytesThatAreNotUtf8) {
  for (const char* bytes : {"\xFF", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x8D", "\x01", "\x1B", "\x7F"}) {
    EXPECT_THAT(first_error("# \xC3\xBC\na: " + std::string(bytes)), HasSubstr("f:2:4: byte 0x"));
  }
  EXPECT_THAT(first_error(std::string("a: b\0c", 6)), HasSubstr("f:1:5: byte 0x00"));
  EXPECT_THAT(first_error(std::string("a\0:\0 \0b\0", 8)), HasSubstr("f:1:2: byte 0x00"));
}

TEST(YamlTest, AcceptsByteOrderMarkAndCrLf) {
  const YamlText text = read_yaml(
      "\xEF\xBB\xBF"
      "a: b\r\n\xC3\xBC: d\r\n");
  ASSERT_EQ(text.documents.size(), 1U);
  ASSERT_EQ(text.documents[0].entries.size(), 2U);
  EXPECT_EQ(text.documents[0].entries[1].value.text, "d");
  EXPECT_EQ(text.documents[0].entries[1].value.mark.line, 2);
  EXPECT_EQ(text.documents[0].entries[1].value.mark.column, 4);
}

TEST(YamlTest, TellsPlainFromQuoted) {
  const YamlText text = read_yaml("[a, 'a', \"a\", ~, '', null]");
  ASSERT_EQ(text.documents.size(), 1U);
  std::vector<std::pair<YamlNode::Kind, bool>> kinds;
  for (const YamlNode& item : text.documents[0].items) kinds.emplace_back(item.kind, item.plain);
  using Kind = YamlNode::Kind;
  EXPECT_THAT(kinds, ElementsAre(std::pair(Kind::kText, true), std::pair(Kind::kText, false),
                                 std::pair(Kind::kText, false), std::pair(Kind::kNull, false),
                                 std::pair(Kind::kText, false), std::pair(Kind::kNull, false)));
}

// yaml-cpp keeps the first of two keys and says nothing; whatever nests below the second is
// dropped.
TEST(YamlTest, DropsTheSecondOfTwoKeysWithAnError) {
  const YamlText text = read_yaml("a: 1\na: {a: [{a: 2}, {a: 3}], b: {c: d}}\nb: 4\n");
  ASSERT_EQ(text.errors.size(), 1U);
  EXPECT_EQ(text.errors[0].mark.line, 2);
  ASSERT_EQ(text.documents.size(), 1U);
  ASSERT_EQ(text.documents[0].entries.size(), 2U);
  EXPECT_EQ(text.documents[0].entries[0].value.text, "1");
  EXPECT_EQ(text.documents[0].entries[1].value.text, "4");
}

TEST(YamlTest, CapsSizeDepthAndNumberOfValues) {
  EXPECT_EQ(first_error(std::string(kMostYamlBytes + 1, '#')),
            "f:1:1: a job file may have 1 MiB, this has more");
  EXPECT_EQ(first_error(std::string(kMostYamlBytes, '#')), "");
  EXPECT_EQ(first_error(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_EQ(first_error(std::string(65, '[') + std::string(65, ']')),
            "f:1:65: nested deeper than 64 levels");
  EXPECT_EQ(first_error("[" + repeat("a,", 2 * 99'998) + "a]"), "");
  EXPECT_THAT(first_error("[" + repeat("a,", 2 * 99'999) + "a]"), HasSubstr("more than 100000"));
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Small files that other readers turn into minutes or gigabytes.
TEST(YamlBombTest, EndsAtOnce) {
  std::string laughs = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (char c = 'b'; c < 'z'; ++c) {
    const std::string before = std::string("*") + static_cast<char>(c - 1);
    laughs += std::string(1, c) + ": &" + c + " [" + repeat(before + ",", 30) + before + "]\n";
  }
  std::vector<std::string> bombs = {laughs, "&a [*a, *a]", "&a {*a : *a}", "a: &a {<<: *a}"};
  for (
      const char* unit :
      {"[",    "{",         "{a: ",         "[{",           "- ",      "? ",  ": ",     "?\n",
       "a:\n", "- - -\n",   "[[],",         "{? a, ",       "&a ",     "!a ", "*a ",    "|\n",
       ">\n ", "%A b\n",    "---\n",        "...\n",        "--- a\n", "\"",  "'",      "\\",
       "#",    "\n",        "\t",           "\r",           ",",       "`",   "a: b\n", "\"\": x\n",
       "<<: ", "- !!str\n", "\xEF\xBB\xBF", "\xE2\x80\xA8", "~"}) {
    bombs.push_back(repeat(unit, 24 << 10));
    bombs.push_back("job: a\nstart: [" + repeat(unit, 24 << 10));
    bombs.push_back("job: a\nstart: \"" + repeat(unit, 24 << 10));
  }
  for (const std::string& bomb : bombs) {
    const double before = cpu_seconds();
    const auto jobs = load_jobs(bomb);
    EXPECT_LT(cpu_seconds() - before, 0.2) << bomb.substr(0, 30);
    ASSERT_FALSE(jobs) << bomb.substr(0, 30);
    EXPECT_LE(jobs.error().size(), 51U);
    for (const Diagnostic& error : jobs.error()) EXPECT_LT(error.message.size(), 400U);
  }
}

TEST(YamlBombTest, TakesTimeInProportionToTheFile) {
  for (const char* unit : {"{? a, ", "a: b, ", "zebra: 1\n", "- a\n"}) {
    const auto time = [unit](std::size_t bytes) {
      const std::string bomb = (unit[0] == '-' || unit[0] == 'z' ? "" : "[") + repeat(unit, bytes);
      const double before = cpu_seconds();
      EXPECT_FALSE(load_jobs(bomb));
      return cpu_seconds() - before;
    };
    const double small = time(30 << 10);
    EXPECT_LT(time(240 << 10), 8 * 4 * small + 0.2) << unit;
  }
}

// Splices pieces of YAML at random: any answer will do, as long as there is one.
TEST(YamlFuzzTest, AnswersEveryInput) {
  const std::vector<std::string> pieces = {"job: a\n",
                                           "start: http://a/\n",
                                           "scope:",
                                           " ",
                                           "  ",
                                           "\n",
                                           "\t",
                                           "- ",
                                           "[",
                                           "]",
                                           "{",
                                           "}",
                                           ",",
                                           ": ",
                                           "?",
                                           "\"",
                                           "'",
                                           "|",
                                           ">",
                                           "&a",
                                           "*a",
                                           "!t",
                                           "%YAML 1.2\n",
                                           "---\n",
                                           "...\n",
                                           "#",
                                           "~",
                                           "\\",
                                           "\\u12",
                                           "\\xFF",
                                           "<<",
                                           "max_depth",
                                           "1",
                                           "\xC3\xBC",
                                           "\xFF",
                                           "\r\n",
                                           "@"};
  std::mt19937_64 random(7);
  int loaded = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string yaml = random() % 2 == 0 ? "job: a\nstart: http://a/\n" : "";
    for (std::uint64_t n = random() % 12; n > 0; --n) yaml += pieces[random() % pieces.size()];
    const auto jobs = load_jobs(yaml);
    if (jobs) {
      ++loaded;
      ASSERT_FALSE(jobs->empty());
      continue;
    }
    ASSERT_FALSE(jobs.error().empty()) << yaml;
    for (const Diagnostic& error : jobs.error()) {
      ASSERT_GE(error.mark.line, 1) << yaml;
      ASSERT_GE(error.mark.column, 1) << yaml;
    }
  }
  EXPECT_GT(loaded, 100);
}

}  // namespace
}  // namespace placer
