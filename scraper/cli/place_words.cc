#include "scraper/cli/place_words.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "config/values.h"
#include "scraper/cli/terminal.h"
#include "scraper/place/text.h"
#include "scraper/place/week.h"
#include "storage/moment.h"

namespace placer::cli {
namespace {

using Words = std::vector<std::string>;
using Problem = tl::unexpected<std::string>;

constexpr std::size_t kLongestPhrase = 4;  // words

struct Everyday {
  std::string_view category;
  std::string_view english;  // separated by '|'
  std::string_view german;
};
constexpr Everyday kEveryday[] = {
#include "scraper/cli/place_words.inc"
};

struct TypeTag {
  std::string_view type;
  std::string_view category;
};
constexpr TypeTag kTypeTags[] = {
#include "scraper/place/category.inc"
};

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "CafeOrCoffeeShop" -> "Cafe Or Coffee Shop".
std::string words_of_type(std::string_view type) {
  std::string words;
  for (const char c : type) {
    if (c >= 'A' && c <= 'Z' && !words.empty()) words += ' ';
    words += c;
  }
  return words;
}

std::string plural_of(std::string_view word) {
  const auto ends = [word](std::string_view ending) { return word.ends_with(ending); };
  if (ends("y") && word.size() > 1 &&
      std::string_view("aeiou").find(word[word.size() - 2]) == std::string_view::npos) {
    return std::string(word.substr(0, word.size() - 1)) + "ies";
  }
  return std::string(word) + (ends("s") || ends("x") || ends("ch") || ends("sh") ? "es" : "s");
}

// "baeckerei" as it is folded from "bäckerei".
std::string without_umlaut_digraphs(std::string_view folded_word) {
  std::string out;
  for (std::size_t i = 0; i < folded_word.size(); ++i) {
    const char c = folded_word[i];
    out += c;
    const bool vowel = c == 'a' || c == 'o' || c == 'u';
    if (vowel && i + 1 < folded_word.size() && folded_word[i + 1] == 'e') ++i;
  }
  return out;
}

bool is_tag(std::string_view text) {
  const std::size_t equals = text.find('=');
  return equals != std::string_view::npos && equals > 0 && equals + 1 < text.size() &&
         text.find(' ') == std::string_view::npos;
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> list) {
  const std::string lower = folded(word);
  return std::find(list.begin(), list.end(), lower) != list.end();
}

// Takes a sentence apart from front to back.
class Reader {
 public:
  Reader(Words words, const CategoryWords& vocabulary, PlaceQuery& query)
      : words_(std::move(words)), vocabulary_(vocabulary), query_(query) {}

  tl::expected<void, std::string> read() {
    while (at_ < words_.size()) {
      if (auto done = clause(); !done) return done;
    }
    if (within_ && !query_.near) {
      return Problem(
          "within: a distance from where? Say near LAT,LON too, such as near 52.52,13.40");
    }
    if (within_) query_.near->radius_m = *within_;
    return {};
  }

 private:
  bool at_end() const { return at_ >= words_.size(); }

  bool take(std::initializer_list<std::string_view> list) {
    if (at_end() || !is_one_of(words_[at_], list)) return false;
    ++at_;
    return true;
  }

  tl::expected<void, std::string> clause() {
    const std::size_t before = at_;
    if (take({"near", "around", "bei", "nahe"})) return position();
    if (take({"within", "innerhalb", "umkreis"})) return distance();
    if (take({"im"})) {
      if (take({"umkreis"})) return distance();
      at_ = before;
    }
    if (take({"open", "offen", "geoffnet", "geoeffnet"})) return moment();
    if (const std::size_t taken = category(); taken > 0) {
      at_ += taken;
      return {};
    }
    if (at_ + 1 < words_.size() && take({"in"})) {
      city();
      return {};
    }
    query_.text += (query_.text.empty() ? "" : " ") + words_[at_++];
    return {};
  }

  // "52.52,13.40", "52.52, 13.40" or "52.52 13.40".
  tl::expected<void, std::string> position() {
    std::string written;
    for (std::size_t length = 1; length <= 2 && at_ + length <= words_.size(); ++length) {
      const std::string& word = words_[at_ + length - 1];
      if (length == 2 && !written.ends_with(',')) written += ',';
      written += word;
      if (const auto centre = parse_position(written)) {
        query_.near = Near{*centre, Near{}.radius_m};
        at_ += length;
        return {};
      }
    }
    return Problem(fmt::format("near {}: expected LAT,LON in degrees, such as near 52.52,13.40",
                               at_end() ? std::string() : printable(words_[at_])));
  }

  tl::expected<void, std::string> distance() {
    take({"of", "von"});
    std::string written;
    for (std::size_t length = 1; length <= 2 && at_ + length <= words_.size(); ++length) {
      written += words_[at_ + length - 1];
      const bool unit_follows =
          length == 1 && at_ + 1 < words_.size() && is_one_of(words_[at_ + 1], {"m", "km", "mi"});
      if (unit_follows) continue;
      const auto radius = parse_distance(written);
      if (!radius) break;
      within_ = radius;
      at_ += length;
      take({"of", "von"});
      return {};
    }
    return Problem(fmt::format("within {}: expected a distance such as 500m or 2km",
                               at_end() ? std::string() : printable(words_[at_])));
  }

  tl::expected<void, std::string> moment() {
    take({"at", "on", "am", "um"});
    if (at_end() || take({"now", "jetzt"})) {
      query_.open_at = "now";
      return {};
    }
    const auto now = std::chrono::floor<Instant::duration>(std::chrono::system_clock::now());
    // "sunday 10:00", "sunday at 10:00", "10:00"; the longest that is one.
    for (std::size_t length = std::min<std::size_t>(3, words_.size() - at_); length > 0; --length) {
      std::string written;
      for (std::size_t i = 0; i < length; ++i) {
        const std::string& word = words_[at_ + i];
        if (i > 0 && is_one_of(word, {"at", "um"})) continue;
        written += (written.empty() ? "" : " ") + word;
      }
      if (!parse_moment(written, now)) continue;
      query_.open_at = written;
      at_ += length;
      return {};
    }
    if (is_one_of(words_[at_],
                  {"near", "around", "bei", "nahe", "within", "innerhalb", "in", "im"})) {
      query_.open_at = "now";
      return {};
    }
    return Problem(
        fmt::format("open {}: expected now, a time such as 20:00, or a day and a time"
                    " such as 'Sa 20:00' or 2026-12-24T18:00",
                    printable(words_[at_])));
  }

  // How many words the longest category here takes; 0: it is none.
  std::size_t category() {
    for (std::size_t length = std::min(kLongestPhrase, words_.size() - at_); length > 0; --length) {
      std::string phrase;
      for (std::size_t i = 0; i < length; ++i) {
        phrase += (phrase.empty() ? "" : " ") + words_[at_ + i];
      }
      const auto found = vocabulary_.categories(phrase);
      if (found.empty()) continue;
      query_.categories.insert(query_.categories.end(), found.begin(), found.end());
      if (!is_tag(phrase)) query_.category_words.push_back(phrase);
      return length;
    }
    return 0;
  }

  // All words up to the next keyword.
  void city() {
    while (!at_end() &&
           !is_one_of(words_[at_], {"near", "around", "bei", "nahe", "within", "innerhalb",
                                    "umkreis", "im", "open", "offen", "geoffnet", "geoeffnet"})) {
      query_.city += (query_.city.empty() ? "" : " ") + words_[at_++];
    }
  }

  Words words_;
  const CategoryWords& vocabulary_;
  PlaceQuery& query_;
  std::size_t at_ = 0;
  std::optional<double> within_;
};

tl::expected<void, std::string> add_category(std::string_view written,
                                             const CategoryWords& vocabulary, PlaceQuery& query) {
  const auto found = vocabulary.categories(written);
  if (found.empty()) {
    const std::string meant = vocabulary.meant(written);
    return Problem(fmt::format(
        "--category {}: no such category{}; say it as an OSM tag, such as amenity=cafe",
        printable(written), meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant)));
  }
  query.categories.insert(query.categories.end(), found.begin(), found.end());
  return {};
}

}  // namespace

std::optional<Position> parse_position(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto lat = parse_number(text.substr(0, comma));
  const auto lon = parse_number(trimmed(text.substr(comma + 1)));
  const bool valid = lat && lon && *lat >= -90 && *lat <= 90 && *lon >= -180 && *lon <= 180;
  return valid ? std::optional(Position{*lat, *lon}) : std::nullopt;
}

std::optional<double> parse_distance(std::string_view text) {
  double unit = 1;
  for (const auto& [name, metres] : {std::pair{"km", 1000.0}, {"mi", 1609.344}, {"m", 1.0}}) {
    if (!text.ends_with(name)) continue;
    unit = metres;
    text.remove_suffix(std::string_view(name).size());
    break;
  }
  const auto value = parse_number(trimmed(text));
  const bool valid = value && *value > 0 && *value * unit < 1e9;
  return valid ? std::optional(*value * unit) : std::nullopt;
}

CategoryWords::CategoryWords(const std::vector<std::string>& present) {
  for (const auto& [category, english, german] : kEveryday) {
    for (const std::string_view word : split_any(english, "|"))
      add(word, std::string(category), true);
    for (const std::string_view word : split_any(german, "|"))
      add(word, std::string(category), false);
  }
  const auto everyday = words_;
  const auto add_new = [this, &everyday](std::string_view phrase, const std::string& category) {
    if (!everyday.contains(folded(phrase))) add(phrase, category, true);
  };
  for (const auto& [type, category] : kTypeTags)
    add_new(words_of_type(type), std::string(category));
  std::vector<std::string> tags = present;
  for (const auto& [type, category] : kTypeTags) tags.emplace_back(category);
  for (const std::string& tag : tags) {
    const std::size_t equals = tag.find('=');
    if (equals == std::string::npos) continue;
    words_[tag] = {tag};
    add_new(tag.substr(0, equals), tag.substr(0, equals));
    if (const std::string value = tag.substr(equals + 1); value != "yes") add_new(value, tag);
  }
}

void CategoryWords::add(std::string_view phrase, const std::string& category, bool with_plural) {
  const std::string key = folded(phrase);
  for (const std::string& form : {key, with_plural && !key.empty() ? plural_of(key) : key}) {
    auto& categories = words_[form];
    if (!form.empty() && std::ranges::find(categories, category) == categories.end()) {
      categories.push_back(category);
    }
  }
}

std::vector<std::string> CategoryWords::categories(std::string_view words) const {
  const std::string_view written = trimmed(words);
  if (is_tag(written)) return {std::string(written)};
  const std::string key = folded(written);
  if (key.empty()) return {};
  for (const std::string& form : {key, without_umlaut_digraphs(key)}) {
    if (const auto found = words_.find(form); found != words_.end()) return found->second;
  }
  return {};
}

std::string CategoryWords::meant(std::string_view word) const {
  std::vector<std::string_view> known;
  for (const auto& [form, categories] : words_) known.push_back(form);
  return std::string(nearest(folded(word), known));
}

tl::expected<void, std::string> add_words(const Words& arguments, const CategoryWords& vocabulary,
                                          PlaceQuery& query) {
  Words words;
  for (const std::string& argument : arguments) {
    for (const std::string_view word : split_any(argument, " \t\r\n")) words.emplace_back(word);
  }
  return Reader(std::move(words), vocabulary, query).read();
}

void add_filters_to(Command& command, PlaceFilterText& filter) {
  command.option("--near", "LAT,LON", filter.near, "Around this position, nearest first")
      .option("--within", "DISTANCE", filter.within, "Farthest distance from --near")
      .option("--category", "CATEGORY", filter.category,
              "OSM tags or everyday words, with commas between");
}

tl::expected<void, std::string> add_filters(const PlaceFilterText& text,
                                            const CategoryWords& vocabulary, PlaceQuery& query) {
  if (!text.near.empty()) {
    const auto centre = parse_position(text.near);
    if (!centre) {
      return Problem(fmt::format("--near {}: expected LAT,LON in degrees, such as 52.52,13.40",
                                 printable(text.near)));
    }
    const auto radius = parse_distance(text.within);
    if (!radius) {
      return Problem(fmt::format("--within {}: expected a distance such as 500m or 2km",
                                 printable(text.within)));
    }
    query.near = Near{*centre, *radius};
  }
  for (const std::string_view category : split_any(text.category, ",")) {
    if (auto done = add_category(category, vocabulary, query); !done) return done;
  }
  if (!text.open_at.empty()) {
    const auto now = std::chrono::floor<Instant::duration>(std::chrono::system_clock::now());
    if (!parse_moment(text.open_at, now)) {
      return Problem(
          fmt::format("--open-at {}: expected now, a time such as 20:00, a day and a time"
                      " such as 'Sa 20:00', or 2026-12-24T18:00",
                      printable(text.open_at)));
    }
    query.open_at = text.open_at;
  }
  return {};
}

}  // namespace placer::cli
