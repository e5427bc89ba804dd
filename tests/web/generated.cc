// A site of any size whose every page is a function of the seed and the page's number.
//
// Page i links to its children i*F+1 ... i*F+F, so that all are reachable, and to pages anywhere.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "tests/web/markup.h"
#include "tests/web/source.h"

namespace placer::web {
namespace {

enum Purpose : std::uint64_t { kTraits = 1, kPlaces, kMarkup, kLinks, kText };

struct Encoding {
  const char* label;  // Encoding Standard
  const char* iconv_name;
};
constexpr Encoding kUtf8 = {"utf-8", nullptr};
constexpr Encoding kWindows1252 = {"windows-1252", "CP1252"};
constexpr Encoding kShiftJis = {"shift_jis", "CP932"};
constexpr Encoding kGb18030 = {"gb18030", "GB18030"};
constexpr Encoding kUtf16 = {"utf-16le", "UTF-16LE"};

enum class Content : std::uint8_t { kText, kJsonLd, kMicrodata, kMicroformats };

constexpr const char* kFormatNames[] = {"", "json-ld", "microdata", "microformats"};

// What is fixed about a page before it is made.
struct Traits {
  Content content = Content::kText;
  const Town* town = nullptr;
  Encoding encoding = kUtf8;
  bool charset_in_header = true;
  bool links_to_missing = false;
  std::uint32_t failures = 0;  // attempts answered 503
};

std::optional<std::uint32_t> number_before_suffix(std::string_view path) {
  if (!path.ends_with(".html")) return std::nullopt;
  path.remove_suffix(5);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view digits = path.substr(slash + 1);
  std::uint32_t number = 0;
  const auto end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, number);
  if (digits.empty() || result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return number;
}

void keep_what_h_cards_state(TruthPlace& place) {
  place.schema_type.clear();
  place.category.clear();
  place.email.clear();
  place.opening_hours.clear();
  place.rating.reset();
  place.rating_count.reset();
  place.price_range.clear();
  place.image.clear();
  place.same_as.clear();
}

std::string_view without_origin(std::string_view target) {
  if (!target.starts_with("http://")) return target;
  return target.substr(std::min(target.find('/', 7), target.size()));
}

class GeneratedSource : public Site::Source {
 public:
  explicit GeneratedSource(const SiteOptions& options)
      : options_(options), fan_out_(std::clamp(options.links_per_page / 2, 1U, 12U)) {}

  std::string robots_txt() const override {
    return options_.robots_txt.value_or("User-agent: *\nDisallow: /private/\n");
  }
  std::optional<Reply> answer(std::string_view target, std::uint32_t attempt) const override;
  std::vector<std::string> page_paths() const override;
  std::vector<TruthPlace> truth() const override;
  bool counts_attempts(std::string_view target) const override {
    const auto page = page_at(target);
    return page && traits_of(*page).failures > 0;
  }
  SiteFile file(const std::string& path) const override {
    return render(page_at(path).value_or(0), true);
  }

 private:
  Traits traits_of(std::uint32_t page) const;
  void choose_town(Traits& traits, Rng& rng) const;
  std::string path_of(std::uint32_t page) const;
  std::optional<std::uint32_t> page_at(std::string_view path) const;
  std::vector<GeneratedPlace> places_of(std::uint32_t page, const Traits& traits) const;
  std::size_t size_of(Rng& rng) const;
  SiteFile render(std::uint32_t page, bool as_file) const;
  std::string links(std::uint32_t page, const Traits& traits, bool as_file) const;
  std::string href(std::uint32_t from, std::uint32_t to, bool as_file, Rng& rng) const;
  Reply trap(std::string_view target) const;

  SiteOptions options_;
  std::uint32_t fan_out_;
};

void GeneratedSource::choose_town(Traits& traits, Rng& rng) const {
  traits.town = &rng.pick(towns());
  if (!rng.chance(options_.odd_encodings)) return;
  constexpr Language kWestern[] = {Language::kDe, Language::kFr, Language::kEn,
                                   Language::kEs, Language::kIt, Language::kNl};
  switch (rng.below(5)) {
    case 0:
      traits.encoding = kShiftJis;
      traits.town = &town_of(Language::kJa);
      break;
    case 1:
      traits.encoding = kGb18030;
      traits.town = &town_of(Language::kZh);
      break;
    case 2:
      traits.encoding = kUtf16;
      break;
    default:
      traits.encoding = kWindows1252;
      traits.town = &town_of(rng.pick(kWestern));
      break;
  }
  traits.charset_in_header = rng.chance(0.5);
}

Traits GeneratedSource::traits_of(std::uint32_t page) const {
  Rng rng(options_.seed, page, kTraits);
  Traits traits;
  const double content = rng.unit();
  if (page > 0 && content < options_.json_ld) {
    traits.content = Content::kJsonLd;
  } else if (page > 0 && content < options_.json_ld + options_.microdata) {
    traits.content = Content::kMicrodata;
  } else if (page > 0 && content < options_.json_ld + options_.microdata + options_.microformats) {
    traits.content = Content::kMicroformats;
  }
  traits.links_to_missing = rng.chance(options_.missing);
  if (rng.chance(options_.healing) && page > 0) {
    traits.failures = 1 + static_cast<std::uint32_t>(rng.below(2));
  }
  choose_town(traits, rng);
  return traits;
}

std::string GeneratedSource::path_of(std::uint32_t page) const {
  if (page == 0) return "/";
  const Traits traits = traits_of(page);
  const bool has_place = traits.content != Content::kText;
  return "/" + std::string(language_tag(traits.town->language)) +
         (has_place ? "/places/" : "/pages/") + std::to_string(page) + ".html";
}

std::optional<std::uint32_t> GeneratedSource::page_at(std::string_view path) const {
  if (path == "/") return 0;
  const std::optional<std::uint32_t> page = number_before_suffix(path);
  if (!page || *page >= options_.pages || path_of(*page) != path) return std::nullopt;
  return page;
}

std::vector<GeneratedPlace> GeneratedSource::places_of(std::uint32_t page,
                                                       const Traits& traits) const {
  if (traits.content == Content::kText) return {};
  Rng rng(options_.seed, page, kPlaces);
  const bool two = traits.content == Content::kJsonLd && rng.chance(0.1);
  std::vector<GeneratedPlace> places;
  for (std::uint64_t i = 0; i < (two ? 2U : 1U); ++i) {
    places.push_back(make_place(*traits.town, rng.pick(place_kinds()), page, rng));
    TruthPlace& truth = places.back().truth;
    truth.page = path_of(page);
    truth.format = kFormatNames[static_cast<std::size_t>(traits.content)];
    if (traits.content == Content::kMicroformats) keep_what_h_cards_state(truth);
  }
  return places;
}

std::string GeneratedSource::href(std::uint32_t from, std::uint32_t to, bool as_file,
                                  Rng& rng) const {
  const double form = rng.unit();
  if (rng.chance(options_.redirects) && !as_file) return "/go/" + std::to_string(to) + ".html";
  std::string path = path_of(to);
  if (options_.hosts > 0 && from % options_.hosts != to % options_.hosts) {
    return "http://h" + std::to_string(to % options_.hosts) + ".site.example" + path;
  }
  if (form < 0.1) return path + "#top";
  if (form < 0.2 && from > 0) return "../.." + path;
  return path;
}

std::string GeneratedSource::links(std::uint32_t page, const Traits& traits, bool as_file) const {
  Rng rng(options_.seed, page, kLinks);
  const Language language = traits.town->language;
  std::string out = "<div class=\"cards\">\n";
  std::uint32_t count = 0;
  const auto card = [&](std::uint32_t to) {
    out += "<article class=\"card\"><h3>" +
           anchor(href(page, to, as_file, rng), rng.pick(words(language))) + "</h3><p>" +
           std::string(rng.pick(words(language))) + "</p></article>\n";
    ++count;
  };
  const std::uint64_t first = std::uint64_t{page} * fan_out_ + 1;
  for (std::uint64_t child = first; child < first + fan_out_ && child < options_.pages; ++child) {
    card(static_cast<std::uint32_t>(child));
  }
  while (count < options_.links_per_page) {
    card(static_cast<std::uint32_t>(rng.below(options_.pages)));
  }
  out += "</div>\n";
  if (traits.links_to_missing && !as_file) {
    out += anchor("/missing/" + std::to_string(page) + ".html", "404") + "\n";
  }
  if (page == 0 && options_.traps) out += anchor("/private/1.html", "private") + "\n";
  return out + anchor("mailto:info@site.example", "mail") + " " +
         anchor("tel:+49302900000", "tel") + " " + anchor("javascript:void(0)", "menu") + "\n";
}

std::size_t GeneratedSource::size_of(Rng& rng) const {
  if (options_.size_sigma == 0) return options_.page_bytes / 2 + rng.below(options_.page_bytes + 1);
  double normal = -6;  // nearly: the sum of twelve even ones
  for (int i = 0; i < 12; ++i) normal += rng.unit();
  return static_cast<std::size_t>(options_.page_bytes * std::exp(options_.size_sigma * normal));
}

SiteFile GeneratedSource::render(std::uint32_t page, bool as_file) const {
  const Traits traits = traits_of(page);
  Rng rng(options_.seed, page, kMarkup);
  Rng text_rng(options_.seed, page, kText);
  const std::vector<GeneratedPlace> places = places_of(page, traits);
  const bool in_header = traits.charset_in_header && !as_file;
  Document document;
  document.language = language_tag(traits.town->language);
  document.title = places.empty() ? std::string(traits.town->name) : places.front().truth.name;
  document.canonical = path_of(page);
  if (options_.hosts > 0) document.home = "http://h0.site.example/";
  if (!in_header || traits.encoding.iconv_name == nullptr) document.charset = traits.encoding.label;
  if (traits.content == Content::kJsonLd) {
    document.head = json_ld(places, document.canonical, rng);
    for (const GeneratedPlace& place : places) document.main += plain_card(place);
  } else if (traits.content == Content::kMicroformats) {
    document.main = h_cards(places);
  } else {
    document.main = microdata(places, rng);
  }
  document.main += links(page, traits, as_file);
  const std::size_t bytes = size_of(rng);
  const std::size_t taken = document.main.size() + document.head.size() + 1024;
  document.main +=
      filler(traits.town->language, bytes > taken ? bytes - taken : 0, text_rng, options_.bulk);
  SiteFile out{document.canonical, "text/html", html(document)};
  if (traits.encoding.iconv_name != nullptr) {
    const bool bom = std::string_view(traits.encoding.label) == "utf-16le";
    out.body = encode((bom ? "\xEF\xBB\xBF" : "") + out.body, traits.encoding.iconv_name);
  }
  if (in_header) out.content_type += std::string("; charset=") + traits.encoding.label;
  return out;
}

Reply GeneratedSource::trap(std::string_view target) const {
  const std::uint32_t number = number_before_suffix(target).value_or(0);
  Document document;
  document.title = "Private";
  document.language = "en";
  document.charset = "utf-8";
  for (std::uint32_t step = 1; step <= 5; ++step) {
    document.main += anchor("/private/" + std::to_string(number * 3 + step) + ".html", "more");
  }
  Reply reply;
  reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  reply.body = html(document);
  return reply;
}

std::optional<Reply> GeneratedSource::answer(std::string_view target, std::uint32_t attempt) const {
  target = without_origin(target);  // asked as a proxy
  if (options_.traps && target.starts_with("/private/")) return trap(target);
  Reply reply;
  if (target.starts_with("/go/")) {
    const std::optional<std::uint32_t> page = number_before_suffix(target);
    if (!page || *page >= options_.pages) return std::nullopt;
    reply.status = 301;
    reply.headers = {{"Location", path_of(*page)}};
    return reply;
  }
  const std::optional<std::uint32_t> page = page_at(target);
  if (!page) return std::nullopt;
  reply.delay = options_.latency;
  if (attempt <= traits_of(*page).failures) {
    reply.status = 503;
    reply.headers = {{"Content-Type", "text/plain"}, {"Retry-After", "0"}};
    reply.body = "Later.\n";
    return reply;
  }
  SiteFile rendered = render(*page, false);
  reply.headers = {{"Content-Type", std::move(rendered.content_type)}};
  reply.body = std::move(rendered.body);
  return reply;
}

std::vector<std::string> GeneratedSource::page_paths() const {
  std::vector<std::string> paths;
  for (std::uint32_t page = 0; page < options_.pages; ++page) paths.push_back(path_of(page));
  return paths;
}

std::vector<TruthPlace> GeneratedSource::truth() const {
  std::vector<TruthPlace> all;
  for (std::uint32_t page = 0; page < options_.pages; ++page) {
    for (GeneratedPlace& place : places_of(page, traits_of(page))) {
      all.push_back(std::move(place.truth));
    }
  }
  return all;
}

}  // namespace

std::shared_ptr<Site::Source> generated_source(const SiteOptions& options) {
  return std::make_shared<GeneratedSource>(options);
}

}  // namespace placer::web
