#include "scraper/extract/rules/request.h"

#include <algorithm>
#include <optional>

#include "config/rule_template.h"
#include "scraper/frontier/key.h"
#include "scraper/frontier/percent.h"
#include "scraper/frontier/url.h"

namespace placer {
namespace {

using nlohmann::json;

enum class Encoding : std::uint8_t { kPercent, kForm, kJson };

std::string encoded(const std::string& value, Encoding encoding) {
  if (encoding == Encoding::kJson) {
    const std::string text = json(value).dump(-1, ' ', false, json::error_handler_t::replace);
    return text.substr(1, text.size() - 2);
  }
  std::string out;
  for (const char c : value) {
    if (is_unreserved(c)) {
      out += c;
    } else if (c == ' ' && encoding == Encoding::kForm) {
      out += '+';
    } else {
      append_percent_triplet(c, out);
    }
  }
  return out;
}

}  // namespace

std::vector<RuleExpression> compile_all(const std::vector<RuleText>& texts) {
  std::vector<RuleExpression> compiled;
  for (const RuleText& text : texts) {
    if (auto expression = RuleExpression::compile(text.text)) {
      compiled.push_back(*std::move(expression));
    }
  }
  return compiled;
}

std::vector<json> take_first(const std::vector<RuleExpression>& expressions, const RuleItem& item,
                             std::size_t most, SelectorBudget& budget) {
  for (const RuleExpression& expression : expressions) {
    if (auto values = expression.take(item, most, budget); !values.empty()) return values;
  }
  return {};
}

RuleRequestMaker::RuleRequestMaker(const RuleRequest& request)
    : url_(request.url.text), body_(request.body) {
  for (const RuleField& value : request.values) {
    values_.push_back({value.name, compile_all(value.expressions)});
  }
}

std::vector<Link> RuleRequestMaker::links(
    const std::vector<std::vector<std::string>>& taken) const {
  std::optional<std::size_t> count;
  for (const auto& values : taken) {
    if (values.empty()) return {};
    if (values.size() > 1) count = std::min(count.value_or(kMost), values.size());
  }
  const auto filled = [&](const std::string& text, std::size_t index, Encoding encoding) {
    std::string out;
    for (const TemplatePiece& piece : split_template(text)) {
      const auto value = std::ranges::find(values_, piece.text, &Value::name);
      if (!piece.is_name || value == values_.end()) {
        out += piece.text;
        continue;
      }
      const auto& of_name = taken[static_cast<std::size_t>(value - values_.begin())];
      out += encoded(of_name[of_name.size() == 1 ? 0 : index], encoding);
    }
    return out;
  };
  const bool json_body = body_.starts_with('{') || body_.starts_with('[');
  std::vector<Link> links;
  for (std::size_t i = 0; i < count.value_or(1); ++i) {
    const auto url = Url::parse(filled(url_, i, Encoding::kPercent));
    if (!url) continue;
    links.push_back(link_to(*url, LinkKind::kEndpoint,
                            filled(body_, i, json_body ? Encoding::kJson : Encoding::kForm)));
  }
  return links;
}

}  // namespace placer
