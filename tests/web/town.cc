// The sample town: small enough to look at, with one of everything.
#include <map>
#include <set>

#include "tests/web/markup.h"
#include "tests/web/source.h"

namespace placer::web {
namespace {

constexpr Town kTown = {"Freiburg im Breisgau",
                        "DE",
                        Language::kDe,
                        47.9990,
                        7.8421,
                        "790##",
                        "49",
                        "0",
                        "761",
                        "28#####"};
constexpr std::size_t kPlacesInTown = 60;
constexpr std::size_t kWindows1252Place = 7;  // the page that is not in UTF-8
constexpr int kBrokenDay = 3;                 // no page states hours
constexpr int kFailingDay = 5;                // some pages answer 503
constexpr int kFailingPages = 3;

// How many places do what on a day of the week.
struct DayPlan {
  int openings = 0;
  int closures = 0;
  int reopenings = 0;
  int moves = 0;
  int renamings = 0;
  int new_hours = 0;
  int new_phones = 0;
};
constexpr DayPlan kWeek[] = {{},
                             {2, 1, 0, 1, 0, 2, 1},
                             {1, 3, 0, 1, 1, 1, 1},
                             {},
                             {0, 1, 1, 0, 0, 1, 0},
                             {1, 1, 0, 1, 0, 1, 1},
                             {1, 1, 1, 0, 1, 2, 1}};

struct Resident {
  GeneratedPlace place;
  bool open = true;
  bool linked = true;    // by the lists
  bool changed = false;  // it has had its change of the week
  bool failing = false;
};

bool is_microdata(std::size_t index) { return index % 4 == 3; }
bool is_shown(std::size_t index) { return index % 10 != 4; }  // else only in its JSON-LD

class TownSource : public Site::Source {
 public:
  TownSource(std::uint64_t seed, int day) : seed_(seed), rng_(seed, 0, 1) {
    while (residents_.size() < kPlacesInTown) open_place();
    for (int d = 1; d <= day; ++d) live(d);
    if (day == kBrokenDay) {
      for (Resident& resident : residents_) resident.place.truth.opening_hours.clear();
    }
    if (day == kFailingDay) {
      for (int i = 0; i < kFailingPages; ++i) pick_unchanged().failing = true;
    }
    for (std::size_t i = 0; i < residents_.size(); ++i) {
      if (residents_[i].open && !residents_[i].failing) add_place_page(i);
    }
    add_lists();
  }

  std::string robots_txt() const override {
    return "# The sample town\nUser-agent: *\nDisallow: /private/\nDisallow: /*?sort=\n";
  }

  std::vector<std::string> page_paths() const override {
    std::vector<std::string> paths;
    for (const auto& [path, page] : pages_) paths.push_back(path);
    return paths;
  }

  std::vector<TruthPlace> truth() const override {
    std::vector<TruthPlace> all;
    for (const Resident& resident : residents_) {
      if (resident.open) all.push_back(resident.place.truth);
    }
    return all;
  }

  std::optional<Reply> answer(std::string_view target, std::uint32_t) const override;

  SiteFile file(const std::string& path) const override { return pages_.at(path); }

 private:
  void open_place();
  void live(int day);
  Resident& pick_unchanged();
  void close_place(bool linked);
  void reopen_place();
  void move_place();
  void rename_place();
  void change_hours();
  void change_phone();
  void add_place_page(std::size_t index);
  void add_lists();
  void add_page(const std::string& path, const std::string& title, const std::string& main);
  std::string card(const GeneratedPlace& place) const;

  std::uint64_t seed_;
  Rng rng_;
  std::set<std::string> names_;
  std::vector<Resident> residents_;
  std::map<std::string, SiteFile> pages_;  // by path
};

void TownSource::open_place() {
  const std::size_t index = residents_.size();
  const PlaceKind& kind = place_kinds()[index % place_kinds().size()];
  GeneratedPlace place = make_place(kTown, kind, 0, rng_);
  while (!names_.insert(place.truth.name).second) place = make_place(kTown, kind, 0, rng_);
  place.truth.page =
      "/places/" + slug(place.truth.name) + "-" + std::to_string(index + 1) + ".html";
  place.truth.format = is_microdata(index) ? "microdata" : "json-ld";
  residents_.push_back({std::move(place)});
}

// What happens on one day; the same whatever day the town is asked for.
void TownSource::live(int day) {
  rng_ = Rng(seed_, static_cast<std::uint64_t>(day), 3);
  const DayPlan& plan = kWeek[day];
  const auto times = [](int count, const auto& happens) {
    for (int i = 0; i < count; ++i) happens(i);
  };
  times(plan.reopenings, [this](int) { reopen_place(); });
  times(plan.closures, [this](int i) { close_place(i % 2 == 1); });
  times(plan.moves, [this](int) { move_place(); });
  times(plan.renamings, [this](int) { rename_place(); });
  times(plan.new_hours, [this](int) { change_hours(); });
  times(plan.new_phones, [this](int) { change_phone(); });
  times(plan.openings, [this](int) { open_place(); });
}

// One of the first places, which are more than a week changes.
Resident& TownSource::pick_unchanged() {
  for (;;) {
    Resident& resident = residents_[rng_.below(kPlacesInTown)];
    if (resident.changed) continue;
    resident.changed = true;
    return resident;
  }
}

// Its page is gone; `linked`: the lists have not noticed.
void TownSource::close_place(bool linked) {
  Resident& resident = pick_unchanged();
  resident.open = false;
  resident.linked = linked;
}

void TownSource::reopen_place() {
  for (Resident& resident : residents_) {
    if (resident.open) continue;
    resident.open = resident.linked = true;
    return;
  }
}

void TownSource::move_place() {
  TruthPlace& truth = pick_unchanged().place.truth;
  const TruthPlace elsewhere = make_place(kTown, place_kinds()[0], 0, rng_).truth;
  truth.street = elsewhere.street;
  truth.housenumber = elsewhere.housenumber;
  truth.street_address = elsewhere.street_address;
  truth.postcode = elsewhere.postcode;
  truth.lat = elsewhere.lat;
  truth.lon = elsewhere.lon;
}

// It keeps its page, its addresses on the web and the rest.
void TownSource::rename_place() {
  TruthPlace& truth = pick_unchanged().place.truth;
  const std::string noun = truth.name.substr(0, truth.name.find(' '));
  std::string name;
  do {
    name = noun + " " + std::string(rng_.pick(family_names(kTown.language)));
  } while (!names_.insert(name).second);
  truth.name = name;
}

void TownSource::change_hours() {
  for (;;) {
    GeneratedPlace& place = pick_unchanged().place;
    const Week week = make_week(rng_);
    const bool other = osm_hours(week) != place.truth.opening_hours;
    if (place.truth.opening_hours.empty() || !other) continue;
    place.week = week;
    place.truth.opening_hours = osm_hours(week);
    return;
  }
}

void TownSource::change_phone() {
  TruthPlace& truth = pick_unchanged().place.truth;
  const TruthPlace other = make_place(kTown, place_kinds()[0], 0, rng_).truth;
  truth.phone = other.phone;
  truth.phone_e164 = other.phone_e164;
}

std::string TownSource::card(const GeneratedPlace& place) const {
  return "<article class=\"card\"><h3>" + anchor(place.truth.page, place.truth.name) + "</h3><p>" +
         escape_html(place.truth.street_address) + "</p></article>\n";
}

void TownSource::add_page(const std::string& path, const std::string& title,
                          const std::string& main) {
  Document document;
  document.title = title;
  document.language = "de";
  document.charset = "utf-8";
  document.canonical = path;
  document.main = "<h1>" + escape_html(title) + "</h1>\n" + main;
  pages_[path] = {path, "text/html; charset=utf-8", html(document)};
}

void TownSource::add_place_page(std::size_t index) {
  const GeneratedPlace& place = residents_[index].place;
  Rng rng(seed_, index, 2);
  Document document;
  document.title = place.truth.name + " – " + place.truth.city;
  document.language = "de";
  document.canonical = place.truth.page;
  const bool windows = index == kWindows1252Place;
  document.charset = windows ? "windows-1252" : "utf-8";
  if (is_microdata(index)) {
    document.main = microdata({place}, rng);
  } else {
    document.head = json_ld({place}, place.truth.page, rng);
    if (is_shown(index)) document.main = plain_card(place);
  }
  document.main += filler(Language::kDe, 1500, rng);
  document.main += anchor("/streets/" + slug(place.truth.street) + ".html", place.truth.street);
  document.main += "\n" + anchor(place.truth.page + "?sort=name", "A–Z") + "\n";
  std::string body = html(document);
  if (windows) body = encode(body, "CP1252");
  pages_[place.truth.page] = {place.truth.page, windows ? "text/html" : "text/html; charset=utf-8",
                              std::move(body)};
}

void TownSource::add_lists() {
  std::map<std::string, std::string> lists;  // path -> cards
  std::map<std::string, std::string> titles;
  for (const Resident& resident : residents_) {
    if (!resident.linked) continue;
    const GeneratedPlace& place = resident.place;
    const std::string street = "/streets/" + slug(place.truth.street) + ".html";
    const std::string kind = "/kinds/" + slug(place.truth.schema_type) + ".html";
    for (const auto& [path, title] :
         {std::pair{street, place.truth.street}, std::pair{kind, place.truth.schema_type}}) {
      lists[path] += card(place);
      titles[path] = title;
    }
  }
  std::string home = "<ul>\n";
  for (const auto& [path, cards] : lists) {
    add_page(path, titles[path], "<div class=\"cards\">\n" + cards + "</div>\n");
    home += "<li>" + anchor(path, titles[path]) + "</li>\n";
  }
  home += "<li>" + anchor("/old-map", "Stadtplan") + "</li>\n<li>" + anchor("/private/", "Intern") +
          "</li>\n</ul>\n";
  add_page("/", "Freiburg, Musterstadt", home);
  add_page("/map.html", "Stadtplan", "<p>" + anchor("/", "Start") + "</p>\n");
}

std::optional<Reply> TownSource::answer(std::string_view target, std::uint32_t) const {
  Reply reply;
  if (target == "/old-map") {
    reply.status = 301;
    reply.headers = {{"Location", "/map.html"}};
    return reply;
  }
  std::string path(target);
  if (target.starts_with("/private/")) {  // endless, were one to go there
    reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
    reply.body = "<!DOCTYPE html><title>Intern</title>" + anchor(path + "a/", "weiter");
    return reply;
  }
  path.resize(std::min(path.size(), path.find('?')));
  for (const Resident& resident : residents_) {
    if (!resident.failing || resident.place.truth.page != path) continue;
    reply.status = 503;
    return reply;
  }
  const auto found = pages_.find(path);
  if (found == pages_.end()) return std::nullopt;
  reply.headers = {{"Content-Type", found->second.content_type}};
  reply.body = found->second.body;
  return reply;
}

}  // namespace

std::shared_ptr<Site::Source> town_source(std::uint64_t seed, int day) {
  return std::make_shared<TownSource>(seed, day);
}

}  // namespace placer::web
