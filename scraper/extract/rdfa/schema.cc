#include "scraper/extract/rdfa/schema.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/extract/schema/types.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 64;

struct Synonym {
  std::string_view name;
  std::string_view schema;  // the bare name in schema.org
};

constexpr Synonym kDataVocabulary[] = {{"name", "name"},
                                       {"url", "url"},
                                       {"photo", "image"},
                                       {"tel", "telephone"},
                                       {"address", "address"},
                                       {"street-address", "streetAddress"},
                                       {"locality", "addressLocality"},
                                       {"region", "addressRegion"},
                                       {"postal-code", "postalCode"},
                                       {"country-name", "addressCountry"},
                                       {"geo", "geo"},
                                       {"latitude", "latitude"},
                                       {"longitude", "longitude"},
                                       {"pricerange", "priceRange"},
                                       {"Address", "PostalAddress"},
                                       {"Geo", "GeoCoordinates"},
                                       {"Organization", "Organization"}};

constexpr Synonym kVcard[] = {{"fn", "name"},
                              {"organization-name", "name"},
                              {"adr", "address"},
                              {"hasAddress", "address"},
                              {"street-address", "streetAddress"},
                              {"locality", "addressLocality"},
                              {"region", "addressRegion"},
                              {"postal-code", "postalCode"},
                              {"country-name", "addressCountry"},
                              {"post-office-box", "postOfficeBoxNumber"},
                              {"tel", "telephone"},
                              {"hasTelephone", "telephone"},
                              {"email", "email"},
                              {"hasEmail", "email"},
                              {"hasValue", "@value"},
                              {"url", "url"},
                              {"hasURL", "url"},
                              {"geo", "geo"},
                              {"hasGeo", "geo"},
                              {"latitude", "latitude"},
                              {"longitude", "longitude"},
                              {"logo", "logo"},
                              {"hasLogo", "logo"},
                              {"photo", "image"},
                              {"hasPhoto", "image"},
                              {"note", "description"},
                              {"Address", "PostalAddress"},
                              {"Location", "Place"},
                              {"Organization", "Organization"}};

constexpr Synonym kGoodRelations[] = {{"name", "name"},
                                      {"legalName", "legalName"},
                                      {"description", "description"},
                                      {"hasPOS", "location"},
                                      {"hasOpeningHoursSpecification", "openingHoursSpecification"},
                                      {"hasOpeningHoursDayOfWeek", "dayOfWeek"},
                                      {"opens", "opens"},
                                      {"closes", "closes"},
                                      {"validFrom", "validFrom"},
                                      {"validThrough", "validThrough"},
                                      {"hasGlobalLocationNumber", "globalLocationNumber"},
                                      {"BusinessEntity", "Organization"},
                                      {"Location", "Place"},
                                      {"LocationOfSalesOrServiceProvisioning", "Place"},
                                      {"OpeningHoursSpecification", "OpeningHoursSpecification"}};

constexpr Synonym kFoaf[] = {
    {"name", "name"},       {"homepage", "url"},    {"page", "url"},
    {"logo", "logo"},       {"depiction", "image"}, {"img", "image"},
    {"phone", "telephone"}, {"mbox", "email"},      {"Organization", "Organization"}};

constexpr Synonym kRdfs[] = {{"label", "name"}, {"comment", "description"}};
constexpr Synonym kRdf[] = {{"value", "@value"}};
constexpr Synonym kWgs84[] = {{"lat", "latitude"}, {"long", "longitude"}};

struct Vocabulary {
  std::string_view iri;
  std::span<const Synonym> synonyms;
};

constexpr Vocabulary kVocabularies[] = {{"http://rdf.data-vocabulary.org/#", kDataVocabulary},
                                        {"http://rdf.data-vocabulary.org/", kDataVocabulary},
                                        {"http://data-vocabulary.org/", kDataVocabulary},
                                        {"http://www.data-vocabulary.org/", kDataVocabulary},
                                        {"http://www.w3.org/2006/vcard/ns#", kVcard},
                                        {"http://purl.org/goodrelations/v1#", kGoodRelations},
                                        {"http://xmlns.com/foaf/0.1/", kFoaf},
                                        {"http://www.w3.org/2000/01/rdf-schema#", kRdfs},
                                        {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", kRdf},
                                        {"http://www.w3.org/2003/01/geo/wgs84_pos#", kWgs84}};

std::string_view synonym(std::string_view iri) {
  for (const Vocabulary& vocabulary : kVocabularies) {
    if (!iri.starts_with(vocabulary.iri)) continue;
    const std::string_view name = iri.substr(vocabulary.iri.size());
    const auto found = std::ranges::find(vocabulary.synonyms, name, &Synonym::name);
    if (found != vocabulary.synonyms.end()) return found->schema;
  }
  return {};
}

using ascii::is_one_of;

// Properties that point to pages: what those describe has its own place.
bool is_link(std::string_view property) {
  return is_one_of(property, {"url", "sameAs", "hasMap", "map", "menu", "additionalType"});
}

class NodeWriter {
 public:
  explicit NodeWriter(const RdfaGraph& graph);
  std::vector<json> write_all();

 private:
  struct Said {
    std::string_view property;
    const RdfaValue* value;
  };
  // A resource in schema.org's terms.
  struct Described {
    std::vector<std::string> types;
    std::vector<Said> said;  // in schema.org's own names, then in others
    std::size_t referred = 0;
    bool is_referred_by_id = false;
    bool written = false;
  };

  void describe(const RdfaResource& resource, Described& described) const;
  bool is_described(std::uint32_t index) const;
  bool nests(const Said& said) const;
  json write(std::uint32_t index);
  json value(const Said& said);

  const std::vector<RdfaResource>& resources_;
  std::vector<Described> described_;
  std::size_t depth_ = 0;
};

NodeWriter::NodeWriter(const RdfaGraph& graph)
    : resources_(graph.resources()), described_(graph.resources().size()) {
  for (std::size_t i = 0; i < resources_.size(); ++i) describe(resources_[i], described_[i]);
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    for (const Said& said : described_[i].said) {
      if (nests(said) && said.value->resource != i) ++described_[said.value->resource].referred;
    }
  }
}

void NodeWriter::describe(const RdfaResource& resource, Described& described) const {
  std::vector<Said> foreign;
  std::size_t locations = 0;
  bool located = false;
  for (const RdfaStatement& statement : resource.statements) {
    const std::string_view property = schema_property(statement.property);
    if (property.empty()) continue;
    located = located || property == "address" || property == "geo";
    if (property == "location") ++locations;
    const bool own = strip_schema_prefix(statement.property).size() != statement.property.size();
    (own ? described.said : foreign).push_back({property, &statement.value});
  }
  described.said.insert(described.said.end(), foreign.begin(), foreign.end());
  for (const std::string& type : resource.types) {
    std::string_view name = strip_schema_prefix(type);
    if (name.size() == type.size()) {
      name = synonym(type);
      if (name == "Organization" && (located || locations == 1)) name = "LocalBusiness";
    }
    if (!name.empty()) described.types.emplace_back(name);
  }
}

bool NodeWriter::is_described(std::uint32_t index) const {
  return !described_[index].types.empty() || !described_[index].said.empty();
}

// Is it written as a node, rather than as a string?
bool NodeWriter::nests(const Said& said) const {
  const std::uint32_t target = said.value->resource;
  if (target == RdfaValue::kNoResource || !is_described(target)) return false;
  return resources_[target].blank || !is_link(said.property);
}

std::vector<json> NodeWriter::write_all() {
  std::vector<json> nodes;
  for (const bool unreferred : {true, false}) {
    for (std::uint32_t i = 0; i < resources_.size(); ++i) {
      const Described& described = described_[i];
      if (described.written || !is_described(i)) continue;
      if (unreferred && described.referred > 0) continue;
      nodes.push_back(write(i));
    }
  }
  return nodes;
}

// Recursion to at most kMaxDepth levels.
json NodeWriter::write(std::uint32_t index) {
  Described& described = described_[index];
  described.written = true;
  ++depth_;
  json node = json::object();
  for (const Said& said : described.said) {
    json written = value(said);
    if (written.is_null()) continue;
    json& values = node[std::string(said.property)];
    // Other vocabularies repeat each other: vcard:fn, gr:name and rdfs:label.
    if (values.size() == 1 && values[0] == written) continue;
    values.push_back(std::move(written));
  }
  --depth_;
  if (!described.types.empty()) node["@type"] = described.types;
  if (!resources_[index].blank || described.referred > 1 || described.is_referred_by_id) {
    node["@id"] = resources_[index].iri;
  }
  return node;
}

json NodeWriter::value(const Said& said) {
  const std::uint32_t target = said.value->resource;
  if (target == RdfaValue::kNoResource) return said.value->text;
  const RdfaResource& resource = resources_[target];
  if (!nests(said)) return resource.blank ? json() : json(resource.iri);
  if (!described_[target].written && depth_ < kMaxDepth) return write(target);
  described_[target].is_referred_by_id = true;
  return json{{"@id", resource.iri}};
}

}  // namespace

std::string_view schema_property(std::string_view iri) {
  const std::string_view name = strip_schema_prefix(iri);
  if (name.starts_with('@')) return {};
  return name.size() != iri.size() ? name : synonym(iri);
}

bool is_text_property(std::string_view name) {
  return is_one_of(name, {"name", "alternateName", "legalName", "description", "streetAddress",
                          "addressLocality", "addressRegion", "addressCountry", "postalCode",
                          "openingHours", "priceRange", "servesCuisine", "telephone", "faxNumber",
                          "email", "latitude", "longitude"});
}

std::vector<json> schema_nodes(const RdfaGraph& graph) { return NodeWriter(graph).write_all(); }

}  // namespace placer
