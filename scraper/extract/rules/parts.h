// The parts of a job's rules that may match or not, numbered: what Outcome::rule_hits counts, a
// last element telling by a 1 that the page asked for too much work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"

namespace placer {

struct RulePart {
  std::size_t rule = 0;     // index among the rules
  std::string key;          // "when", "each", "place.name", "follow", "follow.page"
  std::string expressions;  // as written; several joined by " or "
  SourceMark mark;
  bool constant = false;  // cannot but match
};

// Of each rule in order: when, each (also when it is not given), its fields, its follow texts, the
// {name}s of its requests.
std::vector<RulePart> rule_parts(const std::vector<RuleOptions>& rules);

// Counts over the pages of a run. Confined to one thread.
class RuleUse {
 public:
  explicit RuleUse(const std::vector<RuleOptions>& rules)
      : parts_(rule_parts(rules)), hits_(parts_.size() + 1) {}

  // One page's Outcome::rule_hits.
  void add(const std::vector<std::uint32_t>& hits);

  // What never matched, and on how many pages the rules were cut short, a line each: "rule 1 (line
  // 14): place.name `h2.name` matched nothing on 132 pages". Of a rule that was about no page, or
  // whose `each` was never found, only that.
  std::vector<std::string> unused() const;

 private:
  std::vector<RulePart> parts_;
  std::vector<std::uint64_t> hits_;
  std::uint64_t pages_ = 0;
};

}  // namespace placer
