#include "tests/report_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "storage/sqlite_storage.h"

namespace placer {
namespace {

constexpr std::uint32_t kPlacesOfPage = 5;
constexpr Instant kBegin{std::chrono::seconds(1'780'000'000)};  // 2026-05-28T20:26:40Z

struct Town {
  std::string_view name;
  double lat, lon;
};
constexpr std::array kTowns = {Town{"Berlin", 52.52, 13.405},     Town{"Hamburg", 53.551, 9.994},
                               Town{"München", 48.137, 11.575},   Town{"Köln", 50.938, 6.96},
                               Town{"Frankfurt", 50.11, 8.682},   Town{"Stuttgart", 48.776, 9.183},
                               Town{"Leipzig", 51.34, 12.375},    Town{"Dresden", 51.05, 13.737},
                               Town{"Nürnberg", 49.454, 11.077},  Town{"Bremen", 53.079, 8.802},
                               Town{"Freiburg", 47.999, 7.842},   Town{"Rostock", 54.092, 12.099},
                               Town{"Wien", 48.208, 16.374},      Town{"Salzburg", 47.81, 13.055},
                               Town{"Zürich", 47.377, 8.541},     Town{"Basel", 47.56, 7.589},
                               Town{"Praha", 50.076, 14.438},     Town{"Amsterdam", 52.367, 4.904},
                               Town{"København", 55.676, 12.568}, Town{"Luxembourg", 49.612, 6.13}};

struct Kind {
  std::string_view category, schema_type, word;
};
constexpr std::array kKinds = {Kind{"amenity=cafe", "CafeOrCoffeeShop", "Café"},
                               Kind{"amenity=restaurant", "Restaurant", "Gasthaus"},
                               Kind{"shop=bakery", "Bakery", "Bäckerei"},
                               Kind{"amenity=pharmacy", "Pharmacy", "Apotheke"},
                               Kind{"shop=books", "BookStore", "Buchhandlung"},
                               Kind{"shop=hairdresser", "HairSalon", "Salon"},
                               Kind{"tourism=hotel", "Hotel", "Hotel"},
                               Kind{"amenity=dentist", "Dentist", "Praxis"},
                               Kind{"shop=supermarket", "GroceryStore", "Markt"},
                               Kind{"amenity=fuel", "GasStation", "Tankstelle"}};

constexpr std::array<std::string_view, 24> kSurnames = {
    "Albers", "Brandt",  "Clausen", "Dietrich", "Engel",  "Fuchs",   "Günther", "Hartmann",
    "Ivers",  "Jansen",  "Krüger",  "Lindner",  "Maurer", "Neumann", "Ostheim", "Petersen",
    "Quandt", "Richter", "Schäfer", "Thiele",   "Ulrich", "Vogel",   "Weiß",    "Zimmermann"};
constexpr std::array<std::string_view, 12> kStreets = {
    "Lindenallee",   "Torstraße",     "Am Markt",     "Bergweg",   "Hauptstraße", "Kirchgasse",
    "Schillerplatz", "Bahnhofstraße", "Goethestraße", "Mühlenweg", "Rosengarten", "Seestraße"};
constexpr std::array<std::string_view, 3> kFormats = {"json-ld", "microdata", "rules"};

// A stream of numbers for one place, whatever was made before it.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t of) : engine_(seed * 0x9E3779B97F4A7C15 + of) {}
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(engine_() % n); }
  bool chance(std::uint32_t percent) { return below(100) < percent; }
  double around(double centre, double spread) {
    return std::round((centre + spread * (below(20001) / 10000.0 - 1)) * 1e6) / 1e6;
  }

 private:
  std::mt19937_64 engine_;
};

std::string host_name(std::uint32_t host) { return fmt::format("shop{}.example", host); }

void add_details(Place& place, Dice& dice, std::uint32_t n, int pass) {
  if (dice.chance(85)) place.phone = fmt::format("+4930{:07}", n % 10'000'000);
  if (pass > 0 && n % 37 == 0) place.phone = fmt::format("+4940{:07}", n % 10'000'000);
  if (dice.chance(60)) place.opening_hours = "Mo-Fr 09:00-18:30; Sa 10:00-14:00";
  if (pass > 0 && n % 53 == 0) place.opening_hours = "Mo-Sa 08:00-20:00";
  if (dice.chance(40)) place.email = fmt::format("kontakt{}@example.org", n);
  if (dice.chance(30)) {
    place.description = fmt::format("Seit {} für Sie da, mit Garten und eigenem Parkplatz.",
                                    1900 + dice.below(120));
  }
  if (dice.chance(20)) {
    place.rating = 3 + dice.below(21) / 10.0;
    place.rating_scale = 5;
    place.rating_count = dice.below(900) + 1;
  }
  if (dice.chance(12)) {
    place.socials = fmt::format(R"({{"facebook":"https://facebook.example/{}"}})", n);
  }
}

Observation observation_of(const ReportWorld& world, std::uint32_t n, int pass) {
  Dice dice(world.seed, n);
  const Town& town = kTowns[dice.below(dice.below(kTowns.size()) + 1)];
  const Kind& kind = kKinds[dice.below(kKinds.size())];
  Observation o;
  o.format = kFormats[dice.below(dice.below(kFormats.size()) + 1)];
  o.path = fmt::format("script[0]/@graph/{}", n % kPlacesOfPage);
  o.raw = "{}";
  Place& place = o.place;
  place.name = fmt::format("{} {}", kind.word, kSurnames[dice.below(kSurnames.size())]);
  place.ref = fmt::format("{}", n);
  place.category = kind.category;
  place.schema_type = kind.schema_type;
  place.addr_street = kStreets[dice.below(kStreets.size())];
  place.addr_housenumber = std::to_string(n % 199 + 1);
  place.addr_city = town.name;
  place.addr_country = "DE";
  if (dice.chance(90)) place.addr_postcode = fmt::format("{:05}", 10000 + n % 80000);
  if (dice.chance(92)) {
    place.lat = dice.around(town.lat, 0.09);
    place.lon = dice.around(town.lon, 0.14);
  }
  place.website = fmt::format("https://{}/{}", host_name(n / kPlacesOfPage % world.hosts), n);
  add_details(place, dice, n, pass);
  return o;
}

// The same place in another format, which knows two things more.
Observation second_observation(const Observation& first, std::uint32_t n) {
  Observation o = first;
  o.format = "opengraph";
  o.path = fmt::format("meta[{}]", n % kPlacesOfPage);
  o.precedence = 9;
  o.place.image = fmt::format("https://img.example/{}.jpg", n);
  o.place.price_range = n % 2 == 0 ? "€€" : "€";
  return o;
}

HostState host_state(std::uint32_t host, std::uint64_t pages) {
  HostState state;
  state.id = host + 1;
  state.host = host_name(host);
  state.address = "203.0.113.7";
  state.accepted = state.fetched = pages;
  state.pace.delay = std::chrono::milliseconds(1000);
  state.pace.latency = std::chrono::microseconds(40'000 + host * 1000);
  state.pace.record = {pages + 1, host % 7 == 0 ? 2U : 0U,         0,
                       1,         std::chrono::milliseconds(1000), std::chrono::milliseconds(1000)};
  return state;
}

Completion page_of(const ReportWorld& world, std::uint32_t page, int pass, Instant at) {
  const std::uint32_t host = page % world.hosts;
  Completion c;
  c.dequeue = QueueKey{host + 1, page + 1};
  c.page = PageStatus::kOk;
  c.fingerprint = page + 1000;
  c.outcome.request.url = fmt::format("https://{}/page/{}", host_name(host), page);
  c.outcome.status = 200;
  c.outcome.content_type = "text/html";
  c.outcome.body_bytes = 20'000 + page % 9000;
  c.at = at;
  if (page % 41 == 40) {
    c.page = PageStatus::kHttpError;
    c.outcome.status = 404;
    return c;
  }
  if (page % 97 == 96) {
    c.page = PageStatus::kFetchError;
    c.outcome.status = 0;
    c.outcome.error = Error{ErrorCode::kTimeout, "timed out after 30 s"};
    return c;
  }
  const std::uint32_t end = std::min((page + 1) * kPlacesOfPage, world.places);
  for (std::uint32_t n = page * kPlacesOfPage; n < end; ++n) {
    if (pass > 0 && n % 61 == 0) continue;                 // gone
    if (pass + 1 < world.passes && n % 71 == 1) continue;  // new later
    c.outcome.places.push_back(observation_of(world, n, pass));
    if (n % 3 == 0) c.outcome.places.push_back(second_observation(c.outcome.places.back(), n));
  }
  return c;
}

template <class T>
void require(const Result<T>& result) {
  if (!result) throw std::runtime_error(result.error().message);
}

Completion frame_of(const ReportWorld& world, std::uint32_t pages, Instant at) {
  Completion c;
  for (std::uint32_t host = 0; host < world.hosts; ++host) {
    c.hosts.push_back(host_state(host, pages / world.hosts + (host < pages % world.hosts ? 1 : 0)));
  }
  for (std::uint32_t i = 0; i < 30; ++i) {
    c.filtered.push_back({i % 3 == 0 ? FilterReason::kRobots : FilterReason::kHost,
                          fmt::format("https://elsewhere.example/{}", i), i + 1});
  }
  c.at = at;
  return c;
}

void write_pass(SqliteStorage& storage, const ReportWorld& world, int pass) {
  const Instant begin = kBegin + pass * std::chrono::hours(24);
  require(storage.begin_run("places-of-the-country", "async", begin));
  const std::uint32_t pages = (world.places + kPlacesOfPage - 1) / kPlacesOfPage;
  RunCounters counters;
  require(storage.commit({frame_of(world, pages, begin)}, counters));
  std::vector<Completion> batch;
  for (std::uint32_t page = 0; page < pages; ++page) {
    batch.push_back(page_of(world, page, pass, begin + page * std::chrono::milliseconds(250)));
    ++counters.pages;
    ++counters.requests;
    counters.bytes += batch.back().outcome.body_bytes;
    counters.observations += batch.back().outcome.places.size();
    if (batch.back().page != PageStatus::kOk) ++counters.errors;
    if (batch.size() < 500 && page + 1 < pages) continue;
    require(storage.commit(batch, counters));
    batch.clear();
  }
  require(
      storage.end_run(RunOutcome::kDone, counters, begin + pages * std::chrono::milliseconds(250)));
}

}  // namespace

void write_report_world(const std::string& path, const ReportWorld& world) {
  StorageOptions options{path, Durability::kNormal};
  options.gone_after = std::chrono::milliseconds(0);
  for (int pass = 0; pass < world.passes; ++pass) {
    auto storage = SqliteStorage::open(path, options);
    require(storage);
    write_pass(**storage, world, pass);
  }
}

}  // namespace placer
