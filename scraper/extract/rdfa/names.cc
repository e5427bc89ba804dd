#include "scraper/extract/rdfa/names.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::size_t kMaxPrefixes = 256;
constexpr std::size_t kLongest = 2048;  // bytes of a name or an IRI that names start with
constexpr std::string_view kSchema = "http://schema.org/";
constexpr std::string_view kXhtml = "http://www.w3.org/1999/xhtml/vocab#";

// The initial context (https://www.w3.org/2011/rdfa-context/rdfa-1.1), and the namespaces that
// https://ogp.me adds to it. Sorted by prefix.
constexpr std::pair<std::string_view, std::string_view> kInitial[] = {
    {"", kXhtml},
    {"article", "http://ogp.me/ns/article#"},
    {"as", "https://www.w3.org/ns/activitystreams#"},
    {"book", "http://ogp.me/ns/book#"},
    {"cc", "http://creativecommons.org/ns#"},
    {"csvw", "http://www.w3.org/ns/csvw#"},
    {"ctag", "http://commontag.org/ns#"},
    {"dc", "http://purl.org/dc/terms/"},
    {"dc11", "http://purl.org/dc/elements/1.1/"},
    {"dcat", "http://www.w3.org/ns/dcat#"},
    {"dcterms", "http://purl.org/dc/terms/"},
    {"dqv", "http://www.w3.org/ns/dqv#"},
    {"duv", "https://www.w3.org/ns/duv#"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},
    {"gr", "http://purl.org/goodrelations/v1#"},
    {"grddl", "http://www.w3.org/2003/g/data-view#"},
    {"ical", "http://www.w3.org/2002/12/cal/icaltzd#"},
    {"ldp", "http://www.w3.org/ns/ldp#"},
    {"ma", "http://www.w3.org/ns/ma-ont#"},
    {"music", "http://ogp.me/ns/music#"},
    {"oa", "http://www.w3.org/ns/oa#"},
    {"odrl", "http://www.w3.org/ns/odrl/2/"},
    {"og", "http://ogp.me/ns#"},
    {"org", "http://www.w3.org/ns/org#"},
    {"owl", "http://www.w3.org/2002/07/owl#"},
    {"profile", "http://ogp.me/ns/profile#"},
    {"prov", "http://www.w3.org/ns/prov#"},
    {"qb", "http://purl.org/linked-data/cube#"},
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    {"rdfa", "http://www.w3.org/ns/rdfa#"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"rev", "http://purl.org/stuff/rev#"},
    {"rif", "http://www.w3.org/2007/rif#"},
    {"rr", "http://www.w3.org/ns/r2rml#"},
    {"schema", kSchema},
    {"sd", "http://www.w3.org/ns/sparql-service-description#"},
    {"sioc", "http://rdfs.org/sioc/ns#"},
    {"skos", "http://www.w3.org/2004/02/skos/core#"},
    {"skosxl", "http://www.w3.org/2008/05/skos-xl#"},
    {"sosa", "http://www.w3.org/ns/sosa/"},
    {"ssn", "http://www.w3.org/ns/ssn/"},
    {"time", "http://www.w3.org/2006/time#"},
    {"v", "http://rdf.data-vocabulary.org/#"},
    {"vcard", "http://www.w3.org/2006/vcard/ns#"},
    {"video", "http://ogp.me/ns/video#"},
    {"void", "http://rdfs.org/ns/void#"},
    {"wdr", "http://www.w3.org/2007/05/powder#"},
    {"wdrs", "http://www.w3.org/2007/05/powder-s#"},
    {"xhv", kXhtml},
    {"xml", "http://www.w3.org/XML/1998/namespace"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
};

// Terms of the initial context of XHTML+RDFa; the first three hold in HTML, too.
constexpr std::string_view kXhtmlTerms[] = {
    "license", "role",       "describedby", "alternate", "appendix", "bookmark", "chapter",
    "cite",    "contents",   "copyright",   "first",     "glossary", "help",     "icon",
    "index",   "last",       "meta",        "next",      "p3pv1",    "prev",     "section",
    "start",   "stylesheet", "subsection",  "top",       "up"};
constexpr std::size_t kHtmlTerms = 3;

// Link types that schema.org has no property for.
constexpr std::string_view kLinkTypes[] = {"alternate",
                                           "amphtml",
                                           "apple-touch-icon",
                                           "bookmark",
                                           "canonical",
                                           "category",
                                           "dns-prefetch",
                                           "external",
                                           "home",
                                           "icon",
                                           "image_src",
                                           "index",
                                           "lightbox",
                                           "manifest",
                                           "me",
                                           "modulepreload",
                                           "next",
                                           "nofollow",
                                           "noopener",
                                           "noreferrer",
                                           "opener",
                                           "pingback",
                                           "popup",
                                           "preconnect",
                                           "prefetch",
                                           "preload",
                                           "prerender",
                                           "prettyphoto",
                                           "prev",
                                           "search",
                                           "shortcut",
                                           "shortlink",
                                           "sponsored",
                                           "stylesheet",
                                           "tag",
                                           "tooltip",
                                           "ugc"};

std::string_view initial_iri(std::string_view prefix) {
  const auto* const found =
      std::ranges::lower_bound(kInitial, prefix, {}, [](const auto& row) { return row.first; });
  return found == std::end(kInitial) || found->first != prefix ? std::string_view() : found->second;
}

bool names_schema_org(std::string_view iri) {
  std::string text = ascii::lower_case(iri);
  while (text.ends_with('/') || text.ends_with('#')) text.pop_back();
  std::string_view rest = text;
  for (const std::string_view prefix : {"https:", "http:", "//", "www."}) {
    if (rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
  }
  return rest == "schema.org";
}

}  // namespace

bool has_iri_scheme(std::string_view text) {
  const std::size_t end =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
  return end != 0 && end != std::string_view::npos && text[end] == ':' &&
         ascii::is_letter(text.front());
}

std::vector<std::pair<std::string_view, std::string_view>> read_prefixes(
    std::string_view attribute) {
  std::vector<std::pair<std::string_view, std::string_view>> prefixes;
  while (!attribute.empty()) {
    const std::string_view token = ascii::next_piece(attribute, ascii::kWhiteSpace);
    const std::size_t colon = token.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view iri = token.substr(colon + 1);
    while (iri.empty() && !attribute.empty()) {
      iri = ascii::next_piece(attribute, ascii::kWhiteSpace);
    }
    if (colon > 0 && !iri.empty()) prefixes.emplace_back(token.substr(0, colon), iri);
  }
  return prefixes;
}

void RdfaNames::back_to(const Scope& scope) {
  if (prefixes_.size() > scope.prefixes) {
    prefixes_.erase(prefixes_.begin() + static_cast<std::ptrdiff_t>(scope.prefixes),
                    prefixes_.end());
  }
  vocabulary_ = scope.vocabulary;
}

void RdfaNames::declare(Node element) {
  constexpr std::string_view kNamespace = "xmlns:";
  for (std::size_t i = 0; i < element.attribute_count(); ++i) {
    const auto [name, value] = element.attribute_at(i);
    if (name == "vocab") {
      const std::string_view iri = ascii::trim(value);
      if (iri.size() <= kLongest) vocabulary_ = mended(iri);
    } else if (name == "prefix") {
      for (const auto& [prefix, iri] : read_prefixes(value)) declare_prefix(prefix, iri);
    } else if (name.starts_with(kNamespace)) {
      declare_prefix(name.substr(kNamespace.size()), ascii::trim(value));
    } else if (name == "version" && element.tag() == "html") {
      xhtml_ = value.find("XHTML+RDFa") != std::string_view::npos;
      rdfa10_ = xhtml_ && reading_ == RdfaReading::kStandard &&
                value.find("1.0") != std::string_view::npos;
    }
  }
}

void RdfaNames::declare_prefix(std::string_view name, std::string_view iri) {
  constexpr std::size_t kLongestPrefix = 64;
  if (name.empty() || name == "_" || iri.empty()) return;
  if (name.size() > kLongestPrefix || iri.size() > kLongest) return;
  if (prefixes_.size() == kMaxPrefixes) return;
  prefixes_.push_back({.name = ascii::lower_case(name), .iri = mended(iri)});
}

std::string_view RdfaNames::mended(std::string_view vocabulary) const {
  const bool mend = reading_ == RdfaReading::kForgiving && names_schema_org(vocabulary);
  return mend ? kSchema : vocabulary;
}

// Section 7.4.3, "General Use of Terms in Attributes", and 7.4.4, "Use of CURIEs in Specific
// Attributes": TERMorCURIEorAbsIRI.
std::string RdfaNames::name(std::string_view token, Place place) const {
  if (token.empty() || token.size() > kLongest) return {};
  if (token.find(':') == std::string_view::npos) return term(token, place);
  if (token.starts_with("_:")) return {};
  if (auto full = prefixed(token)) return std::move(*full);
  return has_iri_scheme(token) ? std::string(token) : std::string();
}

std::string RdfaNames::term(std::string_view token, Place place) const {
  const char first = token.front();
  if (!ascii::is_letter(first) && first != '_' && (static_cast<unsigned char>(first) & 0x80) == 0)
    return {};
  const bool forgiving = reading_ == RdfaReading::kForgiving;
  if (forgiving && place == Place::kLink &&
      std::ranges::find(kLinkTypes, ascii::lower_case(token)) != std::end(kLinkTypes)) {
    return {};
  }
  if (!vocabulary_.empty()) return std::string(vocabulary_).append(token);
  const std::string term = ascii::lower_case(token);
  const auto terms = std::span(kXhtmlTerms).first(xhtml_ ? std::size(kXhtmlTerms) : kHtmlTerms);
  if (std::ranges::find(terms, term) != terms.end()) {
    return (term == "describedby" ? "http://www.w3.org/2007/05/powder-s#" : std::string(kXhtml)) +
           term;
  }
  if (forgiving && place == Place::kName) return std::string(kSchema).append(token);
  return {};
}

std::optional<std::string> RdfaNames::prefixed(std::string_view token) const {
  const std::size_t colon = token.find(':');
  if (colon == std::string_view::npos || token.size() > kLongest) return std::nullopt;
  const std::string_view rest = token.substr(colon + 1);
  if (rest.starts_with("//")) return std::nullopt;
  const std::string prefix = ascii::lower_case(token.substr(0, colon));
  for (auto declared = prefixes_.rbegin(); declared != prefixes_.rend(); ++declared) {
    if (declared->name == prefix) return std::string(declared->iri).append(rest);
  }
  const std::string_view iri = initial_iri(prefix);
  if (iri.empty()) return std::nullopt;
  return std::string(iri).append(rest);
}

std::vector<std::pair<std::string, std::string_view>> RdfaNames::declared() const {
  std::map<std::string, std::string_view> by_name;
  for (const Prefix& prefix : prefixes_) by_name[prefix.name] = prefix.iri;
  return {by_name.begin(), by_name.end()};
}

}  // namespace placer
