#include "scraper/page/tree.h"

#include <chrono>
#include <string>
#include <utility>

#include "scraper/page/arena.h"
#include "scraper/page/gumbo_hooks.h"
#include "scraper/page/gumbo_tree.h"
#include "scraper/page/plain_tree.h"

namespace placer {
namespace {

using Builder = NodeRecord*(std::string_view, Arena&);

// No object with a destructor may live in this frame: Arena leaves it by longjmp.
Arena::Limit run(Builder* builder, std::string_view utf8, Arena& arena, NodeRecord** root) {
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

  Arena::Limit build(Builder* builder, std::string_view utf8,
                     std::chrono::steady_clock::time_point until) {
    arena.start_deadline(until);
    const Arena::Limit limit = run(builder, utf8, arena, &root);
    arena.stop_deadline();
    return limit;
  }

  Arena arena;
  NodeRecord* root = nullptr;
};

Result<Tree> Tree::parse(std::string_view utf8, const ParseLimits& limits) {
  const auto until = std::chrono::steady_clock::now() + limits.deadline;
  auto impl = std::make_unique<Impl>(limits.memory);
  Arena::Limit limit = Arena::Limit::kNone;
  if (limits.builder == TreeBuilder::kAuto) limit = impl->build(plain_tree, utf8, until);
  // What took too long in one pass would not end sooner in Gumbo; what took too much memory may.
  if (impl->root == nullptr && limit != Arena::Limit::kDeadline) {
    impl = std::make_unique<Impl>(limits.memory);
    limit = impl->build(gumbo_tree, utf8, until);
  }
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
