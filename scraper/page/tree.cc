#include "scraper/page/tree.h"

#include <string>
#include <utility>

#include "scraper/page/arena.h"
#include "scraper/page/gumbo_hooks.h"
#include "scraper/page/gumbo_tree.h"
#include "scraper/page/plain_tree.h"

namespace placer {
namespace {

// No object with a destructor may live in this frame: Arena leaves it by longjmp.
Arena::Limit build(NodeRecord* (*builder)(std::string_view, Arena&), std::string_view utf8,
                   Arena& arena, NodeRecord** root) {
  const int limit = setjmp(arena.escape);
  if (limit != 0) {
    count_gumbo_steps(nullptr);
    return static_cast<Arena::Limit>(limit);
  }
  *root = builder(utf8, arena);
  return Arena::Limit::kNone;
}

}  // namespace

struct Tree::Impl {
  explicit Impl(std::uint64_t memory) : arena(memory) {}
  Arena arena;
  NodeRecord* root = nullptr;
};

Result<Tree> Tree::parse(std::string_view utf8, const ParseLimits& limits) {
  if (limits.builder == TreeBuilder::kAuto) {
    auto impl = std::make_unique<Impl>(limits.memory);
    impl->arena.start_deadline(limits.deadline);
    const Arena::Limit limit = build(plain_tree, utf8, impl->arena, &impl->root);
    impl->arena.stop_deadline();
    if (limit == Arena::Limit::kNone && impl->root != nullptr) return Tree(std::move(impl));
  }
  auto impl = std::make_unique<Impl>(limits.memory);
  impl->arena.start_deadline(limits.deadline);
  const Arena::Limit limit = build(gumbo_tree, utf8, impl->arena, &impl->root);
  impl->arena.stop_deadline();
  const std::string what = "parse of " + std::to_string(utf8.size()) + " bytes: ";
  if (limit == Arena::Limit::kDeadline) {
    return fail(ErrorCode::kParseDeadline,
                what + "not done after " + std::to_string(limits.deadline.count()) + " ms");
  }
  if (limit == Arena::Limit::kMemory) {
    return fail(ErrorCode::kParseMemory,
                what + "more than " + std::to_string(limits.memory) + " bytes of tree");
  }
  return Tree(std::move(impl));
}

Tree::Tree(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(Tree&&) noexcept = default;
Tree::~Tree() = default;

Node Tree::root() const { return Node(impl_->root); }

}  // namespace placer
