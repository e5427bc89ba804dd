#include "scraper/cli/inspect/select.h"

#include <fmt/core.h>

#include <algorithm>

#include "scraper/cli/terminal.h"
#include "scraper/place/text.h"

namespace placer::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLongestText = 200;  // bytes
constexpr std::size_t kMostSteps = 8;      // of a path, from the element upwards

// "li:nth-of-type(3)", "div#list"; an index only where siblings of that name make it needed.
std::string step_of(Node element) {
  std::string step(element.tag());
  if (const auto id = element.attribute("id"); id && !id->empty() && id->find(' ') == id->npos) {
    return step + "#" + std::string(*id);
  }
  std::size_t before = 0;
  std::size_t behind = 0;
  const auto is_alike = [&](Node node) { return node.is_element() && node.tag() == element.tag(); };
  for (Node node = element.previous_sibling(); node; node = node.previous_sibling()) {
    before += is_alike(node) ? 1 : 0;
  }
  for (Node node = element.next_sibling(); node && behind == 0; node = node.next_sibling()) {
    behind += is_alike(node) ? 1 : 0;
  }
  return before + behind == 0 ? step : fmt::format("{}:nth-of-type({})", step, before + 1);
}

std::string path_of(Node element) {
  std::string path;
  std::size_t steps = 0;
  for (Node node = element; node; node = node.parent()) {
    if (++steps > kMostSteps) return "… > " + path;
    path = step_of(node) + (path.empty() ? "" : " > " + path);
    if (path.find('#') < path.find(' ')) return path;  // an id says it all
  }
  return path;
}

std::string text_of(const nlohmann::json& value) {
  return shortened(value.is_string() ? value.get<std::string>() : value.dump(), kLongestText);
}

std::string text_of(const RuleItem& item) {
  if (item.value != nullptr) return text_of(*item.value);
  return shortened(visible_text(item.element), kLongestText);
}

}  // namespace

class SelectedOnPage::Reader : public Extractor {
 public:
  explicit Reader(std::vector<Selection>& selections) : selections_(selections) {}

  std::string_view format() const override { return "select"; }
  nlohmann::json items(const Page&) const override { return nlohmann::json::array(); }
  std::vector<RawPlace> places(const Page&) const override { return {}; }
  Extraction read(const Page& page) const override {
    for (Selection& selection : selections_) SelectedOnPage::read(selection, page);
    return {};
  }

 private:
  std::vector<Selection>& selections_;
};

std::string SelectedOnPage::add(const std::string& expression) {
  auto whole = RuleExpression::compile(expression);
  if (!whole) {
    return fmt::format("{}\n  {}\n  {:>{}}", whole.error().message, printable(expression), "^",
                       whole.error().column);
  }
  Selection& selection = selections_.emplace_back();
  selection.expression = expression;
  // "a.tel @href | re: x" is "a.tel", and "@href | re: x" of each.
  const std::size_t end = std::min(expression.find(" @"), expression.find(" | "));
  auto target = RuleTarget::compile(expression.substr(0, end));
  if (end == expression.npos && target) {
    selection.target = *std::move(target);
    return {};
  }
  if (end != expression.npos && target) {
    if (auto take = RuleExpression::compile(expression.substr(end + 1))) {
      selection.target = *std::move(target);
      selection.take = *std::move(take);
      return {};
    }
  }
  selection.take = *std::move(whole);
  return {};
}

std::unique_ptr<Extractor> SelectedOnPage::extractor() {
  return std::make_unique<Reader>(selections_);
}

void SelectedOnPage::read(Selection& selection, const Page& page) {
  SelectorBudget budget;
  RuleItem whole;
  whole.element = page.root();
  whole.root = page.json();
  whole.value = page.json();
  selection.read = true;
  const auto add = [&selection](const std::string& path, const std::string& text) {
    ++selection.count;
    if (selection.matches.size() < kMostShown) selection.matches.push_back({path, text});
  };
  if (!selection.target) {
    for (const auto& value : selection.take->take(whole, RuleTarget::kMost, budget)) {
      add("", text_of(value));
    }
  } else {
    for (const RuleItem& item : selection.target->items(whole, budget)) {
      const std::string path = item.element && selection.matches.size() < kMostShown
                                   ? path_of(item.element)
                                   : std::string();
      if (!selection.take) {
        add(path, selection.matches.size() < kMostShown ? text_of(item) : std::string());
        continue;
      }
      for (const auto& value : selection.take->take(item, RuleTarget::kMost, budget)) {
        add(path, text_of(value));
      }
    }
  }
  selection.cut_short = budget.used_up();
}

void SelectedOnPage::print() const {
  for (const Selection& selection : selections_) {
    fmt::print("\nselect {}\n", printable(selection.expression));
    if (!selection.read) {
      fmt::print("   the page could not be read\n");
      continue;
    }
    fmt::print("   {} {}{}\n", human_count(selection.count),
               selection.count == 1 ? "match" : "matches",
               selection.cut_short ? "; cut short: it asks for too much work on this page" : "");
    for (const Match& match : selection.matches) {
      if (match.path.empty()) {
        fmt::print("   {}\n", printable(match.text));
      } else {
        fmt::print("   {}\n      {}\n", printable(match.path), printable(match.text));
      }
    }
    if (selection.count > selection.matches.size()) {
      fmt::print("   … and {} more\n", human_count(selection.count - selection.matches.size()));
    }
  }
}

ordered_json SelectedOnPage::to_json() const {
  ordered_json all = ordered_json::array();
  for (const Selection& selection : selections_) {
    ordered_json matches = ordered_json::array();
    for (const Match& match : selection.matches) {
      ordered_json shown = {{"path", nullptr}, {"text", match.text}};
      if (!match.path.empty()) shown["path"] = match.path;
      matches.push_back(std::move(shown));
    }
    all.push_back({{"select", selection.expression},
                   {"count", selection.count},
                   {"cut_short", selection.cut_short},
                   {"matches", std::move(matches)}});
  }
  return all;
}

}  // namespace placer::cli
