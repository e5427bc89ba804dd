#include "scraper/page/plain_tree.h"

#include <algorithm>

#include "scraper/ascii.h"
#include "scraper/page/plain_tree_builder.h"

namespace placer {
namespace {

// Octets of text that may be copied because tokens without effect stood within it.
constexpr std::size_t kMostJoined = std::size_t{1} << 20;

std::string_view leading_space(std::string_view text) {
  return text.substr(0, text.find_first_not_of(ascii::kWhiteSpace));
}

bool is_space(std::string_view text) { return leading_space(text).size() == text.size(); }

}  // namespace

NodeRecord* PlainTree::build() {
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

NodeRecord* PlainTree::make_element(NodeRecord::Kind kind) {
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

void PlainTree::append_text(std::string_view text) {
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

bool PlainTree::imply(Mode mode) {
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

NodeRecord* plain_tree(std::string_view utf8, Arena& arena) {
  return PlainTree(utf8, arena).build();
}

}  // namespace placer
