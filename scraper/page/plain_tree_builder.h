// The builder behind plain_tree(): its state, and one function for each group of rules. Start tags
// are in plain_start_tags.cc, end tags in plain_end_tags.cc, the rest in plain_tree.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>

#include "scraper/page/arena.h"
#include "scraper/page/node.h"
#include "scraper/page/open_elements.h"
#include "scraper/page/scan.h"
#include "scraper/page/svg_names.h"

namespace placer {

// Each step returns false where the document is not plain. No destructor: longjmp may pass it.
class PlainTree {
 public:
  PlainTree(std::string_view utf8, Arena& arena) : arena_(arena), scan_(utf8, arena) {}

  // Null where the document is not plain.
  NodeRecord* build();

 private:
  using Scope = OpenElements::Scope;

  // Section 13.2.4.1. Which rules hold in the body, its open elements tell.
  enum class Mode {
    kInitial,
    kBeforeHtml,
    kBeforeHead,
    kInHead,
    kInHeadNoscript,
    kAfterHead,
    kInBody,
    kAfterBody,
  };
  enum class Quirks { kYes, kNo, kUnknown };

  NodeRecord* make_node(NodeRecord::Kind kind, std::string_view words) {
    auto* const node = new (arena_.allocate(sizeof(NodeRecord))) NodeRecord;
    node->kind = kind;
    node->words = words;
    return node;
  }

  // The element of the tag at hand.
  NodeRecord* make_element(NodeRecord::Kind kind);

  bool insert() { return open(make_element(NodeRecord::Kind::kHtml), scan_.tag()); }

  bool insert_implied(std::string_view name, GumboTag tag) {
    return open(make_node(NodeRecord::Kind::kHtml, name), tag);
  }

  bool open(NodeRecord* node, GumboTag tag) {
    open_text_ = nullptr;
    if (open_.is_full()) return false;
    if (open_.size() > 0) open_.top().node->append(node);
    if (open_.size() == 0) root_ = node;
    open_.push(node, tag);
    return true;
  }

  void pop() {
    open_text_ = nullptr;
    open_.pop();
  }

  bool insert_void() {
    if (!insert()) return false;
    pop();
    return true;
  }

  // Text goes on where it was left, unless something came between.
  void append_text(std::string_view text);

  bool is_foreign() const {
    return open_.size() > 0 && open_.top().node->kind == NodeRecord::Kind::kForeign;
  }

  // Opens what a token needs that belongs into the body or the head.
  bool imply(Mode mode);

  NodeRecord* finish() { return imply(Mode::kInBody) ? root_ : nullptr; }

  bool insert_text_element(const TagRule& rule);
  bool merge_into_body();

  bool read_text(std::string_view text);

  bool read_start_tag();
  bool start_in_head(const TagRule& rule, bool& done);
  bool start_in_body(const TagRule& rule);
  bool start_item(const TagRule& rule);
  bool start_table();
  bool start_table_part();
  bool start_in_table(const TagRule& rule);
  bool start_in_select(const TagRule& rule);
  bool start_in_svg();

  bool read_end_tag();
  bool end_before_body(const TagRule& rule);
  bool end_in_body(const TagRule& rule);
  bool end_in_select(const TagRule& rule);
  bool end_in_table();
  bool end_in_cell();
  bool end_other();
  bool end_form();
  bool end_heading();

  bool is_in_anchor() const;
  GumboTag cell_or_table() const;
  bool close_through(GumboTag tag);
  bool close_p();
  void close_cell(GumboTag cell);

  Arena& arena_;
  Scan scan_;
  Mode mode_ = Mode::kInitial;
  Quirks quirks_ = Quirks::kYes;
  OpenElements open_;
  NodeRecord* root_ = nullptr;
  NodeRecord* open_text_ = nullptr;
  NodeRecord* form_ = nullptr;
  std::size_t joined_ = 0;  // octets copied because text went on
};

}  // namespace placer
