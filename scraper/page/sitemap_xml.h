// Sitemaps and feeds in XML, read as a stream by expat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "scraper/page/sitemap.h"
#include "scraper/page/sitemap_entries.h"
#include "scraper/page/xml_repair.h"

struct XML_ParserStruct;

namespace placer {

// By a root element's name, as written: "sm:urlset", "rdf:RDF".
SitemapFormat format_of_root(std::string_view name);

// An entry is an element `url`, `sitemap`, `item` or `entry` one or two levels below the root; its
// URL and dates are its child elements. Where an element stands and what its name is without the
// prefix count; a child with another prefix than its entry is of an extension, but for dates.
class SitemapXml {
 public:
  // `url`, `limits` and `sitemap`, which is filled, outlive this. Throws std::bad_alloc.
  SitemapXml(const Url& url, const SitemapLimits& limits, Sitemap& sitemap);
  ~SitemapXml();
  SitemapXml(const SitemapXml&) = delete;
  SitemapXml& operator=(const SitemapXml&) = delete;

  // Takes the next piece, as SitemapText cuts them. False when no more is wanted.
  bool take(std::string piece);

  // There is no more. Takes the entry under way, if its URL was complete.
  void finish();

 private:
  enum class Field : std::uint8_t { kNone, kUrl, kGuid, kChanged, kPublished };

  struct Entry {
    std::size_t depth = 0;  // 0: not within one
    LinkKind kind = LinkKind::kAnchor;
    std::string prefix;
    std::string url;          // the first that is stated
    std::string guid;         // in its stead
    std::string bare;         // text of the entry itself, in the place of a URL
    std::string changed;      // the date that counts ...
    std::string published;    // ... before this one
    std::optional<Url> base;  // of `url`, where xml:base is in force
  };

  struct Callbacks;  // what expat calls
  struct ParserFree {
    void operator()(XML_ParserStruct* parser) const;
  };

  void begin_element(std::string_view name, const char** attributes);
  void end_element();
  void add_text(std::string_view text);
  void begin_entry(std::string_view prefix, LinkKind kind, const char** attributes);
  void begin_field(std::string_view name, const char** attributes);
  void take_atom_link(const char** attributes);
  void end_field();
  void end_entry();
  void enter_base(const char** attributes);
  const Url* base() const { return bases_.empty() ? &url_ : &bases_.back().second; }
  void stop(SitemapEnd why);

  const Url& url_;
  const SitemapLimits& limits_;
  Sitemap& sitemap_;
  SitemapEntries entries_;
  std::unique_ptr<XML_ParserStruct, ParserFree> parser_;
  bool stopped_ = false;
  std::size_t fed_ = 0;  // bytes
  XmlRepair repair_;

  std::size_t depth_ = 0;
  std::unordered_set<std::size_t> names_;           // hashes, of all elements and attributes met
  std::vector<std::pair<std::size_t, Url>> bases_;  // by depth, of xml:base
  Entry entry_;
  Field field_ = Field::kNone;
  std::string text_;  // of the field, or of the entry itself
};

}  // namespace placer
