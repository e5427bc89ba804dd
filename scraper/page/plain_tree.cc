#include "scraper/page/plain_tree.h"

#include <algorithm>
#include <memory>
#include <new>
#include <span>

#include "scraper/page/ascii.h"
#include "scraper/page/open_elements.h"
#include "scraper/page/scan.h"
#include "scraper/page/svg_names.h"

namespace placer {
namespace {

using Start = TagRule::Start;
using End = TagRule::End;
using Scope = OpenElements::Scope;

// Octets of text that may be copied because tokens without effect stood within it.
constexpr std::size_t kMostJoined = std::size_t{1} << 20;
constexpr std::size_t kMostMerged = 64;  // attributes of several body tags

std::string_view leading_space(std::string_view text) {
  return text.substr(0, text.find_first_not_of(ascii::kWhiteSpace));
}

bool is_space(std::string_view text) { return leading_space(text).size() == text.size(); }

bool is_row_context(GumboTag tag) {
  return tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD ||
         tag == GUMBO_TAG_TFOOT || tag == GUMBO_TAG_TR || tag == GUMBO_TAG_COLGROUP;
}

bool is_heading(GumboTag tag) { return rule_of(tag).start == Start::kHeading; }

bool is_row_group(GumboTag tag) {
  return tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TFOOT;
}

// Each step returns false where the document is not plain. No destructor: longjmp may pass it.
class PlainTree {
 public:
  PlainTree(std::string_view utf8, Arena& arena) : arena_(arena), scan_(utf8, arena) {}

  NodeRecord* build() {
    while (true) {
      arena_.step();  // a token may take as long as the stack is deep, and allocate nothing
      switch (scan_.next()) {
        case Scan::Token::kEnd:
          return finish();
        case Scan::Token::kUnsure:
          return nullptr;
        case Scan::Token::kText:
          if (!read_text(scan_.text())) return nullptr;
          break;
        case Scan::Token::kStartTag:
          if (!read_start_tag()) return nullptr;
          break;
        case Scan::Token::kEndTag:
          if (!read_end_tag()) return nullptr;
          break;
        case Scan::Token::kComment:
          if (is_foreign()) return nullptr;  // may be CDATA
          open_text_ = nullptr;
          break;
        case Scan::Token::kDoctype:
          if (mode_ != Mode::kInitial) return nullptr;
          quirks_ = scan_.is_plain_doctype() ? Quirks::kNo : Quirks::kUnknown;
          mode_ = Mode::kBeforeHtml;
          break;
      }
    }
  }

 private:
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
  NodeRecord* make_element(NodeRecord::Kind kind) {
    NodeRecord* const node = make_node(kind, scan_.name());
    const auto attributes = scan_.attributes();
    if (!attributes.empty()) {
      auto* const copies =
          static_cast<NodeAttribute*>(arena_.allocate(attributes.size() * sizeof(NodeAttribute)));
      std::uninitialized_copy(attributes.begin(), attributes.end(), copies);
      if (kind == NodeRecord::Kind::kForeign) {
        for (std::size_t i = 0; i < attributes.size(); ++i) {
          copies[i].name = svg_attribute_name(copies[i].name);
        }
      }
      node->attributes = copies;
      node->attribute_count = static_cast<std::uint32_t>(attributes.size());
    }
    return node;
  }

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
  void append_text(std::string_view text) {
    if (text.empty()) return;
    if (open_text_ == nullptr) {
      open_text_ = make_node(NodeRecord::Kind::kText, text);
      open_.top().node->append(open_text_);
      return;
    }
    const std::string_view before = open_text_->words;
    auto* const joined = static_cast<char*>(arena_.allocate(before.size() + text.size()));
    std::ranges::copy(text, std::ranges::copy(before, joined).out);
    open_text_->words = {joined, before.size() + text.size()};
    joined_ += before.size();
  }

  static void remove_last(NodeRecord* parent) {
    NodeRecord* const last = parent->last_child;
    parent->last_child = last->previous;
    (last->previous == nullptr ? parent->first_child : last->previous->next) = nullptr;
    last->previous = nullptr;
  }

  bool is_foreign() const {
    return open_.size() > 0 && open_.top().node->kind == NodeRecord::Kind::kForeign;
  }

  // Opens what a token needs that belongs into the body or the head.
  bool imply(Mode mode) {
    if (mode_ == Mode::kInitial) {
      quirks_ = Quirks::kYes;
      mode_ = Mode::kBeforeHtml;
    }
    if (mode_ == Mode::kBeforeHtml && mode > Mode::kBeforeHtml) {
      if (!insert_implied("html", GUMBO_TAG_HTML)) return false;
      mode_ = Mode::kBeforeHead;
    }
    if (mode_ == Mode::kBeforeHead && mode > Mode::kBeforeHead) {
      if (!insert_implied("head", GUMBO_TAG_HEAD)) return false;
      mode_ = Mode::kInHead;
    }
    if (mode_ == Mode::kInHeadNoscript && mode > Mode::kInHeadNoscript) {
      pop();
      mode_ = Mode::kInHead;
    }
    if (mode_ == Mode::kInHead && mode > Mode::kInHead) {
      pop();
      mode_ = Mode::kAfterHead;
    }
    if (mode_ == Mode::kAfterHead && mode > Mode::kAfterHead) {
      if (!insert_implied("body", GUMBO_TAG_BODY)) return false;
      mode_ = Mode::kInBody;
    }
    if (mode_ == Mode::kAfterBody) mode_ = Mode::kInBody;
    return true;
  }

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

bool PlainTree::read_text(std::string_view text) {
  if (mode_ < Mode::kInBody) {
    const std::string_view space = leading_space(text);
    if (mode_ > Mode::kBeforeHead) append_text(space);
    text.remove_prefix(space.size());
    if (text.empty()) return true;
    if (!imply(Mode::kInBody)) return false;
  }
  if (mode_ == Mode::kAfterBody && !is_space(text)) mode_ = Mode::kInBody;
  if (!is_foreign() && is_row_context(open_.top().tag) && !is_space(text)) return false;
  append_text(text);
  return joined_ <= kMostJoined;
}

bool PlainTree::read_start_tag() {
  if (is_foreign()) return start_in_svg();
  const TagRule& rule = rule_of(scan_.tag());
  if (rule.start == Start::kUnsure) return false;
  if (rule.start == Start::kHtml) {
    if (mode_ > Mode::kBeforeHtml) return false;
    mode_ = Mode::kBeforeHead;
    return insert();
  }
  if (mode_ < Mode::kInHead) {
    if (!imply(Mode::kBeforeHead)) return false;
    if (rule.start == Start::kHead) {
      mode_ = Mode::kInHead;
      return insert();
    }
    if (!imply(Mode::kInHead)) return false;
  }
  if (mode_ < Mode::kInBody) {
    bool done = false;
    if (!start_in_head(rule, done)) return false;
    if (done) return true;
  }
  mode_ = Mode::kInBody;
  return start_in_body(rule);
}

// `done` unless the tag belongs into the body, which is open then.
bool PlainTree::start_in_head(const TagRule& rule, bool& done) {
  done = true;
  if (rule.start == Start::kHead) return true;
  if (mode_ == Mode::kInHeadNoscript) {
    if (rule.start == Start::kNoscript) return true;
    const bool allowed = rule.start == Start::kRawText ||
                         (rule.start == Start::kHeadVoid && scan_.tag() != GUMBO_TAG_BASE);
    if (!allowed) {
      pop();
      mode_ = Mode::kInHead;
    }
  }
  const bool before_end = mode_ != Mode::kAfterHead;
  switch (rule.start) {
    case Start::kHeadVoid:
      return before_end && insert_void();
    case Start::kScript:
    case Start::kRawText:
    case Start::kTitle:
      return before_end && insert_text_element(rule);
    case Start::kNoscript:
      if (!before_end) break;
      mode_ = Mode::kInHeadNoscript;
      return insert();
    case Start::kBody:
      if (!imply(Mode::kAfterHead)) return false;
      mode_ = Mode::kInBody;
      return insert();
    default:
      break;
  }
  done = false;
  return imply(Mode::kInBody);
}

bool PlainTree::insert_text_element(const TagRule& rule) {
  if (!insert()) return false;
  if (rule.start == Start::kTextarea && !scan_.skip_line_feed()) return false;
  const bool has_references = rule.start == Start::kTextarea || rule.start == Start::kTitle;
  const Scan::Raw kind = rule.start == Start::kScript ? Scan::Raw::kScript
                         : has_references             ? Scan::Raw::kRcdata
                                                      : Scan::Raw::kRawText;
  std::string_view text;
  if (!scan_.read_raw_text(kind, text)) return false;
  append_text(text);
  pop();
  return true;
}

bool PlainTree::start_in_body(const TagRule& rule) {
  if (is_row_context(open_.top().tag)) return start_in_table(rule);
  if (open_.has(GUMBO_TAG_SELECT)) return start_in_select(rule);
  switch (rule.start) {
    case Start::kOrdinary:
    case Start::kFormatting:
    case Start::kNoscript:
    case Start::kSelect:
      return insert();
    case Start::kAnchor:
      return !is_in_anchor() && insert();
    case Start::kBlock:
      return close_p() && insert();
    case Start::kHeading:
      if (!close_p()) return false;
      if (is_heading(open_.top().tag)) pop();
      return insert();
    case Start::kPre:
      return close_p() && insert() && scan_.skip_line_feed();
    case Start::kForm:
      if (form_ != nullptr || !close_p() || !insert()) return false;
      form_ = open_.top().node;
      return true;
    case Start::kListItem:
    case Start::kDefinition:
      return start_item(rule);
    case Start::kButton:
      return !open_.has_in_scope(GUMBO_TAG_BUTTON) && insert();
    case Start::kVoid:
    case Start::kHeadVoid:
      return insert_void();
    case Start::kRule:
      return close_p() && insert_void();
    case Start::kScript:
    case Start::kRawText:
    case Start::kTitle:
    case Start::kBodyRawText:
    case Start::kTextarea:
      return insert_text_element(rule);
    case Start::kOption:
    case Start::kOptionGroup:
      if (open_.top().tag == GUMBO_TAG_OPTION) pop();
      return insert();
    case Start::kTable:
      return start_table();
    case Start::kTablePart:
      return start_table_part();
    case Start::kSvg:
      return start_in_svg();
    case Start::kHead:
      return true;
    case Start::kBody:
      return merge_into_body();
    case Start::kUnsure:
    case Start::kHtml:
      return false;
  }
  return false;
}

// Within a cell an outer link does not count (section 13.2.4.3).
bool PlainTree::is_in_anchor() const {
  if (!open_.has(GUMBO_TAG_A)) return false;
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (open_[i].tag == GUMBO_TAG_A) return true;
    if (OpenElements::is_cell(open_[i].tag)) return false;
  }
  return false;
}

// <li>, and <dd> and <dt>: the item before ends, unless it is outside of a list within it.
bool PlainTree::start_item(const TagRule& rule) {
  for (std::size_t i = open_.size(); i-- > 0;) {
    const GumboTag tag = open_[i].tag;
    if (rule_of(tag).start == rule.start) {
      if (!close_through(tag)) return false;
      break;
    }
    const bool passed = tag == GUMBO_TAG_ADDRESS || tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_P;
    if (rule_of(tag).special && !passed) break;
  }
  return close_p() && insert();
}

bool PlainTree::start_table() {
  if (open_.has_in_scope(GUMBO_TAG_P, Scope::kButton)) {
    if (quirks_ == Quirks::kUnknown) return false;
    if (quirks_ == Quirks::kNo && !close_p()) return false;
  }
  return insert();
}

// A cell or row where neither begins: it ends the cell that is open; without one it is ignored.
bool PlainTree::start_table_part() {
  const GumboTag context = cell_or_table();
  if (context == GUMBO_TAG_HTML) return true;
  if (context != GUMBO_TAG_TD && context != GUMBO_TAG_TH) return false;
  close_cell(context);
  return start_in_table(rule_of(scan_.tag()));
}

bool PlainTree::start_in_table(const TagRule& rule) {
  if (open_.top().tag == GUMBO_TAG_COLGROUP && scan_.tag() == GUMBO_TAG_COL) return insert_void();
  if (scan_.tag() == GUMBO_TAG_SCRIPT || scan_.tag() == GUMBO_TAG_STYLE) {
    return open_.top().tag != GUMBO_TAG_COLGROUP && insert_text_element(rule);
  }
  if (rule.start != Start::kTablePart) return false;
  const GumboTag tag = scan_.tag();
  const bool cell = tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH;
  const bool row = tag == GUMBO_TAG_TR;
  if (open_.top().tag == GUMBO_TAG_COLGROUP) pop();
  if (open_.top().tag == GUMBO_TAG_TR && !cell) pop();
  if (is_row_group(open_.top().tag) && !cell && !row) pop();
  if (tag == GUMBO_TAG_COL) {
    return insert_implied("colgroup", GUMBO_TAG_COLGROUP) && insert_void();
  }
  if ((cell || row) && open_.top().tag == GUMBO_TAG_TABLE &&
      !insert_implied("tbody", GUMBO_TAG_TBODY)) {
    return false;
  }
  if (cell && is_row_group(open_.top().tag) && !insert_implied("tr", GUMBO_TAG_TR)) return false;
  return insert();
}

bool PlainTree::start_in_select(const TagRule& rule) {
  if (rule.start == Start::kScript) return insert_text_element(rule);
  if (rule.start != Start::kOption && rule.start != Start::kOptionGroup) return false;
  if (open_.top().tag == GUMBO_TAG_OPTION) pop();
  if (rule.start == Start::kOptionGroup && open_.top().tag == GUMBO_TAG_OPTGROUP) pop();
  return insert();
}

// The svg element itself, and elements below it. Those that Gumbo has a number for may break out.
bool PlainTree::start_in_svg() {
  const GumboTag tag = scan_.tag();
  if (is_foreign()) {
    const std::string_view parent = open_.top().node->words;
    if (parent == "title" || parent == "desc" || parent == "foreignobject") return false;
    if (tag != GUMBO_TAG_UNKNOWN && tag != GUMBO_TAG_A && tag != GUMBO_TAG_TITLE &&
        tag != GUMBO_TAG_STYLE && tag != GUMBO_TAG_SVG && tag != GUMBO_TAG_DESC) {
      return false;
    }
  }
  if (!open(make_element(NodeRecord::Kind::kForeign), GUMBO_TAG_UNKNOWN)) return false;
  if (scan_.self_closing()) pop();
  return true;
}

// A second body adds the attributes that the first has not.
bool PlainTree::merge_into_body() {
  if (open_.size() < 2 || open_[1].tag != GUMBO_TAG_BODY) return false;
  NodeRecord& body = *open_[1].node;
  const std::span<const NodeAttribute> old(body.attributes, body.attribute_count);
  const auto added = scan_.attributes();
  if (old.size() + added.size() > kMostMerged) return false;
  auto* const all = static_cast<NodeAttribute*>(
      arena_.allocate((old.size() + added.size()) * sizeof(NodeAttribute)));
  NodeAttribute* end = std::uninitialized_copy(old.begin(), old.end(), all);
  for (const NodeAttribute& attribute : added) {
    if (!Node(&body).attribute(attribute.name)) end = std::construct_at(end, attribute) + 1;
  }
  body.attributes = all;
  body.attribute_count = static_cast<std::uint32_t>(end - all);
  return true;
}

bool PlainTree::read_end_tag() {
  if (is_foreign()) {
    // Gumbo takes whatever stands before the '>' for the name.
    if (!scan_.is_bare() || scan_.name() != open_.top().node->words) return false;
    pop();
    return true;
  }
  const TagRule& rule = rule_of(scan_.tag());
  if (rule.end == End::kUnsure) return false;
  if (mode_ < Mode::kInBody) return end_before_body(rule);
  if (mode_ == Mode::kAfterBody && rule.end == End::kHtml) return true;
  mode_ = Mode::kInBody;
  return end_in_body(rule);
}

bool PlainTree::end_before_body(const TagRule& rule) {
  if (mode_ == Mode::kInitial || rule.end == End::kBody || rule.end == End::kHtml) return false;
  if (mode_ == Mode::kInHead && rule.end == End::kHead) {
    pop();
    mode_ = Mode::kAfterHead;
  } else if (mode_ == Mode::kInHeadNoscript && rule.start == Start::kNoscript) {
    pop();
    mode_ = Mode::kInHead;
  } else if (rule.end == End::kHead) {
    return mode_ > Mode::kBeforeHead;
  }
  return true;
}

bool PlainTree::end_in_body(const TagRule& rule) {
  if (is_row_context(open_.top().tag)) return end_in_table();
  if (open_.has(GUMBO_TAG_SELECT)) return end_in_select(rule);
  const GumboTag tag = scan_.tag();
  switch (rule.end) {
    case End::kUnsure:
      return false;
    case End::kBody:
    case End::kHtml:
      if (open_.has(GUMBO_TAG_TABLE)) return false;
      mode_ = Mode::kAfterBody;
      return true;
    case End::kHead:
      return true;
    case End::kBlock:
      return !open_.has_in_scope(tag) || close_through(tag);
    case End::kListItem:
      return !open_.has_in_scope(tag, Scope::kList) || close_through(tag);
    case End::kParagraph:
      return open_.has_in_scope(tag, Scope::kButton) && close_through(tag);
    case End::kHeading:
      return end_heading();
    case End::kFormatting:
      if (open_.top().tag != tag) return !open_.has(tag);
      pop();
      return true;
    case End::kForm:
      return end_form();
    case End::kTablePart:
      return end_in_cell();
    case End::kSelect:
    case End::kOption:
    case End::kOptionGroup:
    case End::kOther:
      return end_other();
  }
  return false;
}

bool PlainTree::end_in_select(const TagRule& rule) {
  if (rule.end == End::kSelect) return close_through(GUMBO_TAG_SELECT);
  if (rule.end == End::kOption) {
    if (open_.top().tag == GUMBO_TAG_OPTION) pop();
    return true;
  }
  if (rule.end != End::kOptionGroup) return false;
  if (open_.top().tag == GUMBO_TAG_OPTION && open_[open_.size() - 2].tag == GUMBO_TAG_OPTGROUP) {
    pop();
  }
  if (open_.top().tag == GUMBO_TAG_OPTGROUP) pop();
  return true;
}

bool PlainTree::end_in_table() {
  const GumboTag tag = scan_.tag();
  if (tag == GUMBO_TAG_TABLE) return close_through(tag);
  if (open_.top().tag == GUMBO_TAG_TR && is_row_group(tag)) pop();
  if (open_.top().tag != tag) return false;
  pop();
  return true;
}

// The end of a cell or caption, or within one that of a part of the table around it.
bool PlainTree::end_in_cell() {
  const GumboTag tag = scan_.tag();
  const GumboTag context = cell_or_table();
  if (context == GUMBO_TAG_HTML) return true;
  if (tag == context) {
    close_cell(context);
    return true;
  }
  if (context == GUMBO_TAG_CAPTION || OpenElements::is_cell(tag)) return false;
  if (!open_.has_in_scope(tag, Scope::kTable)) return true;
  close_cell(context);
  return end_in_table();
}

bool PlainTree::end_other() {
  const GumboTag tag = scan_.tag();
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (open_[i].tag == tag) {
      // Gumbo takes every unknown name for the same.
      if (open_[i].node->words != scan_.name()) return false;
      open_text_ = nullptr;
      open_.pop_implied(tag);
      return open_.pop_to(i);
    }
    if (rule_of(open_[i].tag).special) return true;
  }
  return true;
}

bool PlainTree::end_form() {
  const NodeRecord* const form = form_;
  form_ = nullptr;
  if (form == nullptr || !open_.has_in_scope(GUMBO_TAG_FORM)) return true;
  if (rule_of(open_.top().tag).implied_end) {
    open_text_ = nullptr;
    open_.pop_implied(GUMBO_TAG_LAST);
  }
  if (open_.top().node != form) return false;
  NodeRecord* const last = open_.top().node->last_child;
  open_.pop();
  // Gumbo has not placed the text at the end of the form yet, and places it behind.
  if (open_text_ != nullptr) {
    remove_last(last->parent);
    open_.top().node->append(last);
  }
  return true;
}

bool PlainTree::end_heading() {
  for (std::size_t i = open_.size(); i-- > 0;) {
    const GumboTag tag = open_[i].tag;
    if (is_heading(tag)) {
      open_text_ = nullptr;
      open_.pop_implied(GUMBO_TAG_LAST);
      return open_.pop_to(i);
    }
    if (OpenElements::is_cell(tag) || tag == GUMBO_TAG_TABLE) break;
  }
  return true;
}

// As the end tag of an element that is in scope does.
bool PlainTree::close_through(GumboTag tag) {
  open_text_ = nullptr;
  open_.pop_implied(tag);
  return open_.pop_through(tag);
}

bool PlainTree::close_p() {
  return !open_.has_in_scope(GUMBO_TAG_P, Scope::kButton) || close_through(GUMBO_TAG_P);
}

void PlainTree::close_cell(GumboTag cell) {
  open_text_ = nullptr;
  open_.pop_cell(cell);
}

// The innermost cell, caption or table that is open; html when there is none.
GumboTag PlainTree::cell_or_table() const {
  for (std::size_t i = open_.size(); i-- > 1;) {
    const GumboTag tag = open_[i].tag;
    if (OpenElements::is_cell(tag) || tag == GUMBO_TAG_TABLE) return tag;
  }
  return GUMBO_TAG_HTML;
}

}  // namespace

NodeRecord* plain_tree(std::string_view utf8, Arena& arena) {
  return PlainTree(utf8, arena).build();
}

}  // namespace placer
