// placer query and export as people and other programs meet them.
#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/program.h"
#include "tests/storage_support.h"
#include "tests/suite.h"

namespace placer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

class ResultsTest : public ::testing::Test {
 protected:
  void store(std::vector<Observation> places) {
    for (std::size_t i = 0; i < places.size(); ++i) places[i].path = std::to_string(i);
    auto storage = open_storage(path);
    ASSERT_TRUE(storage->begin_run("cafes", "serial", kNoon));
    ASSERT_TRUE(storage->commit({fetched(1, std::move(places))}, {}));
    ASSERT_TRUE(storage->end_run(RunOutcome::kDone, {}, kNoon));
  }

  void store_town() {
    Observation anna = place("Café Anna", "amenity=cafe", 52.5201, 13.4001);
    anna.place.opening_hours = "24/7";
    anna.place.addr_country = "DE";
    Observation bert = place("Bäckerei Bert", "shop=bakery", 52.5301, 13.4001);
    bert.place.opening_hours = "Mo-Fr 06:00-18:00; Sa-Su off";
    Observation carl = place("Carl", "amenity=dentist", 48.1, 11.5);
    carl.place.addr_city = "München";
    store({anna, bert, carl});
  }

  static Observation place(const std::string& name, const std::string& category, double lat,
                           double lon) {
    Observation o = observation(name);
    o.place.category = category;
    o.place.lat = lat;
    o.place.lon = lon;
    o.place.addr_city = "Berlin";
    o.place.addr_street = name;
    o.place.phone = "+4930123456";
    return o;
  }

  ProgramResult placer(const std::string& command, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {PLACER_BINARY, command, path});
    return run_program(arguments, folder / "");
  }

  // The names that a sentence finds.
  std::vector<std::string> found(const std::vector<std::string>& words) const {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"--json", "--columns", "name"});
    std::istringstream lines(placer("query", arguments).out);
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) names.push_back(Json::parse(line)["name"]);
    return names;
  }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
};

TEST_F(ResultsTest, UnderstandsPlainWordsInEnglishAndGerman) {
  store_town();
  EXPECT_THAT(found({"cafes", "near", "52.52,13.40", "within", "2km", "open", "now"}),
              ElementsAre("Café Anna"));
  EXPECT_THAT(found({"cafes near 52.52, 13.40 within 2 km open now"}), ElementsAre("Café Anna"));
  EXPECT_THAT(found({"coffee shops in berlin"}), ElementsAre("Café Anna"));
  EXPECT_THAT(found({"Bäckereien bei 52.52,13.40 im Umkreis von 5km"}),
              ElementsAre("Bäckerei Bert"));
  EXPECT_THAT(found({"baeckereien"}), ElementsAre("Bäckerei Bert"));
  EXPECT_THAT(found({"zahnärzte in münchen"}), ElementsAre("Carl"));
  EXPECT_THAT(found({"dentists in Munchen"}), ElementsAre("Carl"));
  EXPECT_THAT(found({"cafes and bakeries"}), IsEmpty());  // "and" is a word that no place has
  EXPECT_THAT(found({"cafes bakeries within 1km near 52.53,13.40"}), ElementsAre("Bäckerei Bert"));
  EXPECT_THAT(found({"bakeries open monday at 10:00"}), ElementsAre("Bäckerei Bert"));
  EXPECT_THAT(found({"bakeries open on sunday at 10:00"}), IsEmpty());
  EXPECT_THAT(found({"amenity=dentist"}), ElementsAre("Carl"));
  EXPECT_THAT(found({"shops"}), ElementsAre("Bäckerei Bert"));
  EXPECT_THAT(found({"--text", "bert"}), ElementsAre("Bäckerei Bert"));
  EXPECT_THAT(found({"--category", "cafe,dentists"}), ElementsAre("Café Anna", "Carl"));
  EXPECT_THAT(found({"--open-at", "Sa 07:00"}), ElementsAre("Café Anna"));
  EXPECT_THAT(found({"--near", "-52.52,13.40"}), IsEmpty());
  EXPECT_THAT(found({"--limit", "1"}).size(), 1U);
}

TEST_F(ResultsTest, SaysWhatIsNotUnderstoodAndWhatWasMeant) {
  store_town();
  for (const auto& [arguments, message] :
       {std::pair<std::vector<std::string>, const char*>{{"cafes near here"},
                                                         "near here: expected LAT,LON"},
        {{"cafes within 2km"}, "a distance from where?"},
        {{"cafes near 52.52,13.40 within far"}, "within far: expected a distance"},
        {{"cafes open someday"}, "open someday: expected now"},
        {{"--category", "bakrey"}, "(did you mean 'bakery'?)"},
        {{"--columns", "phnoe"}, "--columns phnoe: no such column (did you mean 'phone'?)"},
        {{"--open-at", "soon"}, "--open-at soon: expected now"},
        {{"--near", "91,0"}, "--near 91,0: expected LAT,LON"}}) {
    const auto result = placer("query", arguments);
    EXPECT_EQ(result.status, 2) << message;
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_EQ(result.out, "");
  }
  const auto nothing = placer("query", {"cfaes"});
  EXPECT_EQ(nothing.status, 1);
  EXPECT_THAT(nothing.err, HasSubstr("begins with 'cfaes' (did you mean 'cafes'?)"));
}

TEST_F(ResultsTest, SaysWhoseClockTellsWhatIsOpen) {
  store_town();
  EXPECT_THAT(placer("query", {"cafes open now"}).err,
              HasSubstr("open now by the clock of each place's country\n"));
  EXPECT_THAT(placer("query", {"bakeries open Mo 10:00"}).err,
              HasSubstr("by each place's own clock"));
}

TEST_F(ResultsTest, PrintsATableAndTheSqlBehindIt) {
  store_town();
  const auto table = placer("query", {"cafes near 52.52,13.40"});
  EXPECT_EQ(table.out,
            "name       kind  distance  address            phone        hours\n"
            "Café Anna  cafe      13 m  Café Anna, Berlin  +4930123456  24/7\n")
      << table.out;
  const auto sql = placer("query", {"cafes near 52.52,13.40", "--show-sql"});
  EXPECT_THAT(sql.out, HasSubstr("p.category = 'amenity=cafe'"));
  const auto again = placer("query", {"--sql", sql.out, "--json"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(Json::parse(again.out)["name"], "Café Anna");
  EXPECT_EQ(placer("query", {"--sql", "SELECT count(*) AS n FROM place"}).out, "n\n3\n");
  const auto refused = placer("query", {"--sql", "DELETE FROM place"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("only reading this database is allowed"));
}

TEST_F(ResultsTest, ExportsAFileWholeOrNotAtAll) {
  store_town();
  EXPECT_EQ(placer("export", {"-o", "cafes.csv", "--category", "cafes", "--columns", "name,phone"})
                .status,
            0);
  EXPECT_EQ(read_bytes(folder / "cafes.csv"), "name,phone\r\nCafé Anna,'+4930123456\r\n");
  EXPECT_EQ(placer("export", {"-o", "/dev/null", "--format", "csv"}).status, 0);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  std::filesystem::create_symlink("cafes.csv", folder / "link.csv");
  EXPECT_EQ(placer("export", {"-o", "link.csv", "--raw", "--columns", "name"}).status, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.csv"));
  EXPECT_THAT(read_bytes(folder / "cafes.csv"), StartsWith("name\r\n"));
  const auto missing = placer("export", {"-o", "no/such/folder.csv"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("cannot write 'no/such/folder.csv'"));
  EXPECT_THAT(placer("export", {}).err, HasSubstr("which format?"));
  EXPECT_THAT(placer("export", {"--format", "csv", "--since", "7"}).err,
              HasSubstr("--since 7: no such run"));
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "")) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, Not(::testing::Contains(HasSubstr(".csv."))));
}

// Every naughty string as the name and description of a place.
class NaughtyStringsTest : public ResultsTest {
 protected:
  void SetUp() override {
    const auto file = suite_path("strings/blns.json");
    SKIP_WITHOUT(file);
    strings = Json::parse(read_bytes(file)).get<std::vector<std::string>>();
    std::vector<Observation> places;
    for (std::size_t i = 0; i < strings.size(); ++i) {
      Observation o = observation(strings[i]);
      o.place.ref = "case " + std::to_string(i);
      o.place.addr_street = o.place.ref;
      o.place.addr_housenumber = std::to_string(i);
      o.place.addr_postcode = std::to_string(10'000 + i);
      o.place.description = strings[i];
      o.place.lat = 0.1 * static_cast<double>(i);
      o.place.lon = 1;
      places.push_back(std::move(o));
    }
    store(std::move(places));
  }

  std::vector<std::string> strings;
};

// No control character but the ends of lines, no bidirectional override.
bool is_harmless(const std::string& text) {
  for (const unsigned char c : text) {
    if (c < 0x20 && c != '\n') return false;
    if (c == 0x7f) return false;
  }
  for (const char* bad : {"\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2028",
                          "\u2029", "\u0085", "\u009b", "\u200e", "\u200f"}) {
    if (text.find(bad) != std::string::npos) return false;
  }
  return true;
}

TEST_F(NaughtyStringsTest, ReachTheTerminalEscapedAndOnOneLineEach) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--limit", "0"},
        {"--limit", "0", "--columns", "name,description"},
        {"--sql", "SELECT name, description FROM place"}}) {
    const auto result = placer("query", arguments);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_TRUE(is_harmless(result.out));
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(result.out, '\n')), strings.size() + 1);
  }
}

TEST_F(NaughtyStringsTest, AreReadByOthersByteForByte) {
  const std::string python = "/usr/bin/python3";
  if (!std::filesystem::exists(python)) GTEST_SKIP() << "python3 is not installed";
  for (const char* format : {"csv", "jsonl", "geojson", "ndgeojson"}) {
    ASSERT_EQ(placer("export", {"-o", std::string("all.") + format, "--raw"}).status, 0);
  }
  ASSERT_EQ(placer("export", {"-o", "safe.csv"}).status, 0);
  // Each reader's rows as ref -> description, beside the database's own.
  const auto result = run_program({python, "-c", R"(
import csv, json, sqlite3
def rows(pairs): return {int(ref[5:]): text or '' for ref, text in pairs}
def table(name):
    with open(name, newline='', encoding='utf-8') as f:
        return list(csv.DictReader(f, strict=True))
def lines(name):
    with open(name, newline='\n', encoding='utf-8') as f: return [json.loads(x) for x in f]
own = rows(sqlite3.connect('cafes.db').execute('SELECT ref, description FROM place'))
assert rows((r['ref'], r['description']) for r in table('all.csv')) == own
assert rows((r['ref'], r.get('description')) for r in lines('all.jsonl')) == own
for features in (json.load(open('all.geojson', encoding='utf-8'))['features'], lines('all.ndgeojson')):
    assert rows((f['properties']['ref'], f['properties'].get('description')) for f in features) == own
safe = rows((r['ref'], r['description']) for r in table('safe.csv'))
for i, text in own.items():
    assert safe[i] == text or safe[i] == "'" + text, text
    assert not safe[i].lstrip(' \u00a0\ufeff\u200b\u3000')[:1] in tuple('=+-@\t\r\n'), text
print(json.dumps([own[i] for i in sorted(own)]))
)"},
                                  folder / "");
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(Json::parse(result.out), Json(strings));
  std::cout << "suite strings: " << strings.size() << "/" << strings.size() << " in 6 readers\n";
}

TEST_F(NaughtyStringsTest, AreHarmlessAsQuestionsAndFileNames) {
  std::size_t asked = 0;
  for (std::size_t i = 0; i < strings.size(); i += 32) {  // each starts the program twice
    const std::string& text = strings[i];
    if (text.find('\0') != std::string::npos) continue;
    ++asked;
    const auto result = placer("query", {"--limit", "0", "--text=" + text, "--category=" + text});
    EXPECT_TRUE(is_harmless(result.out + result.err)) << text;
    EXPECT_LT(result.status, 3) << result.err;
    if (text.empty() || text.find('/') != std::string::npos || text.size() > 200) continue;
    const std::string name = "x" + text;
    const auto written = placer("export", {"--format", "csv", "-o", name, "--columns", "ref"});
    EXPECT_EQ(written.status, 0) << written.err;
    EXPECT_TRUE(is_harmless(written.err));
    EXPECT_TRUE(std::filesystem::remove(std::filesystem::path(folder / "") / name)) << text;
  }
  EXPECT_GT(asked, 12U);
  EXPECT_EQ(query_lines(path, "SELECT count(*) FROM place"),
            std::vector<std::string>{std::to_string(strings.size())});
}

TEST_F(NaughtyStringsTest, GdalReadsEveryFeature) {
  if (!std::filesystem::exists("/usr/bin/ogrinfo")) GTEST_SKIP() << "gdal-bin is not installed";
  for (const char* name : {"all.geojson", "all.geojsonl"}) {
    ASSERT_EQ(placer("export", {"-o", name}).status, 0);
    const auto info = run_program({"/usr/bin/ogrinfo", "-ro", "-al", "-so", name}, folder / "");
    EXPECT_EQ(info.status, 0) << info.err;
    EXPECT_THAT(info.out, HasSubstr("Feature Count: " + std::to_string(strings.size()) + "\n"));
    EXPECT_THAT(info.out, HasSubstr("addr:street: String"));
    EXPECT_THAT(info.out, HasSubstr("Geometry: Point"));
  }
}

}  // namespace
}  // namespace placer
