// Selectors against web-platform-tests' expectations of dom/nodes (see selector.h for the subset).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "scraper/page/selector.h"

namespace placer {
namespace {

using nlohmann::json;

const std::filesystem::path kCssSuite = std::filesystem::path(PLACER_SUITES) / "css";

class SelectorSuiteTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kCssSuite)) GTEST_SKIP() << kCssSuite << " is missing";
    std::ifstream in(kCssSuite / "ParentNode-querySelector-All-content.html");
    html_.assign(std::istreambuf_iterator<char>(in), {});
    auto tree = Tree::parse(html_, {});
    ASSERT_TRUE(tree.has_value());
    tree_.emplace(*std::move(tree));
  }

  std::vector<std::string> select(const std::string& css, Node root, Reach reach) {
    const auto selector = Selector::compile(css);
    if (!selector) return {"refused: " + selector.error().message};
    SelectorBudget budget;
    std::vector<std::string> ids;
    for (const Node node : selector->select(root, budget, reach)) {
      ids.emplace_back(node.attribute("id").value_or(""));
    }
    return ids;
  }

  // Runs the cases of `file` that `counts`; all must pass.
  static void run(const std::string& name, const std::string& file,
                  const std::function<bool(const json&)>& counts,
                  const std::function<bool(const json&)>& passes) {
    std::ifstream in(kCssSuite / file);
    int passed = 0, total = 0;
    std::string failures;
    for (std::string line; std::getline(in, line);) {
      const json test = json::parse(line);
      if (!counts(test)) continue;
      ++total;
      const bool ok = passes(test);
      passed += ok ? 1 : 0;
      if (!ok) failures.append(" ").append(test["selector"].dump());
    }
    std::cout << "suite css/" << name << ": " << passed << "/" << total << ", failures:" << failures
              << "\n";
    EXPECT_GT(total, 0);
    EXPECT_EQ(passed, total);
  }

  std::string html_;
  std::optional<Tree> tree_;
};

TEST_F(SelectorSuiteTest, SelectsWhatTheDocumentSays) {
  run(
      "document", "selectors.ndjson", [](const json& test) { return test.value("static", false); },
      [this](const json& test) {
        return select(test["selector"], tree_->root(), Reach::kWithRoot) ==
               test["expect"].get<std::vector<std::string>>();
      });
}

TEST_F(SelectorSuiteTest, SelectsBelowAnElement) {
  run(
      "scoped", "selectors_scoped.ndjson", [](const json&) { return true; },
      [this](const json& test) {
        SelectorBudget budget;
        const auto context = Selector::compile(test["context"].get<std::string>());
        const Node root = context->select_first(tree_->root(), budget, Reach::kWithRoot);
        return select(test["selector"], root, Reach::kBelow) ==
               test["expect"].get<std::vector<std::string>>();
      });
}

TEST_F(SelectorSuiteTest, RefusesWhatIsNoSelector) {
  run(
      "invalid", "selectors.ndjson", [](const json& test) { return test.value("invalid", false); },
      [](const json& test) {
        return !Selector::compile(test["selector"].get<std::string>()).has_value();
      });
}

}  // namespace
}  // namespace placer
