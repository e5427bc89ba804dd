// The format "rules": what the job itself says of a site's pages (config.h, RuleOptions).
//
// A rule applies to a page when its `when` matches path and query (frontier/scope.h). It states one
// place for each item that `each` finds, or one for the page; a place that states nothing but
// constants is none. Each `follow` yields requests: those for the page's own host need not lie in
// the job's scope, those for other hosts must; requests made by a template, which names its host,
// never need to. A rule with `each` asks for templates' requests only where it found an item, so
// that counting pages ends with the first empty one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "scraper/extract/rules/expression.h"
#include "scraper/extract/rules/fields.h"
#include "scraper/extract/rules/request.h"
#include "scraper/extractor.h"

namespace placer {

// What one part of the rules (parts.h) took from one page.
struct RuleTaken {
  std::uint32_t count = 0;  // of `when`: 1 when it matches
  std::string first;        // the first value, for people; empty unless asked for
};

struct RuleTrace {
  std::vector<RuleTaken> parts;  // in the order of rule_parts()
  bool cut_short = false;        // the page asked for too much work: the rest was not looked at
};

class Rules : public Extractor {
 public:
  static constexpr std::size_t kMostPlaces = 50'000;     // of one page
  static constexpr std::size_t kMostValues = 64;         // of one field of one place
  static constexpr std::size_t kMostBytes = 32UL << 20;  // of all values of one page, about

  // What does not compile takes nothing; check_rules (check.h) says what that is.
  explicit Rules(const std::vector<RuleOptions>& rules);

  std::string_view format() const override { return "rules"; }
  nlohmann::json items(const Page& page) const override;  // the fields of each place

  // Paths are "rule[1]", or "rule[1]/each[3]", both counted from 1.
  std::vector<RawPlace> places(const Page& page) const override;
  std::vector<Link> links(const Page& page) const override;
  Extraction read(const Page& page) const override;

  RuleTrace trace(const Page& page) const;

 private:
  struct Field {
    RuleFieldTarget target;
    std::vector<RuleExpression> expressions;
    bool constant = false;  // nothing but a constant
  };
  struct Rule {
    std::string when;
    bool has_each = false;
    std::optional<RuleTarget> each;
    std::vector<Field> place;
    std::vector<std::vector<RuleExpression>> follow;
    std::vector<RuleRequestMaker> requests;
  };
  class Reading;

  std::vector<Rule> rules_;
};

}  // namespace placer
