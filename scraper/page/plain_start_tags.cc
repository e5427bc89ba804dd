// Start tags of a plain document, by insertion mode (HTML standard, section 13.2.6.4).

#include <memory>

#include "scraper/page/plain_tree_builder.h"

namespace placer {
namespace {

using Start = TagRule::Start;

constexpr std::size_t kMostMerged = 64;  // attributes of several body tags

}  // namespace

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

}  // namespace placer
