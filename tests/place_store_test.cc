// Places as a function of what pages state, whatever the order.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "scraper/place/identity.h"
#include "storage/place_columns.h"
#include "storage/query.h"
#include "tests/storage_support.h"

namespace placer {
namespace {

using ::testing::HasSubstr;

class PlaceStoreTest : public ::testing::Test {
 protected:
  void begin() {
    storage = open_storage(path);
    ASSERT_TRUE(storage->begin_run("cafes", "serial", kNoon));
  }
  void commit(const std::vector<Completion>& batch) {
    auto done = storage->commit(batch, {});
    ASSERT_TRUE(done) << done.error().message;
  }
  void end() {
    ASSERT_TRUE(storage->end_run(RunOutcome::kDone, {}, kNoon));
    storage.reset();
  }
  std::string select(const std::string& sql) { return rows(path, sql); }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
  std::unique_ptr<SqliteStorage> storage;
};

// As a job lists them.
std::uint32_t precedence_of(const std::string& format) {
  const std::vector<std::string> formats = {"rules", "json-ld", "microdata", "rdfa", "opengraph"};
  return static_cast<std::uint32_t>(std::find(formats.begin(), formats.end(), format) -
                                    formats.begin());
}

Observation with_phone(const std::string& name, const std::string& phone,
                       const std::string& format = "json-ld", const std::string& where = "a") {
  Observation o = observation(name, where, format);
  o.place.phone = phone;
  o.precedence = precedence_of(format);
  return o;
}

TEST(PlaceColumnsTest, HasAColumnInTheSchemaForEveryField) {
  TemporaryFolder folder;
  const std::string path = folder / "cafes.db";
  open_storage(path);
  std::string expected;
  for (const std::string& name : place_field_names()) expected += name + "\n";
  EXPECT_EQ(rows(path,
                 "SELECT name FROM pragma_table_info('place') WHERE name NOT IN ('id',"
                 " 'source_url', 'first_seen', 'last_seen', 'gone_since',"
                 " 'completeness', 'missing_since')"),
            expected);
}

TEST(PlaceColumnsTest, ReadsBackEveryFieldFromJson) {
  Place place;
  for_each_field(
      [](const char* name, auto& value) {
        using T = typename std::remove_reference_t<decltype(value)>::value_type;
        if constexpr (std::is_same_v<T, std::string>) {
          value = std::string(name) + "\" \n\0 \xF0\x9F\x8D\xBA";
        } else {
          value = static_cast<T>(-12.1);
        }
      },
      place);
  EXPECT_EQ(place_of_json(place_json(place)), place);
  EXPECT_EQ(place_of_json(place_json(Place{})), Place{});
  EXPECT_EQ(place_of_json("[1"), Place{});
}

TEST_F(PlaceStoreTest, TakesEachFieldFromTheMostTrustedObservationThatHasIt) {
  begin();
  Observation microdata = with_phone("Anna", "+491", "microdata");
  microdata.place.email = "a@anna.test";
  Observation rules = observation("Anna", "a", "rules");
  rules.place.branch = "Mitte";
  rules.precedence = 0;
  commit({fetched(1, {microdata}), fetched(2, {with_phone("Anna", "+492")}), fetched(3, {rules})});
  EXPECT_EQ(select("SELECT branch, phone, email, source_url FROM place"),
            "Mitte|+492|a@anna.test|https://x.test/3\n");
  EXPECT_EQ(select("SELECT field, value, url, format FROM place_source"
                   " WHERE field IN ('branch', 'phone', 'email') ORDER BY field"),
            "branch|Mitte|https://x.test/3|rules\nemail|a@anna.test|https://x.test/1|microdata\n"
            "phone|+492|https://x.test/2|json-ld\n");
  EXPECT_EQ(select("SELECT count(*), count(DISTINCT identity_id) FROM observation"), "3|1\n");
}

TEST_F(PlaceStoreTest, KeepsOnlyWholeAndFinitePositions) {
  begin();
  Observation half = observation("Anna");
  half.place.lat = 52.5;
  Observation broken = observation("Bert", "b");
  broken.place.lat = 1.0;
  broken.place.lon = std::numeric_limits<double>::infinity();
  commit({fetched(1, {half, broken})});
  EXPECT_EQ(select("SELECT name, lat, lon FROM place ORDER BY name"),
            "Anna|NULL|NULL\nBert|NULL|NULL\n");
}

TEST_F(PlaceStoreTest, ReplacesWhatAPageStatedAndKeepsAPlaceThatIsGone) {
  begin();
  commit({fetched(1, {observation("Anna"), observation("Bert", "b")}),
          fetched(2, {observation("Bert")})});
  end();
  begin();
  const Instant later = kNoon + std::chrono::hours(24);
  commit({fetched(1, {observation("Cleo")}, later)});
  EXPECT_EQ(select("SELECT name, gone_since FROM place ORDER BY name"),
            "Anna|NULL\nBert|NULL\nCleo|NULL\n");  // absence_test.cc: when it is gone
  EXPECT_EQ(select("SELECT url, path FROM observation ORDER BY url, path"),
            "https://x.test/1|script[0]\nhttps://x.test/2|script[0]\n");
  Completion error = fetched(2, {}, later);
  error.page = PageStatus::kHttpError;
  error.outcome.status = 500;
  commit({error});
  EXPECT_EQ(select("SELECT gone_since FROM place WHERE name = 'Bert'"), "NULL\n");
  commit({fetched(1, {observation("Anna")}, later)});
  EXPECT_EQ(select("SELECT gone_since, first_seen, last_seen FROM place WHERE name = 'Anna'"),
            "NULL|2026-05-28T20:26:40Z|2026-05-29T20:26:40Z\n");
}

TEST_F(PlaceStoreTest, RecordsWhatARunChangedFromBeforeToAfter) {
  begin();
  commit({fetched(1, {with_phone("Anna", "+491")}), fetched(2, {observation("Bert")})});
  commit({fetched(3, {with_phone("Anna", "+490", "rules")})});
  EXPECT_EQ(select("SELECT DISTINCT run, field FROM place_history"), "1|first_seen\n");
  end();
  begin();
  commit({fetched(3, {with_phone("Anna", "+495", "rules")}), fetched(2)});
  commit({fetched(3, {with_phone("Anna", "+496", "rules")})});
  const std::string history =
      "SELECT p.name, h.run, h.field, h.old_value, h.new_value FROM"
      " place_history AS h JOIN place AS p ON p.id = h.place_id"
      " WHERE run = 2 ORDER BY p.name";
  EXPECT_EQ(select(history), "Anna|2|phone|+490|+496\n");
  commit({fetched(3, {with_phone("Anna", "+490", "rules")}), fetched(2, {observation("Bert")})});
  EXPECT_EQ(select(history), "");
  end();
  auto lookup = Lookup::open(path);
  const auto runs = lookup->runs();
  EXPECT_EQ(runs->at(1).places_new, 2U);
  EXPECT_EQ(runs->at(0).places_new, 0U);
  EXPECT_EQ(lookup->changes_since(0)->size(), 2U);
}

TEST_F(PlaceStoreTest, ReadsAStatementThatStandsOnEveryPageOnce) {
  begin();
  std::vector<Completion> batch;
  for (std::uint64_t n = 500; n > 0; --n) batch.push_back(fetched(n, {observation("Anna")}));
  commit(batch);
  EXPECT_EQ(select("SELECT source_url FROM place"), "https://x.test/1\n");
  EXPECT_EQ(select("SELECT count(*) FROM observation"), "500\n");
}

TEST_F(PlaceStoreTest, KeepsTextAndPositionIndexesInStep) {
  begin();
  Observation o = observation("Café Ötzi");
  o.place.ref = "1";
  o.place.lat = 52.5;
  o.place.lon = 13.4;
  o.place.description = "old";
  commit({fetched(1, {o})});
  const std::string match = "SELECT count(*) FROM place_text WHERE place_text MATCH ";
  EXPECT_EQ(select(match + "'cafe otzi'"), "1\n");
  o.place.description = "new";
  commit({fetched(1, {o})});
  EXPECT_EQ(select(match + "'old'") + select(match + "'new'"), "0\n1\n");
  EXPECT_EQ(select("SELECT count(*) FROM place_geo JOIN place USING (id)"
                   " WHERE min_lat <= lat AND lat <= max_lat AND min_lon <= lon"
                   " AND lon <= max_lon"),
            "1\n");
  storage.reset();
  auto db = Database::open(path, Access::kWrite);
  (*db)->exec("INSERT INTO place_text(place_text, rank) VALUES ('integrity-check', 1)", "checking");
  EXPECT_TRUE((*db)->status());
}

// The same pages in any order and any grouping make the same places.
TEST_F(PlaceStoreTest, MakesTheSamePlacesFromPagesInAnyOrder) {
  const std::vector<std::string> formats = {"json-ld", "microdata", "rdfa", "opengraph"};
  std::mt19937 random(7);
  const auto pick = [&random](std::size_t n) { return random() % n; };
  std::vector<Completion> pages;
  for (std::uint64_t n = 1; n <= 300; ++n) {
    Completion c = fetched(n);
    for (std::size_t k = pick(4); k > 0; --k) {
      Observation o =
          observation("Place " + std::to_string(pick(40)) + (pick(9) == 0 ? "\xFF" : ""),
                      std::to_string(k), formats[pick(formats.size())]);
      o.precedence = precedence_of(o.format);
      if (pick(2) == 0) o.place.email = std::to_string(pick(100)) + "@x.test";
      if (pick(2) == 0) o.place.description = "said by " + std::to_string(pick(3));
      if (pick(3) == 0) o.place.rating = static_cast<double>(pick(50)) / 10;
      if (pick(3) == 0) o.place.lat = o.place.lon = static_cast<double>(pick(90));
      c.outcome.places.push_back(o);
    }
    pages.push_back(std::move(c));
  }
  const std::string places = "SELECT id, source_url, gone_since, completeness, " +
                             place_field_list() + " FROM place ORDER BY id";
  std::string first;
  for (int round = 0; round < 6; ++round) {
    path = folder / (std::to_string(round) + ".db");
    begin();
    for (std::size_t done = 0; done < pages.size();) {
      const std::size_t size = std::min(pages.size() - done, 1 + pick(round == 0 ? 300 : 60));
      const auto from = pages.begin() + static_cast<std::ptrdiff_t>(done);
      commit({from, from + static_cast<std::ptrdiff_t>(size)});
      done += size;
    }
    end();
    const std::string now = select(places);
    if (first.empty()) first = now;
    EXPECT_EQ(now, first) << "round " << round;
    EXPECT_GT(std::count(now.begin(), now.end(), '\n'), 30);
    std::shuffle(pages.begin(), pages.end(), random);
  }
}

}  // namespace
}  // namespace placer
