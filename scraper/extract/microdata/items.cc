#include "scraper/extract/microdata/items.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "scraper/ascii.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::string_view kSpace = " \t\r\n\f";

std::string_view trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

// Unique tokens separated by white space.
std::vector<std::string> tokens_of(std::string_view text) {
  constexpr std::size_t kMaxTokens = 64;
  std::vector<std::string> tokens;
  while (tokens.size() < kMaxTokens) {
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    if (text.empty()) break;
    const std::string_view token = text.substr(0, text.find_first_of(kSpace));
    text.remove_prefix(token.size());
    if (std::ranges::find(tokens, token) == tokens.end()) tokens.emplace_back(token);
  }
  return tokens;
}

using ascii::is_one_of;

// Does an absolute URL stand here (RFC 3986, section 3.1)? Empty references are left as they are,
// too.
bool has_scheme(std::string_view reference) {
  const std::size_t end = reference.find_first_not_of(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
  return reference.empty() || (end != 0 && end != std::string_view::npos && reference[end] == ':');
}

// A form field: its value, or what it asks for when it is an action's input ("query-input",
// https://schema.org/docs/actions.html#part-4).
json input_value(Node element) {
  const std::string_view names = trim(element.attribute("itemprop").value_or(""));
  const auto value = element.attribute("value");
  if (!names.ends_with("-input")) return std::string(trim(value.value_or("")));
  json asked = json::object();
  constexpr std::pair<const char*, const char*> kTexts[] = {{"name", "valueName"},
                                                            {"value", "defaultValue"},
                                                            {"pattern", "valuePattern"},
                                                            {"min", "minValue"},
                                                            {"max", "maxValue"},
                                                            {"step", "stepValue"},
                                                            {"minlength", "valueMinLength"},
                                                            {"maxlength", "valueMaxLength"}};
  for (const auto& [attribute, property] : kTexts) {
    if (const auto text = element.attribute(attribute)) asked[property] = std::string(*text);
  }
  constexpr std::pair<const char*, const char*> kFlags[] = {
      {"required", "valueRequired"}, {"readonly", "readonlyValue"}, {"multiple", "multipleValues"}};
  for (const auto& [attribute, property] : kFlags) {
    if (element.attribute(attribute)) asked[property] = true;
  }
  return asked;
}

}  // namespace

MicrodataItems::MicrodataItems(const Page& page) : page_(page) {
  find_items();
  if (has_itemref_) index_ids();
  for (MicrodataItem& item : items_) read(item);
  std::vector<bool> referred(items_.size());
  for (const MicrodataItem& item : items_) {
    for (const MicrodataProperty& property : item.properties) {
      if (property.item != MicrodataProperty::kNoItem) referred[property.item] = true;
    }
  }
  for (std::size_t i = 0; i < items_.size(); ++i) {
    items_[i].orphan = !items_[i].top_level && !referred[i];
  }
}

void MicrodataItems::find_items() {
  const Node root = page_.root();
  for (Node node = root; node; node = node.next_below(root)) {
    if (!node.is_element() || !node.attribute("itemscope")) continue;
    MicrodataItem item;
    item.element = node;
    item.types = tokens_of(node.attribute("itemtype").value_or(""));
    item.id = url_value(node, "itemid");
    item.top_level = !node.attribute("itemprop");
    has_itemref_ = has_itemref_ || node.attribute("itemref").has_value();
    item_at_.emplace(node.raw(), static_cast<std::uint32_t>(items_.size()));
    items_.push_back(std::move(item));
  }
}

void MicrodataItems::index_ids() {
  const Node root = page_.root();
  for (Node node = root; node; node = node.next_below(root)) {
    if (!node.is_element()) continue;
    if (const auto id = node.attribute("id")) by_id_.emplace(*id, node);  // the first one holds
  }
}

void MicrodataItems::read(MicrodataItem& item) {
  for (const Node element : property_elements(item)) {
    MicrodataProperty property;
    std::size_t size = 8;  // a property costs about as much as looking at so many nodes
    const auto nested = item_at_.find(element.raw());
    if (nested != item_at_.end()) {
      property.item = nested->second;
    } else {
      property.value = value_of(element);
      if (property.value.is_string())
        size += property.value.get_ref<const std::string&>().size() / 8;
    }
    for (std::string& name : tokens_of(element.attribute("itemprop").value_or(""))) {
      if (!spend(size)) return;
      property.name = std::move(name);
      item.properties.push_back(property);
    }
  }
  if (item.properties.empty()) item.text = text_of(item.element);
}

// Section 5.2.5, "Associating names with items", but for its last step: what an item shares through
// itemref follows its own, also when it stands before it in the page.
std::vector<Node> MicrodataItems::property_elements(const MicrodataItem& item) {
  std::vector<Node> found;
  if (!visited_.empty()) visited_ = {};
  for (Node child = item.element.first_child(); child; child = child.next_sibling()) {
    collect(child, item.element, /*referenced=*/false, found);
  }
  for (const std::string& id : tokens_of(item.element.attribute("itemref").value_or(""))) {
    const auto target = by_id_.find(id);
    if (target != by_id_.end()) collect(target->second, item.element, /*referenced=*/true, found);
  }
  return found;
}

// Adds the elements with an itemprop in `subtree`, its root included, leaving out what lies inside
// other items and what was collected before. A top-level item that is referred to lends its
// properties: it could not be meant otherwise.
void MicrodataItems::collect(Node subtree, Node item, bool referenced, std::vector<Node>& found) {
  const bool shared = item.attribute("itemref").has_value();
  Node node = subtree;
  while (node) {
    if (!spend(1)) return;
    bool enter = node.is_element() && node != item;
    if (enter && shared) enter = visited_.insert(node.raw()).second;
    if (enter) {
      const auto names = node.attribute("itemprop");
      if (names && !trim(*names).empty()) found.push_back(node);
      enter = !node.attribute("itemscope") || (referenced && node == subtree && !names);
    }
    if (enter) {
      node = node.next_below(subtree);
    } else {
      node = node == subtree ? Node() : node.next_after(subtree);
    }
  }
}

// Section 5.2.4, "Values". Beyond it, "content" is heard on any element, as search engines do.
json MicrodataItems::value_of(Node element) {
  const std::string_view tag = element.tag();
  if (tag == "input") return input_value(element);
  if (tag == "meta") return std::string(trim(element.attribute("content").value_or("")));
  if (is_one_of(tag, {"audio", "embed", "iframe", "img", "source", "track", "video"})) {
    return url_value(element, "src");
  }
  if (is_one_of(tag, {"a", "area", "link"})) return url_value(element, "href");
  if (tag == "object") return url_value(element, "data");
  if (tag == "data" || tag == "meter") {
    if (const auto value = element.attribute("value")) return std::string(trim(*value));
  }
  if (tag == "time") {
    if (const auto value = element.attribute("datetime")) return std::string(trim(*value));
  }
  const auto content = element.attribute("content");
  if (content && !content->empty()) return std::string(trim(*content));
  return text_of(element);
}

// A relative reference made absolute; an absolute one, tel: and mailto: too, as it is written.
std::string MicrodataItems::url_value(Node element, std::string_view attribute) const {
  const auto written = element.attribute(attribute);
  if (!written) return {};
  const std::string_view reference = trim(*written);
  if (has_scheme(reference)) return std::string(reference);
  std::string resolved = page_.resolve(reference);
  return resolved.empty() ? std::string(reference) : resolved;
}

std::string MicrodataItems::text_of(Node element) {
  for (Node node = element.next_below(element); node; node = node.next_below(element)) {
    if (!spend(1 + node.text().size() / 8)) return {};
  }
  return visible_text(element);
}

bool MicrodataItems::spend(std::size_t work) {
  if (work > work_) {
    work_ = 0;
    return false;
  }
  work_ -= work;
  return true;
}

}  // namespace placer
