#include "scraper/extract/rules/rules.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "scraper/frontier/key.h"
#include "scraper/frontier/scope.h"
#include "scraper/frontier/url.h"

namespace placer {
namespace {

using nlohmann::json;

std::string shown(const json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::size_t bytes_of(const json& value) {
  return value.is_string() ? value.get_ref<const std::string&>().size() + 32
                           : value.size() * 64 + 32;
}

std::string shown(const RuleItem& item) {
  if (item.element) return visible_text(item.element);
  return item.value == nullptr ? "" : shown(*item.value);
}

}  // namespace

// One page under all rules.
class Rules::Reading {
 public:
  Reading(const std::vector<Rule>& rules, const Page& page, bool keeps_first)
      : page_(page), keeps_first_(keeps_first) {
    whole_.element = page.root();
    whole_.root = page.json();
    whole_.value = page.json();
    const auto url = Url::parse(page.url());
    const std::string href = url ? url->without_fragment_and_userinfo().href() : std::string();
    const std::string path(href.empty() ? "" : split_href(href).path_and_query);
    host_ = url ? url->host() : std::string_view();
    for (const Rule& rule : rules) {
      ++number_;
      apply(rule, glob_matches(rule.when, path));
    }
  }

  bool cut_short() const { return budget_.used_up() || bytes_ > kMostBytes; }

  Extraction found;
  std::vector<RuleTaken> taken;

 private:
  void count(std::size_t values, const std::string& first = {}) {
    RuleTaken& part = taken.emplace_back();
    part.count = static_cast<std::uint32_t>(std::min<std::size_t>(values, UINT32_MAX));
    part.first = first;
  }

  void apply(const Rule& rule, bool matches) {
    count(matches ? 1 : 0);
    std::vector<RuleItem> items;
    if (matches && rule.each) items = rule.each->items(whole_, budget_);
    if (matches && !rule.has_each) items.push_back(whole_);
    const bool first_item = keeps_first_ && rule.has_each && !items.empty();
    count(rule.has_each ? items.size() : 0, first_item ? shown(items.front()) : std::string());
    read_places(rule, items);
    for (const auto& expressions : rule.follow) follow(expressions, matches);
    for (const RuleRequestMaker& request : rule.requests) {
      ask(request, matches, !rule.has_each || !items.empty());
    }
  }

  void read_places(const Rule& rule, const std::vector<RuleItem>& items) {
    const std::size_t first_part = taken.size();
    for (std::size_t i = 0; i < rule.place.size(); ++i) count(0);
    for (std::size_t item = 0; item < items.size() && !rule.place.empty(); ++item) {
      if (found.places.size() >= kMostPlaces || bytes_ > kMostBytes || budget_.used_up()) break;
      RawPlace place;
      place.path = "rule[" + std::to_string(number_) + "]";
      if (rule.has_each) place.path += "/each[" + std::to_string(item + 1) + "]";
      place.fields = json::object();
      bool states = false;
      for (std::size_t i = 0; i < rule.place.size(); ++i) {
        const Field& field = rule.place[i];
        auto values = take_first(field.expressions, items[item], kMostValues, budget_);
        states = states || (!values.empty() && !field.constant);
        note(values, taken[first_part + i]);
        if (field.target.is_url) resolve(values);
        put_field(field.target, std::move(values), place.fields);
      }
      if (!states) continue;
      settle_fields(place.fields);
      found.places.push_back(std::move(place));
    }
  }

  void note(const std::vector<json>& values, RuleTaken& part) {
    if (part.count == 0 && keeps_first_ && !values.empty()) part.first = shown(values[0]);
    part.count += static_cast<std::uint32_t>(values.size());
    for (const json& value : values) bytes_ += bytes_of(value);
  }

  void resolve(std::vector<json>& values) const {
    for (json& value : values) {
      if (!value.is_string()) continue;
      std::string absolute = page_.resolve(value.get_ref<const std::string&>());
      if (!absolute.empty()) value = std::move(absolute);
    }
  }

  void follow(const std::vector<RuleExpression>& expressions, bool matches) {
    RuleTaken& part = taken.emplace_back();
    if (!matches) return;
    const auto values = take_first(expressions, whole_, RuleTarget::kMost, budget_);
    note(values, part);
    for (const json& value : values) {
      if (!value.is_string()) continue;
      const auto url = Url::parse(page_.resolve(value.get_ref<const std::string&>()));
      if (!url) continue;
      const bool own = url->host() == host_;
      found.links.push_back(link_to(*url, own ? LinkKind::kEndpoint : LinkKind::kAnchor));
      found.links.back().nofollow = page_.facts().nofollow;
    }
  }

  void ask(const RuleRequestMaker& request, bool matches, bool has_items) {
    std::vector<std::vector<std::string>> texts;
    for (const RuleRequestMaker::Value& value : request.values()) {
      RuleTaken& part = taken.emplace_back();
      auto& of_name = texts.emplace_back();
      if (!matches) continue;
      const auto values = take_first(value.expressions, whole_, RuleRequestMaker::kMost, budget_);
      note(values, part);
      for (const json& taken_value : values) {
        // An empty token, "false" and the like say that there is no more.
        if (taken_value.is_string() || taken_value.is_number())
          of_name.push_back(shown(taken_value));
      }
    }
    if (!matches || !has_items) return;
    std::ranges::move(request.links(texts, link_bytes_), std::back_inserter(found.links));
  }

  const Page& page_;
  bool keeps_first_;
  RuleItem whole_;
  std::string host_;
  SelectorBudget budget_;
  std::size_t number_ = 0;
  std::size_t bytes_ = 0;
  std::size_t link_bytes_ = RuleRequestMaker::kMostBytes;  // that requests may still have
};

Rules::Rules(const std::vector<RuleOptions>& rules) {
  for (const RuleOptions& options : rules) {
    Rule& rule = rules_.emplace_back();
    rule.when = options.when.text;
    rule.has_each = !options.each.text.empty();
    if (rule.has_each) {
      if (auto target = RuleTarget::compile(options.each.text)) rule.each = *std::move(target);
    }
    for (const RuleField& option : options.place) {
      Field& field = rule.place.emplace_back();
      if (auto target = find_rule_field(option.name)) {
        field.target = *std::move(target);
        field.expressions = compile_all(option.expressions);
      }
      field.constant = std::ranges::all_of(
          field.expressions, [](const RuleExpression& text) { return text.is_constant(); });
    }
    for (const RuleText& text : options.follow) rule.follow.push_back(compile_all({text}));
    for (const RuleRequest& request : options.requests) rule.requests.emplace_back(request);
  }
}

json Rules::items(const Page& page) const {
  json items = json::array();
  for (RawPlace& place : places(page)) items.push_back(std::move(place.fields));
  return items;
}

std::vector<RawPlace> Rules::places(const Page& page) const { return read(page).places; }

std::vector<Link> Rules::links(const Page& page) const { return read(page).links; }

Extraction Rules::read(const Page& page) const {
  Reading reading(rules_, page, /*keeps_first=*/false);
  for (const RuleTaken& part : reading.taken) {
    reading.found.rule_hits.push_back(part.count);
  }
  reading.found.rule_hits.push_back(reading.cut_short() ? 1 : 0);
  return std::move(reading.found);
}

RuleTrace Rules::trace(const Page& page) const {
  Reading reading(rules_, page, /*keeps_first=*/true);
  return {std::move(reading.taken), reading.cut_short()};
}

}  // namespace placer
