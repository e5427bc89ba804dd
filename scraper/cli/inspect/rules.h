// What a job's rules take from the page that `placer inspect --rules` looks at.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "config/config.h"
#include "scraper/extract/rules/rules.h"
#include "scraper/extractor.h"

namespace placer::cli {

// Must outlive the extractor it gives away.
class RulesOnPage {
 public:
  explicit RulesOnPage(const std::vector<RuleOptions>& rules) : rules_(rules) {}

  // The rules, as an extractor that writes down here what they take.
  std::unique_ptr<Extractor> extractor();

  void print() const;
  nlohmann::ordered_json to_json() const;

 private:
  std::vector<RuleOptions> rules_;
  RuleTrace trace_;  // empty until a page was read
};

}  // namespace placer::cli
