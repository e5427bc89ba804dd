#include "scraper/page/sitemap_xml.h"

#include <expat.h>

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <new>

#include "scraper/ascii.h"
#include "scraper/page/timestamp.h"

namespace placer {
namespace {

// All formats with their extensions know about 150. expat remembers each name that it meets.
constexpr std::size_t kMostNames = 2'000;
// Of a tag, a comment, ...: expat reads one again from its beginning with every piece.
constexpr std::size_t kMostTokenBytes = 512 << 10;

std::string_view local_name(std::string_view name) {
  return name.substr(name.find(':') + 1);  // 0 without a prefix
}

std::string_view prefix_of(std::string_view name) {
  return name.substr(0, name.size() - local_name(name).size());
}

bool is(std::string_view name, std::string_view lower) {
  return ascii::equals_ignoring_case(name, lower);
}

bool is_any(std::string_view name, std::initializer_list<std::string_view> lower) {
  return std::any_of(lower.begin(), lower.end(),
                     [name](std::string_view one) { return is(name, one); });
}

// The value of the attribute of that name; empty when there is none.
std::string_view attribute(const char** attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2) {
    if (is(attributes[0], name)) return attributes[1];
  }
  return {};
}

// The link of an entry to what it is about, and not to comments, enclosures or itself.
bool leads_to_page(const char** attributes) {
  const std::string_view relation = ascii::trim(attribute(attributes, "rel"));
  return relation.empty() || is(relation, "alternate");
}

}  // namespace

SitemapFormat format_of_root(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, SitemapFormat>, 5> kRoots = {{
      {"urlset", SitemapFormat::kUrlset},
      {"sitemapindex", SitemapFormat::kIndex},
      {"rss", SitemapFormat::kRss},
      {"rdf", SitemapFormat::kRss},
      {"feed", SitemapFormat::kAtom},
  }};
  for (const auto& [root, format] : kRoots) {
    if (is(local_name(name), root)) return format;
  }
  return SitemapFormat::kNone;
}

// expat goes on calling for a while after it was stopped.
struct SitemapXml::Callbacks {
  static void begin_element(void* self, const XML_Char* name, const XML_Char** attributes) {
    auto& reader = *static_cast<SitemapXml*>(self);
    if (!reader.stopped_) reader.begin_element(name, attributes);
  }
  static void end_element(void* self, const XML_Char*) {
    auto& reader = *static_cast<SitemapXml*>(self);
    if (!reader.stopped_) reader.end_element();
  }
  static void text(void* self, const XML_Char* text, int length) {
    auto& reader = *static_cast<SitemapXml*>(self);
    if (!reader.stopped_) reader.add_text({text, static_cast<std::size_t>(length)});
  }
  // What a subset declares could only be entities and default attributes: bombs, both.
  static void doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int subset) {
    if (subset != 0) static_cast<SitemapXml*>(self)->stop(SitemapEnd::kDeclarations);
  }
};

void SitemapXml::ParserFree::operator()(XML_ParserStruct* parser) const {
  ::XML_ParserFree(parser);
}

SitemapXml::SitemapXml(const Url& url, const SitemapLimits& limits, Sitemap& sitemap)
    : url_(url),
      limits_(limits),
      sitemap_(sitemap),
      entries_(limits, sitemap),
      // Namespaces are not expat's to resolve: prefixes are used that nothing declares. The
      // encoding holds whatever the document says, as SitemapText has converted it.
      parser_(::XML_ParserCreate("UTF-8")) {
  if (!parser_) throw std::bad_alloc();
  ::XML_SetUserData(parser_.get(), this);
  ::XML_SetElementHandler(parser_.get(), Callbacks::begin_element, Callbacks::end_element);
  ::XML_SetCharacterDataHandler(parser_.get(), Callbacks::text);
  ::XML_SetStartDoctypeDeclHandler(parser_.get(), Callbacks::doctype);
}

SitemapXml::~SitemapXml() = default;

bool SitemapXml::take(std::string piece) {
  if (stopped_) return false;
  piece = repair_.take(std::move(piece));
  fed_ += piece.size();
  const int length = static_cast<int>(piece.size());
  if (::XML_Parse(parser_.get(), piece.data(), length, 0) != XML_STATUS_OK) {
    stop(SitemapEnd::kMalformed);
  }
  const XML_Index at = ::XML_GetCurrentByteIndex(parser_.get());
  if (at >= 0 && fed_ - std::min(fed_, static_cast<std::size_t>(at)) > kMostTokenBytes) {
    stop(SitemapEnd::kMalformed);
  }
  return !stopped_;
}

void SitemapXml::finish() {
  if (!stopped_ && ::XML_Parse(parser_.get(), "", 0, 1) != XML_STATUS_OK) {
    stop(SitemapEnd::kMalformed);
  }
  if (entry_.depth > 0 && !entry_.url.empty()) end_entry();
}

void SitemapXml::stop(SitemapEnd why) {
  if (stopped_) return;
  stopped_ = true;
  sitemap_.end = why;
  ::XML_StopParser(parser_.get(), XML_FALSE);
}

void SitemapXml::begin_element(std::string_view name, const char** attributes) {
  if (++depth_ > limits_.depth) return stop(SitemapEnd::kTooDeep);
  const std::hash<std::string_view> hash;
  names_.insert(hash(name));
  for (const char** each = attributes; *each != nullptr; each += 2) names_.insert(hash(*each));
  if (names_.size() > kMostNames) return stop(SitemapEnd::kTooManyNames);
  if (depth_ == 1) {
    sitemap_.format = format_of_root(name);
    if (sitemap_.format == SitemapFormat::kNone) stop(SitemapEnd::kComplete);
  }
  enter_base(attributes);
  if (entry_.depth > 0) {
    if (depth_ == entry_.depth + 1) begin_field(name, attributes);
  } else if (depth_ == 2 || depth_ == 3) {
    const std::string_view local = local_name(name);
    if (is_any(local, {"url", "item", "entry"})) {
      begin_entry(prefix_of(name), LinkKind::kAnchor, attributes);
    } else if (is(local, "sitemap")) {
      begin_entry(prefix_of(name), LinkKind::kSitemap, attributes);
    }
  }
}

void SitemapXml::begin_entry(std::string_view prefix, LinkKind kind, const char** attributes) {
  entry_ = {};
  entry_.depth = depth_;
  entry_.kind = kind;
  entry_.prefix = prefix;
  entry_.guid = attribute(attributes, "rdf:about");
}

void SitemapXml::begin_field(std::string_view name, const char** attributes) {
  const std::string_view local = local_name(name);
  const bool own = prefix_of(name) == entry_.prefix;
  field_ = Field::kNone;
  text_.clear();
  if (is_any(local, {"lastmod", "updated", "modified"})) {
    field_ = Field::kChanged;
  } else if (is_any(local, {"pubdate", "date", "published", "issued"})) {
    field_ = Field::kPublished;
  } else if (own && is(local, "link") && sitemap_.format == SitemapFormat::kAtom) {
    take_atom_link(attributes);
  } else if (own && is_any(local, {"loc", "link"})) {
    field_ = Field::kUrl;
  } else if (own && is(local, "guid") && !is(attribute(attributes, "ispermalink"), "false")) {
    field_ = Field::kGuid;
  }
}

void SitemapXml::take_atom_link(const char** attributes) {
  const std::string_view target = attribute(attributes, "href");
  if (!entry_.url.empty() || target.empty() || !leads_to_page(attributes)) return;
  entry_.url = target.substr(0, limits_.url_bytes + 1);
  entry_.base = *base();
}

void SitemapXml::add_text(std::string_view text) {
  const bool of_field = field_ != Field::kNone && depth_ == entry_.depth + 1;
  std::string& into = of_field ? text_ : entry_.bare;
  if (entry_.depth == 0 || (!of_field && depth_ != entry_.depth)) return;
  if (into.empty())
    text.remove_prefix(std::min(text.find_first_not_of(ascii::kWhiteSpace), text.size()));
  into += text.substr(0, limits_.url_bytes + 1 - std::min(into.size(), limits_.url_bytes + 1));
}

void SitemapXml::end_element() {
  if (entry_.depth > 0 && depth_ == entry_.depth + 1) end_field();
  if (entry_.depth > 0 && depth_ == entry_.depth) end_entry();
  if (!bases_.empty() && bases_.back().first == depth_) bases_.pop_back();
  --depth_;
}

void SitemapXml::end_field() {
  switch (field_) {
    case Field::kUrl:
      if (entry_.url.empty()) {
        entry_.url = std::move(text_);
        entry_.base = *base();
      }
      break;
    case Field::kGuid:
      entry_.guid = std::move(text_);
      break;
    case Field::kChanged:
      entry_.changed = std::move(text_);
      break;
    case Field::kPublished:
      entry_.published = std::move(text_);
      break;
    case Field::kNone:
      break;
  }
  text_.clear();
  field_ = Field::kNone;
}

void SitemapXml::end_entry() {
  const auto changed = parse_timestamp(entry_.changed);
  const auto modified = changed ? changed : parse_timestamp(entry_.published);
  if (!entry_.url.empty()) {
    entries_.add(entry_.url, &*entry_.base, entry_.kind, modified.value_or(0));
  } else if (!entry_.guid.empty()) {
    entries_.add(entry_.guid, nullptr, entry_.kind, modified.value_or(0));
  } else {
    entries_.add(entry_.bare, base(), entry_.kind, modified.value_or(0));
  }
  entry_ = {};
}

// RFC 4287 section 2.
void SitemapXml::enter_base(const char** attributes) {
  const std::string_view text = attribute(attributes, "xml:base");
  if (text.empty() || text.size() > limits_.url_bytes) return;
  auto url = Url::parse(text, base());
  if (url && url->href().size() <= limits_.url_bytes) bases_.emplace_back(depth_, *std::move(url));
}

}  // namespace placer
