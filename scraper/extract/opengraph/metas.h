// The meta elements of a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scraper/page/page.h"

namespace placer {

// Views live as long as the page.
struct Meta {
  std::string_view property;  // of RDFa and OpenGraph; empty when there is none
  std::string_view name;      // of HTML; empty when there is none
  std::string_view content;
};

// Those with a content and a property or a name, in tree order, wherever they stand; at most 4,000.
std::vector<Meta> read_metas(const Page& page);

// Metas by name. Where several have the same, the first that says something holds.
class NamedMetas {
 public:
  struct Named {
    std::string name;          // lower case, '_' for '-', without "og:" before another prefix
    std::string_view content;  // trimmed, not empty
  };

  explicit NamedMetas(const std::vector<Meta>& metas);

  std::string_view first(std::string_view name) const;  // empty when there is none
  std::vector<std::string_view> each(std::string_view name) const;
  const std::vector<Named>& all() const { return all_; }  // in tree order

 private:
  std::vector<Named> all_;
};

}  // namespace placer
