// What an expression of a rule matches on the page that `placer inspect --select` looks at.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scraper/extract/rules/expression.h"
#include "scraper/extractor.h"

namespace placer::cli {

// Must outlive the extractor it gives away.
class SelectedOnPage {
 public:
  static constexpr std::size_t kMostShown = 100;  // matches of one expression

  // What is wrong with `expression`, with a line that points at it; empty: it was added.
  std::string add(const std::string& expression);

  bool empty() const { return selections_.empty(); }

  // Reads nothing of the page but the matches, which it writes down here.
  std::unique_ptr<Extractor> extractor();

  void print() const;
  nlohmann::ordered_json to_json() const;

 private:
  struct Match {
    std::string path;  // a selector that leads to the element; empty in JSON
    std::string text;
  };
  struct Selection {
    std::string expression;
    std::optional<RuleTarget> target;    // what chooses elements; else only values are shown
    std::optional<RuleExpression> take;  // what is taken of each; else its text
    std::size_t count = 0;
    std::vector<Match> matches;
    bool read = false;       // a page was
    bool cut_short = false;  // it asked for too much work
  };
  class Reader;
  static void read(Selection& selection, const Page& page);

  std::vector<Selection> selections_;
};

}  // namespace placer::cli
