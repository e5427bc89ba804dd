#include "tests/web/traps.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

#include "tests/web/markup.h"

namespace placer::web {
namespace {

std::string filler_of(std::uint64_t seed, std::uint64_t item, std::size_t bytes) {
  Rng rng(seed, item, 71);
  return filler(Language::kEn, bytes, rng);
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.size() > 1) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

class SegmentTrap : public Trap {
 public:
  explicit SegmentTrap(std::uint64_t seed) : text_(filler_of(seed, 1, 2500)) {}

  bool has(std::string_view target) const override {
    const auto segments = segments_of(target);
    return target.ends_with('/') && !segments.empty() &&
           std::all_of(segments.begin(), segments.end(), [](std::string_view segment) {
             return std::find(kWords.begin(), kWords.end(), segment) != kWords.end();
           });
  }
  std::vector<std::string> entries() const override { return {"/news/", "/team/", "/map/"}; }
  std::vector<std::string> links(std::string_view target) const override {
    std::vector<std::string> links;
    for (const std::string_view word : kWords) {
      links.push_back(std::string(target).append(word).append("/"));
    }
    return links;
  }
  std::string text(std::string_view target) const override {
    return "<h1>" + std::string(segments_of(target).back()) + "</h1>" + text_;
  }

 private:
  static constexpr std::array<std::string_view, 7> kWords = {"news",    "team", "map", "press",
                                                             "service", "jobs", "shop"};
  std::string text_;
};

class CalendarTrap : public Trap {
 public:
  explicit CalendarTrap(std::uint64_t seed) : text_(filler_of(seed, 2, 2500)) {}

  bool has(std::string_view target) const override {
    int year = 0;
    int month = 0;
    int day = 1;
    return read(target, year, month, day);
  }
  std::vector<std::string> entries() const override {
    return {"/calendar/2026/11", "/calendar/2026/12", "/calendar/2026/11/05"};
  }
  std::vector<std::string> links(std::string_view target) const override {
    int year = 0;
    int month = 0;
    int day = 0;
    read(target, year, month, day);
    std::vector<std::string> links;
    const auto add = [&links](int y, int m, int d) {
      if (y < 1 || y > 9999) return;
      std::array<char, 64> path;
      const int size =
          d == 0 ? std::snprintf(path.data(), path.size(), "/calendar/%04d/%02d", y, m)
                 : std::snprintf(path.data(), path.size(), "/calendar/%04d/%02d/%02d", y, m, d);
      links.emplace_back(path.data(), static_cast<std::size_t>(size));
    };
    add(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 0);
    add(month == 1 ? year - 1 : year, month == 1 ? 12 : month - 1, 0);
    add(year + 1, month, 0);
    add(year - 1, month, 0);
    for (int d = 1; d <= 28; d += 3) add(year, month, d);
    return links;
  }
  std::string text(std::string_view target) const override {
    int year = 0;
    int month = 0;
    int day = 0;
    read(target, year, month, day);
    static constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                           "May",       "June",     "July",     "August",
                                           "September", "October",  "November", "December"};
    return "<h1>" + std::string(kMonths[static_cast<std::size_t>(month - 1)]) + " " +
           std::to_string(year) + "</h1><p>No events on these days.</p>" + text_;
  }

 private:
  static bool read(std::string_view target, int& year, int& month, int& day) {
    const std::string text(target);
    int size = 0;
    day = 0;
    if (std::sscanf(text.c_str(), "/calendar/%4d/%2d/%2d%n", &year, &month, &day, &size) != 3) {
      day = 0;
      size = 0;
      if (std::sscanf(text.c_str(), "/calendar/%4d/%2d%n", &year, &month, &size) != 2) return false;
    }
    return static_cast<std::size_t>(size) == text.size() && month >= 1 && month <= 12 && day >= 0 &&
           day <= 31;
  }
  std::string text_;
};

class FacetTrap : public Trap {
 public:
  explicit FacetTrap(std::uint64_t seed) : seed_(seed) {
    for (std::size_t i = 0; i < kGoods; ++i) {
      Rng rng(seed, i, 72);
      goods_.push_back("<li>" + std::string(rng.pick(words(Language::kEn))) + " " +
                       std::string(rng.pick(words(Language::kEn))) + " " +
                       std::string(rng.pick(family_names(Language::kEn))) + ", in stock</li>");
    }
  }

  bool has(std::string_view target) const override {
    return target == "/shop" || target.starts_with("/shop?");
  }
  std::vector<std::string> entries() const override {
    return {"/shop", "/shop?color=3", "/shop?size=5", "/shop?brand=1"};
  }
  std::vector<std::string> links(std::string_view target) const override {
    std::array<int, kNames.size()> chosen = read(target);
    Rng rng(seed_, text_hash(target), 73);
    std::vector<std::string> links;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      for (int times = 0; times < 3; ++times) {
        auto other = chosen;
        other[i] = static_cast<int>(rng.below(11)) - 1;
        std::string link = "/shop";
        for (std::size_t k = 0; k < kNames.size(); ++k) {
          if (other[k] < 0) continue;
          link += (link.size() == 5 ? '?' : '&');
          link.append(kNames[k]).append("=").append(std::to_string(other[k]));
        }
        links.push_back(link);
      }
    }
    return links;
  }
  std::string text(std::string_view target) const override {
    Rng rng(seed_, text_hash(target), 74);
    std::string text = "<h1>Our goods</h1><ul>";
    for (int i = 0; i < 25; ++i) text += goods_[rng.below(goods_.size())];
    return text + "</ul>";
  }

 private:
  static constexpr std::size_t kGoods = 300;
  static constexpr std::array<std::string_view, 6> kNames = {"color", "size", "brand",
                                                             "price", "sort", "view"};
  static std::array<int, kNames.size()> read(std::string_view target) {
    std::array<int, kNames.size()> chosen;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      const std::size_t at = target.find(std::string(kNames[i]) + "=");
      chosen[i] = at == target.npos ? -1 : target[at + kNames[i].size() + 1] - '0';
    }
    return chosen;
  }
  std::uint64_t seed_;
  std::vector<std::string> goods_;
};

class DepthTrap : public Trap {
 public:
  explicit DepthTrap(std::uint64_t seed) : seed_(seed), text_(filler_of(seed, 3, 2500)) {}

  bool has(std::string_view target) const override { return target.starts_with("/archive/"); }
  std::vector<std::string> entries() const override { return {"/archive/", "/archive/index/"}; }
  std::vector<std::string> links(std::string_view target) const override {
    Rng rng(seed_, text_hash(target), 75);
    std::vector<std::string> links;
    for (int i = 0; i < 6; ++i) {
      const std::string name = std::string(rng.pick(words(Language::kEn))) + "-" +
                               std::string(rng.pick(family_names(Language::kEn)));
      links.push_back(std::string(target) + slug(name) + "/");
    }
    return links;
  }
  std::string text(std::string_view target) const override {
    return "<h1>" + std::string(segments_of(target).back()) + "</h1>" + text_;
  }

 private:
  std::uint64_t seed_;
  std::string text_;
};

class Soft404Trap : public Trap {
 public:
  explicit Soft404Trap(std::uint64_t seed) : seed_(seed), text_(filler_of(seed, 4, 600)) {}

  bool has(std::string_view target) const override {
    return target.starts_with("/node/") && target.size() > 6 &&
           target.find_first_not_of("0123456789", 6) == target.npos;
  }
  std::vector<std::string> entries() const override { return {"/node/1", "/node/22", "/node/333"}; }
  std::vector<std::string> links(std::string_view target) const override {
    Rng rng(seed_, text_hash(target), 76);
    std::vector<std::string> links;
    for (int i = 0; i < 8; ++i) links.push_back("/node/" + std::to_string(rng.below(9'000'000)));
    return links;
  }
  std::string text(std::string_view target) const override {
    return "<h1>Sorry</h1><p>We could not find " + escape_html(target) +
           ". You may like these.</p>" + text_;
  }

 private:
  std::uint64_t seed_;
  std::string text_;
};

constexpr std::array<std::string_view, 5> kPlainKinds = {"segments", "calendar", "facets", "depth",
                                                         "soft-404"};

// What `random` numbers over the pages look like where each link has an id of its own.
std::string session_id(std::uint64_t seed, std::string_view page, std::size_t link) {
  std::array<char, 17> id;
  Rng rng(seed, text_hash(page), 1000 + link);
  std::snprintf(id.data(), id.size(), "%016llx", static_cast<unsigned long long>(rng.next()));
  return {id.data(), 16};
}

class TrapSource : public Site::Source {
 public:
  TrapSource(const std::string& kind, std::uint64_t seed) : seed_(seed) {
    sessions_ = kind == "session-paths"                        ? Sessions::kPath
                : kind == "sessions" || kind == "all-sessions" ? Sessions::kQuery
                                                               : Sessions::kNone;
    for (const std::string_view plain : kPlainKinds) {
      if (kind == plain || kind.starts_with("all")) traps_.push_back(make_trap(plain, seed));
    }
    if (traps_.empty() && sessions_ == Sessions::kNone) {
      throw std::invalid_argument("no such trap: " + kind);
    }
    for (const auto& trap : traps_) {
      for (std::string& entry : trap->entries()) entries_.push_back(std::move(entry));
    }
    for (std::size_t i = 0; i < kPlacesBehindTraps; ++i) add_place(i);
  }

  std::string robots_txt() const override { return "User-agent: *\nAllow: /\n"; }
  std::vector<std::string> page_paths() const override {
    std::vector<std::string> paths = {"/"};
    for (const GeneratedPlace& place : places_) paths.push_back(place.truth.page);
    return paths;
  }
  std::vector<TruthPlace> truth() const override {
    std::vector<TruthPlace> all;
    for (const GeneratedPlace& place : places_) all.push_back(place.truth);
    return all;
  }

  std::optional<Reply> answer(std::string_view target, std::uint32_t) const override {
    const std::string path = without_session(target);
    if (path != "/" && index_of(path) == places_.size() && trap_of(path) == nullptr) {
      return std::nullopt;
    }
    Reply reply;
    SiteFile page = render(path, target);
    reply.headers = {{"Content-Type", std::move(page.content_type)}};
    reply.body = std::move(page.body);
    return reply;
  }

  SiteFile file(const std::string& path) const override { return render(path, path); }

 private:
  enum class Sessions { kNone, kQuery, kPath };

  void add_place(std::size_t index) {
    Rng rng(seed_, index, 1);
    const Town& town = rng.pick(towns());
    GeneratedPlace place = make_place(town, rng.pick(place_kinds()), index + 1, rng);
    const std::string name = slug(place.truth.name) + "-" + std::to_string(index + 1);
    // Another seed, another way to name pages.
    const std::array<std::string, 3> paths = {"/places/" + name + ".html",
                                              "/in/" + slug(town.name) + "/" + name,
                                              "/detail?id=" + std::to_string(index + 1)};
    place.truth.page = paths[seed_ % paths.size()];
    place.truth.format = "json-ld";
    places_.push_back(std::move(place));
  }

  std::size_t index_of(std::string_view path) const {
    return static_cast<std::size_t>(
        std::find_if(places_.begin(), places_.end(),
                     [path](const GeneratedPlace& p) { return p.truth.page == path; }) -
        places_.begin());
  }

  const Trap* trap_of(std::string_view path) const {
    for (const auto& trap : traps_) {
      if (trap->has(path)) return trap.get();
    }
    return nullptr;
  }

  std::string without_session(std::string_view target) const {
    if (sessions_ == Sessions::kPath && target.starts_with("/v/") && target.size() > 19) {
      return std::string(target.substr(19));
    }
    const std::size_t at = sessions_ == Sessions::kQuery ? target.find("visit=") : target.npos;
    if (at == target.npos || at == 0) return std::string(target);
    return std::string(target.substr(0, at - 1));  // it comes last
  }

  std::string with_session(const std::string& path, std::string_view page, std::size_t link) const {
    if (sessions_ == Sessions::kNone) return path;
    const std::string id = session_id(seed_, page, link);
    if (sessions_ == Sessions::kPath) return "/v/" + id + path;
    return path + (path.find('?') == path.npos ? "?visit=" : "&visit=") + id;
  }

  // Half of the places hang in a tree of their own pages; the others are listed only where a trap
  // begins. Without such a beginning all are in the tree.
  std::vector<std::string> places_linked_from(std::string_view path) const {
    std::vector<std::string> links;
    const auto link = [&](std::size_t index) {
      if (index < places_.size()) links.push_back(places_[index].truth.page);
    };
    const std::size_t step = entries_.empty() ? 1 : 2;
    const std::size_t own = index_of(path);
    if (path == "/") {
      for (std::size_t i = 0; i < 3; ++i) link(i * step);
    } else if (own < places_.size()) {
      for (std::size_t i = 0; i < 2; ++i) link((2 * (own / step) + 3 + i) * step);
    }
    const auto entry = std::find(entries_.begin(), entries_.end(), path);
    if (entry != entries_.end()) {
      for (auto i = static_cast<std::size_t>(entry - entries_.begin()); 2 * i + 1 < places_.size();
           i += entries_.size()) {
        link(2 * i + 1);
      }
    }
    Rng rng(seed_, text_hash(path), 2);
    if (rng.chance(sessions_ == Sessions::kNone ? 0.3 : 1)) link(step * rng.below(100));
    return links;
  }

  SiteFile render(const std::string& path, std::string_view target) const {
    Document document;
    document.language = "en";
    document.charset = "utf-8";
    document.title = "Places";
    std::vector<std::string> links = places_linked_from(path);
    const std::size_t index = index_of(path);
    if (const Trap* trap = trap_of(path)) {
      for (std::string& link : trap->links(path)) links.push_back(std::move(link));
      document.main = trap->text(path);
    } else if (index < places_.size()) {
      Rng rng(seed_, index, 3);
      document.title = places_[index].truth.name;
      document.head = json_ld({places_[index]}, places_[index].truth.page, rng);
      document.main = plain_card(places_[index]) + filler(places_[index].language, 1500, rng);
    }
    if (trap_of(path) == nullptr) links.insert(links.end(), entries_.begin(), entries_.end());
    links.push_back("/");
    Rng rng(seed_, text_hash(target), 4);
    for (std::size_t i = links.size(); i > 1; --i) std::swap(links[i - 1], links[rng.below(i)]);
    for (std::size_t i = 0; i < links.size(); ++i) {
      document.main += anchor(with_session(links[i], target, i), "more") + "\n";
    }
    return {path, "text/html; charset=utf-8", html(document)};
  }

  std::uint64_t seed_;
  Sessions sessions_;
  std::vector<std::unique_ptr<Trap>> traps_;
  std::vector<std::string> entries_;
  std::vector<GeneratedPlace> places_;
};

}  // namespace

std::uint64_t text_hash(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

std::unique_ptr<Trap> make_trap(std::string_view kind, std::uint64_t seed) {
  if (kind == "segments") return std::make_unique<SegmentTrap>(seed);
  if (kind == "calendar") return std::make_unique<CalendarTrap>(seed);
  if (kind == "facets") return std::make_unique<FacetTrap>(seed);
  if (kind == "depth") return std::make_unique<DepthTrap>(seed);
  if (kind == "soft-404") return std::make_unique<Soft404Trap>(seed);
  throw std::invalid_argument("no such trap: " + std::string(kind));
}

std::vector<std::string> trap_kinds() {
  std::vector<std::string> kinds(kPlainKinds.begin(), kPlainKinds.end());
  for (const char* kind : {"sessions", "session-paths", "all", "all-sessions"}) {
    kinds.emplace_back(kind);
  }
  return kinds;
}

std::shared_ptr<Site::Source> trap_source(const std::string& kind, std::uint64_t seed) {
  return std::make_shared<TrapSource>(kind, seed);
}

}  // namespace placer::web
