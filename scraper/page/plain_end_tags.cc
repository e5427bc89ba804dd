// End tags of a plain document (HTML standard, section 13.2.6.4).

#include "scraper/page/plain_tree_builder.h"

namespace placer {
namespace {

using Start = TagRule::Start;
using End = TagRule::End;

void remove_last(NodeRecord* parent) {
  NodeRecord* const last = parent->last_child;
  parent->last_child = last->previous;
  (last->previous == nullptr ? parent->first_child : last->previous->next) = nullptr;
  last->previous = nullptr;
}

}  // namespace

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

}  // namespace placer
