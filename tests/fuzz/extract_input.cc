#include "tests/fuzz/extract_input.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "scraper/extract/extractors.h"
#include "scraper/page/page.h"
#include "scraper/place/clean.h"
#include "scraper/place/identity.h"

namespace placer::fuzz {
namespace {

constexpr const char* kUrls[] = {
    "https://example.org/",
    "http://www.example.co.uk/shops/high-street?id=1",
    "https://caf\xC3\xA9.example.de/filialen/berlin/",
    "https://xn--caf-dma.example.fr:8443/a/b/c.html#x",
    "http://192.0.2.1/",
    "not a URL",
};
constexpr const char* kContentTypes[] = {
    "text/html; charset=utf-8",
    "text/html",
    "",
    "text/html; charset=windows-1252",
    "text/html; charset=shift_jis",
    "text/html; charset=utf-16le",
    "text/html; charset=gb18030",
    "text/html; charset=iso-2022-jp",
    "application/xhtml+xml; charset=\"UTF-8\"",
    "text/html; charset=no-such",
};

// Of what places are stored, the first that breaks the promise ends the program.
class Checker {
 public:
  explicit Checker(const Observation& observation) : observation_(observation) {}

  void check(const std::string& page_url) {
    check_text("format", observation_.format);
    check_text("path", observation_.path);
    check_text("raw", observation_.raw);
    if (!nlohmann::json::accept(observation_.raw)) fail("raw", "is no JSON");
    for_each_field([this](const char* name, const auto& value) { check_field(name, value); },
                   observation_.place);
    const Place& place = observation_.place;
    if (place.lat.has_value() != place.lon.has_value()) fail("lat", "stands alone");
    if (place_id_of(identity_key(place, page_url)) == 0) fail("id", "is 0");
    const double share = completeness(place);
    if (!(share >= 0 && share <= 1)) fail("completeness", "is no share");
  }

 private:
  template <class T>
  void check_field(const char* name, const std::optional<T>& value) {
    if (!value) return;
    if constexpr (std::is_same_v<T, std::string>) {
      if (value->empty()) fail(name, "is empty");
      check_text(name, *value);
    } else if constexpr (std::is_same_v<T, double>) {
      if (!std::isfinite(*value)) fail(name, "is not finite");
    }
  }

  // UTF-8 (RFC 3629) without C0 controls, DEL and C1 controls.
  void check_text(const char* name, std::string_view text) {
    while (!text.empty()) {
      const std::size_t size = character(text);
      if (size == 0) fail(name, "is no text");
      text.remove_prefix(size);
    }
  }

  // The bytes of the first character; 0 when it is malformed or a control.
  static std::size_t character(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (size == 0 || first > 0xF4 || text.size() < size) return 0;
    unsigned long scalar = first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
      if ((byte(i) & 0xC0U) != 0x80) return 0;
      scalar = scalar << 6U | (byte(i) & 0x3FU);
    }
    const bool overlong = (size == 3 && scalar < 0x800) || (size == 4 && scalar < 0x10000);
    const bool surrogate = scalar >= 0xD800 && scalar <= 0xDFFF;
    return overlong || surrogate || scalar < 0xA0 || scalar > 0x10FFFF ? 0 : size;
  }

  [[noreturn]] void fail(const char* what, const char* problem) const {
    std::fprintf(stderr, "%s at %s: %s %s\n%s\n", observation_.format.c_str(),
                 observation_.path.c_str(), what, problem, observation_.raw.c_str());
    std::abort();
  }

  const Observation& observation_;
};

// One of each format there is.
std::vector<std::unique_ptr<Extractor>> all_extractors() {
  std::vector<Format> formats;
  for (int i = 0; !format_name(static_cast<Format>(i)).empty(); ++i) {
    formats.push_back(static_cast<Format>(i));
  }
  return make_extractors(formats);
}

}  // namespace

std::size_t extract_and_check(std::string_view input) {
  static const std::vector<std::unique_ptr<Extractor>> extractors = all_extractors();
  if (input.size() < kHeaderBytes) return 0;
  const auto choice = [input](std::size_t i) { return static_cast<unsigned char>(input[i]); };
  const PageSource source{.url = kUrls[choice(0) % std::size(kUrls)],
                          .content_type = kContentTypes[choice(1) % std::size(kContentTypes)],
                          .link_headers = {},
                          .robots_headers = {},
                          .user_agent = "placer"};
  const auto page = Page::parse(std::string(input.substr(kHeaderBytes)), source, {});
  if (!page) return 0;
  const CleanContext context{page->url(), page->facts().language};
  std::size_t places = 0;
  for (const auto& extractor : extractors) {
    extractor->items(*page);
    for (const RawPlace& raw : extractor->places(*page)) {
      Checker(clean(raw, extractor->format(), context)).check(page->url());
      ++places;
    }
  }
  return places;
}

}  // namespace placer::fuzz
