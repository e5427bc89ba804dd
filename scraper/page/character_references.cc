#include "scraper/page/character_references.h"

#include <absl/container/node_hash_map.h>
#include <absl/strings/string_view.h>

#include <optional>
#include <utility>

#include "scraper/page/tree.h"

namespace placer {
namespace {

constexpr std::size_t kLongest = 40;  // bytes; the longest name has 32
constexpr std::size_t kMostRemembered = 4096;

using Remembered = absl::node_hash_map<std::string, std::string>;

// Nothing when there is no memory or time for it.
std::optional<std::string> ask_gumbo(std::string_view reference, bool in_attribute) {
  std::string html = in_attribute ? "<p title=\"" : "<p>";
  html.append(reference).append(in_attribute ? "\">" : "</p>");
  const auto tree = Tree::parse(html, {.builder = TreeBuilder::kGumbo});
  if (!tree) return std::nullopt;
  const Node paragraph = tree->root().first_child().next_sibling().first_child();
  return std::string(in_attribute ? paragraph.attribute("title").value_or("")
                                  : paragraph.first_child().text());
}

}  // namespace

const std::string* read_reference(std::string_view reference, bool in_attribute) {
  thread_local Remembered remembered[2];
  Remembered& known = remembered[in_attribute ? 1 : 0];
  const auto found = known.find(absl::string_view(reference.data(), reference.size()));
  if (found != known.end()) return &found->second;
  if (reference.size() > kLongest) return nullptr;
  auto characters = ask_gumbo(reference, in_attribute);
  if (!characters) return nullptr;
  if (known.size() >= kMostRemembered) known.clear();
  return &known.emplace(reference, *std::move(characters)).first->second;
}

}  // namespace placer
