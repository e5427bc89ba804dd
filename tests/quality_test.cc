// Fill rates per host and format, and the alarms that ring when they fall.
#include <gmock/gmock.h>

#include "storage/query.h"
#include "tests/storage_support.h"

namespace placer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// So many places of one format on a page, some of them with hours.
struct Stated {
  std::string format;
  int places = 0;
  int with_hours = 0;
};

class QualityTest : public ::testing::Test {
 protected:
  // A pass over a page per format; returns its alarms in words.
  std::vector<std::string> pass(const std::vector<Stated>& pages, int failures = 0) {
    auto storage = open_storage(path);
    EXPECT_TRUE(storage->begin_run("cafes", "serial", kNoon));
    std::vector<Completion> batch;
    for (const Stated& stated : pages) batch.push_back(page(batch.size() + 1, stated));
    for (int i = 0; i < failures; ++i) {
      batch.push_back(fetched(100 + static_cast<std::uint64_t>(i)));
      batch.back().page = PageStatus::kHttpError;
      batch.back().outcome.status = 500;
    }
    EXPECT_TRUE(storage->commit(batch, {}));
    const auto verdict = storage->end_run(RunOutcome::kDone, {}, kNoon);
    EXPECT_TRUE(verdict);
    std::vector<std::string> alarms;
    for (const Alarm& alarm : verdict->alarms) alarms.push_back(alarm_text(alarm));
    return alarms;
  }

  static Completion page(std::uint64_t n, const Stated& stated) {
    Completion c = fetched(n);
    for (int i = 0; i < stated.places; ++i) {
      Observation o = observation("Place " + std::to_string(i), std::to_string(i), stated.format);
      o.place.addr_housenumber = std::to_string(i);
      if (i < stated.with_hours) o.place.opening_hours = "Mo-Fr 09:00-18:00";
      c.outcome.places.push_back(o);
    }
    return c;
  }

  TemporaryFolder folder;
  std::string path = folder / "cafes.db";
};

TEST_F(QualityTest, RingsWhenAFieldThatMostStatedFallsByMoreThanHalf) {
  EXPECT_THAT(pass({{"json-ld", 50, 46}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 50, 23}}), IsEmpty()) << "just half of it";
  EXPECT_THAT(pass({{"json-ld", 50, 46}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 50, 0}}), ElementsAre("x.test json-ld opening_hours 92 % -> 0 %"));
}

TEST_F(QualityTest, LeavesAFieldAloneThatFewerThanHalfStated) {
  EXPECT_THAT(pass({{"json-ld", 50, 24}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 50, 0}}), IsEmpty());
}

TEST_F(QualityTest, ComparesEachFormatWithItself) {
  EXPECT_THAT(pass({{"json-ld", 40, 40}, {"microdata", 30, 0}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 40, 1}, {"microdata", 30, 30}}),
              ElementsAre("x.test json-ld opening_hours 100 % -> 3 %"));
}

TEST_F(QualityTest, ConcludesNothingFromFewObservations) {
  EXPECT_THAT(pass({{"json-ld", 19, 19}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 19, 0}}), IsEmpty());
  EXPECT_EQ(rows(path, "SELECT count(*) FROM fill"), "0\n");
}

TEST_F(QualityTest, RingsOnceWhenTheObservationsThemselvesAreHalved) {
  EXPECT_THAT(pass({{"json-ld", 40, 0}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 20, 0}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 9, 0}}), ElementsAre("x.test json-ld observations 20 -> 9"));
  EXPECT_THAT(pass({{"json-ld", 9, 0}}), IsEmpty());
  EXPECT_THAT(pass({{"microdata", 9, 0}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 30, 0}}), IsEmpty());
  EXPECT_THAT(pass({{"microdata", 9, 0}}), ElementsAre("x.test json-ld observations 30 -> 0"));
}

TEST_F(QualityTest, RingsOncePerFall) {
  pass({{"json-ld", 50, 50}});
  EXPECT_EQ(pass({{"json-ld", 50, 0}}).size(), 1U);
  EXPECT_THAT(pass({{"json-ld", 50, 0}}), IsEmpty());
  EXPECT_THAT(pass({{"json-ld", 50, 50}}), IsEmpty());
  EXPECT_EQ(pass({{"json-ld", 50, 0}}).size(), 1U);
}

TEST_F(QualityTest, LooksPastASpoiledPass) {
  pass({{"json-ld", 50, 50}, {"microdata", 50, 50}});
  EXPECT_THAT(pass({{"json-ld", 50, 0}}, 3),
              ElementsAre("x.test json-ld opening_hours 100 % -> 0 %"))
      << "failures explain a lack of microdata, not one of hours";
  EXPECT_THAT(pass({{"json-ld", 50, 0}, {"microdata", 50, 50}}), IsEmpty()) << "rang before";
  EXPECT_EQ(rows(path, "SELECT DISTINCT pass FROM fill"), "1\n3\n");
}

TEST_F(QualityTest, CountsWhatEachPassStated) {
  pass({{"json-ld", 25, 5}});
  pass({{"json-ld", 24, 0}});
  EXPECT_EQ(rows(path, "SELECT * FROM fill WHERE field IN ('name', 'opening_hours')"),
            "1|x.test|json-ld|name|25|25\n1|x.test|json-ld|opening_hours|25|5\n"
            "2|x.test|json-ld|name|24|24\n");
}

TEST_F(QualityTest, KeepsTheCountsOfThirtyPasses) {
  for (int i = 0; i < 33; ++i) pass({{"json-ld", 20, 0}});
  EXPECT_EQ(rows(path, "SELECT min(pass), max(pass), count(DISTINCT pass) FROM fill"), "4|33|30\n");
}

TEST_F(QualityTest, IsToldInTheStatusOfTheDatabase) {
  pass({{"json-ld", 50, 50}});
  pass({{"json-ld", 50, 0}});
  auto lookup = Lookup::open(path);
  ASSERT_TRUE(lookup);
  const auto status = lookup->status();
  ASSERT_TRUE(status);
  ASSERT_EQ(status->runs.at(0).alarms.size(), 1U);
  EXPECT_EQ(status->runs.at(0).alarms[0].field, "opening_hours");
  EXPECT_EQ(status->runs.at(0).pass_end, "complete");
  EXPECT_THAT(status->runs.at(1).alarms, IsEmpty());
  EXPECT_NEAR(status->completeness, 0.2, 1e-9);  // name and street, of ten
  EXPECT_THAT(status->filled, testing::Contains(std::pair<std::string, std::uint64_t>("name", 50)));
}

}  // namespace
}  // namespace placer
