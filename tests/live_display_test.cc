// What the live display says, for every size of terminal and whatever the web sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "scraper/cli/live/history.h"
#include "scraper/cli/live/hosts.h"
#include "scraper/cli/live/places.h"
#include "scraper/cli/live/screen.h"
#include "scraper/cli/live/terminal.h"
#include "scraper/cli/table.h"
#include "tests/suite.h"

namespace placer::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const char* const kHostile = "\x1b]0;owned\x07\x1b[2J\r\n\x9b富士山 Café\xe2\x80\xae";

// Less the sequences that select a colour (SGR).
std::string without_colour(std::string line) {
  for (std::size_t at = 0; (at = line.find("\x1b[", at)) != std::string::npos;) {
    line.erase(at, line.find('m', at) + 1 - at);
  }
  return line;
}

// A busy moment of a large crawl; the view's spans and table are the fixture's.
class LiveLinesTest : public testing::Test {
 protected:
  LiveLinesTest() {
    for (int i = 0; i < 60; ++i) rates_.push_back(i);
    queues_ = rates_;
    for (int i = 0; i < 30; ++i) {
      HostRow row;
      row.host = "h" + std::to_string(i) + ".example";
      row.pages = 1'234'567;
      row.errors = 3;
      row.last = "timeout";
      row.wait = seconds(300);
      table_.rows.push_back(row);
    }
    table_.rows[1].host = kHostile;
    table_.hosts = 4000;
    view_.job = "cafes";
    view_.progress.elapsed = seconds(3675);
    view_.progress.counters.pages = 1'234'567;
    view_.progress.counters.errors = 12'345;
    view_.progress.places = 812'000;
    view_.progress.queued = 98'765'432;
    view_.progress.in_flight = 256;
    view_.progress.waiting_hosts = 9'000;
    view_.pages_per_second = 987.6;
    view_.left = seconds(100'000);
    view_.rates = rates_;
    view_.queues = queues_;
    view_.keys = true;
    view_.decision = "1 event loop of up to 2000 requests";
  }

  std::string text(const Screen& screen) const {
    std::string all;
    for (const std::string& line : live_lines(view_, screen)) all += line + '\n';
    return all;
  }

  std::vector<double> rates_;
  std::vector<double> queues_;
  HostTable table_;
  LiveView view_;
};

TEST_F(LiveLinesTest, FitsEveryWindowInEveryState) {
  view_.hosts = &table_;
  for (const char* job :
       {"cafes", kHostile, "a-very-long-name-of-a-job-that-somebody-has-chosen"}) {
    view_.job = job;
    for (const Stop stop : {Stop::kNo, Stop::kDrain, Stop::kNow}) {
      view_.stop = stop;
      for (const bool keys : {false, true}) {
        view_.show_keys = keys;
        for (std::size_t columns = 1; columns <= 200; columns += columns < 50 ? 1 : 10) {
          for (const std::size_t rows : {1, 2, 8, 13, 24}) {
            const auto lines = live_lines(view_, {columns, rows, columns % 2 == 0, true});
            ASSERT_LE(lines.size(), std::max<std::size_t>(rows, 2) - 1) << columns << 'x' << rows;
            ASSERT_GE(lines.size(), 1U);
            for (const std::string& colourful : lines) {
              const std::string line = without_colour(colourful);
              ASSERT_LE(display_width(line), std::max<std::size_t>(columns, 2) - 1) << line;
              ASSERT_EQ(line.find_first_of("\x1b\r\n\x07"), std::string::npos) << line;
              ASSERT_THAT(line, Not(HasSubstr("\x9b")));
            }
          }
        }
      }
    }
  }
}

TEST_F(LiveLinesTest, SaysEverythingOnEightyColumns) {
  EXPECT_THAT(
      live_lines(view_, {80, 24, false, true}),
      ElementsAre("cafes: running, 1:01:15, at least 27 h 46 min left for what is known so far",
                  "pages  1,234,567  ▆▆▆▆▆▇▇▇▇▇▇▇▇█████████  988/s  812,000 places  12,345 errors",
                  "queue 98,765,432  ▆▆▆▆▆▇▇▇▇▇▇▇▇█████████  256 in flight  9,000 hosts wait"));
}

TEST_F(LiveLinesTest, LeavesOutWhatIsWorthLeastOnFortyAndTwentyColumns) {
  EXPECT_THAT(live_lines(view_, {40, 24, false, true}),
              ElementsAre("cafes: running, 1:01:15", "pages  1,234,567  988/s  812,000 places",
                          "queue 98,765,432  256 in flight"));
  EXPECT_THAT(live_lines(view_, {20, 24, false, true}), ElementsAre("1,234,567 pages"));
  view_.progress.counters.pages = 245;
  view_.progress.places = 117;
  EXPECT_THAT(live_lines(view_, {20, 24, false, true}), ElementsAre("245 pages 117 pl"));
}

TEST_F(LiveLinesTest, SaysWhatTheFirstCtrlCDidAndTheSecondWouldDo) {
  view_.stop = Stop::kDrain;
  EXPECT_THAT(text({80, 24}),
              HasSubstr("cafes: finishing 256 requests; Ctrl-C again to leave at once"));
  EXPECT_THAT(text({40, 24}), HasSubstr("finishing 256; Ctrl-C: leave"));
  EXPECT_THAT(text({20, 3}), HasSubstr("finishing 256"));
  EXPECT_THAT(text({80, 24}), Not(HasSubstr("left")));
}

TEST_F(LiveLinesTest, SaysHowLongItWaitsWhenNothingMayBeAsked) {
  view_.progress.in_flight = 0;
  view_.progress.next_due = seconds(240);
  EXPECT_THAT(text({80, 24}), HasSubstr("cafes: waiting 4 min, 1:01:15"));
}

TEST_F(LiveLinesTest, SaysWhenAllIsFetchedAndPlacesArePutTogether) {
  view_.concluding = true;
  EXPECT_THAT(text({80, 24}), HasSubstr("cafes: joining places and saving, 1:01:15"));
  EXPECT_THAT(text({20, 24}), HasSubstr("saving"));
}

TEST_F(LiveLinesTest, ShowsKeysAndWhatAutoDecidedWhenAsked) {
  EXPECT_THAT(text({80, 24}), Not(HasSubstr("event loop")));
  view_.show_keys = true;
  EXPECT_THAT(
      text({80, 24}),
      HasSubstr("h: hosts  p: places on or off  q: finish and stop, as Ctrl-C  ?: hide this\n"
                "auto: 1 event loop of up to 2000 requests\n"));
  view_.keys = false;
  EXPECT_THAT(text({80, 24}), Not(HasSubstr("h: hosts")));
}

TEST_F(LiveLinesTest, ShowsAsManyHostsAsFitAndHowManyThereAre) {
  view_.hosts = &table_;
  const auto lines = live_lines(view_, {80, 16, false, true});
  ASSERT_THAT(lines, SizeIs(1 + 8 + 1 + 3));
  EXPECT_EQ(lines[0],
            "host                      pages  places  errors  queue   rate     last  next in");
  EXPECT_EQ(lines[1],
            "h0.example            1,234,567       0       3      0  0.0/s  timeout    5 min");
  EXPECT_THAT(lines[2], testing::StartsWith("\\x1b]0;owned\\x07"));
  EXPECT_EQ(lines[9], "and 3,992 more");
  table_.more = true;
  EXPECT_EQ(live_lines(view_, {80, 16})[9], "only the first 4,000 hosts are counted");
}

TEST_F(LiveLinesTest, UsesColourOnlyWhenItIsWantedAndForErrors) {
  EXPECT_THAT(text({80, 24, true, true}), HasSubstr("\x1b[31m12,345 errors\x1b[0m"));
  EXPECT_THAT(text({80, 24, false, true}), Not(HasSubstr("\x1b")));
}

TEST(SparklineTest, ScalesToTheLargestAndKeepsZeroApart) {
  const std::vector<double> values = {0, 1, 50, 100};
  EXPECT_EQ(sparkline(values, 4, true), "▁▂▅█");
  EXPECT_EQ(sparkline(values, 6, true), "  ▁▂▅█");
  EXPECT_EQ(sparkline(values, 2, true), "▅█");
  EXPECT_EQ(sparkline(values, 4, false), "_.=#");
  EXPECT_EQ(sparkline(std::vector<double>{0, 0}, 2, true), "▁▁");
  EXPECT_EQ(sparkline({}, 0, true), "");
}

TEST(LiveHistoryTest, HasAValueForEverySecondAlsoThoseWithoutAReport) {
  LiveHistory history;
  const auto report = [&history](int ms, std::uint64_t pages, std::uint64_t queued) {
    Progress progress;
    progress.elapsed = milliseconds(ms);
    progress.counters.pages = pages;
    progress.queued = queued;
    history.add(progress);
  };
  report(500, 10, 5);
  EXPECT_THAT(history.rates(), IsEmpty());
  EXPECT_DOUBLE_EQ(history.pages_per_second(), 20);
  report(1000, 20, 100);
  report(4000, 50, 300);
  EXPECT_THAT(history.rates(), ElementsAre(20, 10, 10, 10));
  EXPECT_THAT(history.queues(), ElementsAre(100, 300, 300, 300));
  EXPECT_DOUBLE_EQ(history.pages_per_second(), 10);
  EXPECT_EQ(history.left(), milliseconds(24'000));  // 300 at 12.5 a second
  report(1'000'000, 50, 0);
  EXPECT_THAT(history.rates(), SizeIs(LiveHistory::kSeconds));
  EXPECT_EQ(history.left(), std::nullopt);
}

Completion fetched(const std::string& url, std::vector<std::string> names = {}) {
  Completion completion;
  completion.page = PageStatus::kOk;
  completion.outcome.request.id = 1;
  completion.outcome.request.url = url;
  completion.outcome.status = 200;
  for (const std::string& name : names) {
    Observation observation;
    observation.place.name = name;
    observation.place.category = "amenity=cafe";
    observation.place.addr_city = "東京";
    completion.outcome.places.push_back(observation);
  }
  return completion;
}

TEST(HostTallyTest, PutsTheBusiestHostFirstAndCountsOnlySoMany) {
  HostTally tally;
  for (int i = 0; i < 3; ++i) tally.count(fetched("http://b.example:8080/x"));
  tally.count(fetched("https://c.example/", {"Bo", "Al"}));
  tally.count(fetched("http://a.example/"));
  Completion failed = fetched("http://a.example/2");
  failed.page = PageStatus::kFetchError;
  failed.outcome.error = Error{ErrorCode::kTimeout, "too slow"};
  tally.count(failed);
  const HostTable table = tally.busiest(2, seconds(10), Instant{});
  ASSERT_THAT(table.rows, SizeIs(2));
  EXPECT_EQ(table.rows[0].host, "b.example");
  EXPECT_DOUBLE_EQ(table.rows[0].requests_per_second, 0.3);
  EXPECT_EQ(table.rows[1].host, "a.example");
  EXPECT_EQ(table.rows[1].errors, 1U);
  EXPECT_EQ(table.rows[1].last, "timeout");
  EXPECT_EQ(table.hosts, 3U);
  EXPECT_FALSE(table.more);

  for (std::size_t i = 0; i < 2 * HostTally::kMostHosts; ++i) {
    tally.count(fetched("http://h" + std::to_string(i) + ".example/"));
  }
  tally.count(fetched("https://c.example/"));
  EXPECT_EQ(tally.busiest(5, seconds(15), Instant{}).rows[0].host, "b.example") << "not yet";
  const HostTable later = tally.busiest(1, seconds(20), Instant{});
  EXPECT_EQ(later.hosts, HostTally::kMostHosts);
  EXPECT_TRUE(later.more);
  EXPECT_EQ(later.rows[0].host, "c.example") << "as busy as many others, with the most pages";
  EXPECT_EQ(later.rows[0].places, 2U);
}

TEST(HostTallyTest, SaysWhenAHostThatHasWorkMayBeAskedAgain) {
  HostTally tally;
  Completion completion = fetched("http://a.example/");
  HostState state;
  state.host = "a.example";
  state.queued = 7;
  state.pace.next_allowed = Instant(seconds(130));
  completion.hosts.push_back(state);
  tally.count(completion);
  const HostRow row = tally.busiest(1, seconds(1), Instant(seconds(100))).rows.at(0);
  EXPECT_EQ(row.queued, 7U);
  EXPECT_EQ(row.wait, seconds(30));
}

TEST(PlaceStreamTest, ShowsAFewPlacesASecondAndCountsTheRest) {
  PlaceStream stream;
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back("Place " + std::to_string(i));
  stream.add(fetched("http://a.example/", names));
  stream.add(fetched("http://a.example/", names));  // the same again: nothing new
  const Screen screen;
  const auto first = stream.take(milliseconds(200), screen);
  ASSERT_THAT(first, SizeIs(PlaceStream::kMostPerSecond));
  EXPECT_EQ(first[0], "Place 0  cafe, 東京");
  EXPECT_THAT(stream.take(milliseconds(400), screen), IsEmpty());
  EXPECT_THAT(stream.take(milliseconds(1000), screen), ElementsAre("... and 12 more"));
  stream.add(fetched("http://a.example/", {"Another"}));
  EXPECT_THAT(stream.take_all(screen), ElementsAre("Another  cafe, 東京"));
}

TEST(PlaceStreamTest, NamesAPlaceOfSeveralFormatsOnceAndOnlyOfPagesThatAreNew) {
  PlaceStream stream;
  Completion twice = fetched("http://a.example/", {"Bo", "Bo", "Al"});
  twice.outcome.places[1].place.addr_city = "Tokyo";
  twice.outcome.places[2].about = 1;
  stream.add(twice);
  Completion unmodified = fetched("http://a.example/2", {"Ed"});
  unmodified.outcome.unmodified = true;
  stream.add(unmodified);
  EXPECT_THAT(stream.take_all({}), ElementsAre("Bo  cafe, 東京"));
}

TEST(PlaceStreamTest, CutsByColumnsAndLetsNoControlCharacterThrough) {
  PlaceStream stream;
  stream.add(fetched("http://a.example/", {"富士山カフェ"}));
  EXPECT_THAT(stream.take_all({10}), ElementsAre("富士山カ…"));
  stream.add(fetched("http://a.example/", {kHostile}));
  EXPECT_THAT(stream.take_all({60}),
              ElementsAre("\\x1b]0;owned\\x07\\x1b[2J\\x0d\\x0a\\x9b富士山 Café\\u202e  cafe…"));
}

// True when `line` moves no cursor and turns no text around: no C0 or C1 control, no bidirectional
// embedding, override or isolate.
bool is_tame(const std::string& line) {
  static const RE2 kUntamed("[\\x00-\\x1f\\x7f-\\x{9f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]");
  return !RE2::PartialMatch(line, kUntamed);
}

TEST(PlaceStreamTest, ShowsNaughtyStringsWithoutHarm) {
  const auto path = suite_path("strings/blns.json");
  SKIP_WITHOUT(path);
  std::size_t count = 0;
  for (const auto& text : nlohmann::json::parse(read_bytes(path))) {
    const std::string name = text.get<std::string>();
    Completion completion = fetched("http://a.example/", {name});
    completion.outcome.places[0].place.addr_city = name;
    PlaceStream stream;
    stream.add(completion);
    HostTable table;
    table.rows.push_back({});
    table.rows[0].host = table.rows[0].last = name;
    LiveView view;
    view.job = view.decision = name;
    view.show_keys = true;
    view.hosts = &table;
    for (const std::size_t columns : {20, 60}) {
      auto lines = live_lines(view, {columns, 24});
      for (const std::string& line : stream.take_all({columns})) lines.push_back(line);
      for (const std::string& line : lines) {
        EXPECT_TRUE(is_tame(line)) << line;
        EXPECT_LT(display_width(line), columns) << line;
      }
      ++count;
    }
  }
  std::cout << count / 2 << " strings\n";
}

TEST(KeysTest, LeavesOutEscapeSequencesAndWhatIsNotAscii) {
  EXPECT_EQ(plain_keys("hP?q"), "hp?q");
  EXPECT_EQ(plain_keys("\x1b[A\x1bOq\x1b[1;5Ph\x1b[24~"), "h");  // arrow up, keypad, Ctrl-F1, F12
  EXPECT_EQ(plain_keys("\x1bq"), "");                            // Alt-q
  EXPECT_EQ(plain_keys("\x1b"), "");
  EXPECT_EQ(plain_keys("\x1b[1;"), "");
  EXPECT_EQ(plain_keys("\xc3\xbch\n\x01 "), "h");
}

}  // namespace
}  // namespace placer::cli
