#include "scraper/extract/rules/check.h"

#include <fmt/core.h>

#include <algorithm>

#include "config/values.h"
#include "scraper/extract/rules/expression.h"
#include "scraper/extract/rules/fields.h"
#include "scraper/frontier/url.h"
#include "scraper/place/category.h"

namespace placer {
namespace {

class Checker {
 public:
  std::vector<Diagnostic> take() { return std::move(found_); }

  void check(const RuleOptions& rule, std::size_t number) {
    where_ = fmt::format("extract.rules[{}].", number);
    if (!rule.each.text.empty()) {
      if (const auto target = RuleTarget::compile(rule.each.text); !target) {
        add(rule.each, "each", target.error());
      }
    }
    for (const RuleField& field : rule.place) check_field(field);
    for (const RuleText& text : rule.follow) check_expression(text, "follow");
    for (const RuleRequest& request : rule.requests) {
      if (!Url::parse(request.url.text)) {
        found_.push_back({request.url.mark, where_ + "follow: no valid http or https URL"});
      }
      for (const RuleField& value : request.values) {
        for (const RuleText& text : value.expressions) {
          check_expression(text, "follow." + value.name);
        }
      }
    }
  }

 private:
  void add(const RuleText& text, const std::string& key, const RuleError& error) {
    SourceMark mark = text.mark;
    if (mark.line > 0) mark.column += static_cast<int>(error.column) - 1;
    found_.push_back({mark, fmt::format("{}{}: {}", where_, key, error.message)});
  }

  void check_expression(const RuleText& text, const std::string& key) {
    if (const auto expression = RuleExpression::compile(text.text); !expression) {
      add(text, key, expression.error());
    }
  }

  void check_field(const RuleField& field) {
    if (const auto target = find_rule_field(field.name); !target) {
      found_.push_back({field.mark, where_ + "place: " + target.error()});
    }
    for (const RuleText& text : field.expressions) {
      check_expression(text, "place." + field.name);
      if (field.name == "category") check_category(text);
    }
  }

  void check_category(const RuleText& text) {
    const std::size_t begin = text.text.find_first_not_of(' ');
    if (begin == std::string::npos || text.text[begin] != '=') return;
    const std::size_t value = text.text.find_first_not_of(' ', begin + 1);
    if (value == std::string::npos || text.text.find('|') != std::string::npos) return;
    const std::string constant = text.text.substr(value);
    if (constant.find('=') != std::string::npos || category_of_type(constant)) return;
    add(text, "place.category",
        {value + 1, in_quotes(constant) + " is neither an OSM tag such as amenity=cafe nor a type "
                                          "of schema.org that has one"});
  }

  std::string where_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> check_rules(const std::vector<RuleOptions>& rules) {
  Checker checker;
  for (std::size_t i = 0; i < rules.size(); ++i) checker.check(rules[i], i + 1);
  return checker.take();
}

}  // namespace placer
