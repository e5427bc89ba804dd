#include "scraper/page/selector.h"

#include <utility>

#include "scraper/page/selector_match.h"
#include "scraper/page/selector_parser.h"
#include "scraper/page/selector_program.h"

namespace placer {
namespace {

// Calls visit for each match until it returns false.
template <class Visit>
void for_each_match(const SelectorProgram& program, Node root, SelectorBudget& budget, Reach reach,
                    Visit visit) {
  SelectorMatch match(program, root, budget);
  Node node = reach == Reach::kWithRoot ? root : root.next_below(root);
  for (; node && !budget.used_up(); node = node.next_below(root)) {
    if (!node.is_element()) continue;
    const bool matches = match.matches(node);
    if (matches && !budget.used_up() && !visit(node)) return;
  }
}

}  // namespace

tl::expected<Selector, SelectorError> Selector::compile(std::string_view text) {
  if (text.size() > kMostBytes) {
    return tl::unexpected(SelectorError{1, "longer than 4096 bytes"});
  }
  auto program = parse_selector(text);
  if (!program) return tl::unexpected(std::move(program.error()));
  return Selector(std::make_unique<const SelectorProgram>(*std::move(program)));
}

Selector::Selector(std::unique_ptr<const SelectorProgram> program) : program_(std::move(program)) {}
Selector::Selector(Selector&&) noexcept = default;
Selector& Selector::operator=(Selector&&) noexcept = default;
Selector::~Selector() = default;

std::vector<Node> Selector::select(Node root, SelectorBudget& budget, Reach reach) const {
  std::vector<Node> found;
  for_each_match(*program_, root, budget, reach, [&](Node node) {
    found.push_back(node);
    return true;
  });
  return found;
}

Node Selector::select_first(Node root, SelectorBudget& budget, Reach reach) const {
  Node first;
  for_each_match(*program_, root, budget, reach, [&](Node node) {
    first = node;
    return false;
  });
  return first;
}

bool Selector::matches(Node node, SelectorBudget& budget) const {
  if (!node.is_element()) return false;
  const bool matches = SelectorMatch(*program_, Node(), budget).matches(node);
  return matches && !budget.used_up();
}

}  // namespace placer
