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

std::string encoded(const std::string& value, RuleRequestMaker::Encoding encoding) {
  using Encoding = RuleRequestMaker::Encoding;
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

std::vector<Link> RuleRequestMaker::links(const std::vector<std::vector<std::string>>& taken,
                                          std::size_t& bytes) const {
  std::optional<std::size_t> count;
  for (const auto& values : taken) {
    if (values.empty()) return {};
    if (values.size() > 1) count = std::min(count.value_or(kMost), values.size());
  }
  const bool json_body = body_.starts_with('{') || body_.starts_with('[');
  std::vector<Link> links;
  Texts texts(taken.size());
  for (std::size_t i = 0; i < count.value_or(1) && bytes > 0; ++i) {
    for (std::size_t name = 0; name < taken.size(); ++name) {
      texts[name] = &taken[name][taken[name].size() == 1 ? 0 : i];
    }
    std::string href;
    std::string body;
    const bool fits =
        fill(url_, texts, Encoding::kPercent, kLongestUrl, href) &&
        fill(body_, texts, json_body ? Encoding::kJson : Encoding::kForm, kLongestBody, body);
    bytes -= std::min(bytes, href.size() + body.size());
    if (!fits) continue;
    if (const auto url = Url::parse(href)) {
      links.push_back(link_to(*url, LinkKind::kEndpoint, std::move(body)));
    }
  }
  return links;
}

bool RuleRequestMaker::fill(const std::string& text, const Texts& texts, Encoding encoding,
                            std::size_t longest, std::string& out) const {
  for (const TemplatePiece& piece : split_template(text)) {
    const auto value = std::ranges::find(values_, piece.text, &Value::name);
    if (!piece.is_name || value == values_.end()) {
      out += piece.text;
    } else {
      const std::string& own = *texts[static_cast<std::size_t>(value - values_.begin())];
      if (own.size() > longest) return false;  // no encoding makes it shorter
      out += encoded(own, encoding);
    }
    if (out.size() > longest) return false;
  }
  return true;
}

}  // namespace placer
