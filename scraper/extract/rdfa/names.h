// The names in RDFa attributes: terms, prefixed names, full ones (RDFa Core 1.1, section 7.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scraper/page/tree.h"

namespace placer {

// kStandard follows RDFa Core 1.1 and HTML+RDFa 1.1 to the letter, as other readers do.
//
// kForgiving is for finding places; it reads pages whose authors know RDFa from examples:
//   - href and src do not change the subject without a typeof: what stands in a link belongs to the
//     thing around it, not to the page linked to;
//   - link types of HTML in rel ("nofollow", "bookmark") are not names of the vocabulary;
//   - "http://schema.org" without the last slash is schema.org, which is also meant by types and
//     properties without any vocabulary;
//   - a name, a part of an address or the like in a link is the link's text, not its target;
//   - values are text, also where markup was asked for.
enum class RdfaReading : std::uint8_t { kStandard, kForgiving };

// Vocabulary and prefixes in scope at one element of a walk. Views point into the tree.
class RdfaNames {
 public:
  explicit RdfaNames(RdfaReading reading) : reading_(reading) {}

  // A scope to return to: take it before an element's declare(), go back after its descendants.
  struct Scope {
    std::size_t prefixes = 0;
    std::string_view vocabulary;
  };
  Scope scope() const { return {.prefixes = prefixes_.size(), .vocabulary = vocabulary_}; }
  void back_to(const Scope& scope);

  // Hears the element's vocab, prefix and xmlns:*, and the version of the root element. At most 256
  // prefixes are in scope at once, none longer than 2,048 bytes.
  void declare(Node element);

  bool is_xhtml() const { return xhtml_; }         // XHTML+RDFa, whose link types are names
  bool is_version_1_0() const { return rdfa10_; }  // XHTML+RDFa 1.0 (never when forgiving)
  std::string_view vocabulary() const { return vocabulary_; }  // empty: none

  // In typeof, property and datatype, or in rel and rev. Empty when the token names nothing.
  enum class Place : std::uint8_t { kName, kLink };
  std::string name(std::string_view token, Place place) const;

  // A prefixed name in full; nothing when the prefix is unknown.
  std::optional<std::string> prefixed(std::string_view token) const;

  // The declared prefixes by name, innermost declarations only.
  std::vector<std::pair<std::string, std::string_view>> declared() const;

 private:
  struct Prefix {
    std::string name;  // lower case
    std::string_view iri;
  };
  void declare_prefix(std::string_view name, std::string_view iri);
  std::string_view mended(std::string_view vocabulary) const;
  std::string term(std::string_view token, Place place) const;

  RdfaReading reading_;
  bool xhtml_ = false;
  bool rdfa10_ = false;
  std::string_view vocabulary_;
  std::vector<Prefix> prefixes_;  // innermost last
};

// The prefixes and IRIs of a prefix attribute: "foaf: http://xmlns.com/foaf/0.1/ dc: ...". The
// space after a colon may be missing.
std::vector<std::pair<std::string_view, std::string_view>> read_prefixes(
    std::string_view attribute);

// Does an absolute IRI stand here (RFC 3986, section 3.1)?
bool has_iri_scheme(std::string_view text);

}  // namespace placer
