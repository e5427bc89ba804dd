// The characters of a selector: names, strings, escapes and white space (CSS Syntax Level 3,
// section 4), read from left to right.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace placer {

// Views the text, which must outlive it.
class SelectorText {
 public:
  explicit SelectorText(std::string_view text) : text_(text) {}

  bool at_end() const { return position_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {  // '\0' beyond the end
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }
  std::size_t position() const { return position_; }
  void advance(std::size_t count = 1) { position_ += count; }

  std::string_view character() const;  // the whole one that comes next; empty at the end

  // Passes over `expected` when it comes next.
  bool take(char expected);

  void skip_comments();

  // Passes over white space and comments; true when there was white space.
  bool skip_space();

  // Does an identifier begin here?
  bool at_name() const;

  // The identifier here, escapes decoded; nothing when none begins here.
  std::optional<std::string> take_name();

  // The string in quotes here, escapes decoded; an open one ends with the text. Nothing when there
  // is none, or when a line ends within it.
  std::optional<std::string> take_string();

  // The 1-based number of the character that `position` points into.
  std::size_t column(std::size_t position) const;

 private:
  bool at_escape(std::size_t ahead) const;
  bool at_name_start(std::size_t ahead) const;
  void take_escape(std::string& out);

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace placer
