// extract.rules in job files: what is accepted, what is refused, and with which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/load.h"
#include "config/rule_template.h"

namespace placer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kHead = "job: a\nstart: https://h.example/\nextract:\n  rules:\n";

Job load_rules(const std::string& rules) {
  const auto jobs = load_jobs(kHead + rules);
  if (jobs) return jobs->front();
  for (const Diagnostic& error : jobs.error()) ADD_FAILURE() << format_diagnostic("f", error);
  return {};
}

// Line 5 is the first of `rules`.
std::vector<std::string> errors_of(const std::string& rules) {
  std::vector<std::string> errors;
  if (const auto jobs = load_jobs(kHead + rules); !jobs) {
    for (const Diagnostic& error : jobs.error()) errors.push_back(format_diagnostic("f", error));
  }
  return errors;
}

constexpr const char* kRich = R"yaml(
  - when: "/cafes/*"
    each: "div.cafe"
    place: {name: "h2", phone: ["a[href^='tel:'] @href", ".tel"], category: "= amenity=cafe"}
    follow: "a.next @href"
  - place: {name: /name}
    follow:
      - /next
      - {get: "https://api.example.org/stores?page={page}", page: "/meta/page | add: 1",
         headers: {X-Api-Key: "s e\"cret"}}
      - post: https://api.example.org/search
        body: '{"token": "{token}", "fields": {"name": true}}'
        token: [/nextPageToken, /next]
)yaml";

TEST(ConfigRulesTest, ReadsRules) {
  const Job job = load_rules(kRich);
  ASSERT_EQ(job.extract.rules.size(), 2U);
  const RuleOptions& cafes = job.extract.rules[0];
  EXPECT_EQ(cafes.when.text, "/cafes/*");
  EXPECT_EQ(cafes.each.text, "div.cafe");
  ASSERT_EQ(cafes.place.size(), 3U);
  EXPECT_EQ(cafes.place[1].name, "phone");
  ASSERT_EQ(cafes.place[1].expressions.size(), 2U);
  EXPECT_EQ(cafes.place[1].expressions[1].text, ".tel");
  EXPECT_THAT(cafes.follow, ElementsAre(RuleText{"a.next @href", {}}));
  const RuleOptions& api = job.extract.rules[1];
  EXPECT_EQ(api.when.text, "**");
  EXPECT_EQ(api.each.text, "");
  ASSERT_EQ(api.requests.size(), 2U);
  EXPECT_EQ(api.requests[0].url.text, "https://api.example.org/stores?page={page}");
  EXPECT_EQ(api.requests[0].body, "");
  EXPECT_THAT(api.requests[0].headers, ElementsAre(HeaderField{"X-Api-Key", {"s e\"cret"}}));
  EXPECT_EQ(api.requests[1].body, R"({"token": "{token}", "fields": {"name": true}})");
  EXPECT_EQ(api.requests[1].values[0].expressions.size(), 2U);
}

TEST(ConfigRulesTest, RemembersWhereTextsBegin) {
  const Job job = load_rules("  - place: {name: \"h2\", ref: [b, 'i']}\n");
  const RuleOptions& rule = job.extract.rules.front();
  EXPECT_EQ(rule.mark.line, 5);
  EXPECT_EQ(rule.place[0].mark.column, 13);
  EXPECT_EQ(rule.place[0].expressions[0].mark.column, 20);  // behind the quote
  EXPECT_EQ(rule.place[1].expressions[0].mark.column, 31);
  EXPECT_EQ(rule.place[1].expressions[1].mark.column, 35);
}

TEST(ConfigRulesTest, DumpsWhatItReads) {
  const Job job = load_rules(kRich);
  const auto again = load_jobs(dump_job(job));
  ASSERT_TRUE(again) << dump_job(job);
  EXPECT_EQ(again->front(), job);
}

TEST(ConfigRulesTest, RefusesUnknownKeysAndWrongKinds) {
  EXPECT_THAT(errors_of("  - {whem: '/a', place: {name: h1}}\n"),
              ElementsAre("f:5:6: extract.rules[1]: unknown key 'whem' (did you mean 'when'?)"));
  EXPECT_THAT(errors_of("  - when: '/a'\n"),
              ElementsAre("f:5:5: extract.rules[1]: takes nothing; say what with 'place', or where "
                          "to go on with 'follow'"));
  EXPECT_THAT(errors_of("  - {place: {name: h1}}\n  - {when: a, place: {name: [[h1]]}}\n"),
              ElementsAre(HasSubstr("f:6:12: extract.rules[2].when: 'a' matches nothing"),
                          HasSubstr("f:6:30: extract.rules[2].place.name: expected a text")));
  EXPECT_THAT(errors_of("  - {place: h1}\n"), ElementsAre(HasSubstr("f:5:13: ")));
  EXPECT_THAT(errors_of("  - {place: {name: []}}\n"), ElementsAre(HasSubstr("f:5:20: ")));
  EXPECT_THAT(errors_of("  - {place: {name: ' '}}\n"), ElementsAre(HasSubstr("no expression")));
  EXPECT_THAT(errors_of("  - h1\n"), ElementsAre(HasSubstr("f:5:5: extract.rules[1]: expected")));
  EXPECT_THAT(errors_of("  {place: h1}\n"), ElementsAre(HasSubstr("expected a list of rules")));
  EXPECT_THAT(errors_of("  - {follow: []}\n"), ElementsAre(HasSubstr("f:5:14: ")));
}

TEST(ConfigRulesTest, ChecksRequestsAgainstTheirTemplates) {
  EXPECT_THAT(errors_of("  - follow: {get: 'https://h.example/?p={page}', pgae: /x}\n"),
              ElementsAre("f:5:20: extract.rules[1].follow: nothing says what {page} is; add "
                          "'page: EXPRESSION'",
                          "f:5:50: extract.rules[1].follow: unknown key 'pgae'; no {pgae} stands "
                          "in the request (did you mean 'page'?)"));
  EXPECT_THAT(errors_of("  - follow: {get: 'https://h.example/', post: 'https://h.example/'}\n"),
              ElementsAre(HasSubstr("either 'get: URL' or 'post: URL'")));
  EXPECT_THAT(errors_of("  - follow: {post: 'https://h.example/'}\n"),
              ElementsAre(HasSubstr("'post' needs a 'body'")));
  EXPECT_THAT(errors_of("  - follow: {get: 'https://h.example/', body: x}\n"),
              ElementsAre(HasSubstr("a body goes with 'post' only")));
  EXPECT_THAT(errors_of("  - follow: {get: 'https://{host}/', host: /h}\n"),
              ElementsAre(HasSubstr("which host is asked is for the job to say")));
  EXPECT_THAT(errors_of("  - follow: {get: '/stores'}\n"),
              ElementsAre(HasSubstr("must begin with http:// or https://")));
}

TEST(ConfigRulesTest, RefusesHeadersThatAreTheProgramsOwnAndShowsNoValue) {
  const std::string begin = "  - follow: {get: 'https://h.example/', headers: {";
  EXPECT_THAT(errors_of(begin + "Host: x}}\n"), ElementsAre(HasSubstr("set by the program")));
  EXPECT_THAT(errors_of(begin + "User-Agent: x}}\n"),
              ElementsAre(HasSubstr("politeness.user_agent")));
  EXPECT_THAT(errors_of(begin + "'X Y': x}}\n"), ElementsAre(HasSubstr("no name of a header")));
  const auto errors = errors_of(begin + "X-Key: \"secret\\n\"}}\n");
  EXPECT_THAT(errors, ElementsAre(HasSubstr("the value of 'X-Key' must be printable ASCII")));
  EXPECT_EQ(errors.front().find("secret"), std::string::npos);
}

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  for (const TemplatePiece& piece : split_template(text)) {
    pieces.push_back((piece.is_name ? "$" : "") + std::string(piece.text));
  }
  return pieces;
}

TEST(ConfigRulesTest, TakesOnlyNamesInBracesForPlaceholders) {
  EXPECT_THAT(pieces_of("a{b}c{d_1}"), ElementsAre("a", "$b", "c", "$d_1"));
  EXPECT_THAT(pieces_of(R"({"a": {"b": {c}}, "d": {}})"),
              ElementsAre(R"({"a": {"b": )", "$c", R"(}, "d": {}})"));
  EXPECT_THAT(pieces_of("{ a }{1}{-}{x"), ElementsAre("{ a }{1}{-}{x"));
  EXPECT_THAT(pieces_of("{{a}}"), ElementsAre("{", "$a", "}"));
  EXPECT_THAT(pieces_of(""), IsEmpty());
}

}  // namespace
}  // namespace placer
