// Pages whose trees are large: the parser, not the network, is what a crawl of them waits for.
#include <charconv>

#include "tests/web/markup.h"
#include "tests/web/source.h"

namespace placer::web {
namespace {

constexpr std::uint32_t kRows = 2400;
constexpr std::uint32_t kCells = 6;  // two elements each

class HeavySource : public Site::Source {
 public:
  HeavySource(std::uint32_t pages, std::uint64_t seed) : pages_(pages), seed_(seed) {}

  std::string robots_txt() const override { return "User-agent: *\nAllow: /\n"; }

  std::vector<std::string> page_paths() const override {
    std::vector<std::string> paths = {"/"};
    for (std::uint32_t i = 1; i < pages_; ++i) paths.push_back(path_of(i));
    return paths;
  }

  std::vector<TruthPlace> truth() const override {
    std::vector<TruthPlace> all;
    for (std::uint32_t i = 1; i < pages_; ++i) all.push_back(place_of(i).truth);
    return all;
  }

  std::optional<Reply> answer(std::string_view target, std::uint32_t) const override {
    std::uint32_t page = 0;
    if (target.starts_with("/heavy/")) {
      const std::string_view digits = target.substr(7);
      std::from_chars(digits.data(), digits.data() + digits.size(), page);
    }
    if (page >= pages_ || target != path_of(page)) return std::nullopt;
    SiteFile rendered = file(std::string(target));
    Reply reply;
    reply.headers = {{"Content-Type", std::move(rendered.content_type)}};
    reply.body = std::move(rendered.body);
    return reply;
  }

  SiteFile file(const std::string& path) const override;

 private:
  static std::string path_of(std::uint32_t page) {
    return page == 0 ? "/" : "/heavy/" + std::to_string(page) + ".html";
  }

  GeneratedPlace place_of(std::uint32_t page) const {
    Rng rng(seed_, page, 1);
    const Town& town = rng.pick(towns());
    GeneratedPlace place = make_place(town, rng.pick(place_kinds()), page, rng);
    place.truth.page = path_of(page);
    place.truth.format = "json-ld";
    return place;
  }

  std::uint32_t pages_;
  std::uint64_t seed_;
};

SiteFile HeavySource::file(const std::string& path) const {
  std::uint32_t page = 0;
  if (path != "/") std::from_chars(path.data() + 7, path.data() + path.size(), page);
  Document document;
  document.language = "en";
  document.charset = "utf-8";
  document.title = "Heavy page " + std::to_string(page);
  if (page == 0) {
    for (std::uint32_t i = 1; i < pages_; ++i) document.main += anchor(path_of(i), "page") + "\n";
  } else {
    Rng rng(seed_, page, 2);
    const GeneratedPlace place = place_of(page);
    document.head = json_ld({place}, path, rng);
    document.main = plain_card(place) + "<table><tbody>\n";
    for (std::uint32_t row = 0; row < kRows; ++row) {
      document.main += "<tr>";
      for (std::uint32_t cell = 0; cell < kCells; ++cell) {
        document.main += "<td><b>" + std::to_string(rng.below(100000)) + "</b></td>";
      }
      document.main += "</tr>\n";
    }
    document.main += "</tbody></table>\n";
  }
  return {path, "text/html; charset=utf-8", html(document)};
}

}  // namespace

std::shared_ptr<Site::Source> heavy_source(std::uint32_t pages, std::uint64_t seed) {
  return std::make_shared<HeavySource>(pages, seed);
}

}  // namespace placer::web
