#include "scraper/extract/schema/node.h"

#include <algorithm>

#include "scraper/extract/schema/types.h"

namespace placer {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxTypes = 16;
constexpr std::size_t kLongestType = 128;

void append_type(const json& written, std::vector<std::string>& types) {
  const json* value = &written;
  if (value->is_object()) {
    const auto id = value->find("@id");
    if (id == value->end()) return;
    value = &*id;
  }
  if (!value->is_string() || types.size() == kMaxTypes) return;
  std::string name = bare_type_name(value->get_ref<const std::string&>());
  if (name.empty() || name.size() > kLongestType) return;
  if (std::ranges::find(types, name) == types.end()) types.push_back(std::move(name));
}

}  // namespace

std::vector<std::string> node_types(const json& node) {
  std::vector<std::string> types;
  if (!node.is_object()) return types;
  auto written = node.find("@type");
  if (written == node.end()) written = node.find("type");
  if (written == node.end()) return types;
  if (!written->is_array()) {
    append_type(*written, types);
    return types;
  }
  for (const json& type : *written) append_type(type, types);
  return types;
}

std::string_view node_id(const json& node) {
  if (!node.is_object()) return {};
  const auto written = node.find("@id");
  if (written == node.end() || !written->is_string()) return {};
  std::string_view id = written->get_ref<const std::string&>();
  constexpr std::string_view kSpace = " \t\r\n";
  id.remove_prefix(std::min(id.find_first_not_of(kSpace), id.size()));
  return id.substr(0, id.find_last_not_of(kSpace) + 1);
}

const json* node_property(const json& node, std::string_view name) {
  if (!node.is_object()) return nullptr;
  for (const std::string_view prefix :
       {"", "schema:", "https://schema.org/", "http://schema.org/"}) {
    const auto found = node.find(std::string(prefix).append(name));
    if (found != node.end()) return &*found;
  }
  return nullptr;
}

bool has_properties(const json& node) {
  if (!node.is_object()) return false;
  for (const auto& member : node.items()) {
    const std::string& key = member.key();
    if (key != "@id" && key != "@type" && key != "@context" && !member.value().is_null())
      return true;
  }
  return false;
}

}  // namespace placer
