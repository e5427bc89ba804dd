#include "scraper/extract/schema/types.h"

#include <algorithm>
#include <iterator>

namespace placer {
namespace {

constexpr SchemaType kTypes[] = {
#include "scraper/extract/schema/types.inc"
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool less_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::lexicographical_compare(a, b, {}, lower, lower);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool strip_prefix(std::string_view& text, std::string_view prefix) {
  if (!equal_ignoring_case(text.substr(0, prefix.size()), prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Calls visit(type) for the parents of `type` that are in the table.
template <class Visitor>
void for_each_parent(const SchemaType& type, Visitor&& visit) {
  std::string_view rest = type.parents;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (const SchemaType* parent = find_schema_type(rest.substr(0, end))) visit(*parent);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

// Recursion over our own table, which is six levels deep.
bool is_below(const SchemaType& type, std::string_view ancestor) {
  if (equal_ignoring_case(type.name, ancestor)) return true;
  bool below = false;
  for_each_parent(type,
                  [&](const SchemaType& parent) { below = below || is_below(parent, ancestor); });
  return below;
}

int distance_from_place(const SchemaType& type) {
  int distance = 0;
  for_each_parent(type, [&](const SchemaType& parent) {
    distance = std::max(distance, 1 + distance_from_place(parent));
  });
  return distance;
}

}  // namespace

std::span<const SchemaType> schema_types() { return kTypes; }

const SchemaType* find_schema_type(std::string_view name) {
  const auto* const found = std::ranges::lower_bound(
      kTypes, name, less_ignoring_case, [](const SchemaType& type) { return type.name; });
  if (found == std::end(kTypes) || !equal_ignoring_case(found->name, name)) return nullptr;
  return found;
}

std::string_view strip_schema_prefix(std::string_view written) {
  constexpr std::string_view kSpace = " \t\r\n\f";
  written.remove_prefix(std::min(written.find_first_not_of(kSpace), written.size()));
  written = written.substr(0, written.find_last_not_of(kSpace) + 1);
  std::string_view name = written;
  if (!strip_prefix(name, "schema:")) {
    if (!strip_prefix(name, "https:")) strip_prefix(name, "http:");
    strip_prefix(name, "//");
    strip_prefix(name, "www.");
    if (!strip_prefix(name, "schema.org/") && !strip_prefix(name, "schema.org#")) return written;
  }
  while (name.starts_with('/') || name.starts_with('#')) name.remove_prefix(1);
  while (name.ends_with('/') || name.ends_with('#')) name.remove_suffix(1);
  return name;
}

std::string bare_type_name(std::string_view written) {
  const std::string_view name = strip_schema_prefix(written);
  std::string_view trimmed = name;
  while (trimmed.ends_with('/') || trimmed.ends_with('#')) trimmed.remove_suffix(1);
  const SchemaType* type = find_schema_type(trimmed);
  return std::string(type != nullptr ? type->name : name);
}

bool is_schema_subtype(std::string_view name, std::string_view ancestor) {
  const SchemaType* type = find_schema_type(name);
  return type != nullptr && is_below(*type, ancestor);
}

bool is_place_type(std::string_view name) { return find_schema_type(name) != nullptr; }

bool is_local_business(std::string_view name) { return is_schema_subtype(name, "LocalBusiness"); }

std::string_view most_specific_type(std::span<const std::string> types) {
  std::string_view best;
  int best_rank = -1;
  for (const std::string& name : types) {
    const SchemaType* type = find_schema_type(name);
    if (type == nullptr) continue;
    constexpr int kBusiness = 100;  // beyond any distance in the table
    const int rank =
        distance_from_place(*type) + (is_below(*type, "LocalBusiness") ? kBusiness : 0);
    if (rank > best_rank) {
      best = type->name;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace placer
