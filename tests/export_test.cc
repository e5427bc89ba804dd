// What other programs get to read: exports and look-ups.
#include "storage/export.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "storage/csv.h"
#include "storage/query.h"
#include "tests/storage_support.h"
#include "tests/suite.h"

namespace placer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

class ExportTest : public ::testing::Test {
 protected:
  void store(const std::vector<Completion>& batch) {
    StorageOptions options{path, Durability::kNormal};
    options.gone_after = std::chrono::milliseconds(0);
    auto storage = SqliteStorage::open(path, options);
    ASSERT_TRUE(storage);
    ASSERT_TRUE((*storage)->begin_run("cafes", "serial", kNoon));
    auto done = (*storage)->commit(batch, {});
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_TRUE((*storage)->end_run(RunOutcome::kDone, {}, kNoon));
  }
  std::string exported(ExportFormat format, std::uint64_t expected, ExportOptions options = {}) {
    std::ostringstream out;
    const auto count = export_places(path, format, out, options);
    EXPECT_TRUE(count) << (count ? std::string() : count.error().message);
    EXPECT_EQ(count.value_or(0), expected);
    return out.str();
  }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
};

Observation at(const std::string& name, double lat, double lon,
               const std::string& category = "amenity=cafe") {
  Observation o = observation(name, name);
  o.place.lat = lat;
  o.place.lon = lon;
  o.place.category = category;
  return o;
}

// The cells of a CSV text by RFC 4180, read by a reader of our own.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> table;
  std::vector<std::string> row{""};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      row.back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      row.emplace_back();
    } else if (!quoted && c == '\r') {
      EXPECT_EQ(text[++i], '\n');
      table.push_back(row);
      row = {""};
    } else {
      row.back() += c;
    }
  }
  EXPECT_FALSE(quoted);
  return table;
}

TEST(CsvCellTest, QuotesWhatRfc4180Asks) {
  // RFC 4180 section 2, rules 5 to 7
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("a \"b\""), "\"a \"\"b\"\"\"");
  EXPECT_EQ(csv_cell("a\r\nb"), "\"a\r\nb\"");
}

TEST(CsvCellTest, DisarmsFormulasAndTelephoneNumbers) {
  for (const char* text : {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
                           "  =1", "\u00a0=1", "\ufeff=1", "\uff1d1", "-", "+4930123456", "--1"}) {
    const std::string cell = csv_cell(text);
    EXPECT_TRUE(cell.starts_with("'") || cell.starts_with("\"'")) << text;
    EXPECT_EQ(csv_cell_raw(text).find('\''), std::string(text).find('\'')) << text;
  }
  for (const char* text : {".5", "0", "a=b", "1-2", "'=1"}) EXPECT_EQ(csv_cell(text), text);
}

TEST_F(ExportTest, LeavesNumbersInCsvAsTheyAreAndTelephoneNumbersWhenAskedTo) {
  Observation anna = at("Anna", -33.5, -70.25);
  anna.place.phone = "+5621234567";
  store({fetched(1, {anna})});
  ExportOptions options;
  options.columns = ColumnChoice({"lon", "lat", "phone"});
  EXPECT_EQ(exported(ExportFormat::kCsv, 1, options),
            "lon,lat,phone\r\n-70.25,-33.5,'+5621234567\r\n");
  options.raw = true;
  EXPECT_EQ(exported(ExportFormat::kCsv, 1, options),
            "lon,lat,phone\r\n-70.25,-33.5,+5621234567\r\n");
}

TEST_F(ExportTest, WritesOnlyTheColumnsWantedInEveryFormat) {
  Observation anna = at("Anna", 1, 2);
  anna.place.phone = "+4930123456";
  anna.place.addr_city = "Berlin";
  store({fetched(1, {anna})});
  ExportOptions options;
  options.columns = ColumnChoice({"addr_city", "name"});
  EXPECT_EQ(exported(ExportFormat::kJsonl, 1, options),
            "{\"addr_city\":\"Berlin\",\"name\":\"Anna\"}\n");
  const Json feature = Json::parse(exported(ExportFormat::kNdgeojson, 1, options));
  EXPECT_EQ(feature["properties"],
            Json::parse(R"({"@spider": "cafes", "addr:city": "Berlin", "name": "Anna"})"));
}

TEST_F(ExportTest, WritesTheSameFeaturesLineByLine) {
  store({fetched(1, {at("Anna", 1, 2), at("Bert", 3, 4), observation("Carl", "c")})});
  const Json collection = Json::parse(exported(ExportFormat::kGeojson, 3));
  EXPECT_EQ(collection["dataset_attributes"]["@spider"], "cafes");
  std::istringstream lines(exported(ExportFormat::kNdgeojson, 3));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(Json::parse(line), collection["features"][count]);
  }
  EXPECT_EQ(count, 3U);
}

TEST_F(ExportTest, ChoosesByRunCategoryDistanceAndLicence) {
  store({fetched(1, {at("Anna", 52.5, 13.4)}), fetched(2, {at("Bert", 1, 2, "amenity=bar")})});
  store({fetched(1, {at("Anna", 52.5, 13.4)}), fetched(2, {at("Bert", 1, 2, "amenity=bar")}),
         fetched(3, {at("Carl", 52.501, 13.4)})});
  const auto names = [this](const PlaceQuery& places, std::uint64_t expected) {
    ExportOptions options;
    options.places = places;
    options.places.limit = 0;
    options.columns = ColumnChoice({"name"});
    return exported(ExportFormat::kJsonl, expected, options);
  };
  EXPECT_EQ(names({.since = 1}, 1), "{\"name\":\"Carl\"}\n");
  EXPECT_EQ(names({.categories = {"amenity=bar"}}, 1), "{\"name\":\"Bert\"}\n");
  names({.near = Near{{52.5, 13.4}, 200}}, 2);
  names({.licences = {"CC0-1.0"}}, 0);
  auto db = Database::open(path, Access::kWrite);
  (*db)->exec("UPDATE observation SET licence = 'cc0-1.0' WHERE fields LIKE '%Anna%'", "testing");
  (*db)->exec("UPDATE observation SET raw = '{\"license\":\"ODbL\"}' WHERE fields LIKE '%Carl%'",
              "testing");
  EXPECT_EQ(names({.licences = {"CC0-1.0"}}, 1), "{\"name\":\"Anna\"}\n");
  names({.licences = {"odbl", "CC0-1.0"}}, 2);
}

TEST_F(ExportTest, SaysHowFarItIs) {
  Completion c = fetched(1);
  for (int i = 0; i < 1100; ++i) {
    c.outcome.places.push_back(at("Cafe " + std::to_string(i), i * 0.01, 1));
    c.outcome.places.back().path = std::to_string(i);
  }
  store({c});
  std::vector<std::uint64_t> seen;
  ExportOptions options;
  options.progress = [&seen](std::uint64_t done) { seen.push_back(done); };
  exported(ExportFormat::kJsonl, 1100, options);
  EXPECT_THAT(seen, ElementsAre(500, 1000));
  EXPECT_EQ(*count_places(path, {.limit = 0}), 1100U);
}

TEST_F(ExportTest, WritesNaughtyStringsToCsvWithoutAFormulaAndToJsonByteForByte) {
  const auto file = suite_path("strings/blns.json");
  SKIP_WITHOUT(file);
  const auto strings = Json::parse(read_bytes(file)).get<std::vector<std::string>>();
  Completion c = fetched(1);
  for (std::size_t i = 0; i < strings.size(); ++i) {
    Observation o = observation("case " + std::to_string(i), std::to_string(i));
    o.place.description = strings[i];
    c.outcome.places.push_back(o);
  }
  store({c});
  std::map<std::string, std::string> from_csv;
  const auto table = parse_csv(exported(ExportFormat::kCsv, strings.size()));
  for (const auto& row : table) {
    ASSERT_EQ(row.size(), table[0].size());
    from_csv[row[2]] = row[25];
  }
  ASSERT_EQ(from_csv["name"], "description");
  std::map<std::string, std::string> from_json;
  std::istringstream lines(exported(ExportFormat::kJsonl, strings.size()));
  for (std::string line; std::getline(lines, line);) {
    const Json object = Json::parse(line);
    from_json[object.at("name")] = object.at("description");
  }
  std::size_t passed = 0;
  std::string failures;
  for (std::size_t i = 0; i < strings.size(); ++i) {
    const std::string name = "case " + std::to_string(i);
    const std::string& cell = from_csv[name];
    const bool plain = cell == strings[i];
    const bool same = from_json[name] == strings[i] && (plain || cell == "'" + strings[i]);
    const bool armed =
        plain && !cell.empty() && std::string("=@\t\r\n").find(cell[0]) != std::string::npos;
    EXPECT_TRUE(same && !armed) << strings[i];
    if (!same || armed) failures += " " + std::to_string(i);
    passed += same && !armed ? 1 : 0;
  }
  std::cout << "suite strings: " << passed << "/" << strings.size() << ", failures:" << failures
            << "\n";
}

TEST_F(ExportTest, WritesGeojsonAsAllThePlacesNamesIt) {
  // RFC 7946 sections 3.1.1 (longitude first) and 3.2 (geometry may be null)
  Observation anna = at("Anna", 52.5, 13.4);
  anna.place.addr_city = "Berlin";
  anna.place.tags = R"({"wheelchair": "yes", "name": "other"})";
  anna.place.socials = R"({"facebook": "https://facebook.com/anna"})";
  store({fetched(1, {anna, observation("Bert", "b")})});
  const Json json = Json::parse(exported(ExportFormat::kGeojson, 2));
  EXPECT_EQ(json["type"], "FeatureCollection");
  ASSERT_EQ(json["features"].size(), 2U);
  const bool first = json["features"][0]["properties"]["name"] == "Anna";
  const Json& with = json["features"][first ? 0 : 1];
  EXPECT_EQ(with["type"], "Feature");
  EXPECT_TRUE(with["id"].is_string());
  EXPECT_EQ(with["geometry"], Json::parse(R"({"type":"Point","coordinates":[13.4,52.5]})"));
  const Json& properties = with["properties"];
  EXPECT_EQ(properties["addr:city"], "Berlin");
  EXPECT_EQ(properties["amenity"], "cafe");
  EXPECT_EQ(properties["wheelchair"], "yes");
  EXPECT_EQ(properties["name"], "Anna");
  EXPECT_EQ(properties["contact:facebook"], "https://facebook.com/anna");
  EXPECT_EQ(properties["@source_uri"], "https://x.test/1");
  EXPECT_TRUE(json["features"][first ? 1 : 0]["geometry"].is_null());
}

TEST_F(ExportTest, NestsJsonColumnsAndLeavesUnknownFieldsOut) {
  Observation anna = observation("Anna");
  anna.place.tags = R"({"wheelchair":"yes"})";
  store({fetched(1, {anna})});
  const Json json = Json::parse(exported(ExportFormat::kJsonl, 1));
  EXPECT_EQ(json["tags"]["wheelchair"], "yes");
  EXPECT_FALSE(json.contains("phone"));
  EXPECT_EQ(json["first_seen"], "2026-05-28T20:26:40Z");
}

TEST_F(ExportTest, LeavesOutPlacesThatAreGoneUnlessAskedFor) {
  store({fetched(1, {observation("Anna")}), fetched(2, {observation("Bert")})});
  store({fetched(1), fetched(2, {observation("Bert")})});
  exported(ExportFormat::kJsonl, 1);
  ExportOptions options;
  options.places.gone = true;
  exported(ExportFormat::kJsonl, 2, options);
  options.places.limit = 0;
  const std::string with_end = exported(ExportFormat::kNdgeojson, 2, options);
  EXPECT_THAT(with_end, HasSubstr("\"end_date\":\"2026-05-28\""));
}

TEST_F(ExportTest, WritesWholeFilesOfNoPlaces) {
  store({});
  EXPECT_EQ(Json::parse(exported(ExportFormat::kGeojson, 0))["features"].size(), 0U);
  EXPECT_EQ(parse_csv(exported(ExportFormat::kCsv, 0)).size(), 1U);
  EXPECT_EQ(exported(ExportFormat::kJsonl, 0), "");
}

TEST_F(ExportTest, SaysWhenTheDatabaseIsMissingOrTheOutputFails) {
  std::ostringstream out;
  const auto missing = export_places(path, ExportFormat::kCsv, out);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("no such database"));
  EXPECT_EQ(out.str(), "");
  store({fetched(1, {observation("Anna")})});
  std::ofstream full("/dev/full");
  const auto failed = export_places(path, ExportFormat::kCsv, full);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("cannot be written"));
}

class QueryTest : public ExportTest {
 protected:
  std::vector<std::string> names(const PlaceQuery& query) {
    auto lookup = Lookup::open(path);
    const auto found = lookup->find_places(query);
    EXPECT_TRUE(found) << (found ? std::string() : found.error().message);
    std::vector<std::string> list;
    for (const FoundPlace& place : found.value_or(std::vector<FoundPlace>{})) {
      list.push_back(place.place.name.value_or(""));
    }
    return list;
  }
};

TEST_F(QueryTest, FindsPlacesByTextCategoryAndDistance) {
  Observation fiji = at("Fiji", -17, 179.999, "amenity=bar");
  store({fetched(1, {at("Café Anna", 52.5, 13.4), at("Bar Bert", 52.501, 13.4, "amenity=bar"),
                     at("Shop", 48, 2, "shop=bakery"), fiji,
                     at("Samoa", -17, -179.998, "amenity=bar"), at("Pole", 89.9999, 90)})});
  EXPECT_THAT(names({.text = "cafe ann"}), ElementsAre("Café Anna"));
  EXPECT_THAT(names({.text = "\"AND* ("}), ElementsAre());
  EXPECT_THAT(names({.categories = {"amenity=bar"}}), ElementsAre("Bar Bert", "Fiji", "Samoa"));
  EXPECT_THAT(names({.categories = {"shop"}}), ElementsAre("Shop"));
  EXPECT_THAT(names({.near = Near{{52.5, 13.4}, 200}}), ElementsAre("Café Anna", "Bar Bert"));
  EXPECT_THAT(names({.near = Near{{52.5, 13.4}, 100}}), ElementsAre("Café Anna"));
  EXPECT_THAT(names({.text = "bar", .near = Near{{52.5, 13.4}, 200}}), ElementsAre("Bar Bert"));
  EXPECT_THAT(names({.near = Near{{-17, 180}, 1000}}), ElementsAre("Fiji", "Samoa"));
  EXPECT_THAT(names({.near = Near{{89.9999, -90}, 1000}}), ElementsAre("Pole"));
  EXPECT_THAT(names({.categories = {"amenity"}, .limit = 2}).size(), 2U);
}

TEST_F(QueryTest, FindsPlacesByCityHoursAndWordsForCategories) {
  Observation anna = at("Anna", 1, 2);
  anna.place.addr_city = "Bad Homburg";
  anna.place.opening_hours = "Mo-Fr 08:00-18:00; Sa off";
  Observation bert = at("Cafe Bert", 3, 4);
  bert.place.category.reset();
  bert.place.addr_city = "Homburg";
  store({fetched(1, {anna, bert, at("Cafe Carl", 5, 6, "shop=books")})});
  EXPECT_THAT(names({.city = "homburg"}), ElementsAre("Anna", "Cafe Bert"));
  EXPECT_THAT(names({.city = "Bad Homburg"}), ElementsAre("Anna"));
  EXPECT_THAT(names({.categories = {"amenity=cafe"}}), ElementsAre("Anna"));
  EXPECT_THAT(names({.categories = {"amenity=cafe"}, .category_words = {"cafe"}}),
              ElementsAre("Anna", "Cafe Bert"));
  EXPECT_THAT(names({.open_at = "Mo 10:00"}), ElementsAre("Anna"));
  EXPECT_THAT(names({.open_at = "Sa 10:00"}), ElementsAre());
  EXPECT_THAT(names({.open_at = "Su 10:00"}), ElementsAre());  // unknown
  EXPECT_THAT(names({.text = "cafe", .limit = 0}).size(), 3U);
}

TEST(GeoTest, MeasuresGreatCircles) {
  EXPECT_NEAR(distance_m({0, 0}, {0, 180}), 20'015'115, 1);
  EXPECT_NEAR(distance_m({52.5200, 13.4050}, {48.8566, 2.3522}), 877'464, 100);
  EXPECT_EQ(distance_m({1, 2}, {1, 2}), 0);
}

TEST_F(QueryTest, SumsUpARun) {
  Completion error = fetched(2);
  error.page = PageStatus::kHttpError;
  error.filtered.push_back({FilterReason::kDepth, "https://x.test/deep", 9});
  store({discovered(1, 3), fetched(1, {at("Anna", 1, 2)}), error});
  auto lookup = Lookup::open(path);
  const auto status = lookup->status();
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->job, "cafes");
  EXPECT_EQ(status->places, 1U);
  EXPECT_EQ(status->queued, 1U);
  EXPECT_THAT(status->pages, ElementsAre(std::pair("http-error", 1U), std::pair("ok", 1U)));
  ASSERT_EQ(status->hosts.size(), 1U);
  EXPECT_EQ(status->hosts[0].host, "x.test");
  EXPECT_EQ(status->hosts[0].places, 1U);
  EXPECT_EQ(status->hosts[0].filled[0], (std::pair<std::string, std::uint64_t>("name", 1)));
  EXPECT_EQ(status->hosts[0].filled[4], (std::pair<std::string, std::uint64_t>("phone", 0)));
  ASSERT_EQ(status->filtered.size(), 1U);
  EXPECT_EQ(status->filtered[0].reason, "depth");
  EXPECT_EQ(status->filtered[0].example, "https://x.test/deep");
}

TEST_F(QueryTest, TellsTheStoryOfAUrl) {
  Completion c = fetched(1, {observation("Anna")});
  c.discovered.push_back(queued_url(7));
  c.discovered[0].found_on = 1001;
  c.filtered.push_back({FilterReason::kNofollow, "https://x.test/ad", 5});
  c.origin = OriginState{"https://x.test", 1, RobotsState::kAllowAll, "", 0, kNoon, kNoon};
  store({discovered(1, 1), c});
  auto lookup = Lookup::open(path);
  const auto fetched_one = lookup->why(1001, "https://x.test", "x.test");
  ASSERT_TRUE(fetched_one->page);
  EXPECT_EQ(fetched_one->page->observations, 1U);
  EXPECT_EQ(fetched_one->origin->state, RobotsState::kAllowAll);
  EXPECT_EQ(fetched_one->host->host, "x.test");
  const auto waiting = lookup->why(1007, "", "x.test");
  EXPECT_EQ(waiting->queued->seq, 7U);
  EXPECT_EQ(waiting->queued_found_on, "https://x.test/1");
  EXPECT_EQ(lookup->why(5, "", "")->filtered, "nofollow");
  EXPECT_FALSE(lookup->why(6, "", "")->seen);
}

}  // namespace
}  // namespace placer
