// A week of change in the sample town: what the database says changed is what changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <set>

#include "scraper/frontier/key.h"
#include "scraper/frontier/url.h"
#include "storage/times.h"
#include "tests/crawl_job.h"
#include "tests/program.h"
#include "tests/storage_support.h"
#include "tests/web/site.h"

namespace placer {
namespace {

constexpr int kDays = 7;
constexpr int kBrokenDay = 3;
constexpr std::uint64_t kSeed = 11;

using Fields = std::map<std::string, std::string>;  // those that are known
using Lines = std::vector<std::string>;             // sorted

std::string number_text(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

Fields fields_of(const web::TruthPlace& truth) {
  Fields fields = {{"name", truth.name},
                   {"addr_street", truth.street},
                   {"addr_housenumber", truth.housenumber},
                   {"addr_postcode", truth.postcode},
                   {"addr_city", truth.city},
                   {"category", truth.category},
                   {"addr_full", truth.street_address + ", " + truth.postcode + " " + truth.city +
                                     ", " + truth.country},
                   {"phone", truth.phone_e164},
                   {"opening_hours", truth.opening_hours},
                   {"lat", number_text(*truth.lat)},
                   {"lon", number_text(*truth.lon)}};
  std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
  return fields;
}

std::map<std::string, Fields> by_page(const web::Site& site) {
  std::map<std::string, Fields> pages;
  for (const web::TruthPlace& truth : site.truth()) pages[truth.page] = fields_of(truth);
  return pages;
}

void add_changes(const std::string& page, const Fields& before, const Fields& after, Lines& lines) {
  const auto value = [](const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string("-") : found->second;
  };
  std::set<std::string> names;
  for (const auto& [name, text] : before) names.insert(name);
  for (const auto& [name, text] : after) names.insert(name);
  for (const std::string& name : names) {
    const std::string old_value = value(before, name);
    const std::string new_value = value(after, name);
    if (old_value != new_value) {
      lines.push_back(page + "|" + name + "|" + old_value + "|" + new_value);
    }
  }
}

// What the history must say of each day, as page|field|old|new.
std::array<Lines, kDays> true_history() {
  std::array<Lines, kDays> days;
  std::map<std::string, Fields> known;  // as last stated
  std::set<std::string> open;
  for (int day = 0; day < kDays; ++day) {
    const auto now = by_page(web::Site::town(kSeed, day));
    Lines& lines = days[static_cast<std::size_t>(day)];
    for (const auto& [page, fields] : now) {
      const bool is_new = !known.contains(page);
      if (is_new) lines.push_back(page + "|first_seen|-|set");
      if (!is_new && !open.contains(page)) lines.push_back(page + "|gone_since|set|-");
      if (!is_new) add_changes(page, known[page], fields, lines);
      known[page] = fields;
      open.insert(page);
    }
    for (const auto& [page, fields] : known) {
      if (!now.contains(page) && open.erase(page) > 0) {
        lines.push_back(page + "|gone_since|-|set");
      }
    }
    std::ranges::sort(lines);
  }
  return days;
}

Lines recorded_history(const std::string& database, int run) {
  Lines lines = query_lines(
      database,
      "SELECT substr(p.source_url, instr(p.source_url, '/places/')), h.field,"
      " CASE WHEN h.field LIKE '%\\_s%' ESCAPE '\\' AND h.old_value LIKE '20%Z' THEN 'set'"
      " ELSE h.old_value END,"
      " CASE WHEN h.field LIKE '%\\_s%' ESCAPE '\\' AND h.new_value LIKE '20%Z' THEN 'set'"
      " ELSE h.new_value END"
      " FROM place_history AS h JOIN place AS p ON p.id = h.place_id WHERE h.run = " +
          std::to_string(run));
  std::ranges::sort(lines);
  return lines;
}

TEST(WeekTest, RecordsExactlyWhatChangedAndRingsOnTheBrokenDayOnly) {
  std::vector<web::Handler> handlers;
  for (int day = 0; day < kDays; ++day) {
    handlers.push_back(web::Site::town(kSeed, day).handler());
  }
  std::atomic<std::size_t> today{0};
  web::RunningServer server(
      [&](const web::WebRequest& request) { return handlers[today.load()](request); });
  const TemporaryFolder folder;
  folder.write("town.yaml", loopback_job(server.url("/")) +
                                "extract: {formats: [json-ld, microdata]}\n"
                                "storage: {gone_after: 0}\n");
  const std::string database = folder / "town.db";
  const auto expected = true_history();
  for (int day = 0; day < kDays; ++day) {
    today = static_cast<std::size_t>(day);
    const ProgramResult result = run_program({PLACER_BINARY, "run", folder / "town.yaml", "--db",
                                              database, "--set", "retry.attempts=2"});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(recorded_history(database, day + 1), expected[today.load()]) << "day " << day;
    EXPECT_EQ(result.err.find("ALARM") != std::string::npos, day == kBrokenDay) << result.err;
  }
  EXPECT_THAT(expected[6].size(), testing::Ge(6U));
  EXPECT_EQ(query_lines(database, "SELECT run, format, field, after FROM alarm"),
            Lines{"4|json-ld|opening_hours|0.0"});
  EXPECT_EQ(query_lines(database, "SELECT count(*) FROM place WHERE gone_since IS NULL"),
            Lines{std::to_string(web::Site::town(kSeed, 6).truth().size())});
}

Completion visit(const std::string& url, const web::Site& site, int day) {
  Completion c;
  c.page = PageStatus::kOk;
  c.outcome.request.url = url;
  c.outcome.request.depth = url.ends_with(".test/") ? 0 : 1;
  c.fingerprint = fingerprint(dedupe_key(*Url::parse(url)));
  if (c.outcome.request.depth > 0) {
    c.found_on = fingerprint(dedupe_key(*Url::parse("https://town.test/")));
  }
  web::WebRequest request;
  request.target = url.substr(url.find(".test") + 5);
  c.outcome.status = static_cast<std::uint16_t>(site.handler()(request).status);
  if (c.outcome.status >= 400) c.page = PageStatus::kHttpError;
  c.at = kNoon + std::chrono::hours(24 * day);
  return c;
}

// The lists' word on which pages there are: those of open places, and of some that have closed.
std::set<std::string> linked_pages(const web::Site& site) {
  std::set<std::string> pages;
  for (const std::string& path : site.page_paths()) {
    if (!path.starts_with("/kinds/")) continue;
    web::WebRequest request;
    request.target = path;
    const std::string body = site.handler()(request).body;
    for (std::size_t at = 0; (at = body.find("href=\"/places/", at)) != std::string::npos;) {
      at += 6;
      pages.insert(body.substr(at, body.find('"', at) - at));
    }
  }
  return pages;
}

// One pass a day with the default grace period of three days.
TEST(WeekTest, HoldsPlacesForGoneThreeDaysAfterTheyWereFirstMissing) {
  const TemporaryFolder folder;
  const std::string path = folder / "town.db";
  std::map<std::string, int> missing;  // since which day
  std::set<std::string> known;
  for (int day = 0; day < kDays; ++day) {
    const web::Site site = web::Site::town(kSeed, day);
    std::map<std::string, Fields> stated = by_page(site);
    auto storage = open_storage(path);
    const Instant morning = kNoon + std::chrono::hours(24 * day);
    ASSERT_TRUE(storage->begin_run("town", "serial", morning));
    std::vector<Completion> batch = {visit("https://town.test/", site, day)};
    for (const std::string& page : linked_pages(site)) {
      batch.push_back(visit("https://town.test" + page, site, day));
      if (batch.back().outcome.status != 200) continue;
      Fields& fields = stated[page];
      Observation o = observation(fields["name"]);
      o.place.addr_street = fields["addr_street"];
      o.place.addr_housenumber = fields["addr_housenumber"];
      o.place.addr_postcode = fields["addr_postcode"];
      o.place.addr_city = fields["addr_city"];
      o.place.category = fields["category"];
      o.place.phone = fields["phone"];
      o.place.lat = std::stod(fields["lat"]);
      o.place.lon = std::stod(fields["lon"]);
      o.place.ref = page;
      batch.back().outcome.places.push_back(o);
    }
    ASSERT_TRUE(storage->commit(batch, {}));
    const auto verdict = storage->end_run(RunOutcome::kDone, {}, morning);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->pass, PassEnd::kComplete);
    storage.reset();

    for (const auto& [page, fields] : stated) {
      known.insert(page);
      missing.erase(page);
    }
    Lines expected;
    for (const std::string& page : known) {
      if (!stated.contains(page)) missing.try_emplace(page, day);
    }
    for (const auto& [page, since] : missing) {
      const std::string date = time_text(kNoon + std::chrono::hours(24 * since));
      expected.push_back(page + "|" + date + "|" + (day - since >= 3 ? date : "-"));
    }
    Lines found = query_lines(path,
                              "SELECT ref, missing_since, gone_since FROM place"
                              " WHERE missing_since IS NOT NULL");
    std::ranges::sort(found);
    EXPECT_EQ(found, expected) << "day " << day;
  }
  EXPECT_GT(missing.size(), 3U);
}

}  // namespace
}  // namespace placer
