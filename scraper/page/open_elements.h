// The stack of open elements (HTML standard, section 13.2.4.2) of a plain document, in which every
// open formatting element is on the stack, so that there is none to be reconstructed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "scraper/page/node.h"
#include "scraper/page/tag_rules.h"

namespace placer {

// Trivially destructible, so that longjmp may pass it. Searches take as long as the stack is deep,
// which has a limit.
class OpenElements {
 public:
  static constexpr std::size_t kMostOpen = 512;

  enum class Scope { kDefault, kList, kButton, kTable };

  struct Entry {
    NodeRecord* node;
    GumboTag tag;
  };

  std::size_t size() const { return size_; }
  bool is_full() const { return size_ == kMostOpen; }
  const Entry& top() const { return entries_[size_ - 1]; }
  const Entry& operator[](std::size_t i) const { return entries_[i]; }

  void push(NodeRecord* node, GumboTag tag) {
    entries_[size_++] = {node, tag};
    ++open_[tag];
  }
  void pop() { --open_[entries_[--size_].tag]; }

  bool has(GumboTag tag) const { return open_[tag] != 0; }

  // Section 13.2.4.2, "has an element in scope".
  bool has_in_scope(GumboTag tag, Scope scope = Scope::kDefault) const {
    if (!has(tag)) return false;
    for (std::size_t i = size_; i-- > 0;) {
      if (entries_[i].tag == tag) return true;
      if (ends_scope(entries_[i].tag, scope)) return false;
    }
    return false;
  }

  // Section 13.2.6.3, "generate implied end tags".
  void pop_implied(GumboTag except) {
    while (rule_of(top().tag).implied_end && top().tag != except) pop();
  }

  // Pops up to and with the entry at `index`. False when a formatting element would go before its
  // own end tag: it would have to be opened again.
  bool pop_to(std::size_t index) {
    for (; size_ > index + 1; pop()) {
      if (is_formatting(top().tag)) return false;
    }
    pop();
    return true;
  }

  // The same with the last element of that name, which is open.
  bool pop_through(GumboTag tag) {
    std::size_t index = size_ - 1;
    while (entries_[index].tag != tag) --index;
    return pop_to(index);
  }

  // The same with a cell or caption, whose end closes formatting for good.
  void pop_cell(GumboTag tag) {
    while (top().tag != tag) pop();
    pop();
  }

  static bool is_formatting(GumboTag tag) { return rule_of(tag).end == TagRule::End::kFormatting; }
  static bool is_cell(GumboTag tag) {
    return tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH || tag == GUMBO_TAG_CAPTION;
  }

 private:
  static bool ends_scope(GumboTag tag, Scope scope) {
    if (tag == GUMBO_TAG_HTML || tag == GUMBO_TAG_TABLE) return true;
    if (scope == Scope::kTable) return false;
    if (is_cell(tag)) return true;
    if (scope == Scope::kList) return tag == GUMBO_TAG_OL || tag == GUMBO_TAG_UL;
    return scope == Scope::kButton && tag == GUMBO_TAG_BUTTON;
  }

  std::size_t size_ = 0;
  std::array<Entry, kMostOpen> entries_;
  std::array<std::uint16_t, GUMBO_TAG_LAST + 1> open_{};
};

}  // namespace placer
