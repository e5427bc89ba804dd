// Which identities are one place, run after run, and how people change it.
#include "storage/resolve.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <random>

#include "storage/database_file.h"
#include "storage/edges.h"
#include "storage/place_columns.h"
#include "tests/storage_support.h"

namespace placer {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ResolveTest : public ::testing::Test {
 protected:
  void begin() {
    if (!storage) storage = open_storage(path);
    ASSERT_TRUE(storage->begin_run("cafes", "serial", kNoon));
  }
  void commit(const std::vector<Completion>& batch) {
    auto done = storage->commit(batch, {});
    ASSERT_TRUE(done) << done.error().message;
  }
  void end(RunOutcome outcome = RunOutcome::kDone) {
    auto ended = storage->end_run(outcome, {}, kNoon);
    ASSERT_TRUE(ended) << ended.error().message;
    storage.reset();
  }
  void run(const std::vector<Completion>& batch) {
    begin();
    commit(batch);
    end();
  }
  std::string select(const std::string& sql) { return rows(path, sql); }
  std::int64_t id_of(const std::string& where) {
    return std::stoll(select("SELECT id FROM identity WHERE key LIKE '" + where + "'"));
  }
  void expect_whole() {
    EXPECT_EQ(select("PRAGMA foreign_key_check"), "");
    EXPECT_EQ(select("SELECT count(*) FROM observation AS o JOIN identity AS i"
                     " ON i.id = o.identity_id WHERE i.place_id <> o.place_id"),
              "0\n");
    EXPECT_EQ(select("SELECT count(*) FROM identity WHERE place_id NOT IN (SELECT id FROM place)"),
              "0\n");
    EXPECT_EQ(select("SELECT count(*) FROM place AS p JOIN identity AS i USING (id)"
                     " WHERE i.place_id <> p.id"),
              "0\n");
    auto db = Database::open(path, Access::kWrite);
    (*db)->exec("INSERT INTO place_text(place_text, rank) VALUES ('integrity-check', 1)", "check");
    EXPECT_TRUE((*db)->status());
  }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
  std::unique_ptr<SqliteStorage> storage;
};

// One café as its own site (1), a directory (2) and a list without an address (3) state it.
Observation own() {
  Observation o = observation("Café Zoë");
  o.place.addr_street = "Hauptstraße";
  o.place.addr_housenumber = "5";
  o.place.addr_city = "Berlin";
  o.place.phone = "+4930901820";
  return o;
}
Observation directory() {
  Observation o = own();
  o.place.addr_street = "Haupt Str. 5";
  o.place.addr_housenumber.reset();
  o.place.email = "zoe@zoe.test";
  o.precedence = 1;
  return o;
}
Observation list() {
  Observation o = observation("Cafe Zoe");
  o.place.addr_street.reset();
  o.place.phone = "+4930901820";
  o.place.description = "nice";
  o.precedence = 2;
  return o;
}

TEST_F(ResolveTest, MakesOneRecordOfWhatDifferentPagesSayOfOnePlace) {
  run({fetched(1, {own()}), fetched(2, {directory()}), fetched(3, {list()}),
       fetched(4, {observation("Bert")})});
  EXPECT_EQ(select("SELECT name, addr_street, email, description FROM place ORDER BY name"),
            "Bert|High Street|NULL|NULL\nCafé Zoë|Hauptstraße|zoe@zoe.test|nice\n");
  EXPECT_EQ(select("SELECT count(*), count(DISTINCT place_id) FROM observation"), "4|2\n");
  EXPECT_EQ(select("SELECT count(*), min(decision) FROM place_edge"), "3|merge\n");
  EXPECT_THAT(select("SELECT reasons FROM place_edge"), HasSubstr("same telephone"));
  EXPECT_EQ(select("SELECT field, url FROM place_source WHERE field = 'description'"),
            "description|https://x.test/3\n");
  EXPECT_EQ(select("SELECT count(*), group_concat(DISTINCT field) FROM place_history"),
            "2|first_seen\n");
  EXPECT_EQ(select("SELECT count(*) FROM place_text WHERE place_text MATCH 'zoe'"), "1\n");
  expect_whole();
}

TEST_F(ResolveTest, KeepsTheIdOfThePlaceThatWasThereFirst) {
  run({fetched(3, {list()})});
  const std::string first = select("SELECT id FROM place");
  run({fetched(1, {own()}), fetched(2, {directory()})});
  EXPECT_EQ(select("SELECT id FROM place"), first);
  EXPECT_EQ(select("SELECT addr_street FROM place"), "Hauptstraße\n");
  EXPECT_THAT(select("SELECT field FROM place_history WHERE run = 2"), HasSubstr("addr_street"));
  run({fetched(3)});  // the list says nothing any more
  EXPECT_EQ(select("SELECT id, description FROM place"),
            first.substr(0, first.size() - 1) + "|NULL\n");
  expect_whole();
}

TEST_F(ResolveTest, FindsAPlaceAgainWhoseAddressIsWrittenAnew) {
  run({fetched(1, {own()})});
  const std::string first = select("SELECT id FROM place");
  Observation moved = own();
  moved.place.addr_street = "Marktgasse";
  moved.place.addr_housenumber = "71";
  moved.place.addr_city = "Potsdam";
  moved.place.addr_postcode = "14467";
  run({fetched(1, {moved})});
  EXPECT_EQ(select("SELECT count(*) FROM place"), "1\n");
  EXPECT_EQ(select("SELECT id FROM place"), first);
  EXPECT_THAT(select("SELECT field, old_value, new_value FROM place_history WHERE run = 2"),
              HasSubstr("addr_street|Hauptstraße|Marktgasse"));
  expect_whole();
}

TEST_F(ResolveTest, RecordsThatPlacesKnownBeforeAreOne) {
  Observation nameless = list();
  nameless.place.phone = "+4930999999";
  run({fetched(1, {own()}), fetched(3, {nameless})});
  EXPECT_EQ(select("SELECT count(*) FROM place"), "2\n");
  Observation both = own();
  both.place.phone = "+4930901820;+4930999999";
  run({fetched(1, {both})});
  EXPECT_EQ(select("SELECT count(*) FROM place"), "1\n");
  EXPECT_EQ(select("SELECT field, new_value = (SELECT id FROM identity WHERE place_id <> id)"
                   " FROM place_history WHERE field = 'merged'"),
            "merged|1\n");
  expect_whole();
}

TEST_F(ResolveTest, ResolvesARunThatWasKilledInTheNextOne) {
  begin();
  commit({fetched(1, {own()}), fetched(2, {directory()})});
  storage.reset();
  EXPECT_EQ(select("SELECT count(*) FROM place"), "2\n");
  begin();
  commit({fetched(4)});
  end(RunOutcome::kInterrupted);
  EXPECT_EQ(select("SELECT count(*) FROM place"), "1\n");
  EXPECT_EQ(select("SELECT count(*) FROM unresolved"), "0\n");
}

TEST_F(ResolveTest, EndsAPassThatWasKilledJustBeforeItsEnd) {
  Completion one = fetched(1, {own()});
  Completion two = fetched(2, {directory()});
  begin();
  commit({discovered(1, 2)});
  commit({one, two});
  storage.reset();
  run({discovered(1, 2), one, two});
  EXPECT_EQ(select("SELECT id, pass, outcome, pass_end IS NULL FROM run"),
            "1|1|killed|0\n2|2|done|0\n");
  EXPECT_EQ(select("SELECT run, field FROM place_history"), "1|first_seen\n");
  EXPECT_EQ(select("SELECT count(*) FROM place"), "1\n");
  expect_whole();
}

TEST_F(ResolveTest, LooksAtNothingWhenNothingChanged) {
  run({fetched(1, {own()}), fetched(2, {directory()})});
  begin();
  commit({fetched(1, {own()}), fetched(2, {directory()})});
  storage.reset();
  EXPECT_EQ(select("SELECT count(*) FROM unresolved"), "0\n");
}

TEST_F(ResolveTest, LeavesPlacesOfAChainApart) {
  std::vector<Completion> pages;
  for (std::uint64_t n = 1; n <= 30; ++n) {
    Observation o = observation("Burger Palace");
    o.place.website = "https://burger.test/";
    o.place.phone = "+4930100";
    o.place.addr_housenumber = std::to_string(n);
    o.place.addr_city = "Berlin";
    pages.push_back(fetched(n, {o}));
  }
  run(pages);
  EXPECT_EQ(select("SELECT count(*) FROM place"), "30\n");
}

TEST_F(ResolveTest, PeopleDecideAndTakeItBack) {
  Observation other = own();
  other.place.addr_housenumber = "7";
  run({fetched(1, {own()}), fetched(2, {directory()}), fetched(3, {other})});
  EXPECT_EQ(select("SELECT count(*) FROM place"), "2\n");
  const std::int64_t a = id_of("%5 hauptstrasse%");
  const std::int64_t seven = id_of("%7 hauptstrasse%");
  const std::int64_t b = id_of("%5 haupt str%");
  const std::string before = select("SELECT id, " + place_field_list() + " FROM place ORDER BY id");

  auto joined = pin_edge(path, seven, a, MatchDecision::kMerge);
  ASSERT_TRUE(joined) << joined.error().message;
  EXPECT_EQ(joined->place_a, joined->place_b);
  EXPECT_EQ(select("SELECT count(*) FROM place"), "1\n");
  expect_whole();
  auto edges = read_edges(path, {std::nullopt, true, 10});
  ASSERT_TRUE(edges);
  ASSERT_THAT(*edges, SizeIs(1));
  EXPECT_EQ((*edges)[0].decision, "merge");
  EXPECT_THAT((*edges)[0].reasons, Contains("conflict: other house number"));

  begin();  // and it holds in later runs
  Observation changed = other;
  changed.place.email = "7@zoe.test";
  commit({fetched(3, {changed})});
  end();
  EXPECT_EQ(select("SELECT count(*) FROM place"), "1\n");
  run({fetched(3, {other})});

  ASSERT_TRUE(pin_edge(path, a, seven, std::nullopt));
  EXPECT_EQ(select("SELECT id, " + place_field_list() + " FROM place ORDER BY id"), before);
  EXPECT_FALSE(pin_edge(path, a, seven, std::nullopt));

  auto apart = pin_edge(path, a, b, MatchDecision::kApart);
  ASSERT_TRUE(apart);
  EXPECT_NE(apart->place_a, apart->place_b);
  EXPECT_EQ(select("SELECT count(*) FROM place"), "3\n");
  expect_whole();
  EXPECT_FALSE(pin_edge(path, a, 4711, MatchDecision::kApart));
  EXPECT_FALSE(pin_edge(path, a, a, MatchDecision::kApart));
  begin();
  EXPECT_EQ(pin_edge(path, a, b, std::nullopt).error().code, ErrorCode::kLocked);
}

Observation at_street(Observation o, const std::string& street) {
  o.place.addr_street = street;
  return o;
}
Observation bakery() {
  Observation o = observation("Bakery Bertram");
  o.place.addr_housenumber = "9";
  o.place.addr_city = "Berlin";
  o.place.phone = "+4930765432";
  return o;
}

TEST_F(ResolveTest, JoinsPlacesByIdentitiesThatNoPageStatesAnyMore) {
  for (const char* street : {"First Lane", "Second Lane", "Third Lane"}) {
    run({fetched(1, {at_street(own(), street)}), fetched(2, {at_street(bakery(), street)})});
  }
  EXPECT_EQ(select("SELECT count(*) FROM place"), "2\n");
  const std::int64_t cafe = id_of("%zoe%second%");
  const std::int64_t other = id_of("%bertram%second%");
  ASSERT_TRUE(pin_edge(path, cafe, other, MatchDecision::kMerge));
  EXPECT_EQ(select("SELECT count(*) FROM place"), "1\n");
  expect_whole();
  run({fetched(1, {at_street(own(), "Second Lane")}),
       fetched(2, {at_street(bakery(), "Second Lane")})});
  EXPECT_EQ(select("SELECT count(*) FROM place"), "1\n");
  expect_whole();
  ASSERT_TRUE(pin_edge(path, cafe, other, std::nullopt));
  EXPECT_EQ(select("SELECT count(*) FROM place"), "2\n");
  expect_whole();
}

TEST_F(ResolveTest, MakesTheRowThatAnEarlierVersionLeftOut) {
  for (const char* street : {"First Lane", "Second Lane", "Third Lane"}) {
    run({fetched(1, {at_street(own(), street)})});
  }
  {
    auto db = Database::open(path, Access::kWrite);
    Statement(**db, "UPDATE identity SET place_id = id WHERE id = ?", "testing")
        .run(id_of("%second%"));
  }
  run({fetched(1, {at_street(own(), "Second Lane")})});
  EXPECT_EQ(select("SELECT count(*), min(addr_street) FROM place"), "1|Second Lane\n");
  expect_whole();
}

TEST_F(ResolveTest, KeepsWhatPeopleJoinedWhenNoPageStatesItAsItWas) {
  Observation neighbour = own();
  neighbour.place.name = "Zoës Kaffeestube";
  neighbour.place.addr_housenumber = "7";
  run({fetched(1, {own()}), fetched(2, {neighbour})});
  EXPECT_EQ(select("SELECT count(*) FROM place"), "2\n");
  ASSERT_TRUE(
      pin_edge(path, id_of("%5 hauptstrasse%"), id_of("%7 hauptstrasse%"), MatchDecision::kMerge));
  const std::string known = select("SELECT id FROM place");
  Observation moved = at_street(own(), "Linienstraße");
  run({fetched(1, {moved}), fetched(2)});
  EXPECT_EQ(select("SELECT id FROM place WHERE source_url IS NOT NULL"), known);
  moved.place.opening_hours = "Mo-Fr 09:00-17:00";
  run({fetched(1, {moved}), fetched(2)});
  EXPECT_EQ(select("SELECT id FROM place"), known);
  EXPECT_EQ(select("SELECT addr_street, opening_hours, gone_since FROM place"),
            "Linienstraße|Mo-Fr 09:00-17:00|NULL\n");
  expect_whole();
}

// What a page says of one of `count` places, in one of several spellings.
Observation spelling(std::uint64_t place, std::uint64_t kind, std::uint64_t seed) {
  std::mt19937_64 random(place * 7919 + seed);
  static constexpr const char* kStreets[] = {"Main Street", "Church Road", "Station Avenue",
                                             "Harbour Lane", "Mill Drive"};
  const std::string name = "Shop " + std::string(1, static_cast<char>('a' + random() % 26)) +
                           std::to_string(random() % 100'000);
  Observation o = observation(name, "p" + std::to_string(place) + "." + std::to_string(kind));
  o.place.addr_street = kStreets[random() % 5];
  o.place.addr_housenumber = std::to_string(1 + random() % 300);
  o.place.addr_city = "Town " + std::to_string(random() % 500);
  o.place.phone = "+49" + std::to_string(1'000'000'000 + place);
  o.place.lat = 40 + static_cast<double>(random() % 100'000) / 10'000;
  o.place.lon = static_cast<double>(random() % 100'000) / 10'000;
  o.precedence = static_cast<std::uint32_t>(kind);
  if (kind == 1)
    o.place.addr_street = *o.place.addr_housenumber + ' ' + o.place.addr_street->substr(0, 6);
  if (kind == 1) o.place.addr_housenumber.reset();
  if (kind == 2) o.place.addr_street.reset();
  if (kind == 2) o.place.lat.reset();
  return o;
}

TEST_F(ResolveTest, GivesTheSameTablesInAnyOrderAndInAnyNumberOfRuns) {
  std::vector<Completion> pages;
  for (std::uint64_t n = 1; n <= 240; ++n) {
    Completion page = fetched(n);
    page.outcome.places.push_back(spelling(n / 4, n % 3, n % 5 == 0 ? 1 : 0));
    pages.push_back(std::move(page));
  }
  const std::string tables =
      "SELECT id, source_url, completeness, " + place_field_list() + " FROM place ORDER BY id";
  const std::string edges = "SELECT * FROM place_edge ORDER BY a, b";
  std::mt19937 random(3);
  std::string places_then;
  std::string edges_then;
  for (int round = 0; round < 6; ++round) {
    path = folder / (std::to_string(round) + ".db");
    // All in one pass: the queue is not empty until the end.
    begin();
    commit({discovered(1000, 1000)});
    for (std::size_t i = 0; i < pages.size(); i += 40) {
      const auto from = pages.begin() + static_cast<std::ptrdiff_t>(i);
      commit({from, from + 40});
      if (round < 2) continue;
      end(RunOutcome::kInterrupted);
      begin();
    }
    end(RunOutcome::kInterrupted);
    const std::string places_now = select(tables);
    const std::string edges_now = select(edges);
    if (round == 0) places_then = places_now;
    if (round == 0) edges_then = edges_now;
    EXPECT_EQ(places_now, places_then) << "round " << round;
    EXPECT_EQ(edges_now, edges_then) << "round " << round;
    expect_whole();
    std::shuffle(pages.begin(), pages.end(), random);
  }
  EXPECT_LT(std::count(places_then.begin(), places_then.end(), '\n'), 120);
}

// PLACER_RESOLVE_PLACES=100000 measures.
TEST_F(ResolveTest, ResolvesManyPlacesInSeconds) {
  const char* wanted = std::getenv("PLACER_RESOLVE_PLACES");
  const std::uint64_t count = wanted != nullptr ? std::stoull(wanted) : 2000;
  begin();
  std::vector<Completion> batch;
  for (std::uint64_t n = 1; n <= count; ++n) {
    batch.push_back(fetched(n, {spelling(n - n % 2, n % 2, 0)}));
    if (batch.size() < 1000 && n < count) continue;
    commit(batch);
    batch.clear();
  }
  const std::clock_t before = std::clock();
  end();
  std::cout << count << " identities resolved in "
            << (std::clock() - before) * 1000 / CLOCKS_PER_SEC << " ms of CPU time\n";
  const auto places = std::stoull(select("SELECT count(*) FROM place"));
  EXPECT_NEAR(static_cast<double>(places), static_cast<double>(count) / 2,
              static_cast<double>(count) / 50);
}

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr const char* kColumns =
    "SELECT m.name, c.name, c.type, c.\"notnull\" FROM sqlite_schema AS m,"
    " pragma_table_info(m.name) AS c WHERE m.type = 'table' ORDER BY 1, 2";
constexpr const char* kIndexes = "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY 1";

TEST_F(ResolveTest, ADatabaseOfTheFirstVersionIsMigratedAndResolved) {
  const std::string fields = place_json(own().place);
  {
    auto db = Database::open(path, Access::kWrite);
    (*db)->exec(text_of_file(PLACER_SCHEMA_1).c_str(), "making an old database");
    (*db)->exec(
        "PRAGMA application_id = 1886151538; PRAGMA user_version = 1;"
        "UPDATE meta SET job = 'cafes', pass = 1;"
        "INSERT INTO run (id, job, backend, pass, started_at, saved_at, outcome)"
        " VALUES (1, 'cafes', 'serial', 1, '2026-01-01T00:00:00Z', '', 'done');"
        "INSERT INTO page (id, fingerprint, url, status, bytes, fetched_at, depth,"
        " attempts, redirects, noindex, total_us, process_us)"
        " VALUES (1, 1001, 'https://x.test/1', 'ok', 0, '', 0, 1, 0, 0, 0, 0);"
        "INSERT INTO place_history VALUES (7, 1, 'first_seen', '', NULL, '')",
        "filling it");
    Statement(**db,
              "INSERT INTO place (id, identity_key, name, first_seen, last_seen, completeness)"
              " VALUES (7, 'old key', 'Café Zoë', '2026-01-01T00:00:00Z',"
              " '2026-01-01T00:00:00Z', 0)",
              "filling it")
        .run();
    Statement(**db,
              "INSERT INTO observation (page, url, format, path, raw, fields, hash, rank, place_id,"
              " first_seen, last_seen) VALUES (1, 'https://x.test/1', 'json-ld', 'script[0]', '{}',"
              " ?, 5, 0, 7, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')",
              "filling it")
        .run(fields);
    (*db)->exec("INSERT INTO place_text (rowid, name) VALUES (7, 'Café Zoë')", "filling it");
    auto filled = (*db)->status();
    ASSERT_TRUE(filled) << filled.error().message;
  }
  run({fetched(2, {directory()})});
  EXPECT_EQ(select("SELECT id, email, first_seen FROM place"),
            "7|zoe@zoe.test|2026-01-01T00:00:00Z\n");
  expect_whole();
  open_storage(folder / "new.db");
  EXPECT_EQ(select(kColumns), rows(folder / "new.db", kColumns));
  EXPECT_EQ(select(kIndexes), rows(folder / "new.db", kIndexes));
  EXPECT_EQ(select("PRAGMA user_version"), rows(folder / "new.db", "PRAGMA user_version"));
}

}  // namespace
}  // namespace placer
