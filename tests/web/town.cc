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

bool is_microdata(std::size_t index) { return index % 4 == 3; }
bool is_shown(std::size_t index) { return index % 10 != 4; }  // else only in its JSON-LD

class TownSource : public Site::Source {
 public:
  explicit TownSource(std::uint64_t seed) : seed_(seed) {
    make_places();
    for (std::size_t i = 0; i < places_.size(); ++i) add_place_page(i);
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
    for (const GeneratedPlace& place : places_) all.push_back(place.truth);
    return all;
  }

  std::optional<Reply> answer(std::string_view target, std::uint32_t) const override;

  SiteFile file(const std::string& path) const override { return pages_.at(path); }

 private:
  void make_places();
  void add_place_page(std::size_t index);
  void add_lists();
  void add_page(const std::string& path, const std::string& title, const std::string& main);
  std::string card(const GeneratedPlace& place) const;

  std::uint64_t seed_;
  std::vector<GeneratedPlace> places_;
  std::map<std::string, SiteFile> pages_;  // by path
};

void TownSource::make_places() {
  std::set<std::string> names;
  Rng rng(seed_, 0, 1);
  while (places_.size() < kPlacesInTown) {
    const PlaceKind& kind = place_kinds()[places_.size() % place_kinds().size()];
    GeneratedPlace place = make_place(kTown, kind, 0, rng);
    if (!names.insert(place.truth.name).second) continue;
    place.truth.page =
        "/places/" + slug(place.truth.name) + "-" + std::to_string(places_.size() + 1) + ".html";
    place.truth.format = is_microdata(places_.size()) ? "microdata" : "json-ld";
    places_.push_back(std::move(place));
  }
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
  const GeneratedPlace& place = places_[index];
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
  for (const GeneratedPlace& place : places_) {
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
  const auto found = pages_.find(path);
  if (found == pages_.end()) return std::nullopt;
  reply.headers = {{"Content-Type", found->second.content_type}};
  reply.body = found->second.body;
  return reply;
}

}  // namespace

std::shared_ptr<Site::Source> town_source(std::uint64_t seed) {
  return std::make_shared<TownSource>(seed);
}

}  // namespace placer::web
