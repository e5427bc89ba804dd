#include "scraper/cli/table.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "scraper/cli/terminal.h"

namespace placer::cli {
namespace {

constexpr std::size_t kMostWaiting = 1000;
constexpr std::size_t kLeastWidth = 12;
constexpr std::size_t kGap = 2;

std::size_t width_of(UChar32 c) {
  const auto kind = u_charType(c);
  if (kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK || kind == U_FORMAT_CHAR) return 0;
  const int wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return wide == U_EA_FULLWIDTH || wide == U_EA_WIDE ? 2 : 1;
}

// Calls visit(offset behind the character, its width) until that returns false.
template <class Visitor>
void for_each_character(std::string_view text, Visitor&& visit) {
  const auto length = static_cast<std::int32_t>(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::int32_t at = 0; at < length;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, at, length, c);
    if (!visit(static_cast<std::size_t>(at), width_of(c))) return;
  }
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for_each_character(text, [&width](std::size_t, std::size_t columns) {
    width += columns;
    return true;
  });
  return width;
}

std::string fitted(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  std::size_t width = 0;
  std::size_t kept = 0;
  for_each_character(text, [&](std::size_t end, std::size_t wide) {
    if (width + wide > columns - 1) return false;
    width += wide;
    kept = end;
    return true;
  });
  return std::string(text.substr(0, kept)) + "…";
}

std::size_t table_width() {
  if (isatty(STDOUT_FILENO) != 1) return std::string::npos;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

Table::Table(std::vector<TableColumn> columns, std::size_t width, bool colour, std::FILE* out)
    : columns_(std::move(columns)), width_(width), colour_(colour), out_(out) {
  for (TableColumn& column : columns_) column.title = printable(column.title);
}

void Table::row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = printable(cell);
  if (laid_out_) {
    show(cells, false);
    return;
  }
  waiting_.push_back(std::move(cells));
  if (waiting_.size() == kMostWaiting) lay_out();
}

void Table::end() {
  if (!laid_out_ && !waiting_.empty()) lay_out();
}

void Table::lay_out() {
  laid_out_ = true;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t widest = display_width(columns_[i].title);
    for (const auto& cells : waiting_) widest = std::max(widest, display_width(cells[i]));
    widths_.push_back(std::min(widest, width_));
  }
  const auto total = [this] {
    std::size_t sum = 0;
    for (const std::size_t width : widths_) sum += width + kGap;
    return sum - kGap;
  };
  while (width_ != std::string::npos && !widths_.empty() && total() > width_) {
    // The first column says what the row is, so it gives way last.
    auto widest = std::max_element(widths_.begin() + (widths_.size() > 1 ? 1 : 0), widths_.end());
    if (widths_.front() / 2 > *widest) widest = widths_.begin();
    if (widths_.size() == 1) {
      *widest = width_;
    } else if (*widest > kLeastWidth) {
      --*widest;
    } else {
      widths_.pop_back();
    }
  }
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  show(titles, true);
  for (const auto& cells : waiting_) show(cells, false);
  waiting_.clear();
}

void Table::show(const std::vector<std::string>& cells, bool heading) const {
  std::string line;
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    const std::string cell = fitted(cells[i], widths_[i]);
    const std::size_t width = display_width(cell);
    const std::string space(widths_[i] > width ? widths_[i] - width : 0, ' ');
    if (i > 0) line += std::string(kGap, ' ');
    line += columns_[i].right ? space + cell : cell + space;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  if (heading && colour_) line = "\x1b[1m" + line + "\x1b[0m";
  fmt::print(out_, "{}\n", line);
}

}  // namespace placer::cli
