// The JSON Schema of job files says the same as the program.
#include "config/job_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "config/option_texts.h"
#include "config/reader.h"
#include "config/yaml_text.h"
#include "tests/example_jobs.h"
#include "tests/program.h"

namespace placer {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;

// As an editor reads YAML: by the core schema of YAML 1.2.2 (section 10.3).
ordered_json json_of(const YamlNode& node) {
  static const std::regex kWhole("[-+]?[0-9]+");
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return nullptr;
    case YamlNode::Kind::kText:
      if (!node.plain) return node.text;
      if (node.text == "true" || node.text == "false") return node.text == "true";
      if (std::regex_match(node.text, kWhole)) return std::stoll(node.text);
      return node.text;
    case YamlNode::Kind::kList: {
      ordered_json list = ordered_json::array();
      for (const YamlNode& item : node.items) list.push_back(json_of(item));
      return list;
    }
    default: {
      ordered_json map = ordered_json::object();
      for (const YamlEntry& entry : node.entries) map[entry.key] = json_of(entry.value);
      return map;
    }
  }
}

bool has_validator() {
  return run_program(
             {"/usr/bin/env", "python3", "-c", "from jsonschema import Draft202012Validator"})
             .status == 0;
}

// One line for each document: "ok", or what is wrong with it.
std::vector<std::string> validate(const std::vector<std::string>& texts) {
  constexpr const char* kScript =
      "import json, sys\n"
      "from jsonschema import Draft202012Validator\n"
      "schema = json.load(open('schema.json'))\n"
      "Draft202012Validator.check_schema(schema)\n"
      "validator = Draft202012Validator(schema)\n"
      "for line in open('documents.ndjson'):\n"
      "    error = next(iter(validator.iter_errors(json.loads(line))), None)\n"
      "    print('ok' if error is None else error.json_path + ': ' + error.message[:200])\n";
  const TemporaryFolder folder;
  std::string lines;
  for (const std::string& text : texts) {
    for (const YamlNode& document : read_yaml(text).documents) {
      lines += json_of(document).dump() + "\n";
    }
  }
  folder.write("schema.json", job_schema());
  folder.write("documents.ndjson", lines);
  const auto result = run_program({"/usr/bin/env", "python3", "-c", kScript}, folder.path());
  EXPECT_EQ(result.status, 0) << result.err;
  std::vector<std::string> answers;
  std::istringstream out(result.out);
  for (std::string line; std::getline(out, line);) answers.push_back(line);
  return answers;
}

TEST(JobSchemaTest, HasEveryOptionWithWhatItMeans) {
  const auto schema = ordered_json::parse(job_schema());
  for (const std::string& name : job_file::option_names()) {
    const std::size_t dot = name.find('.');
    const auto* properties = &schema["properties"];
    if (dot != std::string::npos) properties = &(*properties)[name.substr(0, dot)]["properties"];
    const std::string key = dot == std::string::npos ? name : name.substr(dot + 1);
    ASSERT_TRUE(properties->contains(key)) << name;
    EXPECT_FALSE((*properties)[key]["description"].get<std::string>().empty()) << name;
  }
  EXPECT_TRUE(schema["properties"].contains("extends"));
  EXPECT_EQ(schema["properties"]["politeness"]["properties"]["delay"]["default"], "1s");
  EXPECT_EQ(schema["properties"]["scope"]["properties"]["max_depth"]["default"], 10);
}

TEST(JobSchemaTest, IsTheOneThatTheExamplesName) {
  EXPECT_EQ(text_of(std::filesystem::path(PLACER_EXAMPLES) / "../job.schema.json"), job_schema())
      << "bring it up to date: placer check --schema > config/job.schema.json";
}

TEST(JobSchemaTest, AcceptsTheExamplesAndWhatTheProgramPrints) {
  if (!has_validator()) GTEST_SKIP() << "python3-jsonschema is not on this machine";
  std::vector<std::string> texts;
  for (const auto& path : example_files()) {
    texts.push_back(text_of(path));
    const auto jobs = load_jobs(texts.back(), {}, bases_of(path));
    ASSERT_TRUE(jobs) << path;
    for (const Job& job : *jobs) texts.push_back(dump_job(job));
  }
  texts.push_back(
      "job: 2024\nstart: https://h.example/\nsitemaps: off\nscope:\n"
      "politeness: {delay: 0, address_delay: auto}\nbackend: {workers: 4}\n"
      "fetch: {max_body: 4096, low_speed_bytes: 0, headers: {A: b}, auth: {user: a, password: "
      "b}}\n");
  for (const std::string& text : texts) ASSERT_TRUE(read_yaml(text).errors.empty());
  const auto answers = validate(texts);
  EXPECT_GE(answers.size(), texts.size());
  EXPECT_THAT(answers, testing::Each("ok"));
}

TEST(JobSchemaTest, RefusesWhatTheProgramRefuses) {
  if (!has_validator()) GTEST_SKIP() << "python3-jsonschema is not on this machine";
  const std::string head = "job: a\nstart: https://h.example/\n";
  const std::vector<std::string> wrong = {
      "job: a\n",
      "start: https://h.example/\n",
      head + "scope: {max_dept: 3}\n",
      head + "scope: {include: [cafes]}\n",
      head + "scope: {max_depth: 1001}\n",
      head + "retry: {attempts: 0}\n",
      head + "retry: {attempts: '3'}\n",
      head + "fetch: {timeout: 0}\n",
      head + "fetch: {timeout: 5}\n",
      head + "fetch: {timeout: 5 s}\n",
      head + "fetch: {auth: {user: a}}\n",
      head + "fetch: {proxy: localhost}\n",
      head + "backend: {kind: thread}\n",
      head + "extract: {formats: []}\n",
      head + "extract: {formats: [rdfa, rdfa]}\n",
      head + "extract: {rules: [{when: '/a'}]}\n",
      head + "extract: {rules: [{place: {name: [[h1]]}}]}\n",
      head + "extract: {rules: [{follow: {post: 'https://h.example/'}}]}\n",
      head + "sitemaps: never\n",
      "job: a b\nstart: https://h.example/\n",
      "job: a\nstart: example.org\n",
      "job: a\nstart: []\n"};
  for (const std::string& text : wrong) EXPECT_FALSE(load_jobs(text)) << text;
  const auto answers = validate(wrong);
  ASSERT_EQ(answers.size(), wrong.size());
  for (std::size_t i = 0; i < wrong.size(); ++i) EXPECT_NE(answers[i], "ok") << wrong[i];
}

TEST(OptionTextsTest, SayTypeAndDefaultOfEachOption) {
  std::size_t options = 0;
  for (const OptionText& text : option_texts()) {
    EXPECT_FALSE(text.description.empty()) << text.name;
    EXPECT_LT(text.description.size(), 160U) << text.name << " takes more than a line";
    options += text.type.empty() ? 0 : 1;
  }
  EXPECT_EQ(options, job_file::option_names().size() + 1) << "extends, which is no part of a Job";
  const auto named = [](std::string_view name) {
    return *std::ranges::find(option_texts(), name, &OptionText::name);
  };
  EXPECT_EQ(named("politeness.delay").type, "duration, 0 ... 1h");
  EXPECT_EQ(named("politeness.delay").default_value, "1s");
  EXPECT_EQ(named("backend.workers").type, "auto or number, 1 ... 1024");
  EXPECT_EQ(named("backend.workers").default_value, "auto");
  EXPECT_EQ(named("fetch.private_addresses").type, "refuse, allow");
  EXPECT_EQ(named("fetch").type, "");
}

}  // namespace
}  // namespace placer
