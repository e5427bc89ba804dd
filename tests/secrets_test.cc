// Secrets in job files: header fields, logins, proxies, and the variables in them.
#include "config/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace placer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kHead = "job: a\nstart: https://h.example/\nfetch:\n";

std::optional<std::string> variable(const std::string& name) {
  if (name == "KEY") return "k 1";
  if (name == "PASS") return "p@ss:/w%";
  if (name == "EMPTY") return "";
  if (name == "PROXY") return "socks5h://u:p@proxy.example:1080";
  if (name == "LINES") return "a\nb";
  return std::nullopt;
}

std::string filled(std::string_view text) {
  const auto value = with_variables(text, variable);
  return value ? *value : "error: " + value.error();
}

// Line 4 is the first of `fetch`.
std::vector<std::string> errors_of(const std::string& fetch) {
  std::vector<std::string> errors;
  if (const auto jobs = load_jobs(kHead + fetch); !jobs) {
    for (const Diagnostic& error : jobs.error()) errors.push_back(format_diagnostic("f", error));
  }
  return errors;
}

Job load(const std::string& fetch) {
  const auto jobs = load_jobs(kHead + fetch);
  EXPECT_TRUE(jobs) << testing::PrintToString(errors_of(fetch));
  return jobs ? jobs->front() : Job{};
}

std::vector<std::string> texts(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> all;
  for (const Diagnostic& one : diagnostics) all.push_back(format_diagnostic("f", one));
  return all;
}

TEST(VariablesTest, StandForValuesOfTheEnvironment) {
  EXPECT_EQ(filled("${KEY}"), "k 1");
  EXPECT_EQ(filled("Bearer ${KEY}/${EMPTY}${KEY}."), "Bearer k 1/k 1.");
  EXPECT_EQ(filled("no $KEY, {KEY}, $ or {}"), "no $KEY, {KEY}, $ or {}");
  EXPECT_EQ(filled("$${KEY} $$${KEY}"), "${KEY} $${KEY}");
  EXPECT_EQ(filled("${ABSENT}"), "error: the environment has no variable ABSENT");
}

TEST(VariablesTest, AreNotReadTwice) {
  const auto value =
      with_variables("${A}", [](const std::string&) { return std::optional<std::string>("${B}"); });
  EXPECT_EQ(value.value_or("error"), "${B}");
}

TEST(VariablesTest, AreRefusedWhereTheyAreNotComplete) {
  for (const char* text : {"${", "a${KEY", "${}", "${1A}", "${KEY:-x}", "${ KEY }", "${K-Y}"}) {
    EXPECT_THAT(check_variables(text), HasSubstr("begins no variable")) << text;
    EXPECT_FALSE(with_variables(text, variable)) << text;
  }
  EXPECT_EQ(check_variables("$${ ${A_1} ${_}"), "");
  EXPECT_TRUE(has_variable("x${A}"));
  EXPECT_FALSE(has_variable("$${A} $A"));
}

TEST(VariablesTest, AreEncodedWithinTheUserOfAProxy) {
  const auto proxy = [](std::string_view text) {
    return proxy_with_variables(text, variable).value_or("error");
  };
  EXPECT_EQ(proxy("http://me:${PASS}@proxy.example:3128"),
            "http://me:p%40ss%3A%2Fw%25@proxy.example:3128");
  EXPECT_EQ(proxy("${PROXY}"), "socks5h://u:p@proxy.example:1080");
  EXPECT_EQ(proxy("http://${EMPTY}h:1"), "http://h:1");
}

TEST(SecretsTest, AreReadInTheirShortAndLongForms) {
  const Job brief = load(
      "  headers: {X-Key: '${KEY}', Authorization: 'Bearer ${KEY}'}\n"
      "  auth: {user: me, password: '${PASS}'}\n");
  EXPECT_THAT(
      brief.fetch.headers,
      ElementsAre(HostHeaders{"", {{"X-Key", {"${KEY}"}}, {"Authorization", {"Bearer ${KEY}"}}}}));
  EXPECT_THAT(brief.fetch.auth, ElementsAre(HostLogin{"", {"me"}, {"${PASS}"}}));
  const Job full = load(
      "  headers:\n"
      "    - {fields: {A: '1'}}\n"
      "    - {host: api.example, fields: {B: '2'}}\n"
      "  auth: [{host: 'http://127.0.0.1:81', user: me, password: ''}]\n"
      "  proxy: http://u:${PASS}@h:1\n");
  EXPECT_THAT(full.fetch.headers, ElementsAre(HostHeaders{"", {{"A", {"1"}}}},
                                              HostHeaders{"api.example", {{"B", {"2"}}}}));
  EXPECT_THAT(full.fetch.auth, ElementsAre(HostLogin{"http://127.0.0.1:81", {"me"}, {""}}));
  EXPECT_EQ(full.fetch.proxy, SecretText("http://u:${PASS}@h:1"));
}

TEST(SecretsTest, AreRefusedWithoutBeingShown) {
  EXPECT_THAT(errors_of("  auth: {user: me}\n"),
              ElementsAre("f:4:9: fetch.auth: has no 'password'"));
  EXPECT_THAT(errors_of("  auth: {user: 'a:b', password: x}\n"),
              ElementsAre(HasSubstr("the user must not contain ':'")));
  EXPECT_THAT(errors_of("  auth: {user: me, password: x, hots: h}\n"),
              ElementsAre(HasSubstr("unknown key 'hots' (did you mean 'host'?)")));
  EXPECT_THAT(errors_of("  auth: {user: me, password: x, host: 'a/b'}\n"),
              ElementsAre(HasSubstr("neither a host")));
  EXPECT_THAT(errors_of("  headers: {Host: h}\n"), ElementsAre(HasSubstr("set by the program")));
  EXPECT_THAT(errors_of("  headers: [{host: h}]\n"), ElementsAre(HasSubstr("has no 'fields'")));
  for (const char* wrong :
       {"  headers: {X-Key: 'sesame${'}\n", "  headers: {X-Key: \"sesame\\n\"}\n",
        "  auth: {user: me, password: \"sesame\\t\"}\n",
        "  auth: {user: me, password: '${sesame'}\n", "  proxy: sesame@h\n"}) {
    EXPECT_THAT(errors_of(wrong), ElementsAre(Not(HasSubstr("sesame")))) << wrong;
  }
}

TEST(SecretsTest, AreKeptAsWrittenAndNotStoredWhenTheyStandInTheFile) {
  const Job job = load(
      "  headers: {X-Key: sesame, X-Token: 'Bearer ${KEY}'}\n"
      "  auth: {user: me, password: sesame}\n"
      "  proxy: http://me:sesame@h:1\n");
  EXPECT_THAT(dump_job(job), HasSubstr("sesame"));
  const std::string stored = dump_job_without_secrets(job);
  EXPECT_THAT(stored, Not(HasSubstr("sesame")));
  EXPECT_THAT(stored, HasSubstr("Bearer ${KEY}"));
  EXPECT_THAT(stored, HasSubstr("user: \"me\""));
  EXPECT_TRUE(load_jobs(stored));
}

TEST(SecretsTest, ThatAreMissingAreNamedWithTheirPlace) {
  const Job job = load(
      "  headers: {X-Key: '${ABSENT}', X-Lines: '${LINES}'}\n"
      "  auth:\n"
      "    user: ${PASS}\n"
      "    password: ${NO_PASS}\n"
      "  proxy: ${KEY}\n");
  EXPECT_THAT(
      texts(check_secrets(job, variable)),
      ElementsAre("f:4:20: fetch.headers.X-Key: the environment has no variable ABSENT",
                  "f:4:42: fetch.headers.X-Lines: what the environment says must be printable "
                  "ASCII on one line",
                  "f:6:11: fetch.auth.user: what the environment says must not contain ':' or "
                  "control characters",
                  "f:7:15: fetch.auth.password: the environment has no variable NO_PASS",
                  HasSubstr("f:8:10: fetch.proxy: what the environment says is no proxy URL")));
  EXPECT_THAT(check_secrets(load("  auth: {user: me, password: '${EMPTY}'}\n"), variable),
              IsEmpty());
}

TEST(SecretsTest, InTheFileItselfAreWarnedOf) {
  const Job job = load(
      "  headers: {X-Api-Key: abc, Accept-Language: de, Cookie: '${KEY}'}\n"
      "  auth: {user: me, password: abc}\n"
      "  proxy: http://me:abc@h:1\n"
      "extract: {rules: [{follow: {get: 'https://h.example/', headers: {X-Token: abc}}}]}\n");
  const auto warnings = texts(literal_secrets(job));
  EXPECT_THAT(warnings,
              ElementsAre(HasSubstr("f:4:24: fetch.headers.X-Api-Key: a secret in the file"),
                          HasSubstr("f:5:30: fetch.auth.password: "),
                          HasSubstr("extract.rules[1].follow.headers.X-Token: "),
                          HasSubstr("f:6:10: fetch.proxy: ")));
  for (const std::string& warning : warnings) EXPECT_THAT(warning, Not(HasSubstr("abc")));
}

}  // namespace
}  // namespace placer
