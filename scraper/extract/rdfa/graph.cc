#include "scraper/extract/rdfa/graph.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/extract/rdfa/attributes.h"
#include "scraper/extract/rdfa/markup.h"
#include "scraper/extract/rdfa/schema.h"

namespace placer {
namespace {

constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
constexpr std::uint32_t kNone = RdfaValue::kNoResource;

bool has_element_child(Node element) {
  for (Node child = element.first_child(); child; child = child.next_sibling()) {
    if (child.is_element()) return true;
  }
  return false;
}

}  // namespace

// One walk over the tree. Names of the members are those of the standard's evaluation context.
class RdfaGraph::Reader {
 public:
  Reader(const Page& page, RdfaReading reading, std::vector<RdfaResource>& resources)
      : page_(page),
        forgiving_(reading == RdfaReading::kForgiving),
        names_(reading),
        resources_(resources) {}

  void read();

 private:
  // A name in rel (or rev: reverse) whose object is still to come.
  struct Incomplete {
    std::string property;
    bool reverse;
  };
  struct Context {
    Node element;
    std::uint32_t subject = kNone;  // what the element and its descendants are about
    std::uint32_t object = kNone;   // what they are values of
    std::size_t incomplete_begin = 0;
    std::size_t incomplete_end = 0;
    std::string_view language;
    RdfaNames::Scope names_around;
    std::size_t incomplete_around = 0;
  };
  // What an element says, by the steps of section 7.5.
  struct Subjects {
    std::uint32_t subject = kNone;
    std::uint32_t object = kNone;
    std::uint32_t typed = kNone;
    bool skip = false;
  };

  void leave(Context& left);
  Context enter(Node element, const Context& around);
  std::string full_name(std::string_view token, RdfaNames::Place place);
  std::vector<std::string> link_names(std::optional<std::string_view> attribute,
                                      const RdfaAttributes& a);
  Subjects subjects_of(const RdfaAttributes& a, const Context& around, bool linked);
  void add_types(const RdfaAttributes& a, std::uint32_t typed);
  void add_type(std::uint32_t typed, std::string type);
  void add_properties(Node element, const RdfaAttributes& a, const Subjects& subjects, bool linked,
                      std::string_view language);
  RdfaValue value_of(Node element, const RdfaAttributes& a, std::uint32_t typed, bool linked);
  bool is_text_in_link(Node element, const RdfaAttributes& a, std::string_view property,
                       const RdfaValue& value) const;
  void complete(const Context& around, std::uint32_t subject);
  std::string text_of(Node element);

  void state(std::uint32_t subject, const std::string& property, RdfaValue value);
  void state_link(std::uint32_t subject, const std::string& property, std::uint32_t object);
  std::uint32_t target(const RdfaAttributes& a, bool links);
  std::uint32_t referred(std::optional<std::string_view> written, bool may_be_prefixed);
  std::uint32_t resource(const std::string& key, bool blank);
  std::uint32_t blank_node();
  bool spend(std::size_t work);

  const Page& page_;
  bool forgiving_;
  RdfaNames names_;
  std::vector<RdfaResource>& resources_;
  std::unordered_map<std::string, std::uint32_t> by_iri_;
  std::unordered_set<std::size_t> stated_;  // hashes of all statements
  std::vector<Incomplete> incomplete_;
  std::uint32_t base_ = kNone;
  std::size_t blank_nodes_ = 0;
  std::size_t work_ = 3'000'000;  // nodes to look at and eights of bytes to copy that are left
};

void RdfaGraph::Reader::read() {
  base_ = resource(page_.base().substr(0, page_.base().find('#')), /*blank=*/false);
  Context outside;
  outside.subject = base_;
  outside.object = base_;
  std::vector<Context> open = {outside};
  const Node root = page_.root();
  Node node = root;
  while (node) {
    if (!node.is_element() || node.tag() == "template") {
      node = node.next_after(root);
      continue;
    }
    while (open.size() > 1 && open.back().element != node.parent()) {
      leave(open.back());
      open.pop_back();
    }
    open.push_back(enter(node, open.back()));
    node = node.next_below(root);
  }
}

void RdfaGraph::Reader::leave(Context& left) {
  names_.back_to(left.names_around);
  incomplete_.resize(left.incomplete_around);
}

// What `element` states; the context of its children.
RdfaGraph::Reader::Context RdfaGraph::Reader::enter(Node element, const Context& around) {
  Context inner = around;
  inner.element = element;
  inner.names_around = names_.scope();
  inner.incomplete_around = incomplete_.size();
  const RdfaAttributes a(element);
  const bool root = around.element == Node();
  if (!a.any() && !root) return inner;
  if (a.declares) {
    names_.declare(element);
    const bool vocabulary = !forgiving_ && element.attribute("vocab") && spend(8);
    if (vocabulary && !names_.vocabulary().empty()) {
      state_link(base_, "http://www.w3.org/ns/rdfa#usesVocabulary",
                 resource(std::string(names_.vocabulary()), /*blank=*/false));
    }
  }
  if (a.language) inner.language = ascii::trim(*a.language);
  if (!spend(1)) return inner;

  const std::vector<std::string> rel = link_names(a.rel, a);
  const std::vector<std::string> rev = link_names(a.rev, a);
  // A rel that HTML and not RDFa is about counts as none; so the standard has it with a property.
  const bool linked =
      (a.rel || a.rev) && ((!forgiving_ && !a.property) || !rel.empty() || !rev.empty());
  Subjects found = subjects_of(a, around, linked);
  if (a.type_of) add_types(a, found.typed);
  if (found.object != kNone) {
    for (const std::string& property : rel) state_link(found.subject, property, found.object);
    for (const std::string& property : rev) state_link(found.object, property, found.subject);
  }
  if (a.property) add_properties(element, a, found, linked, inner.language);
  if (found.skip) return inner;
  complete(around, found.subject);
  inner.incomplete_begin = incomplete_.size();
  if (found.object == kNone && (!rel.empty() || !rev.empty())) {
    for (const std::string& property : rel) incomplete_.push_back({property, false});
    for (const std::string& property : rev) incomplete_.push_back({property, true});
    found.object = blank_node();
  }
  inner.incomplete_end = incomplete_.size();
  inner.subject = found.subject;
  inner.object = found.object != kNone ? found.object : found.subject;
  return inner;
}

// Names are many times as long as the tokens that stand for them.
std::string RdfaGraph::Reader::full_name(std::string_view token, RdfaNames::Place place) {
  if (!spend(1 + names_.scope().prefixes / 16)) return {};
  std::string name = names_.name(token, place);
  return spend(name.size() / 8) ? name : std::string();
}

std::vector<std::string> RdfaGraph::Reader::link_names(std::optional<std::string_view> attribute,
                                                       const RdfaAttributes& a) {
  std::vector<std::string> names;
  for (const std::string_view token : attribute_tokens(attribute)) {
    // HTML+RDFa 1.1, section 3.1: with a property, only prefixed and full names count.
    if (a.property && token.find(':') == std::string_view::npos) continue;
    std::string name = full_name(token, RdfaNames::Place::kLink);
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

// Steps 5 and 6.
RdfaGraph::Reader::Subjects RdfaGraph::Reader::subjects_of(const RdfaAttributes& a,
                                                           const Context& around, bool linked) {
  Subjects found;
  const bool root = around.element == Node();
  const std::uint32_t about = referred(a.about, /*may_be_prefixed=*/true);
  const std::uint32_t inherited = root ? base_ : around.object;
  if (linked) {
    found.subject = about != kNone ? about : inherited;
    found.object = target(a, /*links=*/true);
    if (found.object == kNone && a.type_of && about == kNone) found.object = blank_node();
    if (a.type_of) found.typed = about != kNone ? about : found.object;
    return found;
  }
  if (a.property && !a.content && !a.datatype && !names_.is_version_1_0()) {
    found.subject = about != kNone ? about : inherited;
    if (!a.type_of) return found;
    found.typed = about != kNone || root ? found.subject : target(a, /*links=*/true);
    if (found.typed == kNone) found.typed = blank_node();
    found.object = found.typed;
    return found;
  }
  found.subject = about != kNone ? about : target(a, /*links=*/!forgiving_ || a.type_of);
  if (found.subject == kNone) {
    found.subject = a.type_of && !root ? blank_node() : inherited;
    found.skip = !root && !a.type_of && !a.property;
  }
  if (a.type_of) found.typed = found.subject;
  return found;
}

// Step 7.
void RdfaGraph::Reader::add_types(const RdfaAttributes& a, std::uint32_t typed) {
  for (const std::string_view token : attribute_tokens(a.type_of)) {
    add_type(typed, full_name(token, RdfaNames::Place::kName));
  }
}

void RdfaGraph::Reader::add_type(std::uint32_t typed, std::string type) {
  constexpr std::size_t kMaxTypes = 64;
  std::vector<std::string>& types = resources_[typed].types;
  if (type.empty() || types.size() == kMaxTypes || !spend(8 + type.size() / 8)) return;
  if (std::ranges::find(types, type) == types.end()) types.push_back(std::move(type));
}

// Step 11, "establish any current property value".
void RdfaGraph::Reader::add_properties(Node element, const RdfaAttributes& a,
                                       const Subjects& subjects, bool linked,
                                       std::string_view language) {
  std::optional<RdfaValue> value;
  for (const std::string_view token : attribute_tokens(a.property)) {
    const std::string property = full_name(token, RdfaNames::Place::kName);
    if (property.empty()) continue;
    if (!value) value = value_of(element, a, subjects.typed, linked);
    RdfaValue stated = *value;
    if (is_text_in_link(element, a, property, stated)) {
      stated = {.resource = kNone, .text = text_of(element), .language = {}, .datatype = {}};
    }
    if (stated.resource == kNone && stated.datatype.empty()) stated.language = language;
    if (stated.resource != kNone) {
      state_link(subjects.subject, property, stated.resource);
    } else {
      state(subjects.subject, property, std::move(stated));
    }
  }
}

RdfaValue RdfaGraph::Reader::value_of(Node element, const RdfaAttributes& a, std::uint32_t typed,
                                      bool linked) {
  RdfaValue value;
  const bool has_datatype = a.datatype && !ascii::trim(*a.datatype).empty();
  if (has_datatype) {
    value.datatype = full_name(ascii::trim(*a.datatype), RdfaNames::Place::kName);
  } else if (!a.datatype && !a.content && names_.is_version_1_0() && has_element_child(element)) {
    value.datatype = std::string(kRdf) + "XMLLiteral";
  }
  const bool markup = value.datatype.starts_with(kRdf) && value.datatype.ends_with("Literal") &&
                      !a.content && !forgiving_;
  if (markup && spend(16 * names_.scope().prefixes)) {
    value.text = xml_content(element, names_.declared(), work_ * 8);
    spend(value.text.size() / 4);
    return value;
  }
  if (a.content) {
    if (spend(a.content->size() / 8)) value.text = std::string(ascii::trim(*a.content));
    return value;
  }
  if (!a.datatype && !names_.is_version_1_0()) {
    if (!linked) value.resource = target(a, /*links=*/true);
    if (value.resource == kNone && a.type_of && !a.about) value.resource = typed;
    if (value.resource != kNone) return value;
  }
  value.text = text_of(element);
  return value;
}

bool RdfaGraph::Reader::is_text_in_link(Node element, const RdfaAttributes& a,
                                        std::string_view property, const RdfaValue& value) const {
  return forgiving_ && value.resource != kNone && element.tag() == "a" && !a.resource &&
         !a.type_of && resources_[value.resource].iri.starts_with("http") &&
         is_text_property(schema_property(property));
}

// Step 12.
void RdfaGraph::Reader::complete(const Context& around, std::uint32_t subject) {
  for (std::size_t i = around.incomplete_begin; i < around.incomplete_end; ++i) {
    const Incomplete link = incomplete_[i];
    if (link.reverse) {
      state_link(subject, link.property, around.subject);
    } else {
      state_link(around.subject, link.property, subject);
    }
  }
}

std::string RdfaGraph::Reader::text_of(Node element) {
  for (Node node = element.next_below(element); node; node = node.next_below(element)) {
    if (!spend(1 + node.text().size() / 8)) return {};
  }
  return visible_text(element);
}

void RdfaGraph::Reader::state(std::uint32_t subject, const std::string& property, RdfaValue value) {
  if (!spend(8 + (property.size() + value.text.size()) / 8)) return;
  std::size_t hash = subject;
  const auto mix = [&hash](std::string_view part) {
    hash = hash * 0x9E3779B97F4A7C15 + std::hash<std::string_view>()(part);
  };
  mix(property);
  mix(value.text);
  mix(value.language);
  mix(value.datatype);
  hash = hash * 0x9E3779B97F4A7C15 + value.resource;
  if (!stated_.insert(hash).second) return;
  resources_[subject].statements.push_back({.property = property, .value = std::move(value)});
}

void RdfaGraph::Reader::state_link(std::uint32_t subject, const std::string& property,
                                   std::uint32_t object) {
  if (property.starts_with(kRdf) && property.substr(kRdf.size()) == "type") {
    return add_type(subject, resources_[object].iri);
  }
  state(subject, property, {.resource = object, .text = {}, .language = {}, .datatype = {}});
}

// The resource in resource, or else, where `links` count, in href or src.
std::uint32_t RdfaGraph::Reader::target(const RdfaAttributes& a, bool links) {
  std::uint32_t found = referred(a.resource, /*may_be_prefixed=*/true);
  if (found == kNone && links) found = referred(a.href, /*may_be_prefixed=*/false);
  if (found == kNone && links) found = referred(a.src, /*may_be_prefixed=*/false);
  return found;
}

// Section 7.4.1, "Use of CURIEs", SafeCURIEorCURIEorIRI. A bracketed name that is none refers to
// nothing.
std::uint32_t RdfaGraph::Reader::referred(std::optional<std::string_view> written,
                                          bool may_be_prefixed) {
  if (!written) return kNone;
  std::string_view text = ascii::trim(*written);
  const bool bracketed = may_be_prefixed && text.starts_with('[') && text.ends_with(']');
  if (bracketed) text = text.substr(1, text.size() - 2);
  if (!spend(1 + (text.size() + page_.base().size()) / 8)) return kNone;
  if (may_be_prefixed) {
    if (text.starts_with("_:")) return resource(std::string(text), /*blank=*/true);
    if (const auto full = names_.prefixed(text)) return resource(*full, /*blank=*/false);
    if (bracketed) return kNone;
  }
  if (text.empty()) return base_;
  if (has_iri_scheme(text)) return resource(std::string(text), /*blank=*/false);
  std::string resolved = page_.resolve(text);
  return resource(resolved.empty() ? std::string(text) : resolved, /*blank=*/false);
}

std::uint32_t RdfaGraph::Reader::resource(const std::string& key, bool blank) {
  const auto found = by_iri_.find(key);
  if (found != by_iri_.end()) return found->second;
  const auto index = static_cast<std::uint32_t>(resources_.size());
  by_iri_.emplace(key, index);
  if (blank) return blank_node();
  resources_.push_back({.iri = key, .blank = false, .types = {}, .statements = {}});
  return index;
}

std::uint32_t RdfaGraph::Reader::blank_node() {
  const auto index = static_cast<std::uint32_t>(resources_.size());
  resources_.push_back({.iri = "_:b" + std::to_string(blank_nodes_++),
                        .blank = true,
                        .types = {},
                        .statements = {}});
  return index;
}

bool RdfaGraph::Reader::spend(std::size_t work) {
  if (work > work_) {
    work_ = 0;
    return false;
  }
  work_ -= work;
  return true;
}

RdfaGraph::RdfaGraph(const Page& page, RdfaReading reading) {
  Reader(page, reading, resources_).read();
}

}  // namespace placer
