// `extends`: jobs that begin with another file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "config/load.h"

namespace placer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ExtendTest : public testing::Test {
 protected:
  tl::expected<std::vector<Job>, std::vector<Diagnostic>> load(
      const std::string& path, const std::vector<Override>& overrides = {}) {
    const auto read = [this](const std::string& name) -> tl::expected<std::string, std::string> {
      read_.push_back(name);
      const auto file = files_.find(name);
      if (file == files_.end()) return tl::unexpected(std::string("No such file or directory"));
      return file->second;
    };
    return load_jobs(files_.at(path), overrides, {path, read});
  }

  Job job(const std::string& path, const std::vector<Override>& overrides = {}) {
    const auto jobs = load(path, overrides);
    if (jobs && jobs->size() == 1) return jobs->front();
    ADD_FAILURE() << testing::PrintToString(errors(path, overrides));
    return {};
  }

  std::vector<std::string> errors(const std::string& path,
                                  const std::vector<Override>& overrides = {}) {
    std::vector<std::string> texts;
    if (const auto jobs = load(path, overrides); !jobs) {
      for (const Diagnostic& error : jobs.error()) texts.push_back(format_diagnostic(path, error));
    }
    return texts;
  }

  std::map<std::string, std::string> files_;
  std::vector<std::string> read_;
};

TEST_F(ExtendTest, MergesSectionsAndTakesOptionsAsAWhole) {
  files_["base.yaml"] =
      "politeness: {user_agent: bot/1, delay: 2s}\n"
      "scope: {include: ['/a/**', '/b/**'], max_depth: 3}\n"
      "sitemaps: off\n"
      "extract: {formats: [json-ld], rules: [{place: {name: h1}}, {place: {name: h2}}]}\n"
      "fetch: {headers: {A: '1', B: '2'}}\n"
      "storage: {path: base.db}\n";
  files_["job.yaml"] =
      "extends: base.yaml\n"
      "job: cafes\n"
      "start: https://example.org/\n"
      "politeness: {delay: 5s}\n"
      "scope: {include: ['/c/**']}\n"
      "extract: {rules: [{place: {name: h3}}]}\n"
      "fetch: {headers: {C: '3'}}\n"
      "storage:\n";
  const Job merged = job("job.yaml");
  EXPECT_EQ(merged.name, "cafes");
  EXPECT_EQ(merged.politeness.user_agent, "bot/1");
  EXPECT_EQ(merged.politeness.delay, std::chrono::seconds(5));
  EXPECT_THAT(merged.scope.include, ElementsAre("/c/**"));
  EXPECT_EQ(merged.scope.max_depth, 3U);
  EXPECT_FALSE(merged.sitemaps.from_robots);
  EXPECT_THAT(merged.extract.formats, ElementsAre(Format::kJsonLd));
  ASSERT_EQ(merged.extract.rules.size(), 1U);
  EXPECT_EQ(merged.extract.rules[0].place[0].expressions[0].text, "h3");
  ASSERT_EQ(merged.fetch.headers.size(), 1U);
  EXPECT_THAT(merged.fetch.headers[0].fields, ElementsAre(HeaderField{"C", {"3"}}));
  EXPECT_EQ(merged.storage.path, "base.db");
}

TEST_F(ExtendTest, LooksRelativeToTheFileThatSaysSo) {
  files_["jobs/shops/a.yaml"] = "extends: ../base.yaml\njob: a\nstart: https://a.example/\n";
  files_["jobs/base.yaml"] = "extends: common/more.yaml\nscope: {max_pages: 7}\n";
  files_["jobs/common/more.yaml"] = "scope: {max_pages: 9, max_depth: 2}\n";
  const Job merged = job("jobs/shops/a.yaml");
  EXPECT_EQ(merged.scope.max_pages, 7U);
  EXPECT_EQ(merged.scope.max_depth, 2U);
  EXPECT_THAT(read_, ElementsAre("jobs/base.yaml", "jobs/common/more.yaml"));
}

TEST_F(ExtendTest, MayTakeNameAndStartFromTheBaseAndIsChangedByOverrides) {
  files_["base.yaml"] = "job: base\nstart: https://a.example/\nretry: {attempts: 2}\n";
  files_["job.yaml"] = "extends: base.yaml\nretry: {attempts: 4}\n";
  const Job merged = job("job.yaml", {{"retry.attempts", "5"}});
  EXPECT_EQ(merged.name, "base");
  EXPECT_EQ(merged.retry.attempts, 5U);
}

TEST_F(ExtendTest, NamesTheFileThatIsWrong) {
  files_["base.yaml"] = "scope:\n  max_dept: 3\nretry: {attempts: 99}\nfetch: {timeout: 5}\n";
  files_["job.yaml"] =
      "extends: base.yaml\njob: a\nstart: https://a.example/\nretry: {attempts: 98}\n";
  EXPECT_THAT(
      errors("job.yaml"),
      ElementsAre(
          "job.yaml:4:19: retry.attempts: '98' is out of range (1 ... 20)",
          "base.yaml:2:3: scope: unknown key 'max_dept' (did you mean 'max_depth'?)",
          "base.yaml:4:18: fetch.timeout: expected a duration with a unit (ms, s, m or h), found "
          "'5'"));
  files_["base.yaml"] = "scope: [\n";
  EXPECT_THAT(errors("job.yaml"), ElementsAre(HasSubstr("base.yaml:")));
}

TEST_F(ExtendTest, RefusesCirclesAndLongChains) {
  files_["a.yaml"] = "extends: b.yaml\njob: a\nstart: https://a.example/\n";
  files_["b.yaml"] = "extends: ./x/../a.yaml\n";
  EXPECT_THAT(errors("a.yaml"),
              ElementsAre("b.yaml:1:10: extends: a circle: 'a.yaml' extends itself"));
  files_["0"] = "extends: '1'\njob: a\nstart: https://a.example/\n";
  for (std::size_t i = 1; i < kMostBases; ++i) {
    files_[std::to_string(i)] = "extends: '" + std::to_string(i + 1) + "'\n";
  }
  const std::string last = std::to_string(kMostBases);
  files_[last] = "retry: {attempts: 9}\n";
  EXPECT_EQ(job("0").retry.attempts, 9U);
  files_[last] = "extends: '99'\n";
  EXPECT_THAT(errors("0"), ElementsAre(HasSubstr(last + ":1:10: extends: more than 8 files")));
}

TEST_F(ExtendTest, SaysWhatIsWrongWithABase) {
  const std::string rest = "job: a\nstart: https://a.example/\n";
  files_["job.yaml"] = "extends: none.yaml\n" + rest;
  EXPECT_THAT(errors("job.yaml"), ElementsAre("job.yaml:1:10: extends: cannot read 'none.yaml': No "
                                              "such file or directory"));
  files_["two.yaml"] = "retry: {}\n---\nretry: {}\n";
  files_["job.yaml"] = "extends: two.yaml\n" + rest;
  EXPECT_THAT(errors("job.yaml"), ElementsAre(HasSubstr("'two.yaml' is not one job")));
  for (const char* name : {"[a.yaml]", "", "''", "{a: b}"}) {
    files_["job.yaml"] = "extends: " + std::string(name) + "\n" + rest;
    EXPECT_THAT(errors("job.yaml"), ElementsAre(HasSubstr("expected the name of a job file")));
  }
  files_["job.yaml"] = rest;
  EXPECT_THAT(errors("job.yaml", {{"extends", "two.yaml"}}),
              ElementsAre("--set extends: can only stand in a file"));
}

TEST_F(ExtendTest, IsAKnownKey) {
  files_["job.yaml"] = "extend: base.yaml\njob: a\nstart: https://a.example/\n";
  EXPECT_THAT(errors("job.yaml"), ElementsAre(HasSubstr("did you mean 'extends'?")));
}

TEST_F(ExtendTest, TakesTimeInProportionToTheFiles) {
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "k" + std::to_string(i) + ": 1\n";
  files_["base.yaml"] = many;
  files_["job.yaml"] = "extends: base.yaml\njob: a\nstart: https://a.example/\n" + many;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(errors("job.yaml").empty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace placer
