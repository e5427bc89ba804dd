#include "scraper/extract/opengraph/metas.h"

#include <algorithm>
#include <utility>

#include "scraper/ascii.h"

namespace placer {
namespace {

constexpr std::size_t kMaxMetas = 4'000;
constexpr std::size_t kLongestName = 128;

std::string plain_name(std::string_view written) {
  std::string name = ascii::lower_case(ascii::trim(written));
  std::ranges::replace(name, '-', '_');
  for (const std::string_view prefix : {"business:", "place:", "restaurant:", "hotel:"}) {
    if (name.starts_with("og:") && std::string_view(name).substr(3).starts_with(prefix)) {
      return name.substr(3);
    }
  }
  return name;
}

}  // namespace

std::vector<Meta> read_metas(const Page& page) {
  std::vector<Meta> metas;
  for (const Node element : page.index().metas) {
    if (metas.size() == kMaxMetas) break;
    const auto content = element.attribute("content");
    const Meta meta{.property = ascii::trim(element.attribute("property").value_or("")),
                    .name = ascii::trim(element.attribute("name").value_or("")),
                    .content = content.value_or("")};
    if (content && (!meta.property.empty() || !meta.name.empty())) metas.push_back(meta);
  }
  return metas;
}

NamedMetas::NamedMetas(const std::vector<Meta>& metas) {
  for (const Meta& meta : metas) {
    const std::string_view content = ascii::trim(meta.content);
    const std::string_view written = meta.property.empty() ? meta.name : meta.property;
    if (content.empty() || written.size() > kLongestName) continue;
    all_.push_back({.name = plain_name(written), .content = content});
  }
}

std::string_view NamedMetas::first(std::string_view name) const {
  const auto found = std::ranges::find(all_, name, &Named::name);
  return found == all_.end() ? std::string_view() : found->content;
}

std::vector<std::string_view> NamedMetas::each(std::string_view name) const {
  std::vector<std::string_view> contents;
  for (const Named& meta : all_) {
    if (meta.name == name) contents.push_back(meta.content);
  }
  return contents;
}

}  // namespace placer
