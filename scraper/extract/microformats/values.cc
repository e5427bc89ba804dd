#include "scraper/extract/microformats/values.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "scraper/ascii.h"
#include "scraper/extract/microformats/markup.h"
#include "scraper/extract/microformats/time.h"

namespace placer {
namespace {

constexpr std::size_t kResolveWork = 64;  // to make a reference absolute

using ascii::is_one_of;

// The attribute's value, when the element is one of `tags` and has it.
std::optional<std::string_view> attribute_of(Node element,
                                             std::initializer_list<std::string_view> tags,
                                             std::string_view attribute) {
  if (!is_one_of(element.tag(), tags)) return std::nullopt;
  return element.attribute(attribute);
}

std::string trimmed(std::string_view text) { return std::string(ascii::trim(text)); }

// The only element among the children, or null.
Node only_child(Node element) {
  Node only;
  for (Node child = element.first_child(); child; child = child.next_sibling()) {
    if (!child.is_element()) continue;
    if (only) return {};
    only = child;
  }
  return only;
}

// The only child with that tag, if it has the attribute, or null.
Node only_of_type(Node element, std::string_view tag, std::string_view attribute) {
  Node only;
  for (Node child = element.first_child(); child; child = child.next_sibling()) {
    if (child.tag() != tag) continue;
    if (only) return {};
    only = child;
  }
  return only && only.attribute(attribute) ? only : Node();
}

// The attribute that names an element of such a kind.
std::optional<std::string_view> naming_attribute(Node element) {
  if (const auto alternative = attribute_of(element, {"img", "area"}, "alt")) return alternative;
  return attribute_of(element, {"abbr"}, "title");
}

// Does an absolute URL stand here (RFC 3986, section 3.1)?
bool has_scheme(std::string_view reference) {
  const std::size_t end = std::min(reference.find(':'), reference.size());
  return end > 0 && end < reference.size() && ascii::is_letter(reference[0]) &&
         std::ranges::all_of(reference.substr(0, end), [](char c) {
           return ascii::is_letter(c) || ascii::is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

// What u-* properties refer to.
std::optional<std::string_view> reference_of(Node element) {
  if (const auto href = attribute_of(element, {"a", "area", "link"}, "href")) return href;
  if (const auto src =
          attribute_of(element, {"img", "audio", "video", "source", "iframe"}, "src")) {
    return src;
  }
  if (const auto poster = attribute_of(element, {"video"}, "poster")) return poster;
  return attribute_of(element, {"object"}, "data");
}

}  // namespace

void MicroformatValues::read(const MicroformatItem& item, std::string& last_date,
                             MicroformatProperty& property) {
  const Node element = property.element;
  switch (property.kind) {
    case PropertyKind::kText:
      property.value = text_value(element, item.classic);
      break;
    case PropertyKind::kUrl:
      url_value(element, item.classic, property);
      break;
    case PropertyKind::kTime:
      property.value = time_value(element, item.classic, last_date);
      break;
    case PropertyKind::kMarkup: {
      property.value = text_of(element, Images::kAlternativeOrSource);
      property.language = language_of(element, item.element);
      const std::optional<std::string> html = inner_html(element, 8 * work_);
      if (spend(html ? html->size() / 8 : work_)) property.html = trimmed(html.value_or(""));
      break;
    }
  }
}

bool MicroformatValues::spend(std::size_t work) {
  if (work > work_) {
    work_ = 0;
    return false;
  }
  work_ -= work;
  return true;
}

// The text of each "value" and "value-title" element below `element` that belongs to it and not to
// a property or an item within.
std::optional<std::vector<std::string>> MicroformatValues::value_classes(
    Node element, ClassicVocabulary classic) {
  std::vector<std::string> parts;
  Node node = element.next_below(element);
  while (node) {
    if (!spend(1)) return std::nullopt;
    bool enter = true;
    if (node.attribute("class")) {
      if (has_class(node, "value-title")) {
        parts.push_back(trimmed(node.attribute("title").value_or("")));
        enter = false;
      } else if (has_class(node, "value")) {
        parts.push_back(part_of(node));
        enter = false;
      } else {
        enter = property_classes(node, classic).empty() &&
                root_classes(node, Roots::kKnown).types.empty();
      }
    }
    node = enter ? node.next_below(element) : node.next_after(element);
  }
  if (parts.empty()) return std::nullopt;
  return parts;
}

std::string MicroformatValues::value_class_text(Node element, ClassicVocabulary classic) {
  std::string joined;
  if (const auto parts = value_classes(element, classic)) {
    for (const std::string& part : *parts) joined += part;
  }
  return joined;
}

std::string MicroformatValues::part_of(Node element) {
  if (const auto alternative = attribute_of(element, {"img", "area"}, "alt")) {
    return trimmed(*alternative);
  }
  if (const auto value = attribute_of(element, {"data"}, "value")) return trimmed(*value);
  if (const auto title = attribute_of(element, {"abbr"}, "title")) return trimmed(*title);
  if (const auto time = attribute_of(element, {"time", "ins", "del"}, "datetime")) {
    return trimmed(*time);
  }
  return text_of(element, Images::kAlternative);
}

std::string MicroformatValues::text_value(Node element, ClassicVocabulary classic) {
  if (std::string value = value_class_text(element, classic); !value.empty()) return value;
  if (const auto title = attribute_of(element, {"abbr", "link"}, "title")) return trimmed(*title);
  if (const auto value = attribute_of(element, {"data", "input"}, "value")) return trimmed(*value);
  if (const auto alternative = attribute_of(element, {"img", "area"}, "alt")) {
    return trimmed(*alternative);
  }
  return text_of(element, Images::kAlternativeOrSource);
}

std::string MicroformatValues::time_value(Node element, ClassicVocabulary classic,
                                          std::string& last_date) {
  if (const auto parts = value_classes(element, classic)) {
    if (std::string joined = joined_time(*parts, last_date); !joined.empty()) return joined;
  }
  std::string value;
  if (const auto time = attribute_of(element, {"time", "ins", "del"}, "datetime")) {
    value = trimmed(*time);
  } else if (const auto title = attribute_of(element, {"abbr"}, "title")) {
    value = trimmed(*title);
  } else if (const auto written = attribute_of(element, {"data", "input"}, "value")) {
    value = trimmed(*written);
  } else {
    value = text_of(element, Images::kAlternative);
  }
  joined_time({value}, last_date);
  return value;
}

void MicroformatValues::url_value(Node element, ClassicVocabulary classic,
                                  MicroformatProperty& property) {
  if (!spend(kResolveWork)) return;
  if (const auto reference = reference_of(element)) {
    property.value = absolute(*reference);
    if (const auto alternative = attribute_of(element, {"img"}, "alt")) {
      property.alt = std::string(*alternative);
    }
    return;
  }
  property.written = value_class_text(element, classic);
  if (property.written.empty()) {
    if (const auto title = attribute_of(element, {"abbr"}, "title")) {
      property.written = trimmed(*title);
    } else if (const auto value = attribute_of(element, {"data", "input"}, "value")) {
      property.written = trimmed(*value);
    } else {
      property.written = text_of(element, Images::kAlternative);
    }
  }
  property.value = absolute(property.written);
}

// Visible text; empty when that would be too much work.
std::string MicroformatValues::text_of(Node element, Images images) {
  for (Node node = element; node; node = node.next_below(element)) {
    std::size_t work = 1 + node.text().size() / 8;
    if (node.tag() == "img") work += node.attribute("alt").value_or("").size() / 8 + kResolveWork;
    if (!spend(work)) return {};
  }
  return visible_text(element, [&](Node node) -> std::optional<std::string> {
    if (node.tag() != "img") return std::nullopt;
    if (const auto alternative = node.attribute("alt")) return std::string(*alternative);
    const auto src = node.attribute("src");
    if (!src || images == Images::kAlternative) return std::nullopt;
    return " " + absolute(*src) + " ";
  });
}

// A relative reference made absolute; an absolute one, tel: and mailto: too, as it is written.
std::string MicroformatValues::absolute(std::string_view reference) const {
  reference = ascii::trim(reference);
  std::string resolved = has_scheme(reference) ? std::string() : page_.resolve(reference);
  return resolved.empty() ? std::string(reference) : resolved;
}

// By the nearest lang attribute, from `element` up to `item`; empty when there is none.
std::string MicroformatValues::language_of(Node element, Node item) {
  for (Node node = element; node && spend(1); node = node.parent()) {
    if (const auto language = node.attribute("lang")) return std::string(*language);
    if (node == item) break;
  }
  return {};
}

void MicroformatValues::imply(MicroformatItem& item) {
  bool has_text = false;  // p-* or e-*
  bool has_url = false;   // u-*
  bool has_item = !item.children.empty();
  bool has_name = false;
  for (const MicroformatProperty& property : item.properties) {
    has_text =
        has_text || property.kind == PropertyKind::kText || property.kind == PropertyKind::kMarkup;
    has_url = has_url || property.kind == PropertyKind::kUrl;
    has_item = has_item || property.item != MicroformatProperty::kNoItem;
    has_name = has_name || property.name == "name";
  }
  if (has_item) return;
  std::vector<MicroformatProperty> implied;
  if (!has_text && !has_name) {
    if (auto name = implied_name(item.element)) {
      implied.emplace_back().name = "name";
      implied.back().value = std::move(*name);
    }
  }
  if (!has_url) {
    if (auto photo = implied_photo(item.element)) implied.push_back(std::move(*photo));
    if (auto url = implied_url(item.element)) {
      implied.emplace_back().name = "url";
      implied.back().kind = PropertyKind::kUrl;
      implied.back().value = std::move(*url);
    }
  }
  std::ranges::move(implied, std::back_inserter(item.properties));
}

// From the element itself, its only child, or the only child of that; else the text.
std::optional<std::string> MicroformatValues::implied_name(Node element) {
  if (const auto name = naming_attribute(element)) return trimmed(*name);
  Node node = element;
  for (int level = 0; level < 2; ++level) {
    node = only_child(node);
    if (!node) break;
    const auto name = naming_attribute(node);
    if (name && !name->empty()) return trimmed(*name);
  }
  return text_of(element, Images::kAlternative);
}

std::optional<MicroformatProperty> MicroformatValues::implied_photo(Node element) {
  Node image = is_one_of(element.tag(), {"img", "object"}) ? element : Node();
  Node around = element;
  for (int level = 0; level < 2 && around && !image; ++level) {
    image = only_of_type(around, "img", "src");
    if (!image) image = only_of_type(around, "object", "data");
    around = only_child(around);
  }
  if (!image || !reference_of(image)) return std::nullopt;
  MicroformatProperty photo;
  photo.name = "photo";
  photo.kind = PropertyKind::kUrl;
  url_value(image, /*classic=*/0, photo);
  return photo;
}

std::optional<std::string> MicroformatValues::implied_url(Node element) const {
  Node link = is_one_of(element.tag(), {"a", "area"}) ? element : Node();
  Node around = element;
  for (int level = 0; level < 2 && around && !link; ++level) {
    link = only_of_type(around, "a", "href");
    if (!link) link = only_of_type(around, "area", "href");
    around = only_child(around);
  }
  const auto href = link ? link.attribute("href") : std::nullopt;
  if (!href) return std::nullopt;
  return absolute(*href);
}

}  // namespace placer
