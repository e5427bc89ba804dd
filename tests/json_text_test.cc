#include "scraper/page/json_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "tests/suite.h"

namespace placer {
namespace {

using nlohmann::json;
using namespace std::string_literals;
namespace fs = std::filesystem;

// What `text` reads as, written as compact JSON; "nothing" when it is refused.
std::string read(const std::string& text) {
  const auto value = read_json(text);
  return value ? value->dump() : "nothing";
}

std::string repeat(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

struct Case {
  const char* broken;
  const char* json;
};

class JsonTextRepairTest : public testing::TestWithParam<Case> {};

TEST_P(JsonTextRepairTest, ReadsWhatWasMeant) {
  EXPECT_EQ(read(GetParam().broken), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Commas, JsonTextRepairTest,
    testing::Values(Case{R"({"a":1,})", R"({"a":1})"}, Case{R"([1,,2,])", "[1,2]"},
                    Case{R"({,"a":1,,"b":2})", R"({"a":1,"b":2})"},
                    Case{R"({"a":1 "b":2})", R"({"a":1,"b":2})"},
                    Case{R"({"a":"x" "b":"y"})", R"({"a":"x","b":"y"})"},
                    Case{R"({"a":1};)", R"({"a":1})"},
                    Case{R"({"a":,"b":2,"c":})", R"({"a":null,"b":2,"c":null})"}));

INSTANTIATE_TEST_SUITE_P(
    CommentsAndWrappers, JsonTextRepairTest,
    testing::Values(Case{"// a cafe\n{\"a\":1}", R"({"a":1})"},
                    Case{"{\"a\":1, // one\n//\"b\":2\n}", R"({"a":1})"},
                    Case{R"({/* x */"a":/**/1})", R"({"a":1})"},
                    Case{R"({"a":"// no /* comment"})", R"({"a":"// no /* comment"})"},
                    Case{R"({"a":"<!-- kept -->",})", R"({"a":"<!-- kept -->"})"},
                    Case{"<!--\n{\"a\":1}\n-->", R"({"a":1})"},
                    Case{R"(<!-- {"a":1} -->)", R"({"a":1})"},
                    Case{"<!-- John joined. -->\n{\"a\":1}", R"({"a":1})"},
                    Case{"<!-- two\nlines -->\n{\"a\":1}", R"({"a":1})"},
                    Case{"<![CDATA[{\"a\":[[1]]}]]>", R"({"a":[[1]]})"},
                    Case{"//<![CDATA[\n{\"a\":1}\n//]]>", R"({"a":1})"},
                    Case{"// <![CDATA[ {\"a\":1} // ]]>", R"({"a":1})"},
                    Case{"/*<![CDATA[*/{\"a\":1}/*]]>*/", R"({"a":1})"},
                    Case{"<!--//--><![CDATA[//><!--\n{\"a\":1}\n//--><!]]>", R"({"a":1})"},
                    Case{"\xEF\xBB\xBF{\"a\":\xC2\xA0\x31}", R"({"a":1})"}));

INSTANTIATE_TEST_SUITE_P(Strings, JsonTextRepairTest,
                         testing::Values(Case{"{\"a\":\"x\ny\tz\"}", R"({"a":"x\ny\tz"})"},
                                         Case{"{\"a\":\"\x01\"}", R"({"a":"\u0001"})"},
                                         Case{R"({"a":"Joe\'s"})", R"({"a":"Joe's"})"},
                                         Case{R"({"a":"C:\Program"})", R"({"a":"C:\\Program"})"},
                                         Case{R"({"a":"\u12"})", R"({"a":"\\u12"})"},
                                         Case{R"({"a":"\ud800x"})", "{\"a\":\"\xEF\xBF\xBDx\"}"},
                                         Case{R"({"a":"\ud83c\udf70",})",
                                              "{\"a\":\"\xF0\x9F\x8D\xB0\"}"},
                                         Case{"{\"a\":\"caf\xE9\"}", "{\"a\":\"caf\xEF\xBF\xBD\"}"},
                                         Case{R"({"a":"the "Old Inn", Bath","b":1})",
                                              R"({"a":"the \"Old Inn\", Bath","b":1})"}));

INSTANTIATE_TEST_SUITE_P(NumbersAndNames, JsonTextRepairTest,
                         testing::Values(Case{R"({"a":+1,"b":.5,"c":5.,"d":-.5})",
                                              R"({"a":1,"b":0.5,"c":5.0,"d":-0.5})"},
                                         Case{R"({"a":007})", R"({"a":7})"},
                                         Case{R"({"a":1e999})", R"({"a":"1e999"})"},
                                         Case{R"({"a":NaN,"b":undefined,"c":None,"d":-Infinity})",
                                              R"({"a":null,"b":null,"c":null,"d":null})"},
                                         Case{R"({"a":True})", R"({"a":true})"},
                                         Case{R"({a:1,b_c:2})", R"({"a":1,"b_c":2})"}));

INSTANTIATE_TEST_SUITE_P(Ends, JsonTextRepairTest,
                         testing::Values(Case{R"({"a":[1,{"b":"x)", R"({"a":[1,{"b":"x"}]})"},
                                         Case{R"({"a":1,"b)", R"({"a":1,"b":null})"},
                                         Case{R"({"a":1}})", R"({"a":1})"},
                                         Case{R"({"a":[1})", R"({"a":[1]})"},
                                         Case{R"({"a":[1]]})", R"({"a":[1]})"},
                                         Case{R"({"a":1}{"b":2})", R"([{"a":1},{"b":2}])"},
                                         Case{R"({"a":1}</p> thanks)", R"({"a":1})"}));

TEST(JsonTextTest, ReadsStrictJsonAsItIs) {
  EXPECT_EQ(read(R"( {"a": [1, 2.5, "x", null, true]} )"), R"({"a":[1,2.5,"x",null,true]})");
  EXPECT_EQ(read("\"x\""), "\"x\"");
}

TEST(JsonTextTest, KeepsLastOfDuplicateMembers) {
  EXPECT_EQ(read(R"({"a":1,"a":2})"), R"({"a":2})");
  EXPECT_EQ(read(R"({"a":1,"a":2,})"), R"({"a":2})");
}

TEST(JsonTextTest, DecodesCharacterReferencesOnlyWhenNothingElseHelps) {
  EXPECT_EQ(read("{&quot;a&quot;: &#34;x &amp; y&#x22;}"), R"({"a":"x & y"})");
  EXPECT_EQ(read(R"({"a":"x &quot;y&quot; &amp;"})"), R"({"a":"x &quot;y&quot; &amp;"})");
}

TEST(JsonTextTest, RefusesWhatWouldTakeGuessing) {
  for (const char* text : {"", "  \n", "{'a':'b'}", "var x = {\"a\":1}", "{\"a\" \"b\"}", "<p>",
                           "}", "{\"a\":{{name}}}", "//", "<!--", "&lt;"}) {
    EXPECT_EQ(read(text), "nothing") << text;
  }
}

TEST(JsonTextTest, ReadsDepthUpToItsLimitAndRefusesMore) {
  EXPECT_NE(read(repeat("[", 512) + repeat("]", 512)), "nothing");
  EXPECT_NE(read(repeat("[", 512)), "nothing");
  EXPECT_EQ(read(repeat("[", 520) + repeat("]", 520)), "nothing");
  EXPECT_EQ(read(repeat("{\"a\":", 100'000)), "nothing");
  EXPECT_EQ(read(repeat("[", 1'000'000)), "nothing");
  EXPECT_EQ(read(repeat("[{\"\":", 500'000) + "'"), "nothing");
}

TEST(JsonTextTest, ReadsNoMoreValuesThanTheBudgetHas) {
  JsonBudget budget{.depth = 10, .values = 5};
  EXPECT_FALSE(read_json("[1,2,3,4,5,6,7]", budget));
  EXPECT_TRUE(read_json("[1,2]", budget));
  EXPECT_FALSE(read_json("[1,2]", budget));
  JsonBudget shallow{.depth = 2, .values = 100};
  EXPECT_FALSE(read_json("[[[[1]]]]", shallow));
}

// Each repeats what a repair might look ahead for; quadratic time would take minutes.
TEST(JsonTextTest, TakesLinearTimeOnTextMadeToBeSlow) {
  const std::clock_t begin = std::clock();
  const std::size_t many = 50'000;
  for (const std::string& piece :
       {"<!--"s,  "<!--{"s,   "<!--\n"s, "-->"s,       "/*"s,  "//\n"s, "\" "s,
        "\",  "s, "{\"a\":"s, "]"s,      "[}"s,        "{]"s,  "\\"s,   "&quot;"s,
        "&"s,     "[\"x\" "s, "\xC2"s,   "<![CDATA["s, "[1,"s, "\"\\u"s}) {
    read_json(repeat(piece, many));
    read_json("[" + repeat(piece, many));
    read_json("[\"" + repeat(piece, many));
  }
  EXPECT_LT(std::clock() - begin, 30 * CLOCKS_PER_SEC);
}

TEST(JsonTextTest, SurvivesMutatedDocuments) {
  const std::vector<std::string> seeds = {
      R"(<!-- x --> {"@context":"https://schema.org","@type":"Cafe","name":"Joe's \u00e9\ud83c\udf70",)"
      R"("geo":{"latitude":-1.5e2,"longitude":.5},"openingHours":["Mo-Fr 09:00-17:00",],}; // end)",
      R"(//<![CDATA[
{"@graph":[{"a":[true,false,null,{"b":{}}]},{"c":"x "y" z"}]} //]]>)"};
  const std::string alphabet =
      "{}[]\",:;\\/*<!->&#u'\n\t \x80\xC3\xED\xFF"
      "0aeE.+-]";
  std::mt19937 random(20240501);
  const auto below = [&random](std::size_t n) { return std::size_t{random()} % n; };
  int read_ones = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = seeds[below(seeds.size())];
    for (std::size_t edits = 1 + below(6); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = alphabet[below(alphabet.size())];
          break;
        case 1:
          text.insert(at, 1, alphabet[below(alphabet.size())]);
          break;
        case 2:
          text.erase(at, 1 + below(8));
          break;
        default:
          text.insert(at, text.substr(below(text.size()), below(30)));
      }
      if (text.empty()) text = "{";
    }
    const auto value = read_json(text);
    if (!value) continue;
    ++read_ones;
    // Valid UTF-8 throughout, or this throws; and what was written reads as the same.
    const std::string written = value->dump();
    ASSERT_EQ(read(written), written) << text;
  }
  EXPECT_GT(read_ones, 5'000);
}

TEST(JsonTextTest, AcceptsEverythingJsonTestSuiteWantsAcceptedAndSurvivesTheRest) {
  const fs::path folder = suite_path("json/test_parsing");
  SKIP_WITHOUT(folder);
  int files = 0;
  Tally tally("json y_");
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string text = read_bytes(entry.path());
    const auto value = read_json(text);
    const std::string name = entry.path().filename();
    ++files;
    if (value) value->dump();  // throws on invalid UTF-8
    if (!name.starts_with("y_")) continue;
    const json strict = json::parse(text, nullptr, false);
    tally.count(value && *value == strict, name);
  }
  EXPECT_EQ(files, 318);
  EXPECT_EQ(tally.total(), 95U);
  tally.expect_all();
}

}  // namespace
}  // namespace placer
