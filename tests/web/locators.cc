// The chains, their sites and the server that answers for them; the platforms' shapes are in
// locator_shapes.cc.
#include "tests/web/locators.h"

#include "tests/web/markup.h"
#include "tests/web/source.h"

namespace placer::web {
namespace {

struct ChainKind {
  const char* platform;
  const char* name;
  std::size_t town;  // of towns()
  std::size_t kind;  // of place_kinds()
  std::size_t stores;
};

// Woosmap and Yext answer in pages of 300 and 50.
constexpr ChainKind kChains[] = {
    {"stockist", "kornblume", 0, 1, 14},
    {"uberall", "apotheke-linde", 2, 2, 23},
    {"wp_store_locator", "boulangerie-soleil", 3, 1, 12},
    {"agile_store_locator", "reads", 5, 7, 17},
    {"woosmap", "maison-coiffure", 4, 6, 320},
    {"yext_answers", "blue-cup", 7, 0, 120},
    {"where2getit", "corner-kitchen", 8, 4, 31},
    {"storelocatorwidgets", "bloemhof", 12, 9, 9},
    {"super_store_finder", "backhaus", 1, 1, 11},
    {"storeify", "libros-sol", 9, 7, 16},
};

LocatorChain make_chain(const ChainKind& kind, std::uint64_t seed, std::uint64_t index) {
  LocatorChain chain{kind.platform, std::string("www.") + kind.name + ".example", kind.name, {}};
  for (std::size_t i = 0; i < kind.stores; ++i) {
    Rng rng(seed, index * 1000 + i, 0x10CA);
    GeneratedPlace store = make_place(towns()[kind.town], place_kinds()[kind.kind], i + 1, rng);
    store.truth.page = chain.stores_url();
    store.truth.format = "locator";
    store.truth.opening_hours = osm_hours(store.week);
    chain.stores.push_back(std::move(store));
  }
  return chain;
}

Reply html_reply(std::string body) {
  Reply reply;
  reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  reply.body = std::move(body);
  return reply;
}

class LocatorSource : public Site::Source {
 public:
  explicit LocatorSource(std::uint64_t seed) : chains_(locator_chains(seed)) {}

  std::string robots_txt() const override {
    return "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n";
  }

  std::vector<std::string> start_paths() const override {
    std::vector<std::string> urls;
    for (const LocatorChain& chain : chains_) urls.push_back("http://" + chain.host + "/");
    return urls;
  }

  // All pages are on hosts of their own.
  std::vector<std::string> page_paths() const override { return {}; }
  SiteFile file(const std::string& path) const override { return {path, "text/html", ""}; }

  std::vector<TruthPlace> truth() const override {
    std::vector<TruthPlace> truth;
    for (const LocatorChain& chain : chains_) {
      for (const GeneratedPlace& store : chain.stores) truth.push_back(store.truth);
    }
    return truth;
  }

  std::optional<Reply> answer(std::string_view, std::uint32_t) const override {
    return std::nullopt;
  }

  std::optional<Reply> answer_request(const WebRequest& request, std::uint32_t) const override {
    if (request.target == "/") return html_reply(index());
    for (const LocatorChain& chain : chains_) {
      if (request.target == "http://" + chain.host + "/") return html_reply(front_page(chain));
      if (request.target == chain.stores_url()) return html_reply(stores_page(chain));
      if (auto reply = locator_answer(chain, request)) return reply;
    }
    return std::nullopt;
  }

 private:
  std::string index() const {
    Document document;
    document.title = "Chains behind this proxy";
    document.language = "en";
    document.charset = "utf-8";
    for (const std::string& url : start_paths()) document.main += anchor(url, url) + "<br>\n";
    return html(document);
  }

  static std::string front_page(const LocatorChain& chain) {
    Document document;
    document.title = chain.name;
    document.language = language_tag(chain.stores.front().language);
    document.charset = "utf-8";
    document.main = "<h1>" + chain.name + "</h1>\n" + anchor("/stores", "Stores") + "\n";
    return html(document);
  }

  static std::string stores_page(const LocatorChain& chain) {
    Document document;
    document.title = chain.name + ": stores";
    document.language = language_tag(chain.stores.front().language);
    document.charset = "utf-8";
    document.main = "<h1>Stores</h1>\n" + locator_snippet(chain) + "\n";
    return html(document);
  }

  std::vector<LocatorChain> chains_;
};

}  // namespace

std::vector<LocatorChain> locator_chains(std::uint64_t seed) {
  std::vector<LocatorChain> chains;
  for (const ChainKind& kind : kChains) chains.push_back(make_chain(kind, seed, chains.size()));
  return chains;
}

std::shared_ptr<Site::Source> locator_source(std::uint64_t seed) {
  return std::make_shared<LocatorSource>(seed);
}

}  // namespace placer::web
