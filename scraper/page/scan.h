// The tokens of an HTML document (HTML standard, section 13.2.5), found in one pass over its bytes,
// for documents that need no more of the standard's tokenizer than nearly all documents do. What
// is beyond that is not guessed at: the scan says that it is unsure, and Gumbo reads the document.
#pragma once

#include <gumbo.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "scraper/page/arena.h"
#include "scraper/page/node.h"

namespace placer {

// Views it returns point into the document or the arena. A limit of the arena leaves by longjmp,
// so no object with a destructor may live in a frame that calls it.
class Scan {
 public:
  enum class Token {
    kText,
    kStartTag,
    kEndTag,
    kComment,  // and what is parsed like one
    kDoctype,
    kEnd,
    kUnsure,  // nothing may be read after it
  };

  // `html` is UTF-8; new lines are normalized in a copy when they have to be.
  Scan(std::string_view html, Arena& arena);

  Token next();

  // Of kText: character references decoded, never empty.
  std::string_view text() const { return text_; }

  // Of tags: GUMBO_TAG_UNKNOWN for names that Gumbo has no number for.
  GumboTag tag() const { return tag_; }
  std::string_view name() const { return name_; }  // in lower case
  bool self_closing() const { return self_closing_; }
  bool is_bare() const { return bare_; }  // a '>' follows the name at once
  // Of start tags: names in lower case, each once.
  std::span<const NodeAttribute> attributes() const {
    return {attributes_.data(), attribute_count_};
  }

  bool is_plain_doctype() const { return plain_doctype_; }  // of kDoctype: <!doctype html>

  // After the start tag of an element whose content is text (script, style, title ...): that text,
  // and the end tag is passed over. False when unsure.
  enum class Raw { kScript, kRawText, kRcdata };
  bool read_raw_text(Raw kind, std::string_view& text);

  // After <pre> and <textarea>: their first line feed is no content. False when unsure.
  bool skip_line_feed();

 private:
  static constexpr std::size_t kMostAttributes = 64;  // they are compared with each other

  Token read_markup();
  Token read_tag(Token kind);
  bool read_attributes();
  bool read_attribute(std::string_view& name, std::string_view& value);
  bool read_value(std::string_view& value);
  bool read_short_tag_name();
  void read_tag_name();
  Token read_comment();
  Token read_declaration();
  std::string_view lower_case(std::string_view name);
  // Decodes the references in `raw`; false when unsure.
  bool decode(std::string_view raw, bool in_attribute, std::string_view& decoded);

  Arena& arena_;
  std::string_view html_;
  std::size_t at_ = 0;
  bool sure_ = true;
  std::string_view text_;
  GumboTag tag_ = GUMBO_TAG_UNKNOWN;
  std::string_view name_;
  bool self_closing_ = false;
  bool bare_ = false;
  bool plain_doctype_ = false;
  std::size_t attribute_count_ = 0;
  std::array<NodeAttribute, kMostAttributes> attributes_;
};

}  // namespace placer
