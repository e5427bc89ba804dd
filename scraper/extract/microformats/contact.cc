#include "scraper/extract/microformats/contact.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scraper/ascii.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMostValues = 16;
constexpr std::size_t kLongest = 500;      // bytes of a value; what is longer is none
constexpr std::size_t kMostBelow = 64;     // nodes of a telephone number that are looked at
constexpr std::size_t kLongestLabel = 30;  // bytes
constexpr std::size_t kFewestDigits = 3;   // of a telephone number

std::size_t digits_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, ascii::is_digit));
}

// Calls visit(node) for `element` and the first nodes below it.
template <class Visit>
void for_each_near(Node element, Visit visit) {
  std::size_t left = kMostBelow;
  for (Node node = element; node && left > 0; node = node.next_below(element), --left) visit(node);
}

// What "type" elements in a "tel" say: "Fax", "work".
std::string types_in(Node element) {
  std::string types;
  for_each_near(element, [&](Node node) {
    if (node == element || !has_class(node, "type")) return;
    const auto title = node.attribute("title");
    types += " ";
    if (title) {
      types += *title;
    } else if (const Node text = node.first_child()) {
      types += text.text();
    }
  });
  return ascii::lower_case(types);
}

bool names_fax(std::string_view text) {
  return ascii::lower_case(text).find("fax") != std::string::npos;
}

bool is_fax(const MicroformatProperty& property) {
  if (!property.element) return false;
  if (has_class(property.element, "fax") || names_fax(types_in(property.element))) return true;
  const std::string_view before = property.before ? ascii::trim(property.before.text()) : "";
  return before.size() <= kLongestLabel && names_fax(before);
}

// The href with that scheme of the element or of a link in it; empty when there is none.
std::string link_in(Node element, std::string_view scheme) {
  std::string found;
  for_each_near(element, [&](Node node) {
    const auto href = node.attribute("href");
    if (!href || !found.empty()) return;
    const std::string_view link = ascii::trim(*href);
    const bool fits = link.size() > scheme.size() && link.size() <= kLongest &&
                      ascii::equals_ignoring_case(link.substr(0, scheme.size()), scheme);
    if (fits) found = link;
  });
  return found;
}

// The number without the words that say its type: "Work +1 212 555 0100".
std::string number_in(const MicroformatProperty& property) {
  std::string_view text = ascii::trim(property.value);
  if (!property.element) return std::string(text);
  if (digits_in(text) < kFewestDigits) {
    if (std::string link = link_in(property.element, "tel:"); !link.empty()) return link;
  }
  const std::string types = types_in(property.element);
  const std::string_view first = ascii::trim(types);
  const bool leads = !first.empty() && text.size() > first.size() &&
                     ascii::equals_ignoring_case(text.substr(0, first.size()), first);
  if (leads) {
    text.remove_prefix(first.size());
    text.remove_prefix(std::min(text.find_first_not_of(" :.\t\n"), text.size()));
  }
  return std::string(text);
}

std::string email_in(const MicroformatProperty& property) {
  const std::string& text = property.written.empty() ? property.value : property.written;
  if (text.find('@') != std::string::npos || !property.element) return text;
  std::string link = link_in(property.element, "mailto:");
  return link.empty() ? text : link;
}

// Text in place of a link ("www.example.org") is no relative reference.
std::string url_in(const MicroformatProperty& property) {
  const std::string& text = property.written.empty() ? property.value : property.written;
  const bool web = property.value.starts_with("http") && text.find(' ') == std::string::npos &&
                   text.find('@') == std::string::npos;
  return web ? text : std::string();
}

void add(std::string text, std::vector<std::string>& values) {
  if (text.empty() || text.size() > kLongest || values.size() == kMostValues) return;
  if (std::ranges::find(values, text) == values.end()) values.push_back(std::move(text));
}

void put(json& fields, const char* name, std::vector<std::string> values) {
  if (values.empty()) return;
  fields[name] = values.size() == 1 ? json(std::move(values[0])) : json(std::move(values));
}

}  // namespace

void add_contact(const MicroformatItem& card, json& fields) {
  std::vector<std::string> telephones;
  std::vector<std::string> faxes;
  std::vector<std::string> emails;
  std::vector<std::string> urls;
  for (const MicroformatProperty& property : card.properties) {
    if (property.name == "tel") add(number_in(property), is_fax(property) ? faxes : telephones);
    if (property.name == "fax" || property.name == "tel-fax") add(number_in(property), faxes);
    if (property.name == "email") add(email_in(property), emails);
    if (property.name == "url") add(url_in(property), urls);
  }
  put(fields, "telephone", std::move(telephones));
  put(fields, "faxNumber", std::move(faxes));
  put(fields, "email", std::move(emails));
  if (urls.empty()) return;
  fields["url"] = urls[0];
  urls.erase(urls.begin());
  put(fields, "sameAs", std::move(urls));
}

}  // namespace placer
